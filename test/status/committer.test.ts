// The committer: many units, few pushes; intents that hold what they promise; remotes that go away.
import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { createCommitter } from '../../src/status/committer.ts';
import type {
  Committer,
  CommitterDependencies,
  CommitterEvent,
} from '../../src/status/committer.ts';
import { createGitStatusStore } from '../../src/status/git-store.ts';
import type { StatusChange, StatusStore } from '../../src/status/store.ts';
import { openReady, textOf } from '../contract/status-store.contract.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  deleteBranch,
  fileOn,
  GIT_VERSION,
  plainGit,
  subjectsOn,
  temporaryFolder,
  testGit,
  testRemote,
  tipOf,
} from '../support/git-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';

const running: Committer[] = [];
afterEach(async () => {
  for (const committer of running.splice(0)) await committer.close(100);
});
cleanUpAfterwards();

const BRANCH = 'status';
const change = (name: string, content: string | null = name): StatusChange => ({
  path: `units/${name}`,
  content,
});

interface Fixture {
  readonly bare: string;
  readonly store: StatusStore;
  readonly committer: Committer;
  readonly events: readonly CommitterEvent[];
  readonly fences: readonly Diagnostic[];
}

async function start(
  options: Partial<CommitterDependencies> & {
    readonly bare?: string;
    readonly gitDir?: string;
  } = {},
): Promise<Fixture> {
  const {
    bare = bareRepository(),
    gitDir = path.join(temporaryFolder(), 'status.git'),
    ...rest
  } = options;
  const clock = rest.clock ?? createSystemClock();
  const store = rest.store ?? storeOn(bare, gitDir, clock);
  if (!rest.store) await openReady(store);
  const events: CommitterEvent[] = [];
  const fences: Diagnostic[] = [];
  const committer = createCommitter({
    store,
    clock,
    describe: (changes) => `Status of ${changes.length} files`,
    pushesPerMinute: 6,
    unlimited: true,
    random: () => 0,
    quietMs: 20,
    onEvent: (event) => events.push(event),
    onFenced: (reason) => fences.push(reason),
    ...rest,
  });
  running.push(committer);
  return { bare, store, committer, events, fences };
}

function storeOn(bare: string | undefined, gitDir: string, clock: Clock): StatusStore {
  return createGitStatusStore({
    git: testGit(),
    version: GIT_VERSION,
    gitDir,
    branch: BRANCH,
    remote: bare === undefined ? undefined : testRemote(bare, { branch: BRANCH }),
    instance: 'prod',
    repository: 'https://git.example.test/config',
    clock,
  });
}

async function until(check: () => boolean): Promise<void> {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A store that answers as it is told, to see what the committer makes of it. */
function scriptedStore(push: StatusStore['push'], commits: string[] = []): StatusStore {
  return {
    open: () => Promise.reject(new Error('not used')),
    list: async () => [],
    read: async () => new Map(),
    commit: async (changes, message) => {
      commits.push(
        `${message}: ${changes.map((item) => `${item.path}=${item.content}`).join(' ')}`,
      );
      return { kind: 'committed', commit: `c${commits.length}` };
    },
    push,
    noticeRemoteTip: () => true,
    close: async () => undefined,
  };
}

const down = async () =>
  ({
    kind: 'unreachable',
    diagnostic: { code: 'StatusUnpushed', severity: 'warning', message: 'down' },
  }) as const;
const pushed = async () => ({ kind: 'pushed', commit: 'c' }) as const;

describe('intents', () => {
  it('are acknowledged when they are on the remote', async () => {
    const { bare, committer } = await start();
    expect(await committer.intent([change('a')], 'Begin a')).toEqual({ kind: 'acknowledged' });
    expect(fileOn(bare, BRANCH, 'units/a')).toBe('a');
    expect(subjectsOn(bare, BRANCH)[0]).toBe('Begin a');
  });

  it('of many units go in few pushes', async () => {
    const { bare, committer, events } = await start();
    await committer.flush();
    const names = Array.from({ length: 200 }, (_, index) => `unit-${index}`);
    const results = await Promise.all(
      names.map((name) => committer.intent([change(name)], `Begin ${name}`)),
    );
    expect(results.every((result) => result.kind === 'acknowledged')).toBe(true);
    expect(events.filter((event) => event.kind === 'pushed').length).toBeLessThanOrEqual(3);
    expect(fileOn(bare, BRANCH, 'units/unit-199')).toBe('unit-199');
    expect(subjectsOn(bare, BRANCH)[0]).toMatch(/^Begin unit-\d+ \(and \d+ more\)$/u);
    const lines = plainGit(bare, ['log', '-1', '--format=%b', BRANCH]).split('\n');
    expect(lines.length).toBeLessThan(60);
    expect(lines.at(-1)).toMatch(/^Sluice-Writer: \S+ 1$/u);
  });

  it('are acknowledged by the local commit where nothing is pushed', async () => {
    const store = storeOn(
      undefined,
      path.join(temporaryFolder(), 'status.git'),
      createSystemClock(),
    );
    await openReady(store);
    const { committer } = await start({ store });
    expect((await committer.intent([change('a')], 'Begin')).kind).toBe('acknowledged');
    expect(await textOf(store, 'units/a')).toBe('a');
  });

  it('that change nothing are acknowledged as well', async () => {
    const { committer } = await start();
    await committer.intent([change('a')], 'Begin');
    expect((await committer.intent([change('a')], 'Again')).kind).toBe('acknowledged');
    expect((await committer.intent([], 'Nothing')).kind).toBe('acknowledged');
  });

  it('take the status along that waits, the later word for each path', async () => {
    const commits: string[] = [];
    const { committer } = await start({ store: scriptedStore(pushed, commits), quietMs: 60_000 });
    committer.status([change('a', 'early'), change('b', 'early')]);
    const intent = committer.intent([change('a', 'intent')], 'Begin');
    committer.status([change('b', 'late')]);
    await intent;
    expect(commits).toEqual(['Begin: units/a=intent units/b=late']);
  });

  it('wait while the remote is away, and are acknowledged when it is back', async () => {
    const { bare, committer, events } = await start();
    await committer.flush();
    renameSync(bare, `${bare}.away`);
    let answer: string | undefined;
    void committer.intent([change('a')], 'Begin').then((result) => {
      answer = result.kind;
    });
    await until(() => events.some((event) => event.kind === 'failed'));
    expect(answer).toBeUndefined();
    expect(committer.unpushed()).toMatchObject({ code: 'StatusUnpushed' });
    renameSync(`${bare}.away`, bare);
    await until(() => answer !== undefined);
    expect(answer).toBe('acknowledged');
    expect(committer.unpushed()).toBeUndefined();
    expect(fileOn(bare, BRANCH, 'units/a')).toBe('a');
  });

  it('can be given up while they wait', async () => {
    const { committer } = await start({ store: scriptedStore(down) });
    const giveUp = new AbortController();
    const intent = committer.intent([change('a')], 'Begin', giveUp.signal);
    setTimeout(() => giveUp.abort(), 20);
    expect(await intent).toMatchObject({ kind: 'refused', diagnostic: { code: 'Interrupted' } });
    const late = await committer.intent([change('b')], 'Begin', AbortSignal.abort());
    expect(late.kind).toBe('refused');
  });

  it('survive a commit that fails: it is tried again and nothing is lost', async () => {
    const commits: string[] = [];
    const store = scriptedStore(pushed, commits);
    let failing = 2;
    const { committer, events } = await start({
      store: {
        ...store,
        commit: async (changes, message) => {
          if (failing-- > 0) throw new Error('disk full');
          return store.commit(changes, message);
        },
      },
      clock: {
        now: () => Date.now() * 100,
        sleep: (ms, signal) => createSystemClock().sleep(ms / 100, signal),
      },
    });
    committer.status([change('s')]);
    expect((await committer.intent([change('a')], 'Begin')).kind).toBe('acknowledged');
    expect(commits).toEqual(['Begin: units/a=a units/s=s']);
    expect(events.filter((event) => event.kind === 'failed')).toMatchObject([
      { diagnostic: { code: 'GitFailed', message: 'disk full' } },
      { diagnostic: { code: 'GitFailed' } },
    ]);
  });
});

describe('status', () => {
  it('is written once it is quiet, the last content of each path, described by the caller', async () => {
    const { bare, committer, events } = await start();
    for (let round = 0; round < 5; round++) committer.status([change('a', `round ${round}`)]);
    committer.status([change('b')]);
    await until(
      () => tipOf(bare, BRANCH) !== undefined && events.some((event) => event.kind === 'committed'),
    );
    await committer.flush();
    expect(subjectsOn(bare, BRANCH)).toEqual(['Status of 2 files', 'Start epoch 1']);
    expect(fileOn(bare, BRANCH, 'units/a')).toBe('round 4');
  });

  it('that changed nothing costs no commit and no push', async () => {
    const { committer, events } = await start();
    committer.status([change('a')]);
    await committer.flush();
    const before = events.length;
    committer.status([change('a')]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(events.length).toBe(before);
  });

  it('that never gets quiet is written all the same', async () => {
    const clock = createManualClock();
    const commits: string[] = [];
    const { committer } = await start({
      store: scriptedStore(pushed, commits),
      clock,
      quietMs: 100,
      longestMs: 500,
    });
    for (let step = 0; step < 12; step++) {
      committer.status([change('a', String(step))]);
      await clock.advance(50);
    }
    expect(commits.length).toBeGreaterThanOrEqual(1);
  });

  it('goes on to be committed locally while the remote is away', async () => {
    const clock = createManualClock();
    const commits: string[] = [];
    const { committer } = await start({ store: scriptedStore(down, commits), clock, quietMs: 10 });
    await clock.advance(0);
    committer.status([change('a')]);
    await clock.advance(20);
    committer.status([change('b')]);
    await clock.advance(20);
    expect(commits).toEqual(['Status of 1 files: units/a=a', 'Status of 1 files: units/b=b']);
  });
});

describe('the push limit', () => {
  it('lets six pushes a minute through, keeps a token for intents, and groups what waits', async () => {
    const clock = createManualClock();
    const commits: string[] = [];
    let pushes = 0;
    const store = scriptedStore(async () => {
      pushes += 1;
      return pushed();
    }, commits);
    const { committer } = await start({ store, clock, unlimited: false, quietMs: 10 });
    for (let round = 0; round < 20; round++) {
      committer.status([change('a', String(round))]);
      await clock.advance(20);
    }
    expect(pushes, 'five of the first six tokens are for status').toBe(5);
    expect(commits.length, 'commits are not limited').toBe(20);
    expect((await committer.intent([change('x')], 'Begin')).kind).toBe('acknowledged');
    expect(pushes, 'the kept token').toBe(6);
    const waiting = ['y', 'z'].map((name) => committer.intent([change(name)], `Begin ${name}`));
    await clock.advance(5_000);
    expect(pushes).toBe(6);
    await clock.advance(10_000);
    await Promise.all(waiting);
    expect(pushes).toBe(7);
    expect(commits.at(-1)).toMatch(/^Begin y \(and 1 more\)/u);
  });

  it('retries with growing delay, up to a minute', async () => {
    const clock = createManualClock();
    const delays: number[] = [];
    await start({
      store: scriptedStore(down),
      clock,
      random: () => 1,
      onEvent: (event) => {
        if (event.kind === 'failed') delays.push(event.retryInMs / 1000);
      },
    });
    await clock.advance(300_000);
    expect(delays.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });
});

describe('fencing', () => {
  it('refuses waiting and later intents and says so once', async () => {
    const bare = bareRepository();
    const first = await start({ bare });
    await first.committer.flush();
    const second = await start({ bare });
    await second.committer.flush();
    const results = await Promise.all(
      ['a', 'b'].map((name) => first.committer.intent([change(name)], 'Begin')),
    );
    results.push(await first.committer.intent([change('c')], 'Begin'));
    for (const result of results) {
      expect(result).toMatchObject({ kind: 'refused', diagnostic: { code: 'Fenced' } });
    }
    expect(first.fences).toHaveLength(1);
    expect(first.committer.unpushed()).toMatchObject({ code: 'Fenced' });
    expect(await first.committer.flush()).toMatchObject({ kind: 'fenced' });
    expect((await second.committer.intent([change('d')], 'Begin')).kind).toBe('acknowledged');
  });

  it('is found out by a poll, without anything to write', async () => {
    const bare = bareRepository();
    const first = await start({ bare });
    await first.committer.flush();
    const second = await start({ bare });
    await second.committer.flush();
    first.committer.noticeRemoteTip(tipOf(bare, BRANCH));
    await until(() => first.fences.length > 0);
    expect(first.fences).toMatchObject([{ code: 'Fenced' }]);
  });

  it('does not follow from our own commits, from a stranger’s, or from a deleted branch', async () => {
    const { bare, committer, fences, events } = await start();
    await committer.intent([change('a')], 'Begin');
    committer.noticeRemoteTip(tipOf(bare, BRANCH));
    committer.noticeRemoteTip(undefined);
    committer.noticeRemoteTip(
      commitFiles(bare, { branch: BRANCH, files: { 'units/a': 'forged' } }),
    );
    await until(() => fileOn(bare, BRANCH, 'units/a') === 'a');
    await committer.flush();
    deleteBranch(bare, BRANCH);
    committer.noticeRemoteTip(null);
    await until(() => tipOf(bare, BRANCH) !== undefined);
    expect(fences).toEqual([]);
    expect(events.filter((event) => event.kind === 'failed')).toEqual([]);
  });
});

describe('shutting down', () => {
  it('writes and pushes what is there', async () => {
    const { bare, committer } = await start({ quietMs: 60_000 });
    committer.status([change('a')]);
    await committer.close();
    expect(fileOn(bare, BRANCH, 'units/a')).toBe('a');
    expect((await committer.intent([change('b')], 'Late')).kind).toBe('refused');
  });

  it('keeps what cannot be pushed for the next start, and refuses the intents that wait for it', async () => {
    const bare = bareRepository();
    const gitDir = path.join(temporaryFolder(), 'status.git');
    const { committer } = await start({ bare, gitDir, quietMs: 60_000 });
    await committer.flush();
    renameSync(bare, `${bare}.away`);
    committer.status([change('a')]);
    const intent = committer.intent([change('b')], 'Begin');
    await committer.close();
    expect(await intent).toMatchObject({ kind: 'refused', diagnostic: { code: 'Interrupted' } });
    renameSync(`${bare}.away`, bare);
    const next = await start({ bare, gitDir });
    await next.committer.flush();
    expect(fileOn(bare, BRANCH, 'units/a')).toBe('a');
  });

  it('does not wait for a push that hangs longer than the grace', async () => {
    const { committer } = await start({
      store: scriptedStore(
        (signal) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('given up')));
          }),
      ),
    });
    const started = Date.now();
    await committer.close(50);
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  it('pushes the new epoch right after a start, before there is anything to say', async () => {
    const { bare } = await start();
    await until(() => tipOf(bare, BRANCH) !== undefined);
    expect(subjectsOn(bare, BRANCH)).toEqual(['Start epoch 1']);
  });
});
