// Reads the text of a JSONPath into steps, with client-go's grammar: what it refuses is refused here.
import type { Json } from '../model/json.ts';

export type Step =
  | { readonly kind: 'key'; readonly name: string }
  /** Everything below as well, for the next step to pick from. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'wildcard' }
  | SliceStep
  /** What each of these gives, one after the other. */
  | { readonly kind: 'union'; readonly alternatives: readonly (readonly Step[])[] }
  | {
      readonly kind: 'filter';
      readonly left: readonly Step[];
      /** Undefined: it is enough that something is there. */
      readonly comparison: Comparison | undefined;
    }
  /** One side of a filter. */
  | { readonly kind: 'literal'; readonly value: Json };

export interface SliceStep {
  readonly kind: 'slice';
  readonly from: number | undefined;
  /** `single`: the one item at `from`. */
  readonly to: number | 'single' | undefined;
  readonly step: number;
}

export interface Comparison {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly right: readonly Step[];
}

export type ParsedPath =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'invalid'; readonly reason: string };

interface Taken {
  readonly steps: readonly Step[];
  /** Characters that it takes up. */
  readonly length: number;
}

type Attempt = Taken | { readonly reason: string };

/** The steps of a path such as `.a[0]`, or of one side of a filter such as `@.a`. */
export function parseJsonPath(text: string): ParsedPath {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const taken = takeSteps(rest, steps.at(-1));
    if ('reason' in taken) return { kind: 'invalid', reason: taken.reason };
    steps.push(...taken.steps);
    rest = rest.slice(taken.length);
  }
  return { kind: 'steps', steps };
}

const LETTER = /^[\p{L}\p{N}_]/u;
const NUMBER = /^[+-]?[0-9.]+/;
const QUOTED = /^"((?:\\.|[^"\\])*)"|^'((?:\\.|[^'\\])*)'/s;
/** Up to what ends a key; a backslash takes the next character with it. */
const KEY = /^(?:\\.|[^\\\s.,[\]$@{}])*/s;

function takeSteps(rest: string, before: Step | undefined): Attempt {
  if (rest.startsWith('[?(')) return takeFilter(rest);
  if (rest.startsWith('..')) {
    if (before?.kind === 'descend') return { reason: 'invalid multiple recursive descent' };
    return takeDescent(rest);
  }
  const first = rest[0] ?? '';
  switch (first) {
    case ' ':
    case '@':
    case '$':
      return { steps: [], length: 1 };
    case '[':
      return takeBrackets(rest);
    case '.':
      return takeKey(rest, 1);
    case '"':
    case "'": {
      const quoted = QUOTED.exec(rest);
      if (!quoted) return { reason: 'unterminated quoted string' };
      const value = unescape(quoted[1] ?? quoted[2] ?? '');
      return { steps: [{ kind: 'literal', value }], length: quoted[0].length };
    }
    default:
      return takeWord(rest);
  }
}

function takeDescent(rest: string): Attempt {
  const descend: Step = { kind: 'descend' };
  if (!LETTER.test(rest.slice(2))) return { steps: [descend], length: 2 };
  const key = takeKey(rest, 2);
  return 'reason' in key ? key : { ...key, steps: [descend, ...key.steps] };
}

function takeKey(rest: string, dots: number): Attempt {
  const [text = ''] = KEY.exec(rest.slice(dots)) ?? [];
  const length = dots + text.length;
  if (rest[length] === '\\') return { reason: 'nothing follows the backslash' };
  if (text === '*') return { steps: [{ kind: 'wildcard' }], length };
  // The dot of `.['a']` and of `.$` names nothing.
  if (text === '') return { reason: 'a key is missing after the dot' };
  return { steps: [{ kind: 'key', name: unescape(text) }], length };
}

function takeWord(rest: string): Attempt {
  const number = NUMBER.exec(rest);
  if (number) {
    const value = Number(number[0]);
    if (Number.isNaN(value)) return { reason: `cannot parse number ${number[0]}` };
    return { steps: [{ kind: 'literal', value }], length: number[0].length };
  }
  const first = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  if (!LETTER.test(first)) return { reason: `unrecognized character ${JSON.stringify(first)}` };
  const [word = ''] = KEY.exec(rest) ?? [];
  if (word !== 'true' && word !== 'false') return { reason: `unrecognized identifier ${word}` };
  return { steps: [{ kind: 'literal', value: word === 'true' }], length: word.length };
}

const DICT_KEY = /^'([^']*)'$/;
const SLICE = /^(-?[0-9]*)(?::(-?[0-9]*))?(?::(-?[0-9]*))?$/;

function takeBrackets(rest: string): Attempt {
  const end = rest.indexOf(']');
  if (end === -1) return { reason: 'unterminated array' };
  const length = end + 1;
  const text = rest.slice(1, end);
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length === 1) {
    const inner = parseBrackets(text);
    return inner.kind === 'invalid' ? inner : { steps: inner.steps, length };
  }
  const alternatives: (readonly Step[])[] = [];
  for (const part of parts) {
    const inner = parseBrackets(part);
    if (inner.kind === 'invalid') return inner;
    alternatives.push(inner.steps);
  }
  return { steps: [{ kind: 'union', alternatives }], length };
}

/** What stands between brackets: `'key'`, `0`, `1:3`, `*`. */
function parseBrackets(text: string): ParsedPath {
  const invalid = (): ParsedPath => ({ kind: 'invalid', reason: `invalid array index ${text}` });
  const quoted = DICT_KEY.exec(text);
  // A dot in it separates keys as it does elsewhere, unless it is escaped.
  if (quoted) return parseJsonPath(`.${quoted[1] ?? ''}`);
  const range = SLICE.exec(text === '*' ? ':' : text);
  if (!range) return invalid();
  const [, from = '', to, step] = range;
  const bound = (part: string | undefined): number | undefined =>
    part === undefined || part === '' ? undefined : Number(part);
  const bounds = [bound(from), bound(to), bound(step)];
  if (bounds.some((item) => item !== undefined && !Number.isSafeInteger(item))) return invalid();
  const slice: Step = {
    kind: 'slice',
    from: bound(from),
    to: to === undefined ? 'single' : bound(to),
    step: bound(step) ?? 1,
  };
  return { kind: 'steps', steps: [slice] };
}

const CONDITION = /^([^!<>=]+)([!<>=]+)(.+)$/s;
const OPERATORS: readonly Comparison['operator'][] = ['==', '!=', '<', '<=', '>', '>='];

function takeFilter(rest: string): Attempt {
  const end = filterEnd(rest);
  if (end === undefined) return { reason: 'unterminated filter' };
  const text = rest.slice('[?('.length, end);
  const length = end + ')]'.length;
  const [, leftText, sign, rightText] = CONDITION.exec(text) ?? [];
  const left = parseJsonPath((leftText ?? text).trim());
  if (left.kind === 'invalid') return left;
  if (sign === undefined || rightText === undefined) {
    return { steps: [{ kind: 'filter', left: left.steps, comparison: undefined }], length };
  }
  const operator = OPERATORS.find((item) => item === sign);
  if (operator === undefined) return { reason: `unrecognized filter operator ${sign}` };
  const right = parseJsonPath(rightText.trim());
  if (right.kind === 'invalid') return right;
  const comparison = { operator, right: right.steps };
  return { steps: [{ kind: 'filter', left: left.steps, comparison }], length };
}

/** Where the `)]` of a filter stands that is not inside quotes. */
function filterEnd(rest: string): number | undefined {
  let at = '[?('.length;
  while (at < rest.length) {
    const quoted = QUOTED.exec(rest.slice(at));
    if (quoted) at += quoted[0].length;
    else if (rest.startsWith(')]', at)) return at;
    else at += 1;
  }
  return undefined;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
