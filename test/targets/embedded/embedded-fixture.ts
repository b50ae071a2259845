// An embedded target under a clock that tests turn, with short ways to write and look.
import { createEmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import type { EmbeddedOptions, EmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { isObject, listAt, objectAt } from '../../../src/model/json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { refOf } from '../../../src/model/object-key.ts';
import type { LiveObject, RemoveOptions, RemoveResult } from '../../../src/targets/target.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { done } from '../../contract/target.contract.ts';

export interface Cluster {
  readonly target: EmbeddedTarget;
  readonly clock: ManualClock;
  readonly errors: unknown[];
  create(object: Manifest, manager?: string): Promise<LiveObject>;
  /** Applies by force on whatever is there now. */
  apply(object: Manifest, manager?: string): Promise<LiveObject>;
  get(object: Manifest): Promise<LiveObject | undefined>;
  remove(object: Manifest, options?: Partial<RemoveOptions>): Promise<RemoveResult>;
  list(apiVersion: string, kind: string): Promise<readonly LiveObject[]>;
  /** Lets controllers work and time pass. */
  pass(ms: number): Promise<void>;
}

export function createCluster(
  options: Partial<EmbeddedOptions> = {},
  clock = createManualClock(),
): Cluster {
  const errors: unknown[] = [];
  const target = createEmbeddedTarget({
    name: 'test',
    clock,
    onError: (error) => void errors.push(error),
    ...options,
  });
  const get = async (object: Manifest): Promise<LiveObject | undefined> => {
    const [result] = await target.read([refOf(object)]);
    return result && 'object' in result ? result.object : undefined;
  };
  const expectation = (live: LiveObject): { uid: string; version: string } => ({
    uid: String(live.metadata['uid']),
    version: String(live.metadata['resourceVersion']),
  });
  return {
    target,
    clock,
    errors,
    get,
    create: async (object, manager = 'us') =>
      done(await target.write({ verb: 'create', object, manager })).object,
    async apply(object, manager = 'us') {
      const live = await get(object);
      if (!live) return done(await target.write({ verb: 'create', object, manager })).object;
      const expect = expectation(live);
      return done(await target.write({ verb: 'apply', object, manager, force: true, expect }))
        .object;
    },
    async remove(object, removal = {}) {
      const live = await get(object);
      const uid = live ? String(live.metadata['uid']) : '';
      return target.remove(refOf(object), { uid, ...removal });
    },
    list: async (apiVersion, kind) => (await target.list({ apiVersion, kind })) ?? [],
    async pass(ms) {
      // Chains of controllers take a few turns, and each waits for the disk.
      const turns = async (): Promise<void> => {
        for (let turn = 0; turn < 12; turn++) {
          await target.read([]);
          await clock.advance(0);
        }
      };
      await turns();
      await clock.advance(ms);
      await turns();
    },
  };
}

/** `{type: status}` of an object's conditions, reasons after a slash. */
export function conditionsOf(object: LiveObject | undefined): Readonly<Record<string, string>> {
  const conditions = object ? listAt(objectAt(object, 'status'), 'conditions') : [];
  return Object.fromEntries(
    conditions
      .filter(isObject)
      .map((entry) => [
        String(entry['type']),
        `${String(entry['status'])}/${String(entry['reason'] ?? '')}`,
      ]),
  );
}

export function statusOf(object: LiveObject | undefined): JsonObject {
  return object ? objectAt(object, 'status') : {};
}

export function workload(
  kind: string,
  more: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly spec?: JsonObject;
    readonly image?: string;
    readonly name?: string;
  } = {},
): Manifest {
  const pod: Json = {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: more.image ?? 'nginx:1' }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      name: more.name ?? 'web',
      namespace: 'default',
      ...(more.annotations ? { annotations: more.annotations } : {}),
    },
    spec: { selector: { matchLabels: { app: 'web' } }, template: pod, ...more.spec },
  };
}
