// Runs the controllers: a queue of objects with the time when each is to be looked at, and one timer.
import { formatTime } from '../../../lib/clock.ts';
import type { LiveObject } from '../../target.ts';
import type { ObjectChange } from '../change-feed.ts';
import type { Core } from '../core.ts';
import { isTerminating, parseStorageKey, storageKey, uidOf } from '../object-id.ts';
import { ownerKey, ownersOf } from '../owner-references.ts';
import { reconcileCrd } from './custom-resource-definitions.ts';
import { reconcileDaemonSet } from './daemon-sets.ts';
import { reconcileDeployment } from './deployments.ts';
import { collectGarbage } from './garbage.ts';
import { reconcileJob } from './jobs.ts';
import { reconcileNamespace } from './namespaces.ts';
import { createPodIndex } from './pod-index.ts';
import { reconcilePod } from './pods.ts';
import { reconcileReplicaSet } from './replica-sets.ts';
import { reconcileStatefulSet } from './stateful-sets.ts';
import {
  reconcileClaim,
  reconcileDisruptionBudget,
  reconcileService,
} from './storage-and-network.ts';
import type { Reconcile, World } from './world.ts';

/** By `<group>/<Kind>`. */
const CONTROLLERS: Readonly<Record<string, Reconcile>> = {
  '/Namespace': reconcileNamespace,
  '/PersistentVolumeClaim': reconcileClaim,
  '/Pod': reconcilePod,
  '/Service': reconcileService,
  'apiextensions.k8s.io/CustomResourceDefinition': reconcileCrd,
  'apps/DaemonSet': reconcileDaemonSet,
  'apps/Deployment': reconcileDeployment,
  'apps/ReplicaSet': reconcileReplicaSet,
  'apps/StatefulSet': reconcileStatefulSet,
  'batch/Job': reconcileJob,
  'policy/PodDisruptionBudget': reconcileDisruptionBudget,
};

/** Why sleeps end early; one value for all, because making an error for each costs more than the rest. */
const WAKE = 'work arrived';

/** Objects looked at before other work of the process gets its turn. */
const TURN = 100;

export interface ControllerOptions {
  /** Milliseconds until something is ready where no annotation says otherwise. */
  readonly readyAfterMs: number;
  /** Told about faults of ours; the object is left until it changes again. */
  readonly onError: (error: unknown, key: string) => void;
}

export interface ControllerLoop {
  /** Resolves when the loop has ended. */
  stop(): Promise<void>;
}

/**
 * Starts the controllers. State that has to survive is in the objects; what is only in memory (since when an
 * object waits) starts anew with the process, so after a restart things may become ready a little later.
 */
export function startControllers(core: Core, options: ControllerOptions): ControllerLoop {
  const due = new Map<string, number>();
  const pods = createPodIndex(core.store);
  const waitingSince = new Map<string, Map<string, number>>();
  const stopped = new AbortController();
  let alarm = new AbortController();

  const enqueue = (key: string, delayMs: number): void => {
    const at = core.clock.now() + delayMs;
    const known = due.get(key);
    if (known !== undefined && known <= at) return;
    due.set(key, at);
    alarm.abort(WAKE);
  };

  const world = (): World => {
    const nowMs = core.clock.now();
    return {
      core,
      pods,
      nowMs,
      now: formatTime(nowMs),
      readyAfterMs: options.readyAfterMs,
      since(uid, what) {
        const times = waitingSince.get(uid) ?? new Map<string, number>();
        waitingSince.set(uid, times);
        const known = times.get(what) ?? nowMs;
        times.set(what, known);
        return known;
      },
    };
  };

  const look = (key: string): void => {
    const object = core.store.get(key);
    if (!object) return;
    try {
      collectGarbage(object, world());
      const current = core.store.get(key);
      const again = current && CONTROLLERS[controllerName(key)]?.(current, world());
      if (again !== undefined) enqueue(key, again);
    } catch (error) {
      options.onError(error, key);
    }
  };

  const unsubscribe = core.feed.subscribe((change) => {
    if (!change.after && change.before) waitingSince.delete(uidOf(change.before));
    for (const key of affectedBy(core, change)) enqueue(key, 0);
    for (const budget of pods.note(change)) enqueue(budget, 0);
  });
  for (const [key, object] of core.store.entries('')) {
    if (isOfInterest(key, object)) enqueue(key, 0);
  }

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const now = core.clock.now();
      const ready = [...due].filter(([, at]) => at <= now).slice(0, TURN);
      for (const [key] of ready) {
        due.delete(key);
        look(key);
      }
      if (ready.length > 0) {
        await new Promise((resolve) => setImmediate(resolve));
        continue;
      }
      alarm = new AbortController();
      const next = Math.min(...due.values());
      await sleepUntil(core, next, alarm.signal);
    }
  };
  const running = run();

  return {
    async stop() {
      unsubscribe();
      stopped.abort(WAKE);
      alarm.abort(WAKE);
      await running;
    },
  };
}

async function sleepUntil(core: Core, at: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { clock } = core;
  if (Number.isFinite(at)) {
    // Waking early is how new work arrives: an aborted sleep is no fault.
    await clock.sleep(Math.max(1, at - clock.now()), signal).catch(() => undefined);
    return;
  }
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function controllerName(key: string): string {
  const { group, kind } = parseStorageKey(key);
  return `${group}/${kind}`;
}

function isOfInterest(key: string, object: LiveObject): boolean {
  if (isTerminating(object) || ownersOf(object).length > 0) return true;
  return Object.hasOwn(CONTROLLERS, controllerName(key));
}

/** Which objects have to be looked at after a change. */
function affectedBy(core: Core, { key, before, after }: ObjectChange): ReadonlySet<string> {
  const keys = new Set<string>();
  const object = after ?? before;
  if (!object) return keys;
  if (after && isOfInterest(key, after)) keys.add(key);
  const namespace = object.metadata.namespace ?? '';
  addOwners(core, object, keys);
  if (after && !isTerminating(after)) return keys;
  for (const dependant of core.owners.dependants(uidOf(object))) keys.add(dependant);
  if (after) return keys;
  // The last object out turns off the light: namespaces and CRDs wait for their contents.
  if (namespace !== '')
    keys.add(storageKey({ group: '', kind: 'Namespace', namespace: '', name: namespace }));
  const { group, kind } = parseStorageKey(key);
  const served = core.kinds.findAny(group, kind);
  if (served?.schema || (served && group.includes('.'))) {
    const name = `${served.resource}.${group}`;
    keys.add(
      storageKey({
        group: 'apiextensions.k8s.io',
        kind: 'CustomResourceDefinition',
        namespace: '',
        name,
      }),
    );
  }
  return keys;
}

/** Owners of all levels: a crashing pod changes nothing in its ReplicaSet, but the Deployment has to say so. */
function addOwners(core: Core, object: LiveObject, keys: Set<string>): void {
  for (const owner of ownersOf(object)) {
    const scope = core.kinds.find(owner.apiVersion, owner.kind)?.scope;
    const key = storageKey(ownerKey(owner, scope, object.metadata.namespace ?? ''));
    if (keys.has(key)) continue;
    keys.add(key);
    const found = core.store.get(key);
    if (found) addOwners(core, found, keys);
  }
}
