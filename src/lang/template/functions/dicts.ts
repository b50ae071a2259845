// Sprig's functions on dictionaries (go-templates §6, Dicts). Where Go's order is random, keys and
// values come sorted by key.
import { sortedKeys } from '../bytes.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { ANY_MAP, sameType } from '../type.ts';
import { GoList, GoMap, GoObject, map, typeName } from '../value.ts';
import type { Value } from '../value.ts';
import { textOf } from './elements.ts';
import { mergeInto } from './library/merge.ts';
import { isVersion, withoutFields } from './semver.ts';

function dictOf(context: CallContext, ...pairs: readonly Value[]): GoMap {
  context.charge(pairs.length);
  const entries = new Map<string, Value>();
  for (let at = 0; at < pairs.length; at += 2) {
    entries.set(textOf(pairs[at]), at + 1 < pairs.length ? pairs[at + 1] : '');
  }
  return new GoMap(entries);
}

function set(dict: GoMap, key: string, value: Value): GoMap {
  if (dict.isNil) throw new TemplateFunctionError('assignment to entry in nil map');
  dict.entries.set(key, value);
  return dict;
}

function subset(context: CallContext, dict: GoMap, keep: (key: string) => boolean): GoMap {
  context.charge(dict.entries.size);
  return map([...dict.entries].filter(([key]) => keep(key)));
}

function keysOf(context: CallContext, dicts: readonly GoMap[]): string[] {
  const keys: string[] = [];
  for (const dict of dicts) {
    context.charge(dict.entries.size);
    for (const key of sortedKeys(dict.entries)) keys.push(key);
  }
  return keys;
}

function asMap(value: Value): GoMap {
  if (value instanceof GoMap && sameType(value.type, ANY_MAP)) return value;
  throw conversionError(value, 'map[string]interface {}');
}

/** The panic of a failed type assertion. */
function conversionError(value: Value, wanted: string): TemplateFunctionError {
  const actual = value === null || value === undefined ? 'nil' : typeName(value);
  return new TemplateFunctionError(
    `interface conversion: interface {} is ${actual}, not ${wanted}`,
  );
}

/** dig KEY… DEFAULT DICT */
function dig(context: CallContext, ...args: readonly Value[]): Value {
  if (args.length < 3) throw new TemplateFunctionError('dig needs at least three arguments');
  context.charge(args.length);
  let dict = asMap(args.at(-1));
  const fallback = args.at(-2) ?? null;
  const keys = args.slice(0, -2).map((key) => {
    if (typeof key !== 'string') throw conversionError(key, 'string');
    return key;
  });
  for (const [at, key] of keys.entries()) {
    if (!dict.entries.has(key)) return fallback;
    const step = dict.entries.get(key) ?? null;
    if (at === keys.length - 1) return step;
    dict = asMap(step);
  }
  return fallback;
}

type Merge = (context: CallContext, dict: GoMap, ...sources: readonly GoMap[]) => Value;

function mergeWith(overwrite: boolean): Merge {
  return (context, dict, ...sources) => {
    const target = dict.isNil ? map() : dict;
    for (const source of sources) mergeInto(context, target, source, { overwrite });
    return target;
  };
}

/** Without `must`, a merge that fails gives an empty string. */
function forgiving(merge: Merge): Merge {
  return (context, dict, ...sources) => {
    try {
      return merge(context, dict, ...sources);
    } catch (error) {
      if (error instanceof TemplateFunctionError) return '';
      throw error;
    }
  };
}

const MERGE = 'func(map[string]interface {}, ...map[string]interface {}) interface {}';
const MUST_MERGE =
  'func(map[string]interface {}, ...map[string]interface {}) (interface {}, error)';

function copyDeep(context: CallContext, value: Value): Value {
  if (value === null || value === undefined) {
    throw new TemplateFunctionError('reflect: call of reflect.Value.Type on zero Value');
  }
  return copyValue(context, value, 0);
}

function copyValue(context: CallContext, value: Value, depth: number): Value {
  context.charge(1);
  if (depth > 10_000) throw new TemplateFunctionError('deepCopy error: nested too deeply');
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof GoList) {
    const items = value.items.map((item) => copyValue(context, item, depth + 1));
    return new GoList(items, value.type, value.isNil);
  }
  if (value instanceof GoMap) {
    const entries = new Map<string, Value>();
    for (const [key, item] of value.entries) entries.set(key, copyValue(context, item, depth + 1));
    return new GoMap(entries, value.type, value.isNil);
  }
  if (value instanceof GoObject && isVersion(value)) return withoutFields(value);
  return value;
}

const READING: readonly TemplateFunction[] = [
  defineFunction('get', 'func(map[string]interface {}, string) interface {}', (_, dict, key) =>
    dict.entries.has(key) ? dict.entries.get(key) : '',
  ),
  defineFunction('hasKey', 'func(map[string]interface {}, string) bool', (_, dict, key) =>
    dict.entries.has(key),
  ),
  defineFunction('dig', 'func(...interface {}) (interface {}, error)', dig),
  defineFunction(
    'pluck',
    'func(string, ...map[string]interface {}) []interface {}',
    (context, key, ...dicts) => {
      context.charge(dicts.length);
      return dicts.filter((dict) => dict.entries.has(key)).map((dict) => dict.entries.get(key));
    },
  ),
  defineFunction('keys', 'func(...map[string]interface {}) []string', (context, ...dicts) =>
    keysOf(context, dicts),
  ),
  defineFunction('values', 'func(map[string]interface {}) []interface {}', (context, dict) =>
    keysOf(context, [dict]).map((key) => dict.entries.get(key)),
  ),
];

const CHANGING: readonly TemplateFunction[] = [
  defineFunction('dict', 'func(...interface {}) map[string]interface {}', dictOf),
  defineFunction(
    'set',
    'func(map[string]interface {}, string, interface {}) map[string]interface {}',
    (_, dict, key, value) => set(dict, key, value),
  ),
  defineFunction(
    'unset',
    'func(map[string]interface {}, string) map[string]interface {}',
    (_, dict, key) => {
      dict.entries.delete(key);
      return dict;
    },
  ),
  defineFunction(
    'pick',
    'func(map[string]interface {}, ...string) map[string]interface {}',
    (context, dict, ...keys) => {
      const wanted = new Set(keys);
      return subset(context, dict, (key) => wanted.has(key));
    },
  ),
  defineFunction(
    'omit',
    'func(map[string]interface {}, ...string) map[string]interface {}',
    (context, dict, ...keys) => {
      const unwanted = new Set(keys);
      return subset(context, dict, (key) => !unwanted.has(key));
    },
  ),
  defineFunction('merge', MERGE, forgiving(mergeWith(false))),
  defineFunction('mergeOverwrite', MERGE, forgiving(mergeWith(true))),
  defineFunction('mustMerge', MUST_MERGE, mergeWith(false)),
  defineFunction('mustMergeOverwrite', MUST_MERGE, mergeWith(true)),
  defineFunction('deepCopy', 'func(interface {}) interface {}', copyDeep),
  defineFunction('mustDeepCopy', 'func(interface {}) (interface {}, error)', copyDeep),
];

export const DICTS = [...READING, ...CHANGING];
