// The kinds of our API: sound schemas, their defaults and enums, unknown fields, and what may not change.
import { describe, expect, test } from 'vitest';
import { admit } from '../../src/api/admission.ts';
import { API_KINDS, findApiKind, findApiKindOfGroup } from '../../src/api/index.ts';
import { immutableChanges } from '../../src/api/immutability.ts';
import type { ApiKind } from '../../src/api/api-kind.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import {
  checkStructural,
  createSchemaValidator,
  formatFieldError,
} from '../../src/schema/index.ts';

const validator = createSchemaValidator();

function kind(name: string): ApiKind {
  const found = API_KINDS.find((item) => item.kind === name);
  if (!found) throw new Error(name);
  return found;
}

function object(name: string, rest: JsonObject): Manifest {
  const { group, version } = kind(name);
  return { apiVersion: `${group}/${version}`, kind: name, metadata: { name: 'a' }, ...rest };
}

function problems(name: string, rest: JsonObject): readonly string[] {
  return admit(kind(name), object(name, rest), validator).problems.map(({ message }) => message);
}

const OBJECT: JsonObject = { type: 'object' };

describe('every kind', () => {
  test.each(API_KINDS.map((item) => [item.kind, item] as const))(
    '%s has a structural schema',
    (_name, item) => {
      // An API server describes the metadata of whole resources itself.
      const properties = { ...(item.schema['properties'] as JsonObject), metadata: OBJECT };
      const schema = { ...item.schema, properties };
      expect(checkStructural(schema, { validator }).map(formatFieldError)).toEqual([]);
    },
  );

  test.each(API_KINDS.map((item) => [item.kind, item] as const))(
    '%s is found by its names',
    (name, item) => {
      expect(findApiKind(`${item.group}/${item.version}`, name)).toBe(item);
      expect(findApiKindOfGroup(item.group, name)).toBe(item);
    },
  );

  test.each([
    'Package',
    'ObjectDeployment',
    'ObjectSet',
    'ObjectSetPhase',
    'ObjectSlice',
    'ObjectTemplate',
  ])('%s has a cluster-scoped twin with the same schema', (name) => {
    expect(kind(`Cluster${name}`)).toEqual({
      ...kind(name),
      kind: `Cluster${name}`,
      scope: 'Cluster',
    });
  });
});

describe('admission', () => {
  test('fills in what the API fills in', () => {
    const phases = [{ name: 'a', objects: [{ object: { kind: 'A' } }] }];
    const set = admit(kind('ObjectSet'), object('ObjectSet', { spec: { phases } }), validator);
    expect(set.problems).toEqual([]);
    expect(set.object['spec']).toEqual({
      lifecycleState: 'Active',
      phases: [{ name: 'a', objects: [{ object: { kind: 'A' }, collisionProtection: 'Prevent' }] }],
    });
    const spec = { selector: {}, template: { metadata: {}, spec: {} } };
    const deployment = admit(
      kind('ObjectDeployment'),
      object('ObjectDeployment', { spec }),
      validator,
    );
    expect(deployment.object['spec']).toMatchObject({ revisionHistoryLimit: 10 });
  });

  test.each<[name: string, kindName: string, rest: JsonObject, expected: readonly string[]]>([
    ['a package without image', 'Package', { spec: {} }, ['spec.image: Required value']],
    ['a package without spec', 'ClusterPackage', {}, ['spec: Required value']],
    [
      'a misspelt field',
      'Package',
      { spec: { image: 'x', confg: 1 } },
      ['spec.confg: unknown field, it has no effect'],
    ],
    ['null as nothing', 'Package', { spec: { image: 'x', component: null } }, []],
    [
      'an unknown life cycle',
      'ObjectSet',
      { spec: { lifecycleState: 'Dead' } },
      [
        'spec.lifecycleState: Unsupported value: "Dead": supported values: "Active", "Paused", "Archived"',
      ],
    ],
    [
      'a mapped condition without a prefix',
      'ObjectSlice',
      { objects: [{ object: {}, conditionMappings: [{ sourceType: 'A', destinationType: 'B' }] }] },
      [
        expect.stringMatching(
          /^objects\[0\]\.conditionMappings\[0\]\.destinationType: Invalid value: "B": .* should match/,
        ) as string,
      ],
    ],
    [
      'a template without sources',
      'ObjectTemplate',
      { spec: { template: 'x' } },
      ['spec.sources: Required value'],
    ],
    [
      'a deletion of nothing, forced by a word',
      'Deletion',
      { spec: { object: { apiVersion: 'v1', kind: 'A' }, force: 'yes' } },
      [
        'spec.object.name: Required value',
        'spec.force: Invalid value: "string": spec.force in body must be of type boolean: "string"',
      ],
    ],
  ])('%s', (_name, kindName, rest, expected) => {
    expect(problems(kindName, rest)).toEqual(expected);
  });
});

describe('immutable fields', () => {
  const spec = { phases: [{ name: 'a' }], previous: [{ name: 'p' }] };
  const before = object('ObjectSet', { spec });
  test.each<[name: string, after: JsonObject, expected: readonly string[]]>([
    [
      'the same in another order is the same',
      { previous: [{ name: 'p' }], phases: [{ name: 'a' }] },
      [],
    ],
    ['the life cycle may change', { ...spec, lifecycleState: 'Paused' }, []],
    ['phases may not', { ...spec, phases: [] }, ['phases is immutable']],
    [
      'nor may anything come or go',
      { phases: spec.phases, successDelaySeconds: 1 },
      ['successDelaySeconds is immutable', 'previous is immutable'],
    ],
  ])('%s', (_name, after, expected) => {
    const changes = immutableChanges(
      kind('ObjectSet'),
      before,
      object('ObjectSet', { spec: after }),
    );
    expect(changes.map(({ message }) => message)).toEqual(expected);
  });
});
