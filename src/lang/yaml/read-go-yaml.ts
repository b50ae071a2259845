// Reads YAML as Go's template functions and Helm's values files do: sigs.k8s.io/yaml over yaml/v2, errors included.
//
// Rules: go-templates §7. Unlike `readManifests` it takes the first document only, lets the last of equal keys win,
// and ignores whatever follows a complete document.
import { GoDecodeError, decodeGoValue, unknownAlias } from './go-decoder.ts';
import type { YamlEvent } from './event.ts';
import { GoYamlFault } from './go-fault.ts';
import { formatGoFloat } from './go-float.ts';
import type { GoScalar } from './go-scalar.ts';
import { goSyntax, infinityName, isUint64, scalarSyntax } from './go-syntax.ts';
import type { GoMember, GoValue } from './go-syntax.ts';
import { Parser } from './parser.ts';
import { setMember } from './value.ts';
import type { YamlValue } from './value.ts';

export interface ReadGoYamlOptions {
  /**
   * What becomes of numbers. `float64` (default): every number is a `number`, as `encoding/json` decodes into an
   * empty interface. `int64`: a number whose JSON text is an integer of 64 bits is a `bigint`, as Kubernetes' decoder
   * and `--set` have it; everything else is a `number`.
   */
  readonly numbers?: 'float64' | 'int64';
  /** The Go type that is decoded into; another kind of value is an error. Default: anything. null always passes. */
  readonly into?: 'map' | 'array';
}

export type ReadGoYaml =
  | { readonly kind: 'read'; readonly value: YamlValue }
  /** `message` is the whole text of `yaml.Unmarshal`'s error. */
  | { readonly kind: 'failed'; readonly message: string };

/** Deeper nesting than this is refused with Go's words, though Go itself goes on to 10,000. */
const MAX_DEPTH = 1000;

/**
 * `yaml.Unmarshal` of sigs.k8s.io/yaml. Lone surrogates U+DC80..U+DCFF in the text stand for invalid bytes. An empty
 * text reads as null, which Go leaves as it was before (Helm: an empty map).
 */
export function readGoYaml(text: string, options: ReadGoYamlOptions = {}): ReadGoYaml {
  const decoded = decode(text);
  if (typeof decoded === 'string') {
    return { kind: 'failed', message: `error converting YAML to JSON: ${decoded}` };
  }
  const json = new JsonDetour(options.numbers ?? 'float64');
  const value = json.value(decoded);
  if (json.fault !== undefined) {
    return { kind: 'failed', message: `error converting YAML to JSON: ${json.fault}` };
  }
  const mismatch = mismatchOf(value, options.into);
  return mismatch === undefined ? { kind: 'read', value } : { kind: 'failed', message: mismatch };
}

function decode(text: string): GoValue | string {
  const refused = readerFault(text);
  if (refused !== undefined) return `yaml: ${refused}`;
  const parser = new Parser(text, MAX_DEPTH);
  let events: readonly YamlEvent[] | undefined;
  let fault: GoYamlFault | undefined;
  try {
    events = parser.next();
  } catch (error) {
    if (!(error instanceof GoYamlFault)) throw error;
    fault = error;
  }
  // Go looks aliases up while it parses, so one that points at nothing comes before a later fault.
  const alias = unknownAlias(events ?? parser.soFar);
  if (alias !== undefined) return `yaml: unknown anchor '${alias}' referenced`;
  if (fault !== undefined) return `yaml: ${fault.goText}`;
  try {
    return decodeGoValue(events ?? []);
  } catch (error) {
    if (!(error instanceof GoDecodeError)) throw error;
    return `yaml: ${error.message}`;
  }
}

const REFUSED =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff\ud800-\udfff]/u;

/** What Go's reader says about characters that YAML does not have. */
function readerFault(text: string): string | undefined {
  const match = REFUSED.exec(text);
  if (match === null) return undefined;
  const byte = match[0].charCodeAt(0) - 0xdc00;
  if (byte < 0x80 || byte > 0xff) return 'control characters are not allowed';
  if (byte < 0xc0 || byte >= 0xf8) return 'invalid leading UTF-8 octet';
  const width = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  const rest = text.slice(match.index + 1);
  const left =
    rest.length < 4 ? new TextEncoder().encode(rest.replace(/[\ud800-\udfff]/gu, ' ')).length : 4;
  return left < width - 1 ? 'incomplete UTF-8 octet sequence' : 'invalid trailing UTF-8 octet';
}

/** From Go's values to JSON's and back: keys become text, numbers lose their kind. */
class JsonDetour {
  private keyFault: string | undefined;
  private numberFault: string | undefined;
  private readonly numbers: 'float64' | 'int64';

  constructor(numbers: 'float64' | 'int64') {
    this.numbers = numbers;
  }

  /** Keys are looked at before anything is written, so their faults come first. */
  get fault(): string | undefined {
    return this.keyFault ?? this.numberFault;
  }

  value(value: GoValue): YamlValue {
    if (value.kind === 'scalar') return this.scalar(value.scalar);
    if (value.kind === 'list') return value.items.map((item) => this.value(item));
    const map: Record<string, YamlValue> = {};
    for (const member of value.members.values())
      setMember(map, this.key(member), this.value(member.value));
    return map;
  }

  private key({ key, value }: GoMember): string {
    if (key.kind === 'null' || isUint64(key)) {
      const type = key.kind === 'null' ? '%!s(<nil>)' : 'uint64';
      const shown = value.kind === 'scalar' ? scalarSyntax(value.scalar, '<nil>') : goSyntax(value);
      this.keyFault ??= `unsupported map key of type: ${type}, key: ${scalarSyntax(key, '<nil>')}, value: ${shown}`;
    }
    return key.kind === 'float' ? formatGoFloat(Number(key.value), 32) : String(key.value);
  }

  private scalar({ value }: GoScalar): YamlValue {
    const infinity = typeof value === 'number' ? infinityName(value) : undefined;
    if (infinity !== undefined) {
      this.numberFault ??= `json: unsupported value: ${infinity}`;
      return 0;
    }
    if (this.numbers === 'float64') return typeof value === 'bigint' ? Number(value) : value;
    return typeof value === 'number' || typeof value === 'bigint' ? toInt64(value) : value;
  }
}

function toInt64(value: number | bigint): number | bigint {
  // From 1e21 on the JSON text has an exponent.
  const integral = typeof value === 'bigint' || (Number.isInteger(value) && Math.abs(value) < 1e21);
  if (!integral) return value;
  const integer = BigInt(String(value));
  return integer >= -(2n ** 63n) && integer < 2n ** 63n ? integer : Number(value);
}

function mismatchOf(value: YamlValue, into: ReadGoYamlOptions['into']): string | undefined {
  if (into === undefined || value === null) return undefined;
  const kind = Array.isArray(value)
    ? 'array'
    : typeof value === 'object'
      ? 'object'
      : jsonKind(value);
  if (kind === (into === 'map' ? 'object' : 'array')) return undefined;
  const type = into === 'map' ? 'map[string]interface {}' : '[]interface {}';
  const problem = `json: cannot unmarshal ${kind} into Go value of type ${type}`;
  return `error unmarshaling JSON: while decoding JSON: ${problem}`;
}

function jsonKind(value: YamlValue): string {
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'number';
}
