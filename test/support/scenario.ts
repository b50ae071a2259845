// One instance in this process, over a real bare repository and an embedded target: commit, settle, look.
import { setMaxListeners } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach } from 'vitest';
import type { ApplyEvent } from '../../src/apply/result.ts';
import { runLoop } from '../../src/daemon/loop.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import { readDocument } from './yaml-document.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { isObject, listAt, objectAt } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { formatObjectKey, refOf } from '../../src/model/object-key.ts';
import type { ObjectRef } from '../../src/model/object-key.ts';
import { parseUnitId } from '../../src/model/unit-id.ts';
import { startSession } from '../../src/reconcile/session.ts';
import type { Session, SessionDeps } from '../../src/reconcile/session.ts';
import type { CommitterEvent } from '../../src/status/committer.ts';
import { createDirectoryStatusStore } from '../../src/status/directory-store.ts';
import { createGitStatusStore } from '../../src/status/git-store.ts';
import { unitDirectory } from '../../src/status/paths.ts';
import type { StatusStore } from '../../src/status/store.ts';
import { createEmbeddedTarget } from '../../src/targets/embedded/index.ts';
import type { LiveObject, Target, WriteOperation } from '../../src/targets/target.ts';
import { createGitSource } from '../../src/watcher/index.ts';
import type { PollResult, Source } from '../../src/watcher/source.ts';
import { readFolder } from './package-files.ts';
import {
  bareRepository,
  commitFiles,
  GIT_VERSION,
  plainGit,
  temporaryFolder,
  testGit,
  testRemote,
  tipOf,
} from './git-fixture.ts';

export const STATUS_BRANCH = 'sluice/status';
export const INSTANCE = 'test';

export interface ScenarioOptions {
  /** First commit. */
  readonly files?: Files;
  /** Another scenario's repository. */
  readonly bare?: string;
  /** Where objects live, when several instances share them. */
  readonly target?: Target;
  /** Further targets, by their own names. */
  readonly others?: readonly Target[];
  /** Objects survive in this folder; in memory unless given. */
  readonly store?: string;
  /** Before the embedded controllers report something ready, in milliseconds; 1 unless given. */
  readonly readyAfterMs?: number;
  readonly instance?: string;
  /**
   * Where status files go: a plain folder, which is quick; a branch of the watched repository; or a branch of a
   * repository of its own. The branch unless given.
   */
  readonly status?: 'folder' | 'branch' | 'apart';
  /** False: do not start yet. */
  readonly start?: boolean;
  /** Shared by the tests of a file, so it ends with the last of them. */
  readonly shared?: boolean;
}

/** Contents by path; `null` removes. */
export type Files = Readonly<Record<string, string | null>>;

export interface StartOptions {
  readonly takeover?: boolean;
  /** As on a machine that never saw this repository. */
  readonly freshDisk?: boolean;
}

export interface UnitStatus {
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
  readonly revision: number;
  readonly conditions: Readonly<Record<string, string>>;
  /** `code file:line` of each. */
  readonly diagnostics: readonly string[];
  /** Diagnostics as they are in the file. */
  readonly details: readonly JsonObject[];
  /** `name gate` of each phase. */
  readonly phases: readonly string[];
  /** `object state: reason` of each. */
  readonly removals: readonly string[];
  readonly file: JsonObject;
}

export interface Scenario {
  /** The repository as a server has it. */
  readonly bare: string;
  /** Where status is pushed: the same one unless it is separate. */
  readonly statusBare: string;
  readonly target: Target;
  /** What the apply engine did, `what object`, since the last `forgetEvents`. */
  readonly events: readonly string[];
  /** What log and live output were told of units, `status id: message`. */
  readonly said: readonly string[];
  /** Diagnostics of polls and pushes. */
  readonly troubles: readonly Diagnostic[];
  readonly fenced: () => Diagnostic | undefined;
  readonly session: () => Session;
  forgetEvents(): void;
  /** Commits to the watched branch; returns the commit's id. */
  commit(files: Files, message?: string): string;
  /** Asks for a poll without waiting for it. */
  ring(): void;
  /** Polls once and takes in what is new. */
  poll(): Promise<PollResult['kind']>;
  /** Polls, lets everything come to rest, and has the status pushed. */
  settle(): Promise<void>;
  /** Commits, then settles. */
  apply(files: Files, message?: string): Promise<void>;
  /** Waits for something that happens by itself. */
  until(what: string, check: () => unknown, timeoutMs?: number): Promise<void>;
  /** Waits until the unit's status on the branch is so. */
  untilStatus(unit: string, check: (status: UnitStatus) => boolean): Promise<UnitStatus>;
  /** `unit.yaml` in the status folder, or on the remote's status branch as plain git shows it. */
  status(unit: string): UnitStatus | undefined;
  /** A status file, or undefined. */
  statusFile(file: string): string | undefined;
  /** Paths of all status files. */
  statusPaths(): readonly string[];
  /** Id of the newest status commit. */
  statusTip(): string | undefined;
  /** Subjects of the status commits after a given one, newest first. */
  statusSubjects(since?: string): readonly string[];
  /** README and indexes are written a moment later; then everything is pushed. */
  rest(): Promise<void>;
  /** Keys of the objects that carry our label, sorted. */
  objects(): Promise<readonly string[]>;
  /** `ConfigMap/default/a` */
  object(key: string): Promise<LiveObject | undefined>;
  /** Writes as somebody else would. */
  write(operation: WriteOperation): Promise<LiveObject>;
  /** Creates or overwrites as somebody else. */
  put(object: Manifest, manager?: string): Promise<LiveObject>;
  remove(key: string): Promise<void>;
  /** Takes the server away, and brings it back. */
  unplug(): () => void;
  /** The server answers, but takes no pushes. */
  refusePushes(): () => void;
  start(options?: StartOptions): Promise<'started' | Diagnostic>;
  stop(): Promise<void>;
  restart(options?: StartOptions): Promise<'started' | Diagnostic>;
}

const PATIENCE_MS = 15_000;
const STEP_MS = 15;
const WAY_OFF_MS = 86_400_000;

type Closers = Set<() => Promise<void>>;
const openInTest: Closers = new Set();
const openInFile: Closers = new Set();

/** Call once per test file: what a test leaves running ends with it. */
export function stopScenariosAfterwards(): void {
  afterEach(() => closeAll(openInTest));
  afterAll(() => closeAll(openInFile));
}

async function closeAll(closers: Closers): Promise<void> {
  const all = [...closers];
  closers.clear();
  await Promise.all(all.map((close) => close()));
}

interface Running {
  readonly session: Session;
  readonly ended: Promise<unknown>;
  readonly abort: AbortController;
  fault: Error | undefined;
}

/** Makes the repository with its first commit, starts an instance on it and settles it. */
export async function createScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const clock = createSystemClock();
  const bare = options.bare ?? bareRepository();
  const kind = options.status ?? 'branch';
  const statusBare = kind === 'apart' ? bareRepository() : bare;
  const instance = options.instance ?? INSTANCE;
  const target = options.target ?? openTarget(options);
  const git = testGit();
  const events: string[] = [];
  const said: string[] = [];
  const troubles: Diagnostic[] = [];
  let dataDir = temporaryFolder();
  let running: Running | undefined;
  let fence: Diagnostic | undefined;
  let ring: () => void = () => undefined;
  /** Who waits for a poll that has not begun, and for the one that runs. */
  let asked: ((kind: PollResult['kind']) => void)[] = [];
  let served: ((kind: PollResult['kind']) => void)[] = [];

  const observer: SessionDeps['observer'] = {
    onApply: (event: ApplyEvent) => void events.push(`${event.what} ${formatObjectKey(event.ref)}`),
    onUnit: ({ id, readiness }) =>
      void said.push(`${readiness.status} ${id}: ${readiness.message}`),
    onStatus: (event: CommitterEvent) => {
      if (event.kind === 'failed') troubles.push(event.diagnostic);
    },
    onFault: (_unit, fault) => {
      if (running) running.fault ??= asError(fault);
    },
    onFenced: (reason) => {
      fence = reason;
      running?.abort.abort();
    },
  };

  const openSource = (): Source => {
    const source = createGitSource({
      git,
      remote: testRemote(bare),
      gitDir: path.join(dataDir, 'source.git'),
      ...(kind === 'branch' ? { statusBranch: STATUS_BRANCH } : {}),
    });
    return {
      ...source,
      poll: (signal) => {
        served = asked;
        asked = [];
        return source.poll(signal);
      },
      onHint: (callback) => {
        ring = callback;
      },
    };
  };

  const openStore = (): StatusStore =>
    kind === 'folder'
      ? createDirectoryStatusStore({ directory: statusFolder(), instance, repository: bare })
      : createGitStatusStore({
          git,
          version: GIT_VERSION,
          gitDir: path.join(dataDir, 'status.git'),
          branch: STATUS_BRANCH,
          remote: testRemote(statusBare, { branch: STATUS_BRANCH }),
          instance,
          repository: bare,
          clock,
        });
  const statusFolder = (): string => path.join(dataDir, 'status');

  const start = async (how: StartOptions = {}): Promise<'started' | Diagnostic> => {
    if (how.freshDisk === true) dataDir = temporaryFolder();
    fence = undefined;
    const result = await startSession({
      instance,
      source: bare,
      branch: 'main',
      store: openStore(),
      targets: [target, ...(options.others ?? [])].map((each) => ({ target: each })),
      embedded: (name) => createEmbeddedTarget({ name }),
      clock,
      random: () => 0.5,
      concurrency: 64,
      pushesPerMinute: 6,
      unlimitedPushes: true,
      takeover: how.takeover ?? false,
      observer,
    });
    if (result.kind !== 'started') return result.diagnostic;
    const source = openSource();
    const abort = new AbortController();
    setMaxListeners(0, abort.signal);
    const { session } = result;
    const tell = (kind: PollResult['kind']): void => {
      const waiting = served;
      served = [];
      // Whatever the loop does with the answer happens in the same turn.
      setImmediate(() => waiting.forEach((resolve) => resolve(kind)));
    };
    const loop = runLoop(
      {
        session,
        source,
        clock,
        random: () => 0.5,
        intervalMs: WAY_OFF_MS,
        once: false,
        observer: {
          onPoll: (kind) => {
            if (kind !== 'changed') tell(kind);
          },
          onSnapshot: () => tell('changed'),
          onTrouble: (item) => void troubles.push(item),
        },
      },
      abort.signal,
    );
    const ended = loop
      .catch((fault: unknown) => {
        if (running) running.fault = asError(fault);
      })
      .then(() => session.close())
      .then(() => source.close());
    running = { session, ended, abort, fault: undefined };
    return 'started';
  };

  const stop = async (): Promise<void> => {
    const ending = running;
    running = undefined;
    ending?.abort.abort();
    await ending?.ended;
    if (ending?.fault !== undefined) throw ending.fault;
  };

  const session = (): Session => {
    if (!running) throw new Error('the instance is not running');
    if (running.fault !== undefined) throw running.fault;
    return running.session;
  };

  const until: Scenario['until'] = async (what, check, timeoutMs = PATIENCE_MS) => {
    const end = Date.now() + timeoutMs;
    while (!(await check())) {
      if (running?.fault !== undefined) throw running.fault;
      if (Date.now() > end) throw new Error(`still waiting: ${what}${explain(running?.session)}`);
      await sleep(STEP_MS);
    }
  };

  const poll = async (): Promise<PollResult['kind']> => {
    session();
    const answer = new Promise<PollResult['kind']>((resolve) => {
      asked.push(resolve);
    });
    ring();
    let kind: PollResult['kind'] | undefined;
    void answer.then((value) => {
      kind = value;
    });
    await until('the poll', () => {
      if (fence) throw new Error(`the instance is fenced: ${fence.message}`);
      return kind !== undefined;
    });
    return kind ?? 'unchanged';
  };

  const settle = async (): Promise<void> => {
    await poll();
    await until('everything to settle', () => session().coordinator.isSettled());
    await session().committer.flush();
  };

  const commit: Scenario['commit'] = (files, message) =>
    commitFiles(bare, { files, ...(message === undefined ? {} : { message }) });

  const statusFile = (file: string): string | undefined => {
    try {
      if (kind === 'folder') return readFileSync(path.join(statusFolder(), file), 'utf8');
      return plainGit(statusBare, ['show', `refs/heads/${STATUS_BRANCH}:${file}`]);
    } catch {
      return undefined;
    }
  };

  const status = (unit: string): UnitStatus | undefined => {
    const name = parseUnitId(unit, target.name);
    const text = name && statusFile(`${unitDirectory(name)}/unit.yaml`);
    return text === undefined ? undefined : unitStatus(readDocument(text));
  };

  const read = async (key: string): Promise<LiveObject | undefined> => {
    const [result] = await target.read([refOfKey(key)]);
    return result && 'object' in result ? result.object : undefined;
  };

  const write: Scenario['write'] = async (operation) => {
    const result = await target.write(operation);
    if (result.kind !== 'done') throw new Error(JSON.stringify(result));
    return result.object;
  };

  const scenario: Scenario = {
    bare,
    statusBare,
    target,
    events,
    said,
    troubles,
    fenced: () => fence,
    session,
    forgetEvents: () => void events.splice(0),
    commit,
    ring: () => ring(),
    poll,
    settle,
    apply: async (files, message) => {
      commit(files, message);
      await settle();
    },
    until,
    untilStatus: async (unit, check) => {
      let seen: UnitStatus | undefined;
      await until(`status of ${unit}`, async () => {
        await session().committer.flush();
        seen = status(unit);
        return seen !== undefined && check(seen);
      });
      return seen as UnitStatus;
    },
    status,
    statusFile,
    statusPaths: () =>
      kind === 'folder'
        ? [...readFolder(statusFolder()).keys()].toSorted()
        : plainGit(statusBare, [
            'ls-tree',
            '-r',
            '--name-only',
            `refs/heads/${STATUS_BRANCH}`,
          ]).split('\n'),
    statusTip: () => tipOf(statusBare, STATUS_BRANCH),
    statusSubjects: (since) => {
      const range = `${since === undefined ? '' : `${since}..`}refs/heads/${STATUS_BRANCH}`;
      return plainGit(statusBare, ['log', '--format=%s', range]).split('\n').filter(Boolean);
    },
    rest: async () => {
      await sleep(130);
      await session().committer.flush();
    },
    objects: async () => {
      const found: string[] = [];
      for await (const live of target.find(instance)) found.push(formatObjectKey(refOf(live)));
      return found.toSorted();
    },
    object: read,
    write,
    put: async (object, manager = 'somebody') => {
      const live = await read(formatObjectKey(refOf(object)));
      if (!live) return write({ verb: 'create', object, manager });
      return write({ verb: 'apply', object, manager, force: true, expect: expectationOf(live) });
    },
    remove: async (key) => {
      const live = await read(key);
      if (live) await target.remove(refOfKey(key), { uid: expectationOf(live).uid });
    },
    unplug: () => {
      renameSync(bare, `${bare}.away`);
      return () => renameSync(`${bare}.away`, bare);
    },
    refusePushes: () => {
      const hook = path.join(bare, 'hooks', 'pre-receive');
      mkdirSync(path.dirname(hook), { recursive: true });
      writeFileSync(hook, '#!/bin/sh\necho "read only today" >&2\nexit 1\n', { mode: 0o755 });
      return () => rmSync(hook);
    },
    start,
    stop,
    restart: async (how) => {
      await stop();
      return start(how);
    },
  };
  if (options.files) commit(options.files);
  (options.shared === true ? openInFile : openInTest).add(async () => {
    await stop();
    if (options.target === undefined) await closeForGood(target);
  });
  if (options.start !== false) {
    const started = await start();
    if (started !== 'started') throw new Error(started.message);
    await poll();
  }
  return scenario;
}

const realClose = new WeakMap<Target, () => Promise<void>>();

/** A target that outlives the sessions that close it, as a cluster outlives daemons. */
export function openTarget(
  options: Pick<ScenarioOptions, 'store' | 'readyAfterMs'> & { readonly name?: string } = {},
): Target {
  const made = createEmbeddedTarget({
    name: options.name ?? 'local',
    controllers: { readyAfterMs: options.readyAfterMs ?? 1 },
    ...(options.store === undefined ? {} : { path: options.store }),
  });
  const lasting: Target = { ...made, close: () => Promise.resolve() };
  realClose.set(lasting, () => made.close());
  return lasting;
}

/** Ends a target of `openTarget`. */
export async function closeForGood(target: Target): Promise<void> {
  await realClose.get(target)?.();
}

/** What a write by somebody else is planned on. */
export function expectationOf(live: LiveObject): {
  readonly uid: string;
  readonly version: string;
} {
  return {
    uid: String(live.metadata['uid']),
    version: String(live.metadata['resourceVersion']),
  };
}

const VERSIONS: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io': 'v1',
  apps: 'v1',
  batch: 'v1',
};

/** `Deployment.apps/default/web`; kinds of groups that are not known here are `v1` too. */
function refOfKey(key: string): ObjectRef {
  const name = parseUnitId(key, '');
  if (!name) throw new Error(`"${key}" is no object key`);
  const { group, kind, namespace, name: objectName } = name;
  const apiVersion = group === '' ? 'v1' : `${group}/${VERSIONS[group] ?? 'v1'}`;
  return { apiVersion, group, kind, namespace, name: objectName };
}

function unitStatus(file: JsonObject): UnitStatus {
  const block = objectAt(file, 'sluice');
  const items = (name: string): readonly JsonObject[] => listAt(block, name).filter(isObject);
  const conditions = listAt(objectAt(file, 'status'), 'conditions').filter(isObject);
  return {
    ready: String(block['ready']),
    reason: String(block['reason']),
    message: String(block['message']),
    revision: Number(objectAt(file, 'status')['revision'] ?? 0),
    conditions: Object.fromEntries(
      conditions.map((item) => [
        String(item['type']),
        `${String(item['status'])}/${String(item['reason'])}`,
      ]),
    ),
    details: items('diagnostics'),
    diagnostics: items('diagnostics').map(
      (item) =>
        `${String(item['code'])} ${String(item['file'] ?? '')}:${String(item['line'] ?? '')}`,
    ),
    phases: items('phases').map((item) => `${String(item['name'])} ${String(item['gate'])}`),
    removals: items('removals').map(
      (item) => `${String(item['object'])} ${String(item['state'])}: ${String(item['reason'])}`,
    ),
    file,
  };
}

function asError(fault: unknown): Error {
  return fault instanceof Error ? fault : new Error(String(fault));
}

function explain(session: Session | undefined): string {
  const units = session?.coordinator.units() ?? [];
  return units
    .map(({ id, readiness }) => `\n  ${id}: ${readiness.reason}: ${readiness.message}`)
    .join('');
}
