// Sprig's checksums (go-templates §6, Crypto): always the same for the same text.
import { createHash } from 'node:crypto';
import { toBytes } from '../bytes.ts';
import { defineFunction } from '../function.ts';
import type { TemplateFunction } from '../function.ts';
import { chargeText } from './elements.ts';

function hash(name: string, algorithm: string): TemplateFunction {
  return defineFunction(name, 'func(string) string', (context, text) => {
    chargeText(context, text.length);
    return createHash(algorithm).update(toBytes(text)).digest('hex');
  });
}

const ADLER_MODULUS = 65_521;

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % ADLER_MODULUS;
    high = (high + low) % ADLER_MODULUS;
  }
  return high * 0x1_0000 + low;
}

export const HASHES = [
  hash('sha1sum', 'sha1'),
  hash('sha256sum', 'sha256'),
  hash('sha512sum', 'sha512'),
  defineFunction('adler32sum', 'func(string) string', (context, text) => {
    chargeText(context, 8 * text.length);
    return String(adler32(toBytes(text)));
  }),
];
