// Sprig's regular expressions, in Go's syntax and in linear time (go-templates §6, Regex).
import { defineFunction, TemplateFunctionError } from '../function.ts';
import type { CallContext } from '../function.ts';
import { quote } from '../strconv/quote.ts';
import { STRING_LIST } from '../type.ts';
import { GoList, stringList } from '../value.ts';
import { chargeText, reserve } from './elements.ts';
import { compileRegexp, quoteMeta } from './library/go-regexp.ts';
import type { GoRegexp } from './library/go-regexp.ts';
import type { Result } from './library/result.ts';

const MAX_CACHED = 200;

/** Compiling costs about the source, matching the product of program and text. */
function charged(context: CallContext, regexp: GoRegexp, text: string): GoRegexp {
  context.charge(1 + Math.ceil((regexp.size * (text.length + 8)) / 256));
  return regexp;
}

/** Compiled expressions of this render: charts use the same few in loops. */
function cached(context: CallContext, source: string): Result<GoRegexp> {
  let known = context.scratch.get('regex') as Map<string, Result<GoRegexp>> | undefined;
  if (!known) {
    known = new Map();
    context.scratch.set('regex', known);
  }
  const found = known.get(source);
  if (found) return found;
  context.charge(1 + source.length);
  const regexp = compileRegexp(source);
  if (known.size < MAX_CACHED) known.set(source, regexp);
  return regexp;
}

/** For the `must` functions: Go returns the error. */
function compiled(context: CallContext, source: string): GoRegexp {
  const regexp = cached(context, source);
  if (!regexp.ok) throw new TemplateFunctionError(regexp.error);
  return regexp.value;
}

/** For the others: Go's MustCompile panics, which adds a prefix. */
function mustCompile(context: CallContext, source: string): GoRegexp {
  const regexp = cached(context, source);
  if (regexp.ok) return regexp.value;
  const shown = source.includes('`') ? quote(source) : `\`${source}\``;
  throw new TemplateFunctionError(`regexp: Compile(${shown}): ${regexp.error}`);
}

type Compile = (context: CallContext, source: string) => GoRegexp;

function find(compile: Compile) {
  return (context: CallContext, source: string, text: string): string => {
    return charged(context, compile(context, source), text).find(text);
  };
}

function findAll(compile: Compile) {
  return (context: CallContext, source: string, text: string, limit: number): GoList => {
    const found = charged(context, compile(context, source), text).findAll(text, limit);
    // No match at all is a nil list in Go: `null` in JSON.
    return found.length === 0 ? new GoList([], STRING_LIST, true) : stringList([...found]);
  };
}

function split(compile: Compile) {
  return (context: CallContext, source: string, text: string, limit: number): GoList => {
    const parts = charged(context, compile(context, source), text).split(text, limit);
    return limit === 0 ? new GoList([], STRING_LIST, true) : stringList([...parts]);
  };
}

function replaceAll(compile: Compile, method: 'replaceAll' | 'replaceAllLiteral') {
  return (context: CallContext, source: string, text: string, replacement: string): string => {
    const regexp = charged(context, compile(context, source), text);
    const count = regexp.findAll(text, -1).length;
    // A reference such as $0 can insert the whole text once per match.
    const references = method === 'replaceAll' ? replacement.split('$').length - 1 : 0;
    reserve(context, text.length * (1 + references) + count * replacement.length);
    return regexp[method](text, replacement);
  };
}

const FIND_ALL = 'func(string, string, int) []string';
const MUST_FIND_ALL = 'func(string, string, int) ([]string, error)';
const REPLACE = 'func(string, string, string) string';
const MUST_REPLACE = 'func(string, string, string) (string, error)';

export const REGEX = [
  // An expression that does not compile simply does not match.
  defineFunction('regexMatch', 'func(string, string) bool', (context, source, text) => {
    const regexp = cached(context, source);
    return regexp.ok && charged(context, regexp.value, text).matches(text);
  }),
  defineFunction(
    'mustRegexMatch',
    'func(string, string) (bool, error)',
    (context, source, text) => {
      return charged(context, compiled(context, source), text).matches(text);
    },
  ),
  defineFunction('regexFind', 'func(string, string) string', find(mustCompile)),
  defineFunction('mustRegexFind', 'func(string, string) (string, error)', find(compiled)),
  defineFunction('regexFindAll', FIND_ALL, findAll(mustCompile)),
  defineFunction('mustRegexFindAll', MUST_FIND_ALL, findAll(compiled)),
  defineFunction('regexReplaceAll', REPLACE, replaceAll(mustCompile, 'replaceAll')),
  defineFunction('mustRegexReplaceAll', MUST_REPLACE, replaceAll(compiled, 'replaceAll')),
  defineFunction('regexReplaceAllLiteral', REPLACE, replaceAll(mustCompile, 'replaceAllLiteral')),
  defineFunction(
    'mustRegexReplaceAllLiteral',
    MUST_REPLACE,
    replaceAll(compiled, 'replaceAllLiteral'),
  ),
  defineFunction('regexSplit', FIND_ALL, split(mustCompile)),
  defineFunction('mustRegexSplit', MUST_FIND_ALL, split(compiled)),
  defineFunction('regexQuoteMeta', 'func(string) string', (context, text) => {
    chargeText(context, text.length);
    return quoteMeta(text);
  }),
];
