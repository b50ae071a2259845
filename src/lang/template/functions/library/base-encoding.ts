// Base64 and base32 with Go's padding rules and error positions (go-templates §6, Encoding).
import { failure, success } from './result.ts';
import type { Result } from './result.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const PAD = 61;
const BASE64_DIGITS: readonly number[] = Array.from({ length: 256 }, (_, byte) =>
  BASE64.indexOf(String.fromCharCode(byte)),
);

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 5) {
    const chunk = bytes.subarray(start, start + 5);
    let group = 0n;
    for (let at = 0; at < 5; at++) group = (group << 8n) | BigInt(chunk[at] ?? 0);
    const used = Math.ceil((chunk.length * 8) / 5);
    for (let at = 0; at < 8; at++) {
      const digit = Number((group >> BigInt(35 - 5 * at)) & 31n);
      text += at < used ? BASE32.charAt(digit) : '=';
    }
  }
  return text;
}

/** Padding is required; line ends may stand anywhere. */
export function decodeBase64(input: Uint8Array): Result<Uint8Array> {
  const bad = (at: number) => failure(`illegal base64 data at input byte ${at}`);
  const digits: number[] = [];
  let at = 0;
  for (; at < input.length; at++) {
    const byte = input[at] ?? 0;
    if (byte === PAD) break;
    const digit = BASE64_DIGITS[byte] ?? -1;
    if (digit >= 0) digits.push(digit);
    else if (!isLineEnd(byte)) return bad(at);
  }
  const rest = digits.length % 4;
  if (at === input.length) return rest === 0 ? success(pack(digits, 6)) : bad(input.length - rest);
  if (rest < 2) return bad(at);
  at = skipLineEnds(input, at + 1);
  if (rest === 2) {
    if (at === input.length) return bad(input.length);
    // Go names the byte before the one that should have been the second `=`.
    if (input[at] !== PAD) return bad(at - 1);
    at = skipLineEnds(input, at + 1);
  }
  return at < input.length ? bad(at) : success(pack(digits, 6));
}

/** Line ends are taken out first, so that positions in errors do not count them. */
export function decodeBase32(raw: Uint8Array): Result<Uint8Array> {
  const input = raw.filter((byte) => !isLineEnd(byte));
  const bad = (at: number) => failure(`illegal base32 data at input byte ${at}`);
  const digits: number[] = [];
  for (let at = 0; at < input.length; at++) {
    const byte = input[at] ?? 0;
    const rest = digits.length % 8;
    const after = input.length - at - 1;
    if (byte === PAD && rest >= 2 && after < 8) {
      if (after + rest < 7) return bad(input.length);
      for (let pad = 0; pad < 7 - rest; pad++) {
        if (pad < after && input[at + 1 + pad] !== PAD) return bad(at + pad);
      }
      // Whatever follows the padding is ignored, as in Go.
      return rest === 3 || rest === 6 ? bad(at) : success(pack(digits, 5));
    }
    const digit = BASE32.indexOf(String.fromCharCode(byte));
    if (digit < 0) return bad(at);
    digits.push(digit);
  }
  const rest = digits.length % 8;
  return rest === 0 ? success(pack(digits, 5)) : bad(input.length - rest);
}

function isLineEnd(byte: number): boolean {
  return byte === 10 || byte === 13;
}

function skipLineEnds(input: Uint8Array, from: number): number {
  let at = from;
  while (at < input.length && isLineEnd(input[at] ?? 0)) at++;
  return at;
}

function pack(digits: readonly number[], bits: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor((digits.length * bits) / 8));
  let buffer = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    buffer = ((buffer << bits) | digit) & 0xffff;
    held += bits;
    if (held < 8) continue;
    held -= 8;
    bytes[at++] = (buffer >> held) & 0xff;
  }
  return bytes;
}
