// Sprig's random strings and numbers (go-templates §6, Random): each differs from run to run.
import { runes } from '../bytes.ts';
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext, TemplateFunction } from '../function.ts';
import { encodeBase64 } from './library/base-encoding.ts';
import { RANDOM, randomBelow, randomBytes } from './randomness.ts';

const DIGITS = '0123456789';
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join('');

function pick(context: CallContext, count: number, alphabet: string): string {
  context.checkLength(count);
  context.charge(count);
  let text = '';
  // A negative count is an error that the original swallows: it gives nothing.
  for (let at = 0; at < count; at++) text += alphabet.charAt(randomBelow(context, alphabet.length));
  return text;
}

function text(name: string, alphabet: string): TemplateFunction {
  return defineFunction(
    name,
    'func(int) string',
    (context, count) => pick(context, count, alphabet),
    RANDOM,
  );
}

function between(context: CallContext, low: number, high: number): number {
  if (high <= low) throw new TemplateFunctionError('invalid argument to Intn');
  if (!Number.isSafeInteger(high - low) || high - low >= 2 ** 48) {
    throw new TemplateFunctionError('randInt: the range is too wide');
  }
  return low + randomBelow(context, high - low);
}

function shuffle(context: CallContext, subject: string): string {
  const letters = runes(subject);
  context.charge(letters.length);
  for (let at = letters.length - 1; at > 0; at--) {
    const other = randomBelow(context, at + 1);
    const held = letters[at] ?? 0;
    letters[at] = letters[other] ?? 0;
    letters[other] = held;
  }
  return letters.map((rune) => String.fromCodePoint(rune)).join('');
}

function uuid(context: CallContext): string {
  const bytes = Uint8Array.from(randomBytes(context, 16));
  // Version 4, variant of RFC 9562.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const RANDOMS: readonly TemplateFunction[] = [
  text('randAlphaNum', LETTERS + DIGITS),
  text('randAlpha', LETTERS),
  text('randNumeric', DIGITS),
  text('randAscii', PRINTABLE),
  defineFunction('randInt', 'func(int, int) int', between, RANDOM),
  defineFunction('shuffle', 'func(string) string', shuffle, RANDOM),
  defineFunction('uuidv4', 'func() string', uuid, RANDOM),
  defineFunction(
    'randBytes',
    'func(int) (string, error)',
    (context, count) => {
      if (count < 0) throw new TemplateFunctionError('runtime error: makeslice: len out of range');
      return encodeBase64(randomBytes(context, count));
    },
    RANDOM,
  ),
];
