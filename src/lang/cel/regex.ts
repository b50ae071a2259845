// Regular expressions as CEL has them: RE2 syntax in linear time, bounded in size and in work.
import { RE2JS } from 're2js';
import { celError } from './error.ts';
import type { Implementation, Overload } from './library.ts';
import { regexSize } from './regex-size.ts';
import type { Value } from './value.ts';

/** Largest program, in instructions: `a{1000}` has 1,000. Larger ones take tens of ms to compile. */
const MAX_SIZE = 4_000;

/**
 * Compiles a pattern.
 * @throws CelError `invalidArgument`; the message does not repeat the pattern, which may be data
 */
function compileRegex(pattern: string): RE2JS {
  refuseLarge(pattern);
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw celError('invalidArgument', 'invalid regular expression');
  }
}

/** As `compileRegex` for a pattern that the expression itself spells out: the message says why. */
function compileLiteralRegex(pattern: string): RE2JS {
  refuseLarge(pattern);
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'invalid regular expression';
    throw celError('invalidArgument', reason);
  }
}

function refuseLarge(pattern: string): void {
  if (regexSize(pattern) > MAX_SIZE) {
    throw celError('invalidArgument', `regular expression larger than ${MAX_SIZE} instructions`);
  }
}

/** A compiler that remembers the last pattern: expressions use the same one again and again. */
function createRegexCache(): (pattern: string) => RE2JS {
  let last = '';
  let compiled: RE2JS | undefined;
  return (pattern) => {
    if (compiled === undefined || pattern !== last) {
      compiled = compileRegex(pattern);
      last = pattern;
    }
    return compiled;
  };
}

/** Characters times instructions that take some milliseconds at worst: up to here Kubernetes' cost holds. */
const EASY_WORK = 200_000;
/** Programs up to this size mostly run as small automata, a few times as fast as larger ones. */
const SMALL = 32;
/** Cost of compiling one instruction of a pattern that is not known beforehand. */
const COMPILE_COST = 10;

/**
 * What a match costs: Kubernetes' figure (a tenth per character times a quarter per character of the
 * pattern), and more for a single match that would hold up everything else: no clock is read within.
 */
function matchCost(
  length: number,
  pattern: { readonly length: number; readonly size: number },
): number {
  const kubernetes = Math.ceil((1 + length) / 10) * Math.ceil(pattern.length / 4);
  const hard = Math.max(0, length * pattern.size - EASY_WORK);
  return kubernetes + Math.floor(hard / (pattern.size <= SMALL ? 4 : 2)) - 1;
}

/** How a regular expression is applied to a text; `more` are the arguments after the pattern. */
export type Apply = (regex: RE2JS, text: string, more: readonly Value[]) => Value;

/** The parts of an overload `(text, pattern, …)` that both kinds of patterns share. */
export function regexParts(
  apply: Apply,
): Pick<Overload, 'call' | 'cost' | 'specialise' | 'weight'> {
  const call = (compiled: (pattern: string) => RE2JS): Implementation => {
    return (text, pattern, ...more) => apply(compiled(pattern as string), text as string, more);
  };
  const cost = (text: Value, pattern: Value): number => {
    const size = regexSize(pattern as string);
    const { length } = pattern as string;
    return matchCost((text as string).length, { length, size }) + COMPILE_COST * size;
  };
  return {
    call: call(compileRegex),
    cost,
    // Larger ones are refused before they are compiled.
    weight: ([, pattern]) =>
      typeof pattern === 'string' ? Math.min(MAX_SIZE, regexSize(pattern)) : 0,
    specialise: ([, pattern]) => {
      if (typeof pattern !== 'string') return { call: call(createRegexCache()), cost };
      const regex = compileLiteralRegex(pattern);
      const known = { length: pattern.length, size: regexSize(pattern) };
      return {
        call: call(() => regex),
        cost: (text) => matchCost((text as string).length, known),
      };
    },
  };
}
