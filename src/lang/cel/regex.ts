// Regular expressions as CEL has them: RE2 syntax in linear time, compiled once per text.
import { RE2JS } from 're2js';
import { celError } from './error.ts';

/** Longest pattern taken: RE2 compiles in time and memory proportional to it. */
const MAX_PATTERN = 10_000;

/**
 * Compiles a pattern.
 * @throws CelError `invalidArgument`; the message does not repeat the pattern, which may be data
 */
export function compileRegex(pattern: string): RE2JS {
  if (pattern.length > MAX_PATTERN) {
    throw celError('invalidArgument', `regular expression longer than ${MAX_PATTERN} characters`);
  }
  try {
    return RE2JS.compile(pattern);
  } catch {
    throw celError('invalidArgument', 'invalid regular expression');
  }
}

/** As `compileRegex` for a pattern that the expression itself spells out: the message says why. */
export function compileLiteralRegex(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'invalid regular expression';
    throw celError('invalidArgument', reason);
  }
}

/** A compiler that remembers the last pattern: expressions use the same one again and again. */
export function createRegexCache(): (pattern: string) => RE2JS {
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
