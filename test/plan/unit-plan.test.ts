// The plan of a unit: what goes, in which order, what holds it, and the same bytes for the same input.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.ts';
import type { DesiredObject, DesiredState } from '../../src/model/desired.ts';
import { inventoryKey } from '../../src/model/inventory.ts';
import type { InventoryEntry } from '../../src/model/inventory.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { withMarkers } from '../../src/model/owner-marker.ts';
import { countActions, hasChanges } from '../../src/plan/plan.ts';
import { leftovers } from '../../src/plan/removal.ts';
import { planUnit } from '../../src/plan/unit-plan.ts';
import type { Observation, UnitPlanInput } from '../../src/plan/unit-plan.ts';

const UNIT = 'local:Folder/a';
const REVISION = { number: 2, hash: 'two' };

function manifest(name: string, value = 'value'): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
    data: { key: value },
  } as Manifest;
}

function object(name: string): DesiredObject {
  return {
    ref: refOf(manifest(name)),
    manifest: manifest(name),
    collisionProtection: 'Prevent',
    conditionMappings: [],
    source: { file: 'x.yaml' },
  };
}

function desired(...phases: readonly (readonly string[])[]): DesiredState {
  return {
    phases: phases.map((names, index) => ({
      name: `p${index}`,
      class: undefined,
      objects: names.map(object),
    })),
    availabilityProbes: [],
    builtinProbes: false,
    successDelaySeconds: 0,
    revisionHistoryLimit: 10,
    timeoutMs: undefined,
    annotations: {},
    templateHash: REVISION.hash,
  };
}

function entry(
  name: string,
  phaseIndex: number,
  more: Partial<InventoryEntry> = {},
): InventoryEntry {
  return {
    ref: refOf(manifest(name)),
    targetIdentity: 'here',
    claim: { kind: 'applied', uid: `uid-${name}` },
    revision: 1,
    phase: `p${phaseIndex}`,
    phaseIndex,
    ...more,
  };
}

function live(name: string, value = 'value', unit = UNIT): Observation {
  const bare = manifest(name, value);
  const made = withMarkers(
    bare,
    { instance: 'test', unit, key: refOf(bare) },
    { number: 1, hash: 'one' },
  );
  const read = {
    state: 'live' as const,
    object: { ...made, metadata: { ...made.metadata, uid: `uid-${name}` } },
  };
  const predicted = {
    kind: 'done' as const,
    uid: '',
    version: '',
    changed: true,
    object: manifest(name),
  };
  return { read, predicted };
}

function input(more: Partial<UnitPlanInput>): UnitPlanInput {
  const owner = {
    instance: 'test',
    unit: UNIT,
    revision: REVISION,
    transferredFrom: () => [],
    claimOf: () => undefined,
    manager: 'sluice-test',
  };
  return {
    desired: desired(),
    owner,
    target: 'local',
    newRevision: true,
    inventory: new Map(),
    observations: new Map(),
    removal: {
      instance: 'test',
      unit: UNIT,
      manager: 'sluice-test',
      targetIdentity: 'here',
      detach: false,
      hold: undefined,
    },
    policy: {
      maxDeletions: { kind: 'count', count: 9 },
      maxUnitDeletions: { kind: 'count', count: 9 },
      allowEmpty: true,
      approvals: [],
    },
    diagnostics: [],
    ...more,
  };
}

function inventory(...entries: readonly InventoryEntry[]): UnitPlanInput['inventory'] {
  return new Map(entries.map((item) => [inventoryKey(item.ref), item]));
}

function observed(
  ...items: readonly (readonly [string, Observation])[]
): UnitPlanInput['observations'] {
  return new Map(items.map(([name, item]) => [inventoryKey(refOf(manifest(name))), item]));
}

describe('removals', () => {
  test('go from the last phase to the first, by key inside a phase', () => {
    const all = inventory(
      entry('b', 0),
      entry('a', 0),
      entry('d', 2),
      entry('c', 1),
      entry('kept', 1),
    );
    const groups = leftovers(all, new Set([inventoryKey(refOf(manifest('kept')))]));
    expect(groups.map((group) => group.map((item) => item.ref.name))).toEqual([
      ['d'],
      ['c'],
      ['a', 'b'],
    ]);
  });

  interface Row {
    readonly what: string;
    readonly entry?: Partial<InventoryEntry>;
    readonly seen?: Observation;
    readonly input?: Partial<UnitPlanInput>;
    readonly action: string;
    readonly reason: RegExp;
  }
  const base = input({});
  const rows: readonly Row[] = [
    { what: 'ours: pruned', action: 'prune', reason: /^$/ },
    {
      what: 'gone already: nothing',
      seen: { read: { state: 'absent' } },
      action: 'none',
      reason: /already gone/,
    },
    {
      what: 'unreadable is never absent',
      seen: { read: { state: 'unreadable', reason: 'no answer', retryable: true } },
      action: 'blocked',
      reason: /no answer/,
    },
    {
      what: 'never to be pruned: released',
      entry: { keep: true },
      action: 'release',
      reason: /disabled/,
    },
    {
      what: 'a detached unit: released',
      input: { removal: { ...base.removal, detach: true } },
      action: 'release',
      reason: /detach/,
    },
    {
      what: 'a hold: waits and says for what',
      input: { removal: { ...base.removal, hold: 'sluice.yaml is gone' } },
      action: 'wait',
      reason: /sluice.yaml is gone/,
    },
    {
      what: 'over the budget: waits with the hash',
      input: { policy: { ...base.policy, maxDeletions: { kind: 'count', count: 0 } } },
      action: 'wait',
      reason: /maxDeletions allows 0; approve it with \{plan: sha256:/,
    },
    {
      what: 'allowed before: goes on, over the budget or not',
      entry: { leaving: true },
      input: { policy: { ...base.policy, maxDeletions: { kind: 'count', count: 0 } } },
      action: 'prune',
      reason: /^$/,
    },
    {
      what: 'the recorded object with another marker: waits for a person',
      seen: live('x', 'value', 'local:Folder/other'),
      action: 'wait',
      reason: /no marker of this unit/,
    },
    {
      what: 'recorded on another target: parked',
      entry: { targetIdentity: 'elsewhere' },
      action: 'wait',
      reason: /recorded on another target/,
    },
  ];
  test.each(rows)('$what', (row) => {
    const plan = planUnit(
      input({
        desired: desired(['kept']),
        inventory: inventory(entry('x', 0, row.entry)),
        observations: observed(['x', row.seen ?? live('x')]),
        ...row.input,
      }),
    );
    expect(plan.removals.map(({ action }) => action)).toEqual([row.action]);
    expect(plan.removals[0]?.reason ?? '').toMatch(row.reason);
  });
});

describe('counts', () => {
  test('tell held removals apart, and what only waits is no change', () => {
    const plan = planUnit(
      input({
        desired: desired(['new', 'same', 'other'], ['taken']),
        inventory: inventory(entry('x', 0), entry('y', 0)),
        observations: observed(
          ['same', live('same')],
          ['other', live('other', 'old')],
          ['taken', live('taken', 'value', 'local:Folder/b')],
          ['x', live('x')],
          ['y', live('y')],
        ),
        policy: { ...input({}).policy, maxDeletions: { kind: 'count', count: 1 } },
      }),
    );
    expect(countActions([plan])).toEqual({
      create: 1,
      update: 1,
      replace: 0,
      prune: 2,
      held: 2,
      blocked: 1,
      unchanged: 1,
    });
    expect(hasChanges(plan)).toBe(true);
    const waiting = planUnit(
      input({
        inventory: inventory(entry('x', 0)),
        observations: observed(['x', live('x')]),
        removal: { ...input({}).removal, hold: 'not now' },
      }),
    );
    expect(hasChanges(waiting)).toBe(false);
  });
});

test('a replacement is allowed by name on its object, so the safety budget does not hold it', () => {
  const immutable: Observation['predicted'] = {
    kind: 'rejected',
    reason: 'Invalid',
    message: 'field is immutable',
    causes: [],
    retryable: false,
    immutable: true,
  };
  const allowed = desired(['x']);
  const annotations = { 'sluice.dev/replace': 'allowed' };
  const phases = allowed.phases.map((phase) => ({
    ...phase,
    objects: phase.objects.map((item) => ({
      ...item,
      manifest: { ...item.manifest, metadata: { ...item.manifest.metadata, annotations } },
    })),
  }));
  const plan = planUnit(
    input({
      desired: { ...allowed, phases },
      inventory: inventory(entry('x', 0)),
      observations: observed(['x', { ...live('x', 'old'), predicted: immutable }]),
      policy: { ...input({}).policy, maxDeletions: { kind: 'count', count: 0 } },
    }),
  );
  expect(plan.phases[0]?.objects.map(({ action }) => action)).toEqual(['replace']);
  expect(plan.safety.kind).toBe('allowed');
});

test('the same input gives the same plan to the byte, whatever the order of its maps', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), {
    maxLength: 7,
  });
  const observation = (name: string): fc.Arbitrary<Observation> =>
    fc.constantFrom<Observation>(
      live(name),
      live(name, 'old'),
      live(name, 'value', 'local:Folder/b'),
      { read: { state: 'absent' } },
      { read: { state: 'unreadable', reason: 'no answer', retryable: true } },
    );
  fc.assert(
    fc.property(
      fc.tuple(names, fc.integer({ min: 0, max: 7 })),
      names,
      fc.tuple(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(observation)),
      fc.integer({ min: 0, max: 3 }),
      ([wanted, cut], known, seen, limit) => {
        const phases = [wanted.slice(0, cut), wanted.slice(cut)];
        const entries = known.map((name, index) => entry(name, index % 3));
        const observations = seen.map((item, index) => ['abcdefg'[index] ?? '', item] as const);
        const policy = {
          ...input({}).policy,
          maxDeletions: { kind: 'count' as const, count: limit },
        };
        const plan = planUnit(
          input({
            desired: desired(...phases),
            inventory: inventory(...entries),
            observations: observed(...observations),
            policy,
          }),
        );
        const again = planUnit(
          input({
            desired: desired(...phases),
            inventory: inventory(...entries.toReversed()),
            observations: observed(...observations.toReversed()),
            policy,
          }),
        );
        expect(canonicalJson(JSON.parse(JSON.stringify(again)))).toBe(
          canonicalJson(JSON.parse(JSON.stringify(plan))),
        );
        // Nothing that is wanted is ever removed, and everything else that is known is accounted for.
        const leaving = plan.removals.map(({ ref }) => ref.name);
        expect(leaving.filter((name) => wanted.some((item) => item === name))).toEqual([]);
        expect(leaving.toSorted()).toEqual(
          known.filter((name) => !wanted.includes(name)).toSorted(),
        );
      },
    ),
  );
});
