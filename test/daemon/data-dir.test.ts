// The data directory: private, one daemon at a time, and whatever a killed daemon leaves is no obstacle.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openDataDir } from '../../src/daemon/data-dir.ts';
import { identifyProcess } from '../../src/lib/process-identity.ts';
import type { ProcessIdentity } from '../../src/lib/process-identity.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';

/** No process has this id. */
const NOBODY = 2 ** 22 + 1;
const HAS_PROC = existsSync('/proc/self/stat');
const OWN_FILES = [
  'daemon.pid',
  'format.json',
  ...(HAS_PROC ? [`daemon.${process.pid}.json`] : []),
];

cleanUpAfterwards();

function leaveLock(folder: string, pid: number, record?: string | ProcessIdentity): void {
  writeFileSync(path.join(folder, 'daemon.pid'), `${pid}\n`);
  if (record === undefined) return;
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  writeFileSync(path.join(folder, `daemon.${pid}.json`), text);
}

describe('a data directory', () => {
  it('is made for its owner alone, with its format, and holds nothing unfinished', async () => {
    const folder = path.join(temporaryFolder(), 'data');
    const opened = await openDataDir(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).toSorted()).toEqual(OWN_FILES.toSorted());
    // What a program reads that knows nothing of the other file.
    expect(readFileSync(path.join(folder, 'daemon.pid'), 'utf8')).toBe(`${process.pid}\n`);
    await opened.release();
    expect(readdirSync(folder)).toEqual(['format.json']);
  });

  it('of a newer format is refused', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'format.json'), '{"formatVersion": 99}');
    await expect(openDataDir(folder)).rejects.toThrow('has format 99');
  });
});

describe('its lock', () => {
  for (const [what, content] of [
    ['that is gone', `${NOBODY}\n`],
    ['that had not yet written its id', ''],
    ['that wrote something else', 'x\n'],
  ] as const) {
    it(`is taken over from a daemon ${what}`, async () => {
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, 'daemon.pid'), content);
      const opened = await openDataDir(folder);
      await opened.release();
      expect(readdirSync(folder)).toEqual(['format.json']);
    });
  }

  it('is refused, with the way out, where nothing tells whether a process is the daemon', async () => {
    const folder = temporaryFolder();
    leaveLock(folder, process.ppid);
    const lock = path.join(folder, 'daemon.pid');
    await expect(openDataDir(folder)).rejects.toThrow(
      `is in use by the daemon with process id ${process.ppid}, or by what has that id now; if that is no daemon, remove ${lock}`,
    );
    leaveLock(folder, process.ppid, '{"pid": ');
    await expect(openDataDir(folder)).rejects.toThrow(`remove ${lock}`);
    expect(readdirSync(folder)).toContain('daemon.pid');
  });

  if (HAS_PROC) {
    it('is refused while the very process that is recorded lives', async () => {
      const folder = temporaryFolder();
      leaveLock(folder, process.ppid, identifyProcess(process.ppid));
      await expect(openDataDir(folder)).rejects.toThrow(/process id \d+$/u);
      expect(readdirSync(folder)).not.toContain(`daemon.${process.pid}.json`);
    });

    it('is refused to the process that has it already', async () => {
      const folder = temporaryFolder();
      const opened = await openDataDir(folder);
      await expect(openDataDir(folder)).rejects.toThrow(`process id ${process.pid}`);
      await opened.release();
      await (await openDataDir(folder)).release();
    });

    for (const [who, pid] of [
      ['another process', process.ppid],
      ['the one that starts', process.pid],
    ] as const) {
      for (const [when, change] of [
        ['before the last boot', { boot: '00000000-0000-0000-0000-000000000000' }],
        ['earlier since the boot', { started: '1' }],
      ] as const) {
        it(`is taken over where ${who} has the id that a daemon had ${when}`, async () => {
          const folder = temporaryFolder();
          const running = identifyProcess(pid);
          if (!running) throw new Error('/proc does not tell');
          leaveLock(folder, pid, { ...running, ...change });
          const opened = await openDataDir(folder);
          expect(readdirSync(folder).toSorted()).toEqual(OWN_FILES.toSorted());
          await opened.release();
        });
      }
    }

    it('tells processes apart, whatever their names are', () => {
      const [own, parent] = [process.pid, process.ppid].map(identifyProcess);
      expect(own?.boot).toBe(parent?.boot);
      expect(own?.started).toMatch(/^\d+$/u);
      expect(identifyProcess(NOBODY)).toBeUndefined();
      const child = spawn('sleep', ['20'], { argv0: ') x (1 2 3' });
      children.add(child);
      const started = Number(identifyProcess(child.pid ?? 0)?.started);
      expect(started).toBeGreaterThan(Number(own?.started));
    });
  }

  const children = new Set<ChildProcess>();
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
  });

  /** A process of its own that takes the lock, says how that went, and stays. */
  const taker = async (
    folder: string,
  ): Promise<{ readonly said: string; kill: () => Promise<unknown> }> => {
    const module = pathToFileURL(path.resolve('dist/daemon/data-dir.js')).href;
    const script = `
      import { openDataDir } from ${JSON.stringify(module)};
      openDataDir(${JSON.stringify(folder)}).then(
        () => console.log('has it'),
        (error) => console.log(error.message),
      );
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    children.add(child);
    const ended = new Promise((resolve) => child.once('close', resolve));
    const said = await new Promise<string>((resolve) => {
      child.stdout.once('data', (text: Buffer) => resolve(text.toString('utf8').trim()));
    });
    return {
      said,
      kill: () => {
        child.kill('SIGKILL');
        return ended;
      },
    };
  };

  it('is held by a daemon until it is killed, and then free', async () => {
    const folder = temporaryFolder();
    const first = await taker(folder);
    expect(first.said).toBe('has it');
    await expect(openDataDir(folder)).rejects.toThrow('is in use by the daemon');
    await first.kill();
    await (await openDataDir(folder)).release();
    expect(readdirSync(folder)).toEqual(['format.json']);
  });

  it('goes to one of many that find a dead one at the same moment', async () => {
    for (let round = 0; round < 3; round += 1) {
      const folder = temporaryFolder();
      leaveLock(folder, NOBODY);
      const all = await Promise.all(Array.from({ length: 6 }, () => taker(folder)));
      expect(all.filter(({ said }) => said === 'has it')).toHaveLength(1);
      for (const { said } of all) expect(said).toMatch(/has it|in use by the daemon|be locked/u);
      await Promise.all(all.map(({ kill }) => kill()));
    }
  });
});
