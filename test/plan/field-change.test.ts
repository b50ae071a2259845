// Field changes as people read them: lists by their keys, whole lists where there are none, nothing of secrets.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { compareFields, MAX_CHANGES } from '../../src/plan/field-change.ts';
import type { ListKeys } from '../../src/plan/field-change.ts';
import { compareObjects } from '../../src/plan/object-change.ts';
import { listKeysOf } from '../../src/schema/index.ts';

const deploymentKeys: ListKeys = (path) => listKeysOf('apps/v1', 'Deployment', path);
const none: ListKeys = () => undefined;

function shown(before: Json, after: Json, keys: ListKeys = none): readonly string[] {
  return compareFields(before, after, keys).map(({ path, op, before: was, after: is }) =>
    [
      op,
      path,
      ...(was === undefined ? [] : [JSON.stringify(was)]),
      ...(is === undefined ? [] : [JSON.stringify(is)]),
    ].join(' '),
  );
}

function containers(...list: readonly JsonObject[]): JsonObject {
  return { spec: { template: { spec: { containers: list } } } };
}

const at = '.spec.template.spec.containers';

describe('field changes', () => {
  const rows: readonly (readonly [string, Json, Json, ListKeys, readonly string[]])[] = [
    ['equal values have none', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, none, []],
    ['the order of keys in a map means nothing', { a: 1, b: 2 }, { b: 2, a: 1 }, none, []],
    ['a scalar changes', { a: 1 }, { a: 2 }, none, ['change .a 1 2']],
    ['a type changes', { a: '1' }, { a: 1 }, none, ['change .a "1" 1']],
    ['a field comes', {}, { a: { b: 1 } }, none, ['add .a {"b":1}']],
    ['a field goes', { a: [1] }, {}, none, ['remove .a [1]']],
    ['a map becomes a list', { a: {} }, { a: [] }, none, ['change .a {} []']],
    ['null is a value', { a: null }, { a: 0 }, none, ['change .a null 0']],
    [
      'a list without keys is one value',
      { a: [1, 2] },
      { a: [2, 1] },
      none,
      ['change .a [1,2] [2,1]'],
    ],
    [
      'names that are no identifiers are quoted',
      { metadata: { annotations: { 'a.b/c': 'x' } } },
      { metadata: { annotations: { 'a.b/c': 'y' } } },
      none,
      ['change .metadata.annotations["a.b/c"] "x" "y"'],
    ],
    [
      '__proto__ is a name like any other',
      JSON.parse('{"__proto__":1}') as Json,
      {},
      none,
      ['remove .__proto__ 1'],
    ],
    [
      'an entry of a keyed list is found wherever it moved',
      containers({ name: 'a', image: 'x' }, { name: 'b', image: 'x' }),
      containers({ name: 'b', image: 'y' }, { name: 'a', image: 'x' }),
      deploymentKeys,
      [`change ${at}[name=b].image "x" "y"`],
    ],
    [
      'entries of a keyed list come and go',
      containers({ name: 'a' }, { name: 'b' }),
      containers({ name: 'b' }, { name: 'c' }),
      deploymentKeys,
      [`remove ${at}[name=a] {"name":"a"}`, `add ${at}[name=c] {"name":"c"}`],
    ],
    [
      'a list inside a keyed list has its own keys',
      containers({ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'x' }] }),
      containers({ name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'y' }] }),
      deploymentKeys,
      [`change ${at}[name=a].ports[containerPort=80,protocol=TCP].name "x" "y"`],
    ],
    [
      'a key that is there twice makes the list one value',
      containers({ name: 'a' }, { name: 'a' }),
      containers({ name: 'a' }),
      deploymentKeys,
      [`change ${at} [{"name":"a"},{"name":"a"}] [{"name":"a"}]`],
    ],
    [
      'an entry without its key makes the list one value',
      containers({ image: 'x' }),
      containers({ image: 'y' }),
      deploymentKeys,
      [`change ${at} [{"image":"x"}] [{"image":"y"}]`],
    ],
    [
      'an atomic list is one value',
      containers({ name: 'a', args: ['1', '2'] }),
      containers({ name: 'a', args: ['1'] }),
      deploymentKeys,
      [`change ${at}[name=a].args ["1","2"] ["1"]`],
    ],
  ];
  test.each(rows)('%s', (...[, before, after, keys, expected]) => {
    expect(shown(before, after, keys)).toEqual(expected);
  });

  test('very many are summed up', () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_CHANGES + 7 }, (_, index) => [`f${index}`, index]),
    );
    const changes = compareFields({}, many, none);
    expect(changes).toHaveLength(MAX_CHANGES + 1);
    expect(changes.at(-1)).toEqual({ path: '… and 7 more', op: 'change' });
  });

  test('there are none exactly where two values are equal as JSON, and both ways they mirror each other', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(compareFields(a, JSON.parse(JSON.stringify(a)) as Json, none)).toEqual([]);
        const there = compareFields(a, b, none);
        const back = compareFields(b, a, none);
        expect(back.map(({ path }) => path)).toEqual(there.map(({ path }) => path));
      }),
    );
  });
});

describe('objects', () => {
  const object = (more: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    ...more,
  });
  test('are compared without what the server keeps, without status and without our markers', () => {
    const live = object({
      metadata: {
        name: 'a',
        uid: 'u',
        resourceVersion: '7',
        generation: 3,
        creationTimestamp: 'x',
        managedFields: [],
        annotations: { 'sluice.dev/owner': 'x', 'sluice.dev/revision': '1-a' },
        labels: { 'sluice.dev/instance': 'i' },
      },
      status: { ready: true },
    });
    expect(compareObjects(live, object({}), none)).toEqual([]);
  });
  test('that are Secrets show which keys change and no values', () => {
    const secret = (data: JsonObject): JsonObject => ({ ...object({ data }), kind: 'Secret' });
    const changes = compareObjects(
      secret({ same: 'c2FtZQ==', changed: 'b2xk', gone: 'Z29uZQ==' }),
      secret({ same: 'c2FtZQ==', changed: 'bmV3', added: 'YWRkZWQ=' }),
      none,
    );
    expect(changes.map(({ path, op }) => `${op} ${path}`)).toEqual([
      'add .data.added',
      'change .data.changed',
      'remove .data.gone',
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/b2xk|bmV3|Z29uZQ|YWRkZWQ|c2FtZQ/);
    const made = compareObjects({}, secret({ key: 'dmFsdWU=' }), none);
    expect(JSON.stringify(made)).toContain('"key"');
    expect(JSON.stringify(made)).not.toContain('dmFsdWU');
  });
});
