// ASN.1 in DER: just enough to write keys and certificates and to look into them.

const TAGS = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export type DerTag = keyof typeof TAGS;

/** One element; `tag` is a universal name or the raw byte of a context tag. */
export function der(tag: DerTag | number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(content);
  const head = [typeof tag === 'number' ? tag : TAGS[tag], ...lengthBytes(body.length)];
  return concatBytes([Uint8Array.from(head), body]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Big-endian, without leading zeros; at least one byte, or `width` bytes. */
export function bigintBytes(value: bigint, width = 1): Uint8Array {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Uint8Array.from(Buffer.from(even.padStart(2 * width, '0'), 'hex'));
}

export function bytesBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

/** A number that is not negative. */
export function derInteger(value: bigint): Uint8Array {
  const bytes = bigintBytes(value);
  const padded = (bytes[0] ?? 0) >= 0x80 ? concatBytes([Uint8Array.of(0), bytes]) : bytes;
  return der('integer', padded);
}

export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const digits = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift(0x80 | (left % 128));
    }
    bytes.push(...digits);
  }
  return der('oid', Uint8Array.from(bytes));
}

/** Whole bytes, no unused bits. */
export function derBitString(bytes: Uint8Array): Uint8Array {
  return der('bitString', Uint8Array.of(0), bytes);
}

export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The element with its head. */
  readonly raw: Uint8Array;
}

/** The elements that stand one after the other in some bytes; `undefined` for what is no DER. */
export function readDer(bytes: Uint8Array): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let head = 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      length = Number(bytesBigint(bytes.subarray(at + 2, at + 2 + count)));
      head += count;
    }
    const end = at + head + length;
    if (end > bytes.length) return undefined;
    const raw = bytes.subarray(at, end);
    elements.push({ tag, content: bytes.subarray(at + head, end), raw });
    at = end;
  }
  return elements;
}
