// Template values as the YAML writers take them, and JSON-like data back as template values.
import { TemplateFunctionError } from '../../function.ts';
import type { CallContext } from '../../function.ts';
import { GoComplex, GoFunc, GoInt, GoList, GoMap, GoObject } from '../../value.ts';
import type { Value } from '../../value.ts';
import type { WritableYaml } from '../../../yaml/index.ts';
import { fromBytes } from '../../bytes.ts';
import { encodeBase64 } from './base-encoding.ts';

const MAX_DEPTH = 1000;

/**
 * What JSON would carry: bytes become base64, times and versions their text, nil lists and maps
 * null.
 * @throws TemplateFunctionError with Go's text for values without a JSON form
 */
export function writableYaml(context: CallContext, value: Value, depth = 0): WritableYaml {
  context.charge(1);
  if (depth > MAX_DEPTH) {
    throw new TemplateFunctionError('json: unsupported value: encountered a cycle');
  }
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') {
    context.checkLength(value.length);
    return value;
  }
  if (typeof value !== 'object') return value;
  if (value instanceof GoInt) return value.toBigInt();
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (value instanceof GoList) {
    if (value.isNil) return null;
    return value.items.map((item) => writableYaml(context, item, depth + 1));
  }
  if (value instanceof GoMap) {
    if (value.isNil) return null;
    const entries = new Map<string, WritableYaml>();
    for (const [key, item] of value.entries) {
      entries.set(key, writableYaml(context, item, depth + 1));
    }
    return entries;
  }
  return value instanceof GoObject ? objectYaml(context, value, depth) : refuse(value);
}

function objectYaml(context: CallContext, object: GoObject, depth: number): WritableYaml {
  const marshal = object.type.methods?.get('MarshalJSON');
  if (marshal) {
    const json = fromBytes(marshal.implementation({ ...context, receiver: object }) as Uint8Array);
    return JSON.parse(json) as WritableYaml;
  }
  if (object.type.fields === undefined) return refuse(object);
  const entries = new Map<string, WritableYaml>();
  for (const field of object.type.fields) {
    if (!/^\p{Lu}/u.test(field.name)) continue;
    entries.set(field.name, writableYaml(context, field.read(object.state), depth + 1));
  }
  return entries;
}

function refuse(value: GoObject | GoFunc | GoComplex): never {
  const name =
    value instanceof GoComplex
      ? 'complex128'
      : value instanceof GoFunc
        ? value.fn.type.name
        : value.type.name;
  throw new TemplateFunctionError(`json: unsupported type: ${name}`);
}
