// Scalars with an explicit tag, as yaml/v2 reads them: `!!str 1` is "1", `!!int "2"` is 2, an own tag a string.
import { isTimestamp, resolvePlain } from './go-scalar.ts';
import type { GoScalar } from './go-scalar.ts';

export type TaggedScalar =
  | { readonly kind: 'value'; readonly scalar: GoScalar }
  | { readonly kind: 'failed'; readonly message: string };

const RESOLVABLE = new Set(['!!bool', '!!int', '!!float', '!!null', '!!timestamp']);
const KIND_TAGS = {
  null: '!!null',
  bool: '!!bool',
  int: '!!int',
  float: '!!float',
  string: '!!str',
} as const;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/u;

/** The failure text is Go's own (`cannot decode !!str ...`). */
export function readTaggedScalar(tag: string, text: string): TaggedScalar {
  if (tag === '!!binary') return readBinary(text);
  if (!RESOLVABLE.has(tag)) return { kind: 'value', scalar: { kind: 'string', value: text } };
  if (tag === '!!timestamp' && isTimestamp(text)) {
    return { kind: 'value', scalar: { kind: 'string', value: text } };
  }
  const scalar = resolvePlain(text);
  const found = KIND_TAGS[scalar.kind];
  if (found === tag) return { kind: 'value', scalar };
  const { value } = scalar;
  const widens = tag === '!!float' && scalar.kind === 'int';
  if (widens && (typeof value === 'number' || (typeof value === 'bigint' && value < 2n ** 63n))) {
    return { kind: 'value', scalar: { kind: 'float', value: Number(value) } };
  }
  return { kind: 'failed', message: `cannot decode ${found} \`${text}\` as a ${tag}` };
}

function readBinary(text: string): TaggedScalar {
  const compact = text.replace(/[\r\n]/gu, '');
  if (compact.length % 4 !== 0 || !BASE64.test(compact)) {
    return { kind: 'failed', message: '!!binary value contains invalid base64 data' };
  }
  const bytes = Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
  // The bytes become a JSON string on their way: what is not UTF-8 turns into U+FFFD there.
  return { kind: 'value', scalar: { kind: 'string', value: new TextDecoder().decode(bytes) } };
}
