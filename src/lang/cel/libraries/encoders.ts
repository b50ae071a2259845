// base64.encode and base64.decode (cel-spec's encoders extension, as Flux carries it).
import { Buffer } from 'node:buffer';
import { celError } from '../error.ts';
import { global, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BYTES, STRING } from '../type.ts';
import { rewriteCost } from './cost.ts';

const ALPHABET = /^[A-Za-z0-9+/]*$/;

export const encoders: Library = {
  name: 'encoders',
  functions: [
    global(
      'base64.encode',
      overload([BYTES], STRING, (bytes) => Buffer.from(bytes).toString('base64'), {
        cost: (bytes) => rewriteCost(bytes.length),
      }),
    ),
    global(
      'base64.decode',
      overload([STRING], BYTES, decodeBase64, { cost: (text) => rewriteCost(text.length) }),
    ),
  ],
};

/** Takes the standard alphabet with or without padding; line breaks are skipped. */
function decodeBase64(text: string): Uint8Array {
  const compact = text.replace(/[\r\n]/g, '');
  const bare = compact.replace(/={1,2}$/, '');
  const padded = bare.length !== compact.length;
  const valid =
    ALPHABET.test(bare) && bare.length % 4 !== 1 && (!padded || compact.length % 4 === 0);
  if (!valid) throw celError('invalidArgument', 'illegal base64 data');
  return Uint8Array.from(Buffer.from(bare, 'base64'));
}
