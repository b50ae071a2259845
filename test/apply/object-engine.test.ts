// What the innermost engine does to one object: package-operator §16.13, on the embedded target, with our markers.
import { describe, expect, test } from 'vitest';
import { createObjectEngine } from '../../src/apply/object-engine.ts';
import type { ObjectEngine } from '../../src/apply/object-engine.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import type { CollisionProtection, DesiredObject } from '../../src/model/desired.ts';
import type { InventoryEntry } from '../../src/model/inventory.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { annotationsOf, labelsOf } from '../../src/model/manifest.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { withMarkers } from '../../src/model/owner-marker.ts';
import type { RevisionMarker } from '../../src/model/owner-marker.ts';
import type { RemovalContext } from '../../src/plan/removal.ts';
import type { OwnerContext } from '../../src/plan/situation.ts';
import { createEmbeddedTarget } from '../../src/targets/embedded/index.ts';
import type { LiveObject, Target, WriteOperation } from '../../src/targets/target.ts';

const UNIT = 'local:Folder/a';
const OTHER = 'local:Folder/b';
const INSTANCE = 'test';
const MANAGER = 'sluice-test';
const CURRENT: RevisionMarker = { number: 34, hash: 'current' };

const BARE: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
  data: { key: 'value' },
} as Manifest;
const REF = refOf(BARE);

function desired(more: Partial<DesiredObject> = {}): DesiredObject {
  return {
    ref: REF,
    manifest: BARE,
    collisionProtection: 'Prevent',
    conditionMappings: [],
    source: { file: 'a/x.yaml', line: 1 },
    ...more,
  };
}

function owner(more: Partial<OwnerContext> = {}): OwnerContext {
  return {
    instance: INSTANCE,
    unit: UNIT,
    revision: CURRENT,
    transferredFrom: () => [],
    claimOf: () => undefined,
    manager: MANAGER,
    ...more,
  };
}

function marked(revision: RevisionMarker, unit = UNIT, manifest = BARE): Manifest {
  return withMarkers(manifest, { instance: INSTANCE, unit, key: REF }, revision);
}

function controlled(manifest: Manifest): Manifest {
  const ownerReferences: readonly JsonObject[] = [
    { apiVersion: 'v1', kind: 'Namespace', name: 'default', uid: 'x', controller: true },
  ];
  return { ...manifest, metadata: { ...manifest.metadata, ownerReferences } };
}

interface Bench {
  readonly target: Target;
  readonly engine: ObjectEngine;
  /** Verbs of the writes and removals that were really sent. */
  readonly sent: string[];
  live(): Promise<LiveObject | undefined>;
  as(manager: string, object: Manifest): Promise<LiveObject>;
}

/** @param before called with each write before it is sent */
function createBench(
  before: (operation: WriteOperation, at: Target) => Promise<void> = noop,
): Bench {
  const inner = createEmbeddedTarget({ name: 'local', controllers: 'off' });
  const sent: string[] = [];
  const target: Target = {
    ...inner,
    write: async (operation, options) => {
      if (options?.dryRun !== true) {
        await before(operation, inner);
        sent.push(operation.verb === 'apply' && operation.force ? 'apply!' : operation.verb);
      }
      return inner.write(operation, options);
    },
    remove: (ref, options) => {
      sent.push(`remove ${options.version === undefined ? 'blindly' : 'as seen'}`);
      return inner.remove(ref, options);
    },
  };
  const live = async (): Promise<LiveObject | undefined> => {
    const [result] = await inner.read([REF]);
    return result && 'object' in result ? result.object : undefined;
  };
  return {
    target,
    sent,
    live,
    engine: createObjectEngine({ target, clock: createSystemClock(), manager: MANAGER }),
    as: async (manager, object) => {
      const known = await live();
      const expect = {
        uid: String(known?.metadata['uid']),
        version: String(known?.metadata['resourceVersion']),
      };
      const result = await inner.write(
        known
          ? { verb: 'apply', object, manager, force: true, expect }
          : { verb: 'create', object, manager },
      );
      if (result.kind !== 'done') throw new Error(JSON.stringify(result));
      return result.object;
    },
  };
}

async function noop(): Promise<void> {
  await Promise.resolve();
}

interface Row {
  readonly what: string;
  /** What is there: by whom, and what. */
  readonly there?: readonly (readonly [manager: string, object: Manifest])[];
  readonly protection?: CollisionProtection;
  readonly context?: Partial<OwnerContext>;
  readonly result: string;
  /** Writes that were sent. */
  readonly sent: readonly string[];
  /** The result for a unit that is suspended; nothing is ever sent then. */
  readonly paused: string;
}

const other = { ...BARE, data: { key: 'other' } } as Manifest;

const rows: readonly Row[] = [
  { what: 'nothing is there: Created', result: 'created', sent: ['create'], paused: 'waiting' },
  {
    what: 'it is as it should be: Idle',
    there: [[MANAGER, marked(CURRENT)]],
    result: 'idle',
    sent: ['apply'],
    paused: 'left',
  },
  {
    what: 'we made it with other content: Updated',
    there: [[MANAGER, marked(CURRENT, UNIT, other)]],
    result: 'updated',
    sent: ['apply'],
    paused: 'left',
  },
  {
    what: 'somebody else changed our field: Recovered',
    there: [
      [MANAGER, marked(CURRENT)],
      ['kubectl', other],
    ],
    result: 'recovered',
    sent: ['apply', 'apply!'],
    paused: 'left',
  },
  {
    what: 'somebody took our markers off, and the inventory names it: taken back',
    there: [[MANAGER, BARE]],
    context: { claimOf: () => ({ kind: 'planned' }) },
    result: 'handedOver',
    sent: ['apply'],
    paused: 'left',
  },
  {
    what: 'released once, and planned anew: nobody’s, so it is not taken',
    there: [['kubectl', BARE]],
    context: { claimOf: () => ({ kind: 'planned' }) },
    result: 'collision',
    sent: [],
    paused: 'collision',
  },
  {
    what: 'a newer revision of ours has it: Progressed',
    there: [[MANAGER, marked({ number: 100, hash: 'newer' })]],
    result: 'progressed',
    sent: [],
    paused: 'progressed',
  },
  {
    what: 'another owner has it, even with a higher revision: Collision',
    there: [[MANAGER, marked({ number: 100, hash: 'x' }, OTHER)]],
    result: 'collision',
    sent: [],
    paused: 'collision',
  },
  {
    what: 'a controller that we do not know has it: Collision',
    there: [['kubectl', controlled(BARE)]],
    result: 'collision',
    sent: [],
    paused: 'collision',
  },
  {
    what: 'our number with other content has it: Collision',
    there: [[MANAGER, marked({ number: 34, hash: 'other' })]],
    result: 'collision',
    sent: [],
    paused: 'collision',
  },
  {
    what: 'nobody has it, IfNoController: taken over',
    there: [['kubectl', other]],
    protection: 'IfNoController',
    result: 'adopted',
    sent: ['apply', 'apply!'],
    paused: 'left',
  },
  {
    what: 'nobody has it, Prevent: Collision',
    there: [['kubectl', other]],
    result: 'collision',
    sent: [],
    paused: 'collision',
  },
  {
    what: 'an older revision of ours has it: taken over',
    there: [[MANAGER, marked({ number: 15, hash: 'older' }, UNIT, other)]],
    result: 'handedOver',
    sent: ['apply'],
    paused: 'left',
  },
  {
    what: 'another owner has it, None: taken over',
    there: [[MANAGER, marked(CURRENT, OTHER)]],
    protection: 'None',
    result: 'adopted',
    sent: ['apply'],
    paused: 'left',
  },
  {
    what: 'the unit that had it handed its claim to us: transferred',
    there: [[MANAGER, marked({ number: 7, hash: 'x' }, OTHER)]],
    context: { transferredFrom: () => [OTHER] },
    result: 'transferred',
    sent: ['apply'],
    paused: 'left',
  },
];

describe('reconcile', () => {
  test.each(rows)('$what', async (row) => {
    const bench = createBench();
    for (const [manager, object] of row.there ?? []) await bench.as(manager, object);
    const before = await bench.live();
    const object = desired({ collisionProtection: row.protection ?? 'Prevent' });
    const context = {
      owner: owner(row.context),
      replacing: false,
      signal: new AbortController().signal,
    };
    const held = await bench.engine.reconcile(object, { ...context, paused: true });
    expect(held.kind).toBe(row.paused);
    expect(bench.sent).toEqual([]);
    const result = await bench.engine.reconcile(object, { ...context, paused: false });
    expect(result.kind).toBe(row.result);
    expect(bench.sent).toEqual(row.sent);
    const after = await bench.live();
    if (row.sent.length === 0 || row.result === 'idle') expect(after).toEqual(before);
    else {
      expect(annotationsOf(after ?? BARE)['sluice.dev/owner']).toBe(
        `${INSTANCE}/${UNIT}#/ConfigMap/default/a`,
      );
      expect(annotationsOf(after ?? BARE)['sluice.dev/revision']).toBe('34-current');
      expect(after?.['data']).toEqual({ key: 'value' });
    }
  });

  const context = {
    owner: owner(),
    replacing: false,
    paused: false,
    signal: new AbortController().signal,
  };

  test('an object that appears between look and create is not stomped on', async () => {
    let first = true;
    const bench = createBench(async (operation, at) => {
      if (operation.verb !== 'create' || !first) return;
      first = false;
      await at.write({ verb: 'create', object: other, manager: 'kubectl' });
    });
    const result = await bench.engine.reconcile(desired(), context);
    expect(result.kind).toBe('collision');
    expect((await bench.live())?.['data']).toEqual({ key: 'other' });
  });

  test('an object that changes between look and apply is looked at again', async () => {
    const bench = createBench(async (operation, at) => {
      if (operation.verb !== 'apply' || bench.sent.length > 0) return;
      const expect = { uid: operation.expect.uid, version: operation.expect.version };
      const object = { ...BARE, data: { theirs: 'new' } } as Manifest;
      await at.write({ verb: 'apply', object, manager: 'kubectl', force: false, expect });
    });
    await bench.as(MANAGER, marked(CURRENT, UNIT, other));
    expect((await bench.engine.reconcile(desired(), context)).kind).toBe('updated');
    expect(bench.sent).toEqual(['apply', 'apply']);
    expect((await bench.live())?.['data']).toEqual({ key: 'value', theirs: 'new' });
  });

  test('an object that is deleted between look and apply is created, not revived', async () => {
    const bench = createBench(async (operation, at) => {
      if (operation.verb !== 'apply') return;
      await at.remove(REF, { uid: operation.expect.uid });
    });
    const { uid } = (await bench.as(MANAGER, marked(CURRENT, UNIT, other))).metadata;
    expect((await bench.engine.reconcile(desired(), context)).kind).toBe('created');
    expect((await bench.live())?.metadata['uid']).not.toBe(uid);
  });

  test('a target that never says whether a write has happened is given up after a few tries', async () => {
    const bench = createBench();
    let writes = 0;
    const lost: Target = {
      ...bench.target,
      write: async () => {
        writes += 1;
        return { kind: 'unknown', message: 'the line went dead' };
      },
    };
    const clock = { ...createSystemClock(), sleep: noop };
    const engine = createObjectEngine({ target: lost, clock, manager: MANAGER });
    const result = await engine.reconcile(desired(), context);
    expect(result).toMatchObject({ kind: 'failed', retryable: true });
    expect(writes).toBeLessThan(10);
  });

  test('what the target refuses keeps values of a Secret to itself', async () => {
    const value = 'hunter2-correct-horse';
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'default' },
      stringData: { password: value },
    } as Manifest;
    const bench = createBench();
    const refusing: Target = {
      ...bench.target,
      write: async () => ({
        kind: 'rejected',
        reason: 'Invalid',
        message: `password: Invalid value: "${value}"`,
        causes: [],
        retryable: false,
        immutable: false,
      }),
    };
    const engine = createObjectEngine({
      target: refusing,
      clock: createSystemClock(),
      manager: MANAGER,
    });
    const object = desired({ ref: refOf(secret), manifest: secret });
    const result = await engine.reconcile(object, context);
    expect(result).toMatchObject({ kind: 'failed', diagnostic: { file: 'a/x.yaml', line: 1 } });
    expect(JSON.stringify(result)).not.toContain(value);
  });
});

describe('teardown', () => {
  const applied = (uid: string, more: Partial<InventoryEntry> = {}): InventoryEntry => ({
    ref: REF,
    targetIdentity: 'here',
    claim: { kind: 'applied', uid },
    revision: 34,
    phase: 'configuration',
    phaseIndex: 3,
    ...more,
  });
  const removal = (more: Partial<RemovalContext> = {}): (() => RemovalContext) => {
    const base = { instance: INSTANCE, unit: UNIT, manager: MANAGER, targetIdentity: 'here' };
    return () => ({ ...base, detach: false, hold: undefined, ...more });
  };

  interface TeardownRow {
    readonly what: string;
    readonly there?: readonly [manager: string, object: Manifest];
    /** The inventory recorded another uid. */
    readonly otherUid?: boolean;
    readonly entry?: Partial<InventoryEntry>;
    readonly context?: Partial<RemovalContext>;
    readonly result: string;
    readonly sent: readonly string[];
    readonly stays?: boolean;
  }

  const teardowns: readonly TeardownRow[] = [
    { what: 'nothing is there: gone', result: 'gone', sent: [] },
    {
      what: 'its kind is not served any more: gone',
      entry: { ref: { ...REF, apiVersion: 'gone.example.test/v1', group: 'gone.example.test' } },
      result: 'gone',
      sent: [],
    },
    {
      what: 'ours: deleted, with uid and version of what was seen',
      there: [MANAGER, marked(CURRENT)],
      result: 'gone',
      sent: ['remove as seen'],
    },
    {
      what: 'ours, of another revision: deleted all the same',
      there: [MANAGER, marked({ number: 100, hash: 'x' })],
      result: 'gone',
      sent: ['remove as seen'],
    },
    {
      what: "another owner's, made after ours was gone: theirs, and the entry is forgotten",
      there: [MANAGER, marked(CURRENT, OTHER)],
      otherUid: true,
      result: 'gone',
      sent: [],
      stays: true,
    },
    {
      what: 'the recorded object with the marker of another unit: held',
      there: [MANAGER, marked(CURRENT, OTHER)],
      result: 'held',
      sent: [],
      stays: true,
    },
    {
      what: 'the recorded object with the marker of another instance: theirs, and the entry is forgotten',
      there: [MANAGER, withMarkers(BARE, { instance: 'another', unit: UNIT, key: REF }, CURRENT)],
      result: 'gone',
      sent: [],
      stays: true,
    },
    {
      what: 'a name that somebody else has taken: theirs, and the entry is forgotten',
      there: ['kubectl', BARE],
      otherUid: true,
      result: 'gone',
      sent: [],
      stays: true,
    },
    {
      what: 'no marker, but the recorded uid and our field manager: ours',
      there: [MANAGER, BARE],
      result: 'gone',
      sent: ['remove as seen'],
    },
    {
      what: 'recorded on another target: parked',
      there: [MANAGER, marked(CURRENT)],
      entry: { targetIdentity: 'elsewhere' },
      result: 'held',
      sent: [],
      stays: true,
    },
    {
      what: 'a hold: nothing happens',
      there: [MANAGER, marked(CURRENT)],
      context: { hold: 'not today' },
      result: 'held',
      sent: [],
      stays: true,
    },
    {
      what: 'detached: our marks come off, the object stays',
      there: [MANAGER, marked(CURRENT)],
      context: { detach: true },
      result: 'released',
      sent: ['patch'],
      stays: true,
    },
    {
      what: 'never to be pruned: our marks come off, the object stays',
      there: [MANAGER, marked(CURRENT)],
      entry: { keep: true },
      result: 'released',
      sent: ['patch'],
      stays: true,
    },
  ];

  test.each(teardowns)('$what', async (row) => {
    const bench = createBench();
    const made = row.there && (await bench.as(...row.there));
    const uid = row.otherUid === true ? 'an older one' : String(made?.metadata['uid'] ?? 'none');
    const result = await bench.engine.teardown(applied(uid, row.entry), removal(row.context));
    expect(result.kind).toBe(row.result);
    expect(bench.sent).toEqual(row.sent);
    const after = await bench.live();
    expect(after !== undefined).toBe(row.stays === true);
    if (row.result === 'released') {
      expect(Object.keys({ ...annotationsOf(after ?? BARE), ...labelsOf(after ?? BARE) })).toEqual(
        [],
      );
      expect(after?.['data']).toEqual({ key: 'value' });
      expect(JSON.stringify(after?.metadata['managedFields'] ?? [])).not.toContain(MANAGER);
    }
  });

  test('an object that a finalizer holds is on its way, not gone', async () => {
    const bench = createBench();
    const held = marked(CURRENT);
    const made = await bench.as(MANAGER, {
      ...held,
      metadata: { ...held.metadata, finalizers: ['example.test/stay'] },
    });
    const entry = applied(String(made.metadata['uid']));
    expect((await bench.engine.teardown(entry, removal())).kind).toBe('deleting');
    expect((await bench.engine.teardown(entry, removal())).kind).toBe('deleting');
    expect(bench.sent).toEqual(['remove as seen']);
  });

  test('a hold that comes while the object is being looked at is heard', async () => {
    const bench = createBench();
    const made = await bench.as(MANAGER, marked(CURRENT));
    let asked = 0;
    const context = (): RemovalContext => {
      asked += 1;
      return removal({ hold: 'a newer commit may want it' })();
    };
    const entry = applied(String(made.metadata['uid']));
    expect((await bench.engine.teardown(entry, context)).kind).toBe('held');
    expect(asked).toBeGreaterThan(0);
    expect(bench.sent).toEqual([]);
  });
});
