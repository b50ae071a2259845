// Sprig's functions on lists of any element type (go-templates §6, Lists).
import { compareStrings, normalize } from '../bytes.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { ANY_LIST, sliceOf } from '../type.ts';
import { GoList, list, stringList, typeOf } from '../value.ts';
import type { Value } from '../value.ts';
import { toInteger } from './casts.ts';
import { deepEqual } from './deep-equal.ts';
import {
  elementsOf,
  isEmpty,
  kindName,
  listElements,
  NIL_DEREFERENCE,
  reserve,
  textOf,
} from './elements.ts';

const ANY_LIST_LIST = sliceOf(ANY_LIST);

/** Go's nil `[]interface {}`: prints as [], but becomes `null` in JSON. */
function nilList(): GoList {
  return new GoList([], ANY_LIST, true);
}

type ListToList = (items: readonly Value[]) => GoList;

/** A function and its `must` twin: they fail with the same text. */
function twins(name: string, refusal: string, map: ListToList): readonly TemplateFunction[] {
  const run = (context: CallContext, value: Value) => map(listElements(context, value, refusal));
  return [
    defineFunction(name, 'func(interface {}) []interface {}', run),
    defineFunction(mustName(name), 'func(interface {}) ([]interface {}, error)', run),
  ];
}

function mustName(name: string): string {
  return `must${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** The text for a value of a typed list: nil elements are left out. */
export function textsOf(context: CallContext, value: Value): string[] {
  const items = elementsOf(value);
  if (!items) return value === null || value === undefined ? [] : [textOf(value)];
  context.charge(items.length);
  return items.filter((item) => item !== null && item !== undefined).map(textOf);
}

function chunks(context: CallContext, size: number, value: Value): GoList {
  const items = listElements(context, value, 'Cannot chunk type ');
  // Below 1, Go asks for a slice of negative length, unless it has rounded the count to nothing.
  if (size < 1 && (size === 0 || Math.floor((items.length - 1) / size) !== -1)) {
    throw new TemplateFunctionError('runtime error: makeslice: len out of range');
  }
  const parts: Value[] = [];
  for (let start = 0; size > 0 && start < items.length; start += size) {
    parts.push(list(items.slice(start, start + size)));
  }
  return new GoList(parts, ANY_LIST_LIST);
}

function slice(context: CallContext, value: Value, ...indices: readonly Value[]): Value {
  const items = listElements(context, value, 'list should be type of slice or array but ');
  if (items.length === 0) return null;
  const start = indices.length > 0 ? Number(toInteger(indices[0])) : 0;
  const end = indices.length > 1 ? Number(toInteger(indices[1])) : items.length;
  if (start < 0 || start > end || end > items.length) {
    throw new TemplateFunctionError('reflect.Value.Slice: slice index out of bounds');
  }
  if (value instanceof Uint8Array) return value.slice(start, end);
  return new GoList(items.slice(start, end), typeOf(value) ?? ANY_LIST);
}

function concat(context: CallContext, ...lists: readonly Value[]): Value {
  const items: Value[] = [];
  for (const value of lists) {
    const more = concatElements(value);
    context.charge(more.length);
    for (const item of more) items.push(item);
  }
  return items.length === 0 ? nilList() : list(items);
}

function concatElements(value: Value): readonly Value[] {
  const items = elementsOf(value);
  if (items) return items;
  if (value === null || value === undefined) {
    throw new TemplateFunctionError(NIL_DEREFERENCE);
  }
  throw new TemplateFunctionError(`Cannot concat type ${kindName(value)} as list`);
}

/** Comparing every element with every other costs their product. */
function contains(context: CallContext, items: readonly Value[], wanted: Value): boolean {
  context.charge(items.length);
  return items.some((item) => deepEqual(context, wanted, item));
}

function unique(context: CallContext, value: Value): GoList {
  const kept: Value[] = [];
  for (const item of listElements(context, value, 'Cannot find uniq on type ')) {
    if (!contains(context, kept, item)) kept.push(item);
  }
  return list(kept);
}

function without(context: CallContext, value: Value, ...omitted: readonly Value[]): GoList {
  const items = listElements(context, value, 'Cannot find without on type ');
  return list(items.filter((item) => !contains(context, omitted, item)));
}

function has(context: CallContext, wanted: Value, value: Value): boolean {
  if (value === null || value === undefined) return false;
  return contains(context, listElements(context, value, 'Cannot find has on type '), wanted);
}

function first(context: CallContext, value: Value): Value {
  return listElements(context, value, 'Cannot find first on type ')[0] ?? null;
}

function last(context: CallContext, value: Value): Value {
  return listElements(context, value, 'Cannot find last on type ').at(-1) ?? null;
}

function push(context: CallContext, value: Value, item: Value): GoList {
  return list([...listElements(context, value, 'Cannot push on type '), item]);
}

function prepend(context: CallContext, value: Value, item: Value): GoList {
  return list([item, ...listElements(context, value, 'Cannot prepend on type ')]);
}

function join(context: CallContext, separator: string, value: Value): string {
  const texts = textsOf(context, value);
  const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
  reserve(context, length);
  return normalize(texts.join(separator));
}

const MAKING = [
  defineFunction('list', 'func(...interface {}) []interface {}', (_, ...items) => items),
  defineFunction('tuple', 'func(...interface {}) []interface {}', (_, ...items) => items),
  defineFunction('concat', 'func(...interface {}) interface {}', concat),
  ...['append', 'push'].map((name) =>
    defineFunction(name, 'func(interface {}, interface {}) []interface {}', push),
  ),
  ...['mustAppend', 'mustPush'].map((name) =>
    defineFunction(name, 'func(interface {}, interface {}) ([]interface {}, error)', push),
  ),
  defineFunction('prepend', 'func(interface {}, interface {}) []interface {}', prepend),
  defineFunction(
    'mustPrepend',
    'func(interface {}, interface {}) ([]interface {}, error)',
    prepend,
  ),
];

const PARTS = [
  defineFunction('first', 'func(interface {}) interface {}', first),
  defineFunction('mustFirst', 'func(interface {}) (interface {}, error)', first),
  defineFunction('last', 'func(interface {}) interface {}', last),
  defineFunction('mustLast', 'func(interface {}) (interface {}, error)', last),
  ...twins('rest', 'Cannot find rest on type ', (items) =>
    items.length === 0 ? nilList() : list(items.slice(1)),
  ),
  ...twins('initial', 'Cannot find initial on type ', (items) =>
    items.length === 0 ? nilList() : list(items.slice(0, -1)),
  ),
  defineFunction('slice', 'func(interface {}, ...interface {}) interface {}', slice),
  defineFunction('mustSlice', 'func(interface {}, ...interface {}) (interface {}, error)', slice),
  defineFunction('chunk', 'func(int, interface {}) [][]interface {}', chunks),
  defineFunction('mustChunk', 'func(int, interface {}) ([][]interface {}, error)', chunks),
];

const CHOOSING = [
  ...twins('reverse', 'Cannot find reverse on type ', (items) => list(items.toReversed())),
  ...twins('compact', 'Cannot compact on type ', (items) =>
    list(items.filter((item) => !isEmpty(item))),
  ),
  defineFunction('uniq', 'func(interface {}) []interface {}', unique),
  defineFunction('mustUniq', 'func(interface {}) ([]interface {}, error)', unique),
  defineFunction('without', 'func(interface {}, ...interface {}) []interface {}', without),
  defineFunction(
    'mustWithout',
    'func(interface {}, ...interface {}) ([]interface {}, error)',
    without,
  ),
  defineFunction('has', 'func(interface {}, interface {}) bool', has),
  defineFunction('mustHas', 'func(interface {}, interface {}) (bool, error)', has),
];

const TEXTS = [
  defineFunction('join', 'func(string, interface {}) string', join),
  defineFunction('toStrings', 'func(interface {}) []string', (context, value) =>
    stringList(textsOf(context, value)),
  ),
  defineFunction('sortAlpha', 'func(interface {}) []string', (context, value) => {
    if (!elementsOf(value)) return [textOf(value)];
    const texts = textsOf(context, value);
    context.charge(texts.length);
    return texts.sort(compareStrings);
  }),
];

export const LISTS = [...MAKING, ...PARTS, ...CHOOSING, ...TEXTS];
