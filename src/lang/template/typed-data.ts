// Go values that JSON cannot carry, as `{"$go": KIND, "v": VALUE}` markers inside JSON data.
import { toBytes } from './bytes.ts';
import type { TemplateFunction } from './function.ts';
import { defineFunction, TemplateFunctionError } from './function.ts';
import { timeFromText } from './functions/time-types.ts';
import { INT, INT_TYPES, mapOf, STRING_MAP } from './type.ts';
import type { Value } from './value.ts';
import { GoFunc, GoInt, GoList, GoMap, integer, stringList } from './value.ts';

/** Data with a marker that cannot be read. */
export class TypedDataError extends Error {
  override readonly name = 'TypedDataError';
}

/** The functions that a `func` marker names. */
const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [
    defineFunction('join2', 'func(string, string) string', (_, a, b) => `${a}-${b}`),
    defineFunction('const', 'func() string', () => 'const'),
    defineFunction('fail', 'func() (string, error)', () => {
      throw new TemplateFunctionError('boom');
    }),
  ].map((fn) => [fn.name, fn]),
);

/**
 * Replaces the markers in data by the values they stand for.
 * @throws TypedDataError for an unknown kind or a value that does not fit it
 */
export function readTypedData(data: Value): Value {
  if (data instanceof GoList) {
    return new GoList(data.items.map(readTypedData), data.type);
  }
  if (!(data instanceof GoMap)) return data;
  const kind = data.entries.get('$go');
  if (typeof kind === 'string') return readMarker(kind, data.entries.get('v'));
  const entries = [...data.entries].map(([key, value]) => [key, readTypedData(value)] as const);
  return new GoMap(new Map(entries), data.type);
}

function readMarker(kind: string, value: Value): Value {
  const marked = Object.hasOwn(READERS, kind) ? READERS[kind]?.(value) : undefined;
  if (marked === undefined) throw new TypedDataError(`cannot read {"$go": "${kind}"} data`);
  return marked;
}

type Read = (value: Value) => Value;

const READERS: Readonly<Record<string, Read>> = {
  '[]byte': (value) => (typeof value === 'string' ? toBytes(value) : undefined),
  '[]string': (value) => {
    const items = value instanceof GoList ? value.items : [undefined];
    return items.every((item) => typeof item === 'string') ? stringList(items) : undefined;
  },
  'map[string]string': (value) =>
    value instanceof GoMap ? new GoMap(value.entries, STRING_MAP) : undefined,
  'map[string]int': (value) => {
    if (!(value instanceof GoMap)) return undefined;
    const entries = [...value.entries].map(([key, item]) => [key, toInt(item)] as const);
    return new GoMap(new Map(entries), mapOf(INT));
  },
  time: (value) => (typeof value === 'string' ? timeFromText(value) : undefined),
  func: (value) => {
    const fn = typeof value === 'string' ? FUNCTIONS.get(value) : undefined;
    return fn === undefined ? undefined : new GoFunc(fn);
  },
  ...Object.fromEntries(
    Object.values(INT_TYPES).map((type): [string, Read] => [
      type.name,
      (value) => {
        if (value instanceof GoInt) return integer(type, value.value);
        return typeof value === 'number' ? integer(type, Math.trunc(value)) : undefined;
      },
    ]),
  ),
};

function toInt(value: Value): Value {
  if (value instanceof GoInt) return integer(INT, value.value);
  return typeof value === 'number' ? integer(INT, Math.trunc(value)) : value;
}
