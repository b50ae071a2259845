// Adoption, row by row of package-operator §16.1, with our markers and with owner references alike.
import { describe, expect, test } from 'vitest';
import type { CollisionProtection, DesiredObject } from '../../src/model/desired.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { withMarkers } from '../../src/model/owner-marker.ts';
import { decideObject } from '../../src/plan/decision.ts';
import { withoutPreviousOwners } from '../../src/plan/previous-owner.ts';
import type { OwnerContext } from '../../src/plan/situation.ts';

const UNIT = 'local:ObjectSet.package-operator.run/default/new';
const OTHER = 'local:ObjectSet.package-operator.run/default/other';
const BARE: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default' },
};
const REF = refOf(BARE);

/** A live object that carries our marker of a unit and a revision. */
function marked(unit: string, number: number, hash = `hash${number}`): Manifest {
  return withMarkers(BARE, { instance: 'test', unit, key: REF }, { number, hash });
}

/** A live object that a set of Package Operator controls. */
function owned(name: string, revision: number | undefined, kind = 'ObjectSet'): Manifest {
  const reference: JsonObject = {
    apiVersion: 'package-operator.run/v1alpha1',
    kind,
    name,
    uid: `uid-of-${name}`,
    controller: true,
  };
  const annotations =
    revision === undefined ? {} : { 'package-operator.run/revision': `${revision}` };
  return { ...BARE, metadata: { ...BARE.metadata, annotations, ownerReferences: [reference] } };
}

interface Row {
  readonly what: string;
  readonly revision: number;
  readonly live: Manifest;
  readonly protection: CollisionProtection;
  readonly outcome: string;
}

const NOT_OWNED =
  'collision: refusing adoption, object v1, Kind=ConfigMap default/a not owned by previous revision';
const REVISION_COLLISION =
  'collision: refusing adoption, revision collision on v1, Kind=ConfigMap default/a';

const ROWS: readonly Row[] = [
  {
    what: 'marker: an older revision of ours',
    revision: 34,
    live: marked(UNIT, 15),
    protection: 'Prevent',
    outcome: 'take handover revision 15',
  },
  {
    what: 'owner reference: a previous set with a lower number',
    revision: 34,
    live: owned('old', 15),
    protection: 'Prevent',
    outcome: 'take handover revision 15',
  },
  {
    what: 'owner reference: a previous set that never wrote its number',
    revision: 1,
    live: owned('old', undefined),
    protection: 'Prevent',
    outcome: 'take handover revision 0',
  },
  {
    what: 'marker: this very revision',
    revision: 34,
    live: marked(UNIT, 34),
    protection: 'Prevent',
    outcome: 'apply',
  },
  {
    what: 'marker: a newer revision of ours',
    revision: 34,
    live: marked(UNIT, 100),
    protection: 'None',
    outcome: 'progressed 100',
  },
  {
    what: 'owner reference: a previous set with a higher number',
    revision: 34,
    live: owned('old', 100),
    protection: 'None',
    outcome: 'progressed 100',
  },
  {
    what: 'marker: another unit',
    revision: 1,
    live: marked(OTHER, 1),
    protection: 'Prevent',
    outcome: NOT_OWNED,
  },
  {
    what: 'owner reference: a set that is not previous',
    revision: 1,
    live: owned('unknown', undefined),
    protection: 'Prevent',
    outcome: NOT_OWNED,
  },
  {
    what: 'owner reference: the name of a previous set, but of another kind',
    revision: 34,
    live: owned('old', 15, 'Deployment'),
    protection: 'Prevent',
    outcome: NOT_OWNED,
  },
  {
    what: 'marker: our number with other content',
    revision: 100,
    live: marked(UNIT, 100, 'otherhash'),
    protection: 'Prevent',
    outcome: REVISION_COLLISION,
  },
  {
    what: 'owner reference: a previous set with our number',
    revision: 100,
    live: owned('old', 100),
    protection: 'Prevent',
    outcome: REVISION_COLLISION,
  },
  {
    what: 'nobody, IfNoController',
    revision: 100,
    live: BARE,
    protection: 'IfNoController',
    outcome: 'take adopt nobody',
  },
  {
    what: 'marker: another unit, IfNoController',
    revision: 1,
    live: marked(OTHER, 1),
    protection: 'IfNoController',
    outcome: NOT_OWNED,
  },
  {
    what: 'owner reference: a foreign controller, IfNoController',
    revision: 1,
    live: owned('unknown', 100),
    protection: 'IfNoController',
    outcome: NOT_OWNED,
  },
  {
    what: 'nobody, Prevent',
    revision: 1,
    live: BARE,
    protection: 'Prevent',
    outcome: NOT_OWNED,
  },
  {
    what: 'marker: another unit, None',
    revision: 1,
    live: marked(OTHER, 1),
    protection: 'None',
    outcome: `take adopt test/${OTHER}`,
  },
  {
    what: 'owner reference: a foreign controller, None',
    revision: 1,
    live: owned('unknown', 100),
    protection: 'None',
    outcome: 'take adopt ObjectSet unknown',
  },
  {
    what: 'nobody, None',
    revision: 1,
    live: BARE,
    protection: 'None',
    outcome: 'take adopt nobody',
  },
];

describe('§16.1', () => {
  test.each(ROWS)('$what', ({ revision, live, protection, outcome }) => {
    const desired: DesiredObject = {
      ref: REF,
      manifest: BARE,
      collisionProtection: protection,
      conditionMappings: [],
      source: { file: 'x.yaml' },
    };
    const context: OwnerContext = {
      instance: 'test',
      unit: UNIT,
      revision: { number: revision, hash: `hash${revision}` },
      transferredFrom: () => [],
      claimOf: () => undefined,
      manager: 'sluice-test',
      previous: ['older', 'old'],
    };
    const decision = decideObject(desired, { state: 'live', object: live }, context);
    expect(described(decision).replace(/ \(it belongs to .*\)$/, '')).toBe(outcome);
  });

  test('a label or annotation that was copied from another object proves nothing', () => {
    const copied = { ...marked(UNIT, 1), metadata: { ...marked(UNIT, 1).metadata, name: 'b' } };
    const ref = refOf(copied);
    const desired: DesiredObject = {
      ref,
      manifest: copied,
      collisionProtection: 'Prevent',
      conditionMappings: [],
      source: { file: 'x.yaml' },
    };
    const decision = decideObject(
      desired,
      { state: 'live', object: copied },
      {
        instance: 'test',
        unit: UNIT,
        revision: { number: 1, hash: 'hash1' },
        transferredFrom: () => [],
        claimOf: () => undefined,
        manager: 'sluice-test',
      },
    );
    expect(decision.kind).toBe('collision');
  });
});

describe('owner references of previous sets', () => {
  test('go when the object is taken over, and those of others stay', () => {
    const live = owned('old', 1);
    const other = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'u' };
    const metadata = {
      ...live.metadata,
      ownerReferences: [other, ...(live.metadata['ownerReferences'] as readonly JsonObject[])],
    };
    expect(withoutPreviousOwners({ ...live, metadata }, ['old'])).toEqual([other]);
    expect(withoutPreviousOwners({ ...live, metadata }, ['another'])).toBeUndefined();
  });
});

function described(decision: ReturnType<typeof decideObject>): string {
  switch (decision.kind) {
    case 'take':
      return `take ${decision.how} ${decision.from}`;
    case 'progressed':
      return `progressed ${decision.revision}`;
    case 'collision':
      return `collision: ${decision.message}`;
    default:
      return decision.kind;
  }
}
