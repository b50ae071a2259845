// index, slice and len.
import { byteLength, sliceBytes, toBytes } from '../bytes.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { TemplateFunctionError } from '../function.ts';
import { ANY } from '../type.ts';
import type { Value } from '../value.ts';
import { GoInt, GoList, GoMap, int, typeName, typeOf, uint8, zeroValue } from '../value.ts';
import { rawFunction } from './raw.ts';

function fail(message: string): never {
  throw new TemplateFunctionError(message);
}

/** An index as a number; `limit` itself is let through, as Go does. */
function indexNumber(index: Value, limit: number): number {
  if (index === undefined || index === null) fail('cannot index slice/array with nil');
  if (!(index instanceof GoInt)) {
    return fail(`cannot index slice/array with type ${typeName(index)}`);
  }
  if (index.value < 0 || index.value > limit) fail(`index out of range: ${index.value}`);
  return index.toNumber();
}

/** Strings are looked through for their bytes. */
function chargeBytes(context: CallContext, item: Value): void {
  if (typeof item === 'string' && item.length > 64) context.charge(item.length >> 6);
}

/** The type behind a pointer, as Go's indirect finds it. */
function pointedTypeName(item: Value): string {
  const type = typeOf(item);
  return (type?.kind === 'pointer' ? type.elem?.name : type?.name) ?? typeName(item);
}

function lengthOf(item: Value): number | undefined {
  if (typeof item === 'string') return byteLength(item);
  if (item instanceof GoList) return item.items.length;
  return item instanceof Uint8Array ? item.length : undefined;
}

function elementAt(item: Value, index: Value): Value {
  if (item instanceof GoMap) return entryAt(item, index);
  const length = lengthOf(item);
  if (length === undefined) return fail(`can't index item of type ${pointedTypeName(item)}`);
  const at = indexNumber(index, length);
  if (at === length) {
    fail(`reflect: ${typeof item === 'string' ? 'string' : 'slice'} index out of range`);
  }
  if (item instanceof GoList) return item.items[at];
  const bytes = typeof item === 'string' ? toBytes(item) : (item as Uint8Array);
  return uint8(bytes[at] as number);
}

function entryAt(map: GoMap, key: Value): Value {
  if (key === undefined || key === null) return fail('value is nil; should be of type string');
  if (typeof key !== 'string') {
    return fail(`value has type ${typeName(key)}; should be string`);
  }
  const value = map.entries.get(key);
  return value === undefined ? zeroValue(map.type.elem ?? ANY) : value;
}

function sliceOfValue(item: Value, indexes: readonly Value[]): Value {
  if (item === undefined || item === null) fail('slice of untyped nil');
  if (indexes.length > 3) fail(`too many slice indexes: ${indexes.length}`);
  const isString = typeof item === 'string';
  if (isString && indexes.length === 3) fail('cannot 3-index slice a string');
  const length = lengthOf(item);
  if (length === undefined) return fail(`can't slice item of type ${pointedTypeName(item)}`);
  const [from = 0, to = length, cap = length] = indexes.map((index) => indexNumber(index, length));
  if (from > to) fail(`invalid slice index: ${from} > ${to}`);
  if (indexes.length === 3 && to > cap) fail(`invalid slice index: ${to} > ${cap}`);
  if (isString) return sliceBytes(item, from, to);
  if (item instanceof Uint8Array) return item.subarray(from, to);
  return item instanceof GoList ? new GoList(item.items.slice(from, to), item.type) : undefined;
}

/** Known to the call machinery: it marks indexes that come out of interfaces (see there). */
export const SLICE = rawFunction(
  'slice',
  'func(interface {}, ...interface {}) interface {}',
  (context, item, ...indexes) => {
    context.charge(item instanceof GoList ? item.items.length : 1);
    chargeBytes(context, item);
    return sliceOfValue(item, indexes);
  },
);

export const ELEMENTS: readonly TemplateFunction[] = [
  rawFunction(
    'index',
    'func(interface {}, ...interface {}) interface {}',
    (context, start, ...indexes) => {
      if (start === undefined || start === null) fail('index of untyped nil');
      chargeBytes(context, start);
      let item: Value = start;
      for (const index of indexes) {
        if (item === null || item === undefined) fail('index of nil pointer');
        item = elementAt(item, index);
      }
      return item;
    },
  ),
  SLICE,
  rawFunction('len', 'func(interface {}) int', (context, item) => {
    chargeBytes(context, item);
    if (item === undefined) fail('reflect: call of reflect.Value.Type on zero Value');
    if (item === null) fail('len of nil pointer');
    const length = item instanceof GoMap ? item.entries.size : lengthOf(item);
    return length === undefined ? fail(`len of type ${pointedTypeName(item)}`) : int(length);
  }),
];
