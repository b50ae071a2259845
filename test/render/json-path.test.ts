// Items of ObjectTemplates: every row says what client-go's jsonpath answers to the same path over the same object.
import { describe, expect, it } from 'vitest';
import { evaluateJsonPath } from '../../src/render/json-path.ts';

const OBJECT = {
  metadata: { name: 'src', labels: { 'a.b': 'dotted', name: 'label' } },
  data: { a: '1', 'a.b': 'x', z: null, t: true, p: { k: 1 }, q: { k: 2 } },
  list: [
    { n: 'x', v: 1, l: [1] },
    { n: 'y', v: 2, l: [2], name: 'deep' },
    { n: 'x', v: 3, l: [3] },
  ],
  nums: [1, 2, 3, 4],
  nested: [[1, 2], [3]],
  empty: [],
  scalar: 's',
};

const FOUND: readonly (readonly [path: string, values: readonly unknown[]])[] = [
  ['data.a', ['1']],
  ['.data.a', ['1']],
  ['{data.a}', ['1']],
  ['{.data.a}', ['1']],
  ["data['a']", ['1']],
  [String.raw`data.a\.b`, ['x']],
  [String.raw`data['a\.b']`, ['x']],
  ["data['p.k']", [1]],
  ['data.z', [null]],
  ['data.t', [true]],
  ['list[0].n', ['x']],
  ['list[-1].v', [3]],
  ['list[01].v', [2]],
  ['nums[]', [1]],
  ['nums[1:3]', [2, 3]],
  ['nums[:2]', [1, 2]],
  ['nums[-2:]', [3, 4]],
  ['nums[:-1]', [1, 2, 3]],
  ['nums[0:4:2]', [1, 3]],
  ['nums[1::2]', [2, 4]],
  ['nums[0:0]', []],
  ['nums[*]', [1, 2, 3, 4]],
  ['list.*.n', ['x', 'y', 'x']],
  ['list[*].n', ['x', 'y', 'x']],
  ['list[*].name', ['deep']],
  ['nested[*][0]', [1, 3]],
  ['empty', [[]]],
  ['empty[*]', []],
  ['empty[:].n', []],
  ['..name', ['deep', 'src', 'label']],
  ['{..name}', ['deep', 'src', 'label']],
  ['.metadata..name', ['src', 'label']],
  ['list..n', ['x', 'y', 'x']],
  ['..labels.name', ['label']],
  ["..['name']", ['deep', 'src', 'label']],
  ['..nums[0]', [1]],
  ['nested..[0]', [[1, 2], 1, 3]],
  ['list[?(@.n=="x")].v', [1, 3]],
  ["list[?(@.n == 'x')].v", [1, 3]],
  ['list[?("x"==@.n)].v', [1, 3]],
  ['list[?(@.n!="x")].v', [2]],
  ['list[?(@.v>1)].v', [2, 3]],
  ['list[?(@.v<=2)].v', [1, 2]],
  ['list[?(@.v>-1)].v', [1, 2, 3]],
  ['list[?(@.l[0]==2)].v', [2]],
  ['list[?(@.name)].v', [2]],
  ['list[?(@.missing)].v', []],
  ['list[?(@.n=="none")].v', []],
  ['nums[?(@>2)]', [3, 4]],
  ['nums[0,2]', [1, 3]],
  ['nums[0,1:3]', [1, 2, 3]],
  ["data['p','q'].k", [1, 2]],
  ["list[*]['n','v']", ['x', 'y', 'x', 1, 2, 3]],
];

const REFUSED: readonly (readonly [path: string, why: string])[] = [
  ['data.missing', 'missing is not found'],
  ['data.a.b', 'b is not found'],
  ['..missing', 'missing is not found'],
  ["metadata.labels['a.b']", 'a is not found'],
  ['list.n', 'n is not found'],
  ['list[3]', 'array index out of bounds: index 3, length 3'],
  ['list[5].n', 'array index out of bounds: index 5, length 3'],
  ['list[-4]', 'array index out of bounds: index -1, length 3'],
  ['empty[0]', 'array index out of bounds: index 0, length 0'],
  ['empty[-1]', 'array index out of bounds: index -1, length 0'],
  ['nums[1:9]', 'array index out of bounds: index 8, length 4'],
  ['nums[2:1]', 'starting index 2 is greater than ending index 1'],
  ['nums[::0]', 'step must be > 0'],
  ['nested[*][1]', 'array index out of bounds: index 1, length 1'],
  ['data[*]', 'map is not array or slice'],
  ['scalar[0]', 'string is not array or slice'],
  ['data[?(@.a=="1")]', 'map is not array or slice and cannot be filtered'],
  ['list[?(@.missing=="x")]', 'missing is not found'],
  ['list[?(@.n==1)]', 'incompatible types for comparison'],
  ['list[?(@.l==1)]', 'invalid type for comparison'],
  ['list[?(@.*=="x")]', 'can only compare one element at a time'],
  ['list[?(@.n=~"x")]', 'unrecognized'],
  ['list[?(@.n==x)]', 'unrecognized identifier x'],
  ['list[?(@.n=="x"', 'unterminated filter'],
  ['list[a]', 'invalid array index a'],
  ['list[1.5]', 'invalid array index 1.5'],
  ['data["a"]', 'invalid array index "a"'],
  ['data[', 'unterminated array'],
  ['data a', 'unrecognized identifier a'],
  ["['data']", 'a key is missing after the dot'],
  ['$.data.a', 'a key is missing after the dot'],
  ['range .list[*]', 'range is not found'],
];

/** Client-go gives something else here; docs/reference/package-operator.md names these. */
const OTHERWISE: readonly (readonly [path: string, values: readonly unknown[] | undefined])[] = [
  ['list[?(@.v>1.5)].v', [2, 3]],
  ['list[?(@.l[5])].v', []],
  ['list[?(@.n in "x")].v', undefined],
  ['scalar.*', []],
];

describe('paths of ObjectTemplate items', () => {
  it.each(FOUND)('%s gives %j', (path, values) => {
    expect(evaluateJsonPath(path, OBJECT)).toEqual({ kind: 'found', values });
  });

  it.each(REFUSED)('%s is refused: %s', (path, why) => {
    const result = evaluateJsonPath(path, OBJECT);
    const said =
      result.kind === 'missing'
        ? `${result.key} is not found`
        : result.kind === 'failed'
          ? result.reason
          : result.kind;
    expect(result.kind).not.toBe('found');
    expect(said).toContain(why);
  });

  it.each(OTHERWISE)('%s gives %j, unlike client-go', (path, values) => {
    const result = evaluateJsonPath(path, OBJECT);
    expect(result.kind === 'found' ? result.values : undefined).toEqual(values);
  });
});
