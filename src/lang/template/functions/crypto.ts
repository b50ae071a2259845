// Sprig's passwords and encryption (go-templates §6, Crypto). What draws random values says so.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fromBytes, toBytes } from '../bytes.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { chargeText, reserve } from './elements.ts';
import { decodeBase64, encodeBase64 } from './library/base-encoding.ts';
import { bcryptHash } from './library/bcrypt.ts';
import { derivePassword } from './library/derived-password.ts';
import { concatBytes } from './library/der.ts';
import { RANDOM, randomBytes } from './randomness.ts';

const BLOCK = 16;
const BCRYPT_COST = 10;
/** Roughly what a tenth of a second of hashing costs in steps. */
const SLOW_HASH = 500_000;

function bcrypt(context: CallContext, password: string): string {
  const bytes = toBytes(password);
  if (bytes.length > 72) {
    return 'failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes';
  }
  context.charge(SLOW_HASH);
  return bcryptHash(bytes, randomBytes(context, 16), BCRYPT_COST);
}

function htpasswd(context: CallContext, user: string, password: string): string {
  if (user.includes(':')) return `invalid username: ${user}`;
  return `${user}:${bcrypt(context, password)}`;
}

/** The first 32 bytes of the password, filled up with zeros. */
function aesKey(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(toBytes(password).subarray(0, 32));
  return key;
}

function encryptAes(context: CallContext, password: string, text: string): string {
  if (text === '') return '';
  reserve(context, 2 * text.length);
  const vector = randomBytes(context, BLOCK);
  const cipher = createCipheriv('aes-256-cbc', aesKey(password), vector);
  const parts = [
    vector,
    Uint8Array.from(cipher.update(toBytes(text))),
    Uint8Array.from(cipher.final()),
  ];
  return encodeBase64(concatBytes(parts));
}

function decryptAes(context: CallContext, password: string, text: string): string {
  if (text === '') return '';
  chargeText(context, 4 * text.length);
  const decoded = decodeBase64(toBytes(text));
  if (!decoded.ok) throw new TemplateFunctionError(decoded.error);
  const bytes = decoded.value;
  if (bytes.length < BLOCK) {
    const capacity = Math.floor(text.length / 4) * 3;
    throw new TemplateFunctionError(
      capacity < BLOCK
        ? `runtime error: slice bounds out of range [:${BLOCK}] with capacity ${capacity}`
        : `runtime error: slice bounds out of range [${BLOCK}:${bytes.length}]`,
    );
  }
  const body = bytes.subarray(BLOCK);
  if (body.length % BLOCK !== 0) {
    throw new TemplateFunctionError('crypto/cipher: input not full blocks');
  }
  if (body.length === 0) throw new TemplateFunctionError('runtime error: index out of range [-1]');
  const cipher = createDecipheriv('aes-256-cbc', aesKey(password), bytes.subarray(0, BLOCK));
  cipher.setAutoPadding(false);
  const plain = Uint8Array.from(cipher.update(body));
  // The padding is taken at its word, as in the original.
  const end = plain.length - (plain.at(-1) ?? 0);
  if (end < 0)
    throw new TemplateFunctionError(`runtime error: slice bounds out of range [:${end}]`);
  return fromBytes(plain.subarray(0, end));
}

export const CRYPTO: readonly TemplateFunction[] = [
  defineFunction('bcrypt', 'func(string) string', bcrypt, RANDOM),
  defineFunction('htpasswd', 'func(string, string) string', htpasswd, RANDOM),
  defineFunction('encryptAES', 'func(string, string) (string, error)', encryptAes, RANDOM),
  defineFunction('decryptAES', 'func(string, string) (string, error)', decryptAes),
  defineFunction(
    'derivePassword',
    'func(uint32, string, string, string, string) string',
    (context, counter, ...[kind, secret, user, site]) => {
      context.charge(SLOW_HASH);
      return derivePassword({ counter, kind, secret, user, site });
    },
  ),
];
