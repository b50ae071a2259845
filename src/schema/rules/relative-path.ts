// `fieldPath` of a rule: which field below the rule's own is to be named as the one at fault.
import { isObject } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { valueAt } from '../plain-object.ts';

export type RelativePath =
  /** As it is appended to the path of the rule: `.a`, `[key]`. */
  | { readonly kind: 'ok'; readonly suffix: string }
  | { readonly kind: 'invalid'; readonly reason: string };

/** `.name`, or a name in brackets and single quotes. */
const STEP = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

/**
 * Reads `.spec.mode`, `.labels['a.b']`. Every step must be a property or, where the schema describes a map,
 * a key of it; entries of lists cannot be named.
 */
export function relativePath(text: string, schema: JsonObject): RelativePath {
  let at: JsonObject = schema;
  let suffix = '';
  const steps = new RegExp(STEP);
  while (steps.lastIndex < text.length) {
    const place = steps.lastIndex;
    const step = steps.exec(text);
    if (step === null) return invalid(`"${text.slice(place)}" is no field`);
    const name = step[1] ?? unescape(step[2] ?? '');
    if (name === undefined) return invalid('invalid escape sequence');
    const below = child(at, name);
    if (below === undefined) return invalid('does not refer to a valid field');
    suffix += below.isKey ? `[${name}]` : `.${name}`;
    at = below.schema;
  }
  return { kind: 'ok', suffix };
}

function invalid(reason: string): RelativePath {
  return { kind: 'invalid', reason };
}

function child(
  schema: JsonObject,
  name: string,
): { readonly schema: JsonObject; readonly isKey: boolean } | undefined {
  const { properties, additionalProperties } = schema;
  if (isObject(properties)) {
    const property = valueAt(properties, name);
    return isObject(property) ? { schema: property, isKey: false } : undefined;
  }
  return isObject(additionalProperties) ? { schema: additionalProperties, isKey: true } : undefined;
}

function unescape(text: string): string | undefined {
  let isValid = true;
  const plain = text.replaceAll(/\\(.)/gs, (_all, letter: string) => {
    const character = ESCAPES[letter];
    if (character === undefined) isValid = false;
    return character ?? '';
  });
  return isValid ? plain : undefined;
}
