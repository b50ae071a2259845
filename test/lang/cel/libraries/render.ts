// Prints a CEL value with its type, so that 1, 1u and 1.0 differ in a table.
import { NamedFormat } from '../../../../src/lang/cel/libraries/format-names.ts';
import { Cidr, formatCidr, formatIp, Ip } from '../../../../src/lang/cel/libraries/ip-address.ts';
import { Quantity } from '../../../../src/lang/cel/libraries/quantity-value.ts';
import { Semver } from '../../../../src/lang/cel/libraries/semver-value.ts';
import { Url } from '../../../../src/lang/cel/libraries/url-value.ts';
import { formatDuration, formatTimestamp } from '../../../../src/lang/cel/time.ts';
import {
  doubleValue,
  Duration,
  isDouble,
  isInt,
  isList,
  isMap,
  mapEntries,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
} from '../../../../src/lang/cel/value.ts';
import type { Value } from '../../../../src/lang/cel/value.ts';

export function render(value: Value): string {
  if (value === null || typeof value === 'boolean' || isInt(value)) return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (isDouble(value)) return `d:${doubleValue(value)}`;
  if (value instanceof Uint) return `${value.value}u`;
  if (value instanceof Uint8Array) return `b${JSON.stringify(Buffer.from(value).toString())}`;
  if (value instanceof TypeValue) return `type(${value.name})`;
  if (value instanceof Optional)
    return value.value === undefined ? 'none' : `opt(${render(value.value)})`;
  if (value instanceof Timestamp) return `timestamp(${formatTimestamp(value)})`;
  if (value instanceof Duration) return `duration(${formatDuration(value)})`;
  if (isList(value)) return `[${value.map(render).join(',')}]`;
  if (isMap(value)) {
    const entries = Array.from(mapEntries(value), (entry) => entry.map(render).join(':'));
    return `{${entries.toSorted().join(',')}}`;
  }
  return renderOpaque(value);
}

function renderOpaque(value: Value): string {
  if (value instanceof Ip) return `ip("${formatIp(value)}")`;
  if (value instanceof Cidr) return `cidr("${formatCidr(value)}")`;
  if (value instanceof Semver) return `semver("${value.toJson()}")`;
  if (value instanceof Quantity) return `quantity(${value.digits}e${value.exponent})`;
  if (value instanceof Url) return `url(${value.parts.scheme})`;
  return value instanceof NamedFormat ? `format(${value.name})` : 'another type';
}
