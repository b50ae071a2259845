// Randomness for template functions: drawn from the hook, never from the process.
import { TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';

/** Why functions of this kind are refused where output must be the same from run to run. */
export const RANDOM = { varies: 'it draws random values' } as const;

/** @throws TemplateFunctionError where the surroundings offer no randomness */
export function randomBytes(context: CallContext, count: number): Uint8Array {
  const source = context.hooks.randomBytes;
  if (!source) throw new TemplateFunctionError('random values are not available here');
  context.checkLength(count);
  context.charge(1 + Math.floor(count / 64));
  return source(count);
}

/** A number from 0 below `limit`, every one as likely as the others. */
export function randomBelow(context: CallContext, limit: number): number {
  // Six bytes; draws from the incomplete last round of multiples are thrown away.
  const range = 2 ** 48;
  const usable = range - (range % limit);
  for (;;) {
    const drawn = randomBytes(context, 6).reduce((number, byte) => number * 256 + byte, 0);
    if (drawn < usable) return drawn % limit;
  }
}
