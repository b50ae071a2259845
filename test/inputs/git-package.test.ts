// Packages from other repositories: addresses, refs of every kind, folders, and what is refused.
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createGitCache } from '../../src/inputs/git-cache.ts';
import { createGitPackages, parseGitPackage } from '../../src/inputs/git-package.ts';
import type { GitPackageAddress, GitPackages } from '../../src/inputs/git-package.ts';
import { UNFINISHED } from '../../src/lib/whole-file.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
  testGit,
} from '../support/git-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { startGitHttpServer } from '../support/git-http-server.ts';

cleanUpAfterwards();

describe('addresses', () => {
  test.each<[string, Partial<GitPackageAddress>]>([
    [
      'git+https://git.example.test/team/repo.git//packages/shop@v1.0',
      {
        url: 'https://git.example.test/team/repo.git',
        host: 'git.example.test',
        port: 443,
        folder: 'packages/shop',
        ref: 'v1.0',
      },
    ],
    ['git+https://git.example.test/repo', { folder: '', ref: undefined }],
    ['git+https://git.example.test/repo@main', { folder: '', ref: 'main' }],
    ['git+https://git.example.test/repo//@main', { folder: '', ref: 'main' }],
    ['git+https://git.example.test/repo//a/./b/@feature/x', { folder: 'a/b', ref: 'feature/x' }],
    ['git+https://Git.Example.test:8443/r//p@refs/heads/x', { host: 'git.example.test:8443' }],
    [
      'git+ssh://git@git.example.test/team/repo//p@main',
      { url: 'ssh://git@git.example.test/team/repo', host: 'git.example.test', port: 22 },
    ],
    [
      'git+ssh://git.example.test:2222/repo//p',
      { host: 'git.example.test:2222', transport: 'ssh' },
    ],
  ])('%s', (text, expected) => {
    const parsed = parseGitPackage(text);
    expect(parsed.kind === 'ok' ? parsed.address : parsed.reason).toMatchObject(expected);
  });

  test.each([
    ['git+https://token@git.example.test/repo//p@main', 'holds a password'],
    ['git+https://user:secret@git.example.test/repo//p@main', 'holds a password'],
    ['git+ssh://git:secret@git.example.test/repo//p@main', 'holds a password'],
    ['git+https://git.example.test/repo//../p@main', 'leaves the repository'],
    ['git+https://git.example.test/repo//p@-x', 'no ref'],
    ['git+https://git.example.test/repo//p@a..b', 'no ref'],
    ['git+https:///repo//p@main', 'no host'],
    ['git+ftp://git.example.test/repo', 'it must read'],
    ['git+ext::sh -c x', 'it must read'],
    ['git+https://git.example.test', 'it must read'],
    ['git+https://git.example.test/repo?x=y//p', 'it must read'],
  ])('%s is refused: %s', (text, why) => {
    const parsed = parseGitPackage(text);
    expect(parsed.kind === 'invalid' ? parsed.reason : parsed).toContain(why);
    expect(JSON.stringify(parsed)).not.toContain('secret');
  });
});

interface OpenOptions {
  readonly directory?: string;
  readonly access?: Parameters<typeof createGitPackages>[0]['access'];
  readonly clock?: ManualClock;
  readonly maxBytes?: number;
  readonly onTrouble?: (message: string) => void;
}

function open(options: OpenOptions = {}): GitPackages {
  const { access = () => ({}), clock = createManualClock(), ...rest } = options;
  const directory = options.directory ?? path.join(temporaryFolder(), 'packages');
  const git = testGit();
  const cache = createGitCache({ git, clock, ...rest, directory });
  return createGitPackages({ git, environment: {}, cache, access });
}

function addressOf(bare: string, rest: string): GitPackageAddress {
  const parsed = parseGitPackage(`git+file://${bare}${rest}`);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.address;
}

async function load(packages: GitPackages, address: GitPackageAddress): Promise<object> {
  const signal = new AbortController().signal;
  const wanted = await packages.resolve(address, signal);
  const { version, files } = await packages.load(address, wanted, signal);
  const texts = [...files].map(([at, content]) => [at, Buffer.from(content).toString()]);
  return { version, files: Object.fromEntries(texts) };
}

describe('repositories', () => {
  const bare = bareRepository();
  const first = commitFiles(bare, { files: { 'shop/manifest.yaml': 'one', 'other/x': 'y' } });
  plainGit(bare, ['tag', 'light', first]);
  plainGit(bare, ['tag', '-a', '-m', 'x', 'heavy', first]);
  const second = commitFiles(bare, {
    files: { 'shop/manifest.yaml': 'two', 'shop/a/b.yaml': 'deep', 'shop/link': 'manifest.yaml' },
    modes: { 'shop/link': '120000' },
  });
  const branch = commitFiles(bare, { branch: 'feature/x', files: { 'shop/only': 'x' } });
  const two = { 'manifest.yaml': 'two', 'a/b.yaml': 'deep' };

  test.each<[string, string, object]>([
    ['a branch', '//shop@main', { version: second, files: two }],
    ['a branch with a slash', '//shop@feature/x', { version: branch, files: { only: 'x' } }],
    ['a full name', '//shop@refs/heads/main', { version: second, files: two }],
    ['a light tag', '//shop@light', { version: first, files: { 'manifest.yaml': 'one' } }],
    ['an annotated tag', '//shop@heavy', { version: first, files: { 'manifest.yaml': 'one' } }],
    ['the default branch', '//shop', { version: second, files: two }],
    ['a commit', `//shop@${second}`, { version: second, files: two }],
    [
      'the root',
      '@light',
      { version: first, files: { 'shop/manifest.yaml': 'one', 'other/x': 'y' } },
    ],
  ])('%s', async (_what, rest, expected) => {
    expect(await load(open(), addressOf(bare, rest))).toEqual(expected);
  });

  test.each([
    ['a ref that does not exist', '//shop@nowhere', /no branch or tag "nowhere"/u],
    ['a folder that does not exist', '//nowhere@main', /there is no folder "nowhere" at/u],
    ['a file for a folder', '//shop/manifest.yaml@main', /there is no folder/u],
    ['a repository that does not exist', '.gone//shop@main', /git ls-remote ended/u],
  ])('%s is said', async (_what, rest, message) => {
    await expect(load(open(), addressOf(bare, rest))).rejects.toThrow(message);
  });

  test('a branch that moves is fetched again, by the same cache and by a new one', async () => {
    const moving = bareRepository();
    commitFiles(moving, { files: { f: 'one' } });
    const packages = open();
    const address = addressOf(moving, '@main');
    expect(await load(packages, address)).toMatchObject({ files: { f: 'one' } });
    commitFiles(moving, { files: { f: 'two' } });
    expect(await load(packages, address)).toMatchObject({ files: { f: 'two' } });
    commitFiles(moving, { files: { f: 'three' }, onto: 'none' });
    expect(await load(packages, address)).toMatchObject({ files: { f: 'three' } });
  });

  test('no history is fetched', async () => {
    const directory = path.join(temporaryFolder(), 'cache');
    const packages = open({ directory });
    await load(packages, addressOf(bare, '//shop@main'));
    const [name = ''] = readdirSync(directory);
    expect(plainGit(path.join(directory, name), ['rev-list', '--all', '--count'])).toBe('1');
  });

  test('credentials of the configuration reach the host that they are for', async () => {
    const root = path.dirname(bare);
    const server = await startGitHttpServer({ root, user: 'ada', password: 's3cret' });
    try {
      const text = `git+${server.url}/${path.basename(bare)}//shop@main`;
      const parsed = parseGitPackage(text);
      if (parsed.kind === 'invalid') throw new Error(parsed.reason);
      const credentials = { usernameFrom: { value: 'ada' }, passwordFrom: { value: 's3cret' } };
      const hosts: string[] = [];
      const access: OpenOptions['access'] = ({ host }) => {
        hosts.push(host);
        return { credentials };
      };
      const packages = open({ access });
      expect(await load(packages, parsed.address)).toEqual({ version: second, files: two });
      expect([...new Set(hosts)]).toEqual([new URL(server.url).host]);
      await expect(load(open(), parsed.address)).rejects.toThrow(/ls-remote ended/u);
    } finally {
      await server.close();
    }
  });
});

describe('room for fetched repositories', () => {
  /** Does not get smaller when it is packed. */
  const noise = (bytes: number): Buffer => randomBytes(bytes);
  const made = (): { readonly directory: string; readonly clock: ManualClock } => ({
    directory: path.join(temporaryFolder(), 'packages'),
    clock: createManualClock(),
  });
  const repository = (files: Readonly<Record<string, Buffer>>): string => {
    const bare = bareRepository();
    commitFiles(bare, { files });
    return bare;
  };
  const big = (): string => repository({ file: noise(100_000) });
  const loads = async (packages: GitPackages, ...bares: readonly string[]): Promise<void> => {
    for (const bare of bares) await load(packages, addressOf(bare, '@main'));
  };
  const bytesOf = (folder: string): number =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // Files come and go while git clears away.
      .map((name) => statSync(path.join(folder, name), { throwIfNoEntry: false }))
      .reduce((sum, about) => sum + (about?.isFile() === true ? about.size : 0), 0);
  const until = async (isDone: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 400 && !isDone(); tries += 1) await sleep(50);
    expect(isDone()).toBe(true);
  };
  /** Who is fetched, in the order of the letters. */
  const present = (directory: string, bares: Readonly<Record<string, string>>): string => {
    const names = readdirSync(directory);
    const hashOf = (bare: string): string =>
      createHash('sha256').update(`file://${bare}`).digest('hex').slice(0, 20);
    const found = Object.entries(bares).filter(([, bare]) =>
      names.some((name) => name.startsWith(hashOf(bare))),
    );
    expect(names).toHaveLength(found.length);
    return found.map(([letter]) => letter).join(' ');
  };

  test('the one that was used least recently goes, across restarts, and is fetched again', async () => {
    const { directory, clock } = made();
    const bares = { a: big(), b: big(), c: big(), d: big() };
    const options = { directory, clock, maxBytes: 350_000 };
    const first = open(options);
    for (const bare of [bares.a, bares.b, bares.c, bares.a]) {
      await loads(first, bare);
      await clock.advance(1_000);
    }
    const next = open(options);
    await loads(next, bares.d);
    await next.retain([]);
    expect(present(directory, bares)).toBe('a c d');
    await clock.advance(1_000);
    await loads(next, bares.b);
    await next.retain([]);
    expect(present(directory, bares)).toBe('a b d');
  });

  test('one that is in use stays, even where those alone are too much', async () => {
    const { directory, clock } = made();
    const bares = { a: big(), b: big(), c: big(), d: big() };
    const packages = open({ directory, clock, maxBytes: 100_000 });
    for (const bare of Object.values(bares)) {
      await loads(packages, bare);
      await clock.advance(1_000);
    }
    const used = [addressOf(bares.a, '//some/folder@main'), addressOf(bares.b, '@main')];
    await packages.retain(used);
    expect(present(directory, bares)).toBe('a b');
    packages.close();
  });

  test('one that has just gone out of use was used a moment ago', async () => {
    const { directory, clock } = made();
    const bares = { a: big(), b: big(), c: big() };
    const packages = open({ directory, clock, maxBytes: 300_000 });
    await loads(packages, bares.a);
    await packages.retain([addressOf(bares.a, '@main')]);
    await clock.advance(60_000);
    await loads(packages, bares.b);
    await clock.advance(60_000);
    await loads(packages, bares.c);
    await packages.retain([addressOf(bares.c, '@main')]);
    expect(present(directory, bares)).toBe('a c');
  });

  test('what a moved branch has left behind is cleared away, and what is in use is read on', async () => {
    const { directory, clock } = made();
    const bare = big();
    const troubles: string[] = [];
    const onTrouble = (message: string): void => void troubles.push(message);
    const packages = open({ directory, clock, maxBytes: 300_000, onTrouble });
    const used = [addressOf(bare, '@main')];
    commitFiles(bare, { branch: 'old', files: { file: noise(100_000) }, onto: 'none' });
    await load(packages, addressOf(bare, '@old'));
    for (let round = 0; round < 6; round += 1) {
      commitFiles(bare, { files: { file: noise(100_000) } });
      await loads(packages, bare);
      await packages.retain(used);
    }
    expect(troubles).toEqual([]);
    await until(() => bytesOf(directory) < 300_000);
    const tip = commitFiles(bare, { files: { more: 'x' } });
    expect(await load(packages, addressOf(bare, '@main'))).toMatchObject({ version: tip });
    expect(await load(packages, addressOf(bare, '@old'))).toHaveProperty('version');
    packages.close();
  });

  test('one that is being fetched is not taken away, and one that was asked for meanwhile is whole', async () => {
    const { directory, clock } = made();
    const bares = { a: big(), b: big(), c: big() };
    const packages = open({ directory, clock, maxBytes: 1 });
    const rounds = Array.from({ length: 6 }, async (_item, round) => {
      await loads(packages, ...Object.values(bares));
      if (round % 2 === 0) await packages.retain([]);
    });
    await Promise.all([...rounds, packages.retain([]), packages.retain([])]);
    await packages.retain([]);
    expect(present(directory, bares)).toBe('');
    await loads(packages, ...Object.values(bares));
  });

  test('one that a killed process had not removed to the end is cleared away', async () => {
    const { directory, clock } = made();
    const bares = { a: big() };
    await loads(open({ directory, clock }), bares.a);
    const [name = ''] = readdirSync(directory);
    renameSync(path.join(directory, name), path.join(directory, `${name}${UNFINISHED}`));
    rmSync(path.join(directory, `${name}${UNFINISHED}`, 'refs'), { recursive: true });
    const next = open({ directory, clock });
    await loads(next, bares.a);
    await next.retain([]);
    expect(present(directory, bares)).toBe('a');
  });

  test('one that cannot be cleared is told and stops nobody', async () => {
    const { directory, clock } = made();
    const bares = { a: big(), b: big() };
    const troubles: string[] = [];
    const onTrouble = (message: string): void => void troubles.push(message);
    const packages = open({ directory, clock, maxBytes: 1, onTrouble });
    await loads(packages, bares.a);
    const [name = ''] = readdirSync(directory);
    writeFileSync(path.join(directory, name, 'config'), '[half a line');
    await packages.retain([addressOf(bares.a, '@main')]);
    await until(() => troubles.length > 0);
    expect(troubles[0]).toContain('bad config line');
    await loads(packages, bares.b);
    await packages.retain([addressOf(bares.b, '@main')]);
    expect(present(directory, bares)).toBe('b');
    // It was no more than a copy.
    await loads(packages, bares.a);
    packages.close();
  });
});
