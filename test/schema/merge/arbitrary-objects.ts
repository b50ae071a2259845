// Generated objects for the property tests of merging: small alphabets, so that fields really collide.
import * as fc from 'fast-check';
import { ATOMIC } from '../../../src/schema/merge-type.ts';
import type { MergeType } from '../../../src/schema/merge-type.ts';
import { metadataType } from '../../../src/schema/builtin-types.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const scalar: MergeType = { shape: 'scalar', type: 'any' };
const entry: MergeType = {
  shape: 'struct',
  fields: new Map<string, MergeType>([
    ['name', scalar],
    ['port', scalar],
    ['image', scalar],
    ['env', { shape: 'map', element: scalar }],
  ]),
  rest: undefined,
};

/** A type with every shape in it. */
export const SAMPLE_TYPE: MergeType = {
  shape: 'struct',
  fields: new Map<string, MergeType>([
    ['apiVersion', scalar],
    ['kind', scalar],
    ['metadata', metadataType()],
    [
      'spec',
      {
        shape: 'struct',
        fields: new Map<string, MergeType>([
          ['size', scalar],
          ['labels', { shape: 'map', element: scalar }],
          ['whole', ATOMIC],
          ['tags', { shape: 'set' }],
          [
            'items',
            { shape: 'list', keys: [{ name: 'name' }, { name: 'port', default: 80 }], item: entry },
          ],
        ]),
        rest: undefined,
      },
    ],
  ]),
  rest: undefined,
};

const key = fc.constantFrom('a', 'b', 'c', '__proto__');
const value = fc.constantFrom<string | number | boolean>('x', 'y', 1, 2, true);
const map = fc.dictionary(key, value, { maxKeys: 3, minKeys: 1, noNullPrototype: true });
const item = fc.record(
  {
    name: fc.constantFrom('n', 'm'),
    port: fc.constantFrom(80, 81),
    image: value,
    env: map,
  },
  { requiredKeys: ['name'], noNullPrototype: true },
);

/** The `spec` of a sample object; never empty. */
export const sampleSpec: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      size: value,
      labels: map,
      whole: fc.record({ p: value, q: value }, { requiredKeys: [], noNullPrototype: true }),
      tags: fc.uniqueArray(fc.constantFrom('t', 'u', 'v'), { minLength: 1 }),
      items: fc.uniqueArray(item, {
        minLength: 1,
        maxLength: 4,
        selector: (entry_) => `${entry_.name}/${entry_.port ?? 80}`,
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((spec) => Object.keys(spec).length > 0) as fc.Arbitrary<JsonObject>;

/** An object of the sample type with this spec. */
export function sampleObject(spec: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Sample', metadata: { name: 's' }, spec };
}

/** What a create starts from. */
export const BARE: JsonObject = { apiVersion: 'v1', kind: 'Sample', metadata: { name: 's' } };
