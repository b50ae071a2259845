// IP addresses and networks as values: reading, canonical text, kinds of addresses, containment.
import { CelError, celError } from '../error.ts';
import { Opaque } from '../value.ts';

export const IP_TYPE = 'net.IP';
export const CIDR_TYPE = 'net.CIDR';

/** Longer texts are not looked at; the longest address without a zone has 45 characters. */
const MAX_LENGTH = 200;

export type Family = 4 | 6;

/** An address as its bits: 32 or 128 of them. Zones and IPv4-mapped IPv6 addresses never get here. */
export class Ip extends Opaque {
  readonly family: Family;
  readonly bits: bigint;

  constructor(family: Family, bits: bigint) {
    super();
    this.family = family;
    this.bits = bits;
  }

  get celType(): string {
    return IP_TYPE;
  }

  get width(): number {
    return this.family === 4 ? 32 : 128;
  }

  equals(other: Opaque): boolean {
    return other instanceof Ip && this.family === other.family && this.bits === other.bits;
  }

  override toJson(): string {
    return formatIp(this);
  }

  isUnspecified(): boolean {
    return this.bits === 0n;
  }

  isLoopback(): boolean {
    return this.family === 4 ? this.starts(0x7fn, 8) : this.bits === 1n;
  }

  isMulticast(): boolean {
    return this.family === 4 ? this.starts(0xen, 4) : this.starts(0xffn, 8);
  }

  isLinkLocalMulticast(): boolean {
    if (this.family === 4) return this.starts(0xe00000n, 24);
    // ff02::/16 with any flags in the third digit.
    return this.starts(0xffn, 8) && ((this.bits >> 112n) & 0xfn) === 2n;
  }

  isLinkLocalUnicast(): boolean {
    return this.family === 4 ? this.starts(0xa9fen, 16) : this.starts(0xfe80n >> 6n, 10);
  }

  isGlobalUnicast(): boolean {
    if (this.family === 4 && this.bits === 0xffffffffn) return false;
    const other = this.isLoopback() || this.isMulticast() || this.isLinkLocalUnicast();
    return !this.isUnspecified() && !other;
  }

  private starts(prefix: bigint, length: number): boolean {
    return this.bits >> BigInt(this.width - length) === prefix;
  }
}

/** An address with a prefix length; the address keeps its host bits until `masked`. */
export class Cidr extends Opaque {
  readonly address: Ip;
  readonly length: number;

  constructor(address: Ip, length: number) {
    super();
    this.address = address;
    this.length = length;
  }

  get celType(): string {
    return CIDR_TYPE;
  }

  equals(other: Opaque): boolean {
    return (
      other instanceof Cidr && this.length === other.length && this.address.equals(other.address)
    );
  }

  override toJson(): string {
    return formatCidr(this);
  }

  containsIp(ip: Ip): boolean {
    if (ip.family !== this.address.family) return false;
    const shift = BigInt(ip.width - this.length);
    return ip.bits >> shift === this.address.bits >> shift;
  }

  containsCidr(other: Cidr): boolean {
    return this.length <= other.length && this.containsIp(other.address);
  }

  masked(): Cidr {
    const { family, bits, width } = this.address;
    const shift = BigInt(width - this.length);
    return new Cidr(new Ip(family, (bits >> shift) << shift), this.length);
  }
}

/**
 * Reads an address. Zones and IPv4-mapped IPv6 addresses are refused, as Kubernetes does.
 * @throws CelError `invalidArgument` with the reason, without the text
 */
export function parseIp(text: string): Ip {
  const ip = readIp(text);
  if (isMapped(ip)) fail('IPv4-mapped IPv6 address is not allowed');
  return ip;
}

/**
 * Reads `address/length`.
 * @throws CelError `invalidArgument` with the reason, without the text
 */
export function parseCidr(text: string): Cidr {
  const slash = text.lastIndexOf('/');
  if (slash < 0) fail("no '/'");
  const address = text.slice(0, slash);
  if (address.includes('%')) fail('IPv6 zones cannot be present in a prefix');
  const ip = readIp(address);
  const bits = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) fail('bad bits after slash');
  if (bits.length > 3 || Number(bits) > ip.width) fail('prefix length out of range');
  if (isMapped(ip)) fail('IPv4-mapped IPv6 address is not allowed');
  return new Cidr(ip, Number(bits));
}

/** True for the text between the brackets of a URL's IPv6 host; a zone is allowed there. */
export function isIpv6Host(text: string): boolean {
  const [address = '', ...zone] = text.split('%');
  if (zone.length > 0 && zone.join('%') === '') return false;
  try {
    return readIp(address).family === 6;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

/** The canonical text: RFC 5952 for IPv6. */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => (ip.bits >> shift) & 0xffn).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((ip.bits >> BigInt(112 - 16 * index)) & 0xffffn),
  );
  const [start, length] = longestZeros(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

export function formatCidr(cidr: Cidr): string {
  return `${formatIp(cidr.address)}/${cidr.length}`;
}

function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (let index = 0; index <= groups.length; index++) {
    if (groups[index] === 0) continue;
    if (index - start > best[1]) best = [start, index - start];
    start = index + 1;
  }
  return best;
}

function isMapped(ip: Ip): boolean {
  return ip.family === 6 && ip.bits >> 32n === 0xffffn;
}

function readIp(text: string): Ip {
  if (text.length > MAX_LENGTH) fail('unable to parse IP');
  const mark = /[.:%]/.exec(text)?.[0];
  if (mark === '.') return new Ip(4, readIpv4(text));
  if (mark === ':') return new Ip(6, readIpv6(text));
  return fail(mark === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

function readIpv4(text: string): bigint {
  const fields = text.split('.');
  let bits = 0n;
  fields.forEach((field, index) => {
    if (!/^\d*$/.test(field)) fail('unexpected character');
    if (field === '') fail('IPv4 field must have at least one digit');
    if (field.length > 1 && field.startsWith('0')) fail('IPv4 field has octet with leading zero');
    if (field.length > 3 || Number(field) > 255) fail('IPv4 field has value >255');
    if (index > 3) fail('IPv4 address too long');
    bits = (bits << 8n) | BigInt(field);
  });
  if (fields.length < 4) fail('IPv4 address too short');
  return bits;
}

function readIpv6(text: string): bigint {
  if (text.includes('%')) {
    fail(text.endsWith('%') ? 'zone must be a non-empty string' : 'zone value is not allowed');
  }
  const gap = text.indexOf('::');
  if (gap < 0) return joinGroups(readGroups(text), 8);
  const head = gap === 0 ? [] : readGroups(text.slice(0, gap), false);
  const tailText = text.slice(gap + 2);
  const tail = tailText === '' ? [] : readGroups(tailText);
  const missing = 8 - head.length - tail.length;
  if (missing < 1) fail('the :: must expand to at least one field of zeros');
  return joinGroups([...head, ...Array.from({ length: missing }, () => 0), ...tail], 8);
}

function joinGroups(groups: readonly number[], count: number): bigint {
  if (groups.length < count) fail('address string too short');
  if (groups.length > count) fail('trailing garbage after address');
  return groups.reduce((bits, group) => (bits << 16n) | BigInt(group), 0n);
}

/** Colon-separated fields; the last one may be an IPv4 address, which makes two. */
function readGroups(text: string, last = true): number[] {
  const groups: number[] = [];
  const fields = text.split(':');
  fields.forEach((field, index) => {
    if (last && index === fields.length - 1 && field.includes('.')) {
      const bits = Number(readIpv4(field));
      groups.push(bits >>> 16, bits & 0xffff);
      return;
    }
    if (!/^[0-9a-fA-F]*$/.test(field)) fail('unexpected character');
    if (field === '') fail('each colon-separated field must have at least one digit');
    if (field.length > 4) fail('IPv6 field has more than four digits');
    groups.push(Number.parseInt(field, 16));
  });
  return groups;
}

function fail(reason: string): never {
  throw celError('invalidArgument', `not an IP address or network: ${reason}`);
}
