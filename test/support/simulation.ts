// A whole instance in memory and in simulated time: sessions come, die and go, the target and the status branch stay.
import { startSession } from '../../src/reconcile/session.ts';
import type { Session } from '../../src/reconcile/session.ts';
import type { ApplyEvent } from '../../src/apply/result.ts';
import { createEmbeddedTarget } from '../../src/targets/embedded/index.ts';
import type { EmbeddedTarget } from '../../src/targets/embedded/index.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { LiveObject } from '../../src/targets/target.ts';
import { createFaultLine, never } from './fault-line.ts';
import type { FaultLine } from './fault-line.ts';
import { faultyStore } from './faulty-store.ts';
import { faultyTarget } from './faulty-target.ts';
import { createMemoryStatusStore, emptyStatusPlace } from './memory-status-store.ts';
import type { StatusPlace } from './memory-status-store.ts';
import { memorySnapshot } from './repository.ts';
import { createSimulatedClock } from './simulated-clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export const INSTANCE = 'sim';

export interface Commit {
  readonly id: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Simulation {
  readonly clock: SimulatedClock;
  readonly target: EmbeddedTarget;
  readonly place: StatusPlace;
  /** Everything that any session did to the target, for messages of failing tests. */
  readonly events: readonly ApplyEvent[];
  /** Faults of the program that sessions reported. */
  readonly faults: readonly unknown[];
  /** Starts a session; the one before must be dead or stopped. False when it died while starting. */
  start(line?: FaultLine): Promise<boolean>;
  /** The running session. */
  session(): Session;
  /** The branch now holds this commit. */
  accept(commit: Commit): Promise<void>;
  /** Lets time pass until nothing more happens by itself; false when the session died on the way. */
  settle(limitMs?: number): Promise<boolean>;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  /** Throws the session away as a power cut does. */
  crash(): void;
  /** Ends the session in good order. */
  stop(): Promise<void>;
  /** Every object of the target that no controller made, in order of their names. */
  objects(): Promise<readonly LiveObject[]>;
}

export interface SimulationOptions {
  /** Whether the status branch has a remote. Default: no. */
  readonly pushes?: boolean;
  readonly readyAfterMs?: number;
  /** Names of further targets that sluice.yaml may define. */
  readonly others?: readonly string[];
}

/** Quiet for so long means that the committer has written what it had, too. */
const QUIET_MS = 4_000;
const LIMIT_MS = 3_600_000;
const SYSTEM = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export function createSimulation(options: SimulationOptions = {}): Simulation {
  const clock = createSimulatedClock();
  const pushes = options.pushes === true;
  let uids = 0;
  const openTarget = (name: string): EmbeddedTarget =>
    createEmbeddedTarget({
      name,
      clock,
      newUid: () => `uid-${(uids += 1)}`,
      controllers: { readyAfterMs: options.readyAfterMs ?? 300 },
    });
  const target = openTarget('local');
  const others = new Map((options.others ?? []).map((name) => [name, openTarget(name)]));
  const place = emptyStatusPlace();
  const events: ApplyEvent[] = [];
  const faults: unknown[] = [];
  let session: Session | undefined;
  let line = createFaultLine();

  const running = (): Session => {
    if (!session) throw new Error('no session is running');
    return session;
  };
  const dyingClock = (its: FaultLine): Clock => ({
    now: clock.now,
    sleep: async (ms, signal) => {
      await clock.sleep(ms, signal);
      if (its.isDead()) await never();
    },
  });
  /** Waits for a promise that may need time to pass; undefined when the session died. */
  const await_ = async <T>(promise: Promise<T>): Promise<T | undefined> => {
    let result: { readonly value: T } | undefined;
    let failure: { readonly reason: unknown } | undefined;
    promise.then(
      (value) => {
        result = { value };
      },
      (reason: unknown) => {
        failure = { reason };
      },
    );
    const done = (): boolean => result !== undefined || failure !== undefined || line.isDead();
    if (!(await clock.runUntil(done, LIMIT_MS))) throw new Error('nothing came of it in an hour');
    if (failure) throw failure.reason;
    return result?.value;
  };

  return {
    clock,
    target,
    place,
    events,
    faults,
    async start(its = createFaultLine()) {
      line = its;
      const started = await await_(
        startSession({
          instance: INSTANCE,
          source: 'memory',
          branch: 'main',
          store: faultyStore(createMemoryStatusStore(place, { instance: INSTANCE, pushes }), line),
          targets: [],
          embedded: (name) => faultyTarget(others.get(name) ?? target, its),
          clock: dyingClock(its),
          random: () => 0.5,
          concurrency: 16,
          pushesPerMinute: 60,
          unlimitedPushes: true,
          takeover: false,
          observer: {
            onApply: (event) => void events.push(event),
            onUnit: () => undefined,
            onStatus: () => undefined,
            onFault: (_unit, fault) => void faults.push(fault),
            onFenced: (reason) => void faults.push(reason),
          },
        }),
      );
      if (!started) return false;
      if (started.kind !== 'started') throw new Error(JSON.stringify(started));
      session = started.session;
      return true;
    },
    session: running,
    async accept({ id, files }) {
      await await_(running().accept({ ...memorySnapshot(files), id, roots: ['root'] }));
    },
    async settle(limitMs = LIMIT_MS) {
      const { coordinator } = running();
      const end = clock.now() + limitMs;
      const calm = (): boolean => line.isDead() || coordinator.isSettled();
      for (;;) {
        if (!(await clock.runUntil(calm, end - clock.now()))) {
          const units = coordinator
            .units()
            .map(
              ({ id, readiness, removals, work }) =>
                `${id}: ${work.kind} ${readiness.settled} ${readiness.reason} ${readiness.message} ${JSON.stringify(removals)}`,
            );
          throw new Error(`not settled after ${limitMs} ms: ${units.join('; ')}`);
        }
        if (line.isDead()) return false;
        await clock.run(QUIET_MS);
        if (line.isDead()) return false;
        if (coordinator.isSettled()) return true;
      }
    },
    pass: (ms) => clock.run(ms),
    crash() {
      line.die();
      session = undefined;
    },
    async stop() {
      if (session && !line.isDead()) await await_(session.close());
      session = undefined;
    },
    async objects() {
      const found: LiveObject[] = [];
      found.push(...(await madeByPeople(target)));
      for (const [name, other] of others) {
        // Named as inventories name them, so that the same name in two places is two objects.
        const there = await madeByPeople(other);
        found.push(...there.map((object) => ({ ...object, kind: `${name}:${object.kind}` })));
      }
      return found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    },
  };
}

async function madeByPeople(target: EmbeddedTarget): Promise<readonly LiveObject[]> {
  const found: LiveObject[] = [];
  for (const { apiVersion, kind } of target.kinds()) {
    for (const object of (await target.list({ apiVersion, kind })) ?? []) {
      if (kind === 'Namespace' && SYSTEM.includes(object.metadata.name ?? '')) continue;
      const owners = object.metadata['ownerReferences'];
      if (Array.isArray(owners) && owners.length > 0) continue;
      found.push(object);
    }
  }
  return found;
}

/** `Kind namespace/name` */
export function nameOf(object: LiveObject): string {
  return `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}
