// The status branch against real repositories: whose it is, what happens when others touch it, and what a crash leaves.
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../src/lib/clock.ts';
import { createGitStatusStore } from '../../src/status/git-store.ts';
import { parseInstance } from '../../src/status/instance.ts';
import type { StatusStore } from '../../src/status/store.ts';
import { openReady, statusStoreContract, textOf } from '../contract/status-store.contract.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  deleteBranch,
  fileOn,
  GIT_VERSION,
  moveBranch,
  plainGit,
  subjectsOn,
  temporaryFolder,
  testGit,
  testRemote,
  tipOf,
} from '../support/git-fixture.ts';
import { startGitHttpServer } from '../support/git-http-server.ts';
import type { GitHttpServer } from '../support/git-http-server.ts';

cleanUpAfterwards();

const servers: GitHttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const BRANCH = 'sluice/status';
const FILE = 'units/local/web/Package.x/shop/inventory.yaml';

interface Options {
  readonly gitDir?: string;
  readonly instance?: string;
  readonly password?: string;
}

/** A daemon's store; the same `gitDir` is the same data directory. */
function storeOn(url: string | undefined, options: Options = {}): StatusStore {
  const { gitDir = newDataDirectory(), instance = 'prod', password } = options;
  const credentials =
    password === undefined
      ? {}
      : { credentials: { usernameFrom: { value: 'ada' }, passwordFrom: { value: password } } };
  return createGitStatusStore({
    git: testGit(),
    version: GIT_VERSION,
    gitDir,
    branch: BRANCH,
    remote: url === undefined ? undefined : testRemote(url, { branch: BRANCH, ...credentials }),
    instance,
    repository: 'https://git.example.test/config',
    clock: createSystemClock(),
  });
}

function newDataDirectory(): string {
  return path.join(temporaryFolder(), 'status.git');
}

async function write(store: StatusStore, content: string, file = FILE): Promise<void> {
  await store.commit([{ path: file, content }], `Write ${content}`);
}

/** A running daemon that has pushed its epoch and one file. */
async function runningOn(bare: string, gitDir = newDataDirectory()): Promise<StatusStore> {
  const store = storeOn(bare, { gitDir });
  await openReady(store);
  await write(store, 'one');
  expect((await store.push()).kind).toBe('pushed');
  return store;
}

function epochOn(bare: string): number | undefined {
  return parseInstance(fileOn(bare, BRANCH, 'instance.json'))?.epoch;
}

statusStoreContract('a local branch', async () => {
  const gitDir = newDataDirectory();
  return { open: (instance = 'prod') => storeOn(undefined, { gitDir, instance }) };
});

statusStoreContract('a branch with a remote', async () => {
  const bare = bareRepository();
  const gitDir = newDataDirectory();
  return { open: (instance = 'prod') => storeOn(bare, { gitDir, instance }) };
});

describe('pushing', () => {
  it('sends all commits since the last push as one straight line, and then has nothing to do', async () => {
    const bare = bareRepository();
    const store = storeOn(bare);
    await openReady(store);
    await write(store, 'one');
    await write(store, 'two');
    const pushed = await store.push();
    expect(pushed).toEqual({ kind: 'pushed', commit: tipOf(bare, BRANCH) });
    expect(subjectsOn(bare, BRANCH)).toEqual(['Write two', 'Write one', 'Start epoch 1']);
    expect(await store.push()).toEqual({ kind: 'upToDate' });
    await store.close();
  });

  it('goes over http with a password, and says what failed without it', async () => {
    const bare = bareRepository();
    const server = await startGitHttpServer({
      root: path.dirname(bare),
      user: 'ada',
      password: 'g00d-one',
    });
    servers.push(server);
    const url = `${server.url}/remote.git`;
    const store = storeOn(url, { password: 'g00d-one' });
    await openReady(store);
    expect((await store.push()).kind).toBe('pushed');
    expect(epochOn(bare)).toBe(1);
    await store.close();
    const refused = await storeOn(url, { password: 'wr0ng-one' }).open({ takeover: false });
    expect(refused).toMatchObject({ kind: 'unreachable', diagnostic: { code: 'StatusUnpushed' } });
    expect(JSON.stringify(refused)).not.toContain('wr0ng-one');
  });

  it('is local only without a remote, and says so', async () => {
    const store = storeOn(undefined);
    expect((await openReady(store)).diagnostics).toMatchObject([{ code: 'StatusLocalOnly' }]);
    expect(await store.push()).toEqual({ kind: 'localOnly' });
    await store.close();
  });

  it('waits while the remote is away and sends everything when it is back', async () => {
    const bare = bareRepository();
    const store = await runningOn(bare);
    renameSync(bare, `${bare}.away`);
    await write(store, 'two');
    expect(await store.push()).toMatchObject({
      kind: 'unreachable',
      diagnostic: { code: 'StatusUnpushed' },
    });
    await write(store, 'three');
    renameSync(`${bare}.away`, bare);
    expect((await store.push()).kind).toBe('pushed');
    expect(fileOn(bare, BRANCH, FILE)).toBe('three');
    await store.close();
  });

  it('is refused by the server’s own rules: reported as unpushed, not as a fight', async () => {
    const bare = bareRepository();
    const store = await runningOn(bare);
    const hook = path.join(bare, 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\nexit 1\n');
    chmodSync(hook, 0o755);
    await write(store, 'two');
    expect(await store.push()).toMatchObject({
      kind: 'unreachable',
      diagnostic: { message: expect.stringContaining('pre-receive hook declined') },
    });
    rmSync(hook);
    expect((await store.push()).kind).toBe('pushed');
    await store.close();
  });

  it('may run while commits go on', async () => {
    const bare = bareRepository();
    const store = await runningOn(bare);
    const working: Promise<unknown>[] = [];
    for (let i = 0; i < 10; i++) {
      working.push(write(store, `round ${i}`));
      if (i % 3 === 0) working.push(store.push());
    }
    await Promise.all(working);
    await store.push();
    expect(fileOn(bare, BRANCH, FILE)).toBe('round 9');
    await store.close();
  });
});

describe('a crash', () => {
  it('between commit and push loses nothing: the next start goes on from the local commit', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const killed = await runningOn(bare, gitDir);
    await write(killed, 'unpushed');
    const next = storeOn(bare, { gitDir });
    expect(await openReady(next)).toMatchObject({ epoch: 2, fresh: false });
    expect(await textOf(next, FILE)).toBe('unpushed');
    expect((await next.push()).kind).toBe('pushed');
    expect(subjectsOn(bare, BRANCH).slice(0, 2)).toEqual(['Start epoch 2', 'Write unpushed']);
    await next.close();
  });

  it('between the remote’s acceptance and our knowing it is no fight either', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const killed = await runningOn(bare, gitDir);
    await write(killed, 'accepted');
    plainGit(gitDir, ['push', '--quiet', bare, `refs/heads/${BRANCH}`]);
    expect((await killed.push()).kind, 'in the same process').toBe('pushed');
    await write(killed, 'again');
    plainGit(gitDir, ['push', '--quiet', bare, `refs/heads/${BRANCH}`]);
    const next = storeOn(bare, { gitDir });
    await openReady(next);
    expect((await next.push()).kind).toBe('pushed');
    expect(epochOn(bare)).toBe(2);
    await next.close();
  });

  it('of the disk: the remote is the memory, the writer is new, the epoch goes on', async () => {
    const bare = bareRepository();
    const before = await runningOn(bare);
    const old = parseInstance((await textOf(before, 'instance.json')) ?? '');
    const store = storeOn(bare);
    const ready = await openReady(store);
    expect(ready).toMatchObject({
      epoch: 2,
      fresh: false,
      record: { repository: 'https://git.example.test/config' },
      diagnostics: [{ code: 'StatusRestored' }],
    });
    expect(ready.record.writer).not.toBe(old?.writer);
    expect(await textOf(store, FILE)).toBe('one');
    expect((await store.push()).kind).toBe('pushed');
    await store.close();
  });

  it('of the disk while the remote is away is no reason to start afresh', async () => {
    const bare = bareRepository();
    await runningOn(bare);
    renameSync(bare, `${bare}.away`);
    expect(await storeOn(bare).open({ takeover: false })).toMatchObject({ kind: 'unreachable' });
  });

  it('and a start while the remote is away goes on locally and looks before its first push', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    await runningOn(bare, gitDir);
    renameSync(bare, `${bare}.away`);
    const store = storeOn(bare, { gitDir });
    expect(await openReady(store)).toMatchObject({
      epoch: 2,
      diagnostics: [{ code: 'StatusUnpushed' }],
    });
    expect(await textOf(store, FILE)).toBe('one');
    renameSync(`${bare}.away`, bare);
    expect((await store.push()).kind).toBe('pushed');
    await store.close();
  });
});

describe('two daemons on one branch', () => {
  it('the later start wins, the earlier one is fenced at its next push, and nothing of it gets through', async () => {
    const bare = bareRepository();
    const first = await runningOn(bare);
    const second = storeOn(bare);
    await openReady(second);
    await second.push();
    await write(first, 'late');
    const fenced = await first.push();
    expect(fenced).toMatchObject({
      kind: 'fenced',
      diagnostic: { code: 'Fenced', message: expect.stringContaining('epoch 2') },
    });
    expect(await first.push(), 'for good').toMatchObject({ kind: 'fenced' });
    expect(fileOn(bare, BRANCH, FILE)).toBe('one');
    await write(second, 'two');
    expect((await second.push()).kind).toBe('pushed');
    await Promise.all([first.close(), second.close()]);
  });

  it('starting at the same moment: one push is accepted, the other daemon is fenced', async () => {
    const bare = bareRepository();
    const stores = [storeOn(bare), storeOn(bare)];
    await Promise.all(stores.map((store) => openReady(store)));
    const results = await Promise.all(stores.map((store) => store.push()));
    expect(results.map((result) => result.kind).toSorted()).toEqual(['fenced', 'pushed']);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('the fenced one stays out after a restart, unless it is told to take over', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const first = await runningOn(bare, gitDir);
    await write(first, 'never pushed');
    const second = storeOn(bare);
    await openReady(second);
    await write(second, 'two');
    await second.push();
    expect(await storeOn(bare, { gitDir }).open({ takeover: false })).toMatchObject({
      kind: 'refused',
      diagnostic: { code: 'Fenced' },
    });
    const back = storeOn(bare, { gitDir });
    expect((await openReady(back, true)).epoch).toBe(3);
    expect(await textOf(back, FILE), 'the newer memory counts').toBe('two');
    expect((await back.push()).kind).toBe('pushed');
    expect(await second.push(), 'until it writes').toMatchObject({ kind: 'upToDate' });
    await write(second, 'three');
    expect((await second.push()).kind).toBe('fenced');
    await Promise.all([back.close(), second.close()]);
  });

  it('is noticed by a poll before anything is pushed', async () => {
    const bare = bareRepository();
    const first = await runningOn(bare);
    const own = tipOf(bare, BRANCH) ?? '';
    expect(first.noticeRemoteTip(own)).toBe(false);
    const second = storeOn(bare);
    await openReady(second);
    await second.push();
    expect(first.noticeRemoteTip(tipOf(bare, BRANCH) ?? '')).toBe(true);
    expect((await first.push()).kind).toBe('fenced');
    await second.close();
  });

  it('from one copied data directory are told apart as well', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const first = await runningOn(bare, gitDir);
    const copy = newDataDirectory();
    plainGit(gitDir, ['clone', '--quiet', '--mirror', gitDir, copy]);
    await write(first, 'two');
    await first.push();
    expect(await storeOn(bare, { gitDir: copy }).open({ takeover: false })).toMatchObject({
      kind: 'refused',
      diagnostic: { code: 'Fenced' },
    });
    await first.close();
  });
});

describe('a stranger', () => {
  const stranger = { branch: BRANCH, message: 'I was here' };

  it('who commits on top is kept as first parent, and nothing of what they wrote is read', async () => {
    const bare = bareRepository();
    const store = await runningOn(bare);
    const theirs = commitFiles(bare, {
      ...stranger,
      files: { [FILE]: 'forged', 'instance.json': '{"instance":"evil"}', extra: 'x' },
    });
    await write(store, 'two');
    expect((await store.push()).kind).toBe('pushed');
    expect(fileOn(bare, BRANCH, FILE)).toBe('two');
    expect(plainGit(bare, ['ls-tree', '-r', '--name-only', BRANCH]).split('\n')).toEqual([
      'instance.json',
      FILE,
    ]);
    expect(plainGit(bare, ['rev-list', '--first-parent', BRANCH]).split('\n')).toContain(theirs);
    expect(await textOf(store, FILE)).toBe('two');
    await store.close();
  });

  it('who commits while nothing else is to be pushed is answered too, once a poll has seen it', async () => {
    const bare = bareRepository();
    const store = await runningOn(bare);
    const theirs = commitFiles(bare, { ...stranger, files: { [FILE]: 'forged' } });
    expect(store.noticeRemoteTip(theirs)).toBe(true);
    expect((await store.push()).kind).toBe('pushed');
    expect(fileOn(bare, BRANCH, FILE)).toBe('one');
    expect(await store.push()).toEqual({ kind: 'upToDate' });
    await store.close();
  });

  it('who committed while we were away does not change what we know', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    await (await runningOn(bare, gitDir)).close();
    commitFiles(bare, { ...stranger, files: { [FILE]: 'forged', 'instance.json': null } });
    const store = storeOn(bare, { gitDir });
    expect((await openReady(store)).epoch).toBe(2);
    expect(await textOf(store, FILE)).toBe('one');
    expect((await store.push()).kind).toBe('pushed');
    expect(fileOn(bare, BRANCH, FILE)).toBe('one');
    await store.close();
  });

  it('does not become the memory when the disk is lost: the last commit of a daemon is', async () => {
    const bare = bareRepository();
    await (await runningOn(bare)).close();
    const theirs = commitFiles(bare, {
      ...stranger,
      files: { [FILE]: 'forged', 'instance.json': '{}' },
    });
    const store = storeOn(bare);
    expect(await openReady(store)).toMatchObject({ epoch: 2, fresh: false });
    expect(await textOf(store, FILE)).toBe('one');
    expect((await store.push()).kind).toBe('pushed');
    expect(plainGit(bare, ['rev-parse', `${BRANCH}^`])).toBe(theirs);
    await store.close();
  });
});

describe('the branch on the remote', () => {
  it('is restored from the local one when it was deleted, while running and at a start', async () => {
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const store = await runningOn(bare, gitDir);
    deleteBranch(bare, BRANCH);
    expect(store.noticeRemoteTip(null)).toBe(true);
    expect((await store.push()).kind).toBe('pushed');
    expect(fileOn(bare, BRANCH, FILE)).toBe('one');
    await store.close();
    deleteBranch(bare, BRANCH);
    const next = storeOn(bare, { gitDir });
    expect((await openReady(next)).diagnostics).toMatchObject([{ code: 'StatusRestored' }]);
    await next.push();
    expect(subjectsOn(bare, BRANCH)).toEqual(['Start epoch 2', 'Write one', 'Start epoch 1']);
    await next.close();
  });

  it.each(['rewound', 'replaced'])(
    'is held when it was %s, while running and at a start',
    async (how) => {
      const bare = bareRepository();
      const gitDir = newDataDirectory();
      const store = await runningOn(bare, gitDir);
      if (how === 'rewound') moveBranch(bare, BRANCH, plainGit(bare, ['rev-parse', `${BRANCH}^`]));
      else commitFiles(bare, { branch: BRANCH, files: { x: 'x' }, onto: 'none' });
      await write(store, 'two');
      const held = { diagnostic: { code: 'StatusRewritten' } };
      expect(await store.push()).toMatchObject({ kind: 'fenced', ...held });
      const next = storeOn(bare, { gitDir });
      expect(await next.open({ takeover: false })).toMatchObject({ kind: 'refused', ...held });
      const taken = storeOn(bare, { gitDir });
      await openReady(taken, true);
      expect(await textOf(taken, FILE), 'ours is in force').toBe('two');
      expect((await taken.push()).kind).toBe('pushed');
      await taken.close();
    },
  );

  it('of another instance is refused, with its name', async () => {
    const bare = bareRepository();
    await (await runningOn(bare)).close();
    expect(await storeOn(bare, { instance: 'staging' }).open({ takeover: false })).toMatchObject({
      kind: 'refused',
      diagnostic: {
        code: 'StatusForeign',
        message: expect.stringContaining('belongs to instance prod'),
      },
    });
  });

  it('that nobody here wrote is never taken over: it could be anybody’s work', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { branch: BRANCH, files: { 'main.c': 'int main;' } });
    for (const takeover of [false, true]) {
      expect(await storeOn(bare).open({ takeover })).toMatchObject({
        kind: 'refused',
        diagnostic: {
          code: 'StatusForeign',
          message: expect.stringContaining('not written by Sluice'),
        },
      });
    }
    expect(tipOf(bare, BRANCH)).toBe(tip);
  });
});

describe('names', () => {
  it('of units with line breaks, any script, leading dots and 300 characters survive the way', async () => {
    const { unitDirectory } = await import('../../src/status/paths.ts');
    const bare = bareRepository();
    const gitDir = newDataDirectory();
    const store = storeOn(bare, { gitDir });
    await openReady(store);
    const names = [
      'a\nb',
      '.hidden',
      '..',
      'with space',
      '日本',
      '"quoted"',
      'x'.repeat(300),
      '-rf',
    ];
    const changes = names.map((name) => ({
      path: `${unitDirectory({ target: 't', group: 'g', kind: 'K', namespace: 'n', name })}/unit.yaml`,
      content: name,
    }));
    await store.commit(changes, 'Names\n\nwith "quotes" and\n\n\nempty lines');
    await store.push();
    await store.close();
    const next = storeOn(bare);
    await openReady(next);
    const read = await next.read(changes.map((change) => change.path));
    expect([...read.values()]).toEqual(names);
    await next.close();
  });
});
