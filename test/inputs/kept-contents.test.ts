// Contents on disk: exact, private, checked when read, bounded, and whole whenever the process dies.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createKeptContents } from '../../src/inputs/kept-contents.ts';
import type { Files, KeptContents } from '../../src/inputs/kept-contents.ts';
import { UNFINISHED } from '../../src/lib/whole-file.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

cleanUpAfterwards();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const one = (text: string): Files => new Map([['manifest.yaml', bytes(text)]]);

interface World {
  readonly directory: string;
  readonly clock: ManualClock;
  readonly troubles: string[];
  /** As the next process would. */
  readonly open: () => KeptContents;
}

function world(maxBytes?: number): World {
  const directory = path.join(temporaryFolder(), 'contents');
  const clock = createManualClock();
  const troubles: string[] = [];
  const limit = maxBytes === undefined ? {} : { maxBytes };
  const onTrouble = (message: string): void => void troubles.push(message);
  return {
    directory,
    clock,
    troubles,
    open: () => createKeptContents({ directory, clock, onTrouble, ...limit }),
  };
}

function onlyFile(directory: string, kind: 'files' | 'places'): string {
  const names = readdirSync(path.join(directory, kind));
  expect(names).toHaveLength(1);
  return path.join(directory, kind, names[0] ?? '');
}

function text(files: Files | undefined): Readonly<Record<string, string>> | undefined {
  if (!files) return undefined;
  const list = [...files].map(([name, content]) => [name, Buffer.from(content).toString('latin1')]);
  return Object.fromEntries(list as [string, string][]);
}

describe('what is kept', () => {
  test('is read by the next process byte by byte, in the same order', async () => {
    const { open } = world();
    const files: Files = new Map([
      ['z/ünïcode\n"name".yaml', bytes('first')],
      ['binary', Uint8Array.from([0, 10, 255, 128])],
      ['empty', new Uint8Array()],
      [`deep/${'folder/'.repeat(60)}a.yaml`, bytes('x\n')],
    ]);
    await open().write('image shop sha256:1', files);
    await open().setVersion('shop latest', 'sha256:1');
    const next = open();
    const read = await next.read('image shop sha256:1');
    expect([...(read ?? [])].map(([name]) => name)).toEqual([...files.keys()]);
    expect(text(read)).toEqual(text(files));
    expect(await next.versionAt('shop latest')).toBe('sha256:1');
    expect(await next.has('image shop sha256:1')).toBe(true);
  });

  test('is for its owner alone, also where the folder was there before', async () => {
    const { open, directory } = world();
    mkdirSync(path.join(directory, 'files'), { recursive: true, mode: 0o755 });
    await open().write('a', one('secret'));
    await open().setVersion('p', 'a');
    const modes = (names: readonly string[]): number[] =>
      names.map((name) => statSync(path.join(directory, name)).mode & 0o777);
    expect(modes(['files', 'places'])).toEqual([0o700, 0o700]);
    const all = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    const files = all.filter((name) => name.includes(path.sep));
    expect(files).toHaveLength(2);
    expect(modes(files)).toEqual([0o600, 0o600]);
  });

  test('is nothing for an address and a place that nobody has written', async () => {
    const { open, troubles } = world();
    expect(await open().read('a')).toBeUndefined();
    expect(await open().has('a')).toBe(false);
    expect(await open().versionAt('p')).toBeUndefined();
    expect(troubles).toEqual([]);
  });
});

describe('a damaged file is not used, and is written anew', () => {
  const flip =
    (at: (length: number) => number) =>
    (file: string): void => {
      const content = readFileSync(file);
      const index = at(content.length);
      content[index] = (content[index] ?? 0) ^ 1;
      writeFileSync(file, content);
    };
  const damages: readonly (readonly [string, (file: string) => void])[] = [
    ['a bit of the content', flip((length) => length - 1)],
    ['a bit of the list of files', flip(() => 100)],
    ['a bit of the hash', flip(() => 40)],
    ['the first byte', flip(() => 0)],
    ['the end of the first line', flip(() => 87)],
    ['a lost end', (file) => truncateSync(file, statSync(file).size - 1)],
    ['nothing but zeros', (file) => writeFileSync(file, new Uint8Array(statSync(file).size))],
    ['an empty file', (file) => truncateSync(file, 0)],
    ['something behind the end', (file) => writeFileSync(file, 'x', { flag: 'a' })],
  ];
  test.each(damages)('%s of a content', async (_what, damage) => {
    const { open, directory } = world();
    await open().write('a', one('good'));
    damage(onlyFile(directory, 'files'));
    expect(await open().read('a')).toBeUndefined();
    expect(readdirSync(path.join(directory, 'files'))).toEqual([]);
    await open().write('a', one('good'));
    expect(text(await open().read('a'))).toEqual({ 'manifest.yaml': 'good' });
  });

  test.each(damages)('%s of what is known of a place', async (_what, damage) => {
    const { open, directory } = world();
    await open().setVersion('a place with a name that is not short', 'sha256:1');
    damage(onlyFile(directory, 'places'));
    expect(await open().versionAt('a place with a name that is not short')).toBeUndefined();
    await open().setVersion('a place with a name that is not short', 'sha256:2');
    expect(await open().versionAt('a place with a name that is not short')).toBe('sha256:2');
  });

  test('a whole file that lies under the name of another', async () => {
    const { open, directory } = world();
    await open().write('a', one('of a'));
    const file = onlyFile(directory, 'files');
    await open().write('b', one('of b'));
    const other = readdirSync(path.join(directory, 'files')).find((name) => !file.endsWith(name));
    copyFileSync(path.join(directory, 'files', other ?? ''), file);
    expect(await open().read('a')).toBeUndefined();
    expect(text(await open().read('b'))).toEqual({ 'manifest.yaml': 'of b' });
  });
});

describe('when there is no room', () => {
  const KILO = 'x'.repeat(1000);
  const present = async (kept: KeptContents, ...names: readonly string[]): Promise<string> => {
    const found = await Promise.all(names.map((name) => kept.has(name)));
    return names.filter((_name, index) => found[index]).join(' ');
  };
  const inUse = (...addresses: readonly string[]) => ({ places: [], addresses });

  test('what was used least recently goes, across restarts', async () => {
    const { open, clock } = world(3500);
    const kept = open();
    for (const name of ['a', 'b', 'c']) {
      await kept.write(name, one(KILO));
      await clock.advance(1000);
    }
    await kept.read('a');
    await clock.advance(1000);
    const next = open();
    await next.write('d', one(KILO));
    await next.trim(inUse());
    expect(await present(next, 'a', 'b', 'c', 'd')).toBe('a c d');
  });

  test('what is in use stays, even where that alone is too much', async () => {
    const { open, clock } = world(1500);
    const kept = open();
    for (const name of ['a', 'b', 'c', 'd']) {
      await kept.write(name, one(KILO));
      await clock.advance(1000);
    }
    await kept.trim(inUse('a', 'b'));
    expect(await present(kept, 'a', 'b', 'c', 'd')).toBe('a b');
  });

  test('what has just gone out of use was used a moment ago', async () => {
    const { open, clock } = world(2500);
    const kept = open();
    await kept.write('long in use', one(KILO));
    await kept.trim(inUse('long in use'));
    await clock.advance(60_000);
    await kept.write('tried once', one(KILO));
    await clock.advance(60_000);
    await kept.write('new', one(KILO));
    await kept.trim(inUse('new'));
    expect(await present(kept, 'long in use', 'tried once', 'new')).toBe('long in use new');
  });
});

describe('a process that dies', () => {
  test('leaves only whole contents, and what was unfinished is cleared away', async () => {
    const { open, directory } = world();
    const module = pathToFileURL(path.resolve('dist/inputs/kept-contents.js')).href;
    // Every content says of itself what it holds, so that half of it, or a mixture, would be seen.
    const script = `
      import { createKeptContents } from ${JSON.stringify(module)};
      const kept = createKeptContents({
        directory: ${JSON.stringify(directory)},
        clock: { now: () => Date.now() },
        onTrouble: (message) => { console.error(message); process.exit(1); },
      });
      for (let round = 0; ; round += 1) {
        for (const name of ['a', 'b']) {
          const fill = Buffer.alloc(400_000, 'round ' + round + ' of ' + name + '\\n');
          await kept.write(name, new Map([['fill', fill], ['round', Buffer.from(String(round))]]));
          await kept.setVersion('place', String(round));
          if (round === 0 && name === 'b') console.log('begun');
        }
      }`;
    let unfinished = 0;
    // On a busy machine a dozen kills may all come between two writes.
    for (let kill = 0; kill < 12 || (unfinished === 0 && kill < 100); kill += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const errors: string[] = [];
      child.stderr.on('data', (chunk: Buffer) => void errors.push(chunk.toString('utf8')));
      const ended = new Promise((resolve) => child.once('close', resolve));
      const begun = new Promise((resolve) => child.stdout.once('data', resolve));
      await Promise.race([begun, ended.then(() => Promise.reject(new Error(errors.join(''))))]);
      await sleep(7 + 3 * (kill % 12));
      child.kill('SIGKILL');
      await ended;
      const names = readdirSync(path.join(directory, 'files'));
      unfinished += names.filter((name) => name.endsWith(UNFINISHED)).length;
      const kept = open();
      for (const name of ['a', 'b']) {
        const files = text(await kept.read(name));
        const round = files?.['round'] ?? '';
        expect(round).toMatch(/^\d+$/u);
        const fill = Buffer.alloc(400_000, `round ${round} of ${name}\n`).toString('latin1');
        expect(files?.['fill'] === fill).toBe(true);
      }
      expect(await kept.versionAt('place')).toMatch(/^\d+$/u);
      expect(readdirSync(path.join(directory, 'files'))).toHaveLength(2);
    }
    // Else the kills came at moments that prove nothing.
    expect(unfinished).toBeGreaterThan(0);
  }, 60_000);

  test('or fails between writing and moving, leaves what was there before', async () => {
    const { open, directory } = world();
    await open().write('a', one('before'));
    const file = onlyFile(directory, 'files');
    writeFileSync(`${file}.0${UNFINISHED}`, 'half of something');
    expect(text(await open().read('a'))).toEqual({ 'manifest.yaml': 'before' });
    expect(onlyFile(directory, 'files')).toBe(file);
  });
});

test('a disk that does not work is told once and stops nobody', async () => {
  const { open, directory, troubles } = world();
  writeFileSync(directory, 'a file where the folder should be');
  const kept = open();
  await kept.write('a', one('x'));
  await kept.setVersion('p', 'a');
  expect(await kept.read('a')).toBeUndefined();
  expect(await kept.versionAt('p')).toBeUndefined();
  await kept.trim({ places: ['p'], addresses: ['a'] });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]).toMatch(/EEXIST|ENOTDIR/u);
});
