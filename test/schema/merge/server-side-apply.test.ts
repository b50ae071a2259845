// Server-side apply: laws that hold for any object, and the cases that real servers answered.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { listAt, objectAt } from '../../../src/model/json.ts';
import { builtinType } from '../../../src/schema/builtin-types.ts';
import { DEDUCED } from '../../../src/schema/merge-type.ts';
import type { MergeType } from '../../../src/schema/merge-type.ts';
import {
  applyConfiguration,
  recordUpdate,
  withoutManagedFields,
} from '../../../src/schema/merge/server-side-apply.ts';
import { decodeFieldsV1, encodeFieldsV1 } from '../../../src/schema/merge/fields-v1.ts';
import { equalSets, intersectSets, isEmptySet } from '../../../src/schema/merge/field-set.ts';
import { removeFields } from '../../../src/schema/merge/remove-fields.ts';
import { fieldsIn, ownableFields } from '../../../src/schema/merge/owned-fields.ts';
import { typeErrors } from '../../../src/schema/merge/type-errors.ts';
import { BARE, sampleObject, sampleSpec, SAMPLE_TYPE } from './arbitrary-objects.ts';

const NOW = '2026-01-01T00:00:00Z';

function apply(
  live: JsonObject,
  config: JsonObject,
  manager: string,
  options: { readonly force?: boolean; readonly type?: MergeType } = {},
): JsonObject {
  const outcome = attempt(live, config, manager, options);
  if (outcome.kind === 'conflict') throw new Error(outcome.message);
  return outcome.object;
}

function attempt(
  live: JsonObject,
  config: JsonObject,
  manager: string,
  options: { readonly force?: boolean; readonly type?: MergeType } = {},
): ReturnType<typeof applyConfiguration> {
  return applyConfiguration(live, config, {
    type: options.type ?? SAMPLE_TYPE,
    by: { manager, operation: 'Apply', apiVersion: 'v1', subresource: '' },
    now: NOW,
    force: options.force ?? false,
  });
}

describe('laws of apply', () => {
  it('applying the same twice changes nothing the second time', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (theirs, ours) => {
        const live = apply(BARE, sampleObject(theirs), 'them');
        const once = apply(live, sampleObject(ours), 'us', { force: true });
        expect(apply(once, sampleObject(ours), 'us')).toEqual(once);
      }),
    );
  });

  it('what is applied is there afterwards, with its manager as owner', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (theirs, ours) => {
        const live = apply(BARE, sampleObject(theirs), 'them');
        const next = apply(live, sampleObject(ours), 'us', { force: true });
        const wanted = ownableFields(fieldsIn(SAMPLE_TYPE, sampleObject(ours)));
        const entry = listAt(objectAt(next, 'metadata'), 'managedFields').find(
          (item) => (item as JsonObject)['manager'] === 'us',
        ) as JsonObject;
        expect(encodeFieldsV1(decodeFieldsV1(entry['fieldsV1']))).toEqual(encodeFieldsV1(wanted));
        const has = fieldsIn(SAMPLE_TYPE, withoutManagedFields(next));
        expect(equalSets(intersectSets(has, wanted), wanted)).toBe(true);
      }),
    );
  });

  it('giving everything up removes exactly what nobody else owns', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (theirs, ours) => {
        const live = apply(BARE, sampleObject(theirs), 'them');
        const shared = attempt(live, sampleObject(ours), 'us');
        // Where both want the same field with different values, ours is a conflict and changes nothing.
        const next = shared.kind === 'merged' ? shared.object : live;
        const undone = apply(next, BARE, 'us');
        expect(sorted(undone)).toEqual(sorted(live));
      }),
    );
  });

  it('two managers of disjoint fields never conflict', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (first, second) => {
        const taken = ownableFields(fieldsIn(SAMPLE_TYPE, sampleObject(first)));
        const rest = removeFields(SAMPLE_TYPE, sampleObject(second), taken) as JsonObject;
        const live = apply(BARE, sampleObject(first), 'a');
        expect(attempt(live, rest, 'b').kind).toBe('merged');
      }),
    );
  });

  it('a field set survives the wire', () => {
    fc.assert(
      fc.property(sampleSpec, (spec) => {
        const set = fieldsIn(SAMPLE_TYPE, sampleObject(spec));
        const wire = JSON.parse(JSON.stringify(encodeFieldsV1(set))) as JsonObject;
        expect(equalSets(decodeFieldsV1(wire), set)).toBe(true);
      }),
    );
  });

  it('an update takes what it changes and leaves the rest to its owners', () => {
    fc.assert(
      fc.property(sampleSpec, sampleSpec, (theirs, next) => {
        const live = apply(BARE, sampleObject(theirs), 'them');
        const updated = recordUpdate(live, sampleObject(next), {
          type: SAMPLE_TYPE,
          by: { manager: 'hand', operation: 'Update', apiVersion: 'v1', subresource: '' },
          now: NOW,
        });
        expect(withoutManagedFields(updated)).toEqual(sampleObject(next));
        const owners = listAt(objectAt(updated, 'metadata'), 'managedFields') as JsonObject[];
        const sets = owners.map((owner) => decodeFieldsV1(owner['fieldsV1']));
        const [first, second] = sets;
        if (first && second) expect(isEmptySet(intersectSets(first, second))).toBe(true);
      }),
    );
  });
});

const DEPLOYMENT = builtinType('apps/v1', 'Deployment') ?? DEDUCED;

function deployment(containers: readonly JsonObject[]): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { template: { spec: { containers } } },
  };
}

describe('lists', () => {
  it('keeps an entry that another manager added, in its place', () => {
    const options = { type: DEPLOYMENT };
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };
    const ours = apply(bare, deployment([{ name: 'c', image: 'nginx:1' }]), 'gitops', options);
    const both = apply(ours, deployment([{ name: 'side', image: 'envoy' }]), 'injector', options);
    const next = apply(both, deployment([{ name: 'c', image: 'nginx:2' }]), 'gitops', options);
    expect(withoutManagedFields(next)).toEqual(
      deployment([
        { name: 'c', image: 'nginx:2' },
        { name: 'side', image: 'envoy' },
      ]),
    );
  });

  it('removes an entry with what the server defaulted in it', () => {
    const options = { type: DEPLOYMENT };
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };
    const two = deployment([{ name: 'c' }, { name: 'gone' }]);
    const live = apply(bare, two, 'gitops', options);
    const defaulted = {
      ...live,
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'c', imagePullPolicy: 'Always' },
              { name: 'gone', imagePullPolicy: 'Always' },
            ],
          },
        },
      },
    };
    const next = apply(defaulted, deployment([{ name: 'c' }]), 'gitops', options);
    expect(withoutManagedFields(next)).toEqual(
      deployment([{ name: 'c', imagePullPolicy: 'Always' }]),
    );
  });

  it('treats lists of kinds that nobody described as one value', () => {
    const options = { type: DEDUCED };
    const live = apply({}, { spec: { list: [{ name: 'a' }], map: { a: 1 } } }, 'x', options);
    const outcome = attempt(live, { spec: { list: [{ name: 'b' }], map: { b: 2 } } }, 'y', options);
    expect(outcome).toMatchObject({
      kind: 'conflict',
      message: 'Apply failed with 1 conflict: conflict with "x": .spec.list',
    });
  });
});

describe('messages', () => {
  it('lists several conflicts by manager', () => {
    const live = apply(BARE, sampleObject({ size: 1, labels: { a: 'x' } }), 'them');
    expect(attempt(live, sampleObject({ size: 2, labels: { a: 'y' } }), 'us')).toMatchObject({
      message:
        'Apply failed with 2 conflicts: conflicts with "them":\n- .spec.labels.a\n- .spec.size',
    });
  });

  it.each([
    [{ spec: { bogus: 1 } }, '.spec.bogus: field not declared in schema'],
    [{ spec: { tags: ['a', 'a'] } }, '.spec.tags: duplicate entries for key [="a"]'],
    [
      {
        spec: {
          items: [
            { name: 'n', port: 1 },
            { name: 'n', port: 1 },
          ],
        },
      },
      '.spec.items: duplicate entries for key [name="n",port=1]',
    ],
    [{ spec: { items: 'x' } }, '.spec.items: expected list, got string'],
  ])('says why %j cannot be merged', (value, message) => {
    expect(typeErrors(SAMPLE_TYPE, value)).toEqual([message]);
  });
});

/** Lists and sets keep no order across an undone apply; compare them sorted. */
function sorted(object: JsonObject): unknown {
  return JSON.parse(
    JSON.stringify(withoutManagedFields(object), (_key, value: unknown) =>
      Array.isArray(value)
        ? value.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
        : value,
    ),
  ) as unknown;
}

describe('an update that brings managedFields of its own', () => {
  const live = apply(
    apply(BARE, { ...BARE, spec: { replicas: 1 } }, 'us', { type: DEDUCED }),
    { ...BARE, data: { a: '1' } },
    'them',
    { type: DEDUCED },
  );
  const managersAfter = (given: unknown, subresource = ''): readonly unknown[] => {
    const metadata = { ...objectAt(live, 'metadata'), managedFields: given as JsonObject[] };
    const updated = recordUpdate(
      live,
      { ...live, metadata },
      {
        type: DEDUCED,
        by: { manager: 'hand', operation: 'Update', apiVersion: 'v1', subresource },
        now: NOW,
      },
    );
    return listAt(objectAt(updated, 'metadata'), 'managedFields').map(
      (entry) => (entry as JsonObject)['manager'],
    );
  };
  const entries = listAt(objectAt(live, 'metadata'), 'managedFields') as readonly JsonObject[];
  it.each([
    ['none: those of the object stay', undefined, '', ['them', 'us']],
    ['one left out: its manager owns nothing any more', entries.slice(0, 1), '', ['them']],
    ['an empty list: nobody owns anything', [], '', []],
    ['an empty entry: nobody owns anything', [{}], '', []],
    ['what cannot be read: those of the object stay', [{ a: 'b' }], '', ['them', 'us']],
    ['to a subresource: those of the object stay', [], 'status', ['them', 'us']],
  ])('%s', (_what, given, subresource, expected) => {
    expect(managersAfter(given, subresource)).toEqual(expected);
  });
});
