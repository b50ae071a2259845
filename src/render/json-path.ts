// The JSONPath of Kubernetes' client-go, as far as ObjectTemplates use it (package-operator §10).
import { isObject } from '../model/json.ts';
import type { Json, JsonArray } from '../model/json.ts';

type Step =
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'descend'; readonly name: string }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
      readonly step: number;
    }
  | { readonly kind: 'filter'; readonly path: readonly Step[]; readonly test: Test | undefined };

interface Test {
  readonly operator: string;
  readonly value: Json;
}

export type JsonPathResult =
  | { readonly kind: 'found'; readonly values: readonly Json[] }
  | { readonly kind: 'missing'; readonly key: string }
  | { readonly kind: 'invalid' };

const RELAXED = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/;

/**
 * Looks up `a.b`, `.a.b`, `{a.b}` or `{.a.b}`: keys with escaped dots, `['key']`, `[0]`, `[-1]`, `[1:3]`,
 * `[*]`, `..name`, and `[?(@.a == "x")]`.
 * @returns all hits; `missing` names the first key that is not there; `invalid` for another form
 */
export function evaluateJsonPath(expression: string, value: Json): JsonPathResult {
  const relaxed = RELAXED.exec(expression);
  const text = relaxed?.[1] ?? relaxed?.[2];
  const steps = text === undefined ? undefined : parseSteps(text);
  if (steps === undefined) return { kind: 'invalid' };
  return walk(steps, [value]);
}

function walk(steps: readonly Step[], start: readonly Json[]): JsonPathResult {
  let values: readonly Json[] = start;
  for (const step of steps) {
    if (step.kind === 'key') {
      const next: Json[] = [];
      for (const item of values) {
        const child =
          isObject(item) && Object.hasOwn(item, step.name) ? item[step.name] : undefined;
        if (child !== undefined) next.push(child);
      }
      if (next.length === 0) return { kind: 'missing', key: step.name };
      values = next;
    } else values = values.flatMap((item) => apply(step, item));
  }
  return { kind: 'found', values };
}

function apply(step: Exclude<Step, { kind: 'key' }>, value: Json): readonly Json[] {
  const list = Array.isArray(value) ? (value as JsonArray) : undefined;
  switch (step.kind) {
    case 'descend':
      return descend(step.name, value);
    case 'wildcard':
      return list ?? (isObject(value) ? children(value) : []);
    case 'index': {
      const item = list?.at(step.index);
      return item === undefined ? [] : [item];
    }
    case 'slice':
      return list === undefined ? [] : slice(list, step);
    case 'filter':
      return (list ?? []).filter((item) => passes(step.path, step.test, item));
  }
}

function children(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as JsonArray;
  if (!isObject(value)) return [];
  return Object.keys(value)
    .sort()
    .flatMap((key) => value[key] ?? (value[key] === null ? [null] : []));
}

/** Every value of that name at any depth, the nearer ones first. */
function descend(name: string, value: Json): readonly Json[] {
  const found: Json[] = [];
  let level: readonly Json[] = [value];
  while (level.length > 0) {
    for (const item of level) {
      const own = isObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
      if (own !== undefined) found.push(own);
    }
    level = level.flatMap(children);
  }
  return found;
}

function slice(list: JsonArray, step: Extract<Step, { kind: 'slice' }>): readonly Json[] {
  const cut = list.slice(step.from, step.to);
  return step.step === 1 ? cut : cut.filter((_item, index) => index % step.step === 0);
}

function passes(path: readonly Step[], test: Test | undefined, item: Json): boolean {
  const result = walk(path, [item]);
  if (result.kind !== 'found' || result.values.length === 0) return false;
  if (test === undefined) return true;
  const [left] = result.values;
  return left !== undefined && compare(left, test);
}

function compare(left: Json, { operator, value }: Test): boolean {
  if (operator === '==') return left === value;
  if (operator === '!=') return left !== value;
  if (typeof left !== typeof value || left === null || value === null) return false;
  switch (operator) {
    case '<':
      return left < value;
    case '<=':
      return left <= value;
    case '>':
      return left > value;
    default:
      return left >= value;
  }
}

const KEY = /^(?:\\.|[^.[\]\\])+/;
const QUOTED = /^\['((?:\\.|[^'\\])*)'\]/;
const INDEX = /^\[(-?[0-9]+)\]/;
const SLICE = /^\[(-?[0-9]*):(-?[0-9]*)(?::([0-9]+))?\]/;
const FILTER = /^\[\?\(\s*@\.?([^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*([^)]+?)\s*)?\)\]/;

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = text.startsWith('$') ? text.slice(1) : text;
  while (rest !== '') {
    const descends = rest.startsWith('..');
    if (descends) rest = rest.slice(2);
    else if (rest.startsWith('.')) rest = rest.slice(1);
    const taken = takeStep(rest, descends);
    if (taken === undefined) return undefined;
    steps.push(taken.step);
    rest = rest.slice(taken.length);
  }
  return steps;
}

function takeStep(
  rest: string,
  descends: boolean,
): { readonly step: Step; readonly length: number } | undefined {
  const key = KEY.exec(rest);
  if (key) {
    const name = unescape(key[0]);
    const step: Step =
      name === '*' ? { kind: 'wildcard' } : { kind: descends ? 'descend' : 'key', name };
    return { step, length: key[0].length };
  }
  if (rest.startsWith('[*]')) return { step: { kind: 'wildcard' }, length: 3 };
  const quoted = QUOTED.exec(rest);
  if (quoted) {
    const name = unescape(quoted[1] ?? '');
    return { step: { kind: descends ? 'descend' : 'key', name }, length: quoted[0].length };
  }
  const index = INDEX.exec(rest);
  if (index) return { step: { kind: 'index', index: Number(index[1]) }, length: index[0].length };
  const range = SLICE.exec(rest);
  if (range) {
    const [all, from, to, step] = range;
    const bound = (part: string | undefined): number | undefined =>
      part === undefined || part === '' ? undefined : Number(part);
    const found: Step = {
      kind: 'slice',
      from: bound(from),
      to: bound(to),
      step: Number(step ?? 1),
    };
    return found.step === 0 ? undefined : { step: found, length: all.length };
  }
  return takeFilter(rest);
}

function takeFilter(rest: string): { readonly step: Step; readonly length: number } | undefined {
  const found = FILTER.exec(rest);
  if (!found) return undefined;
  const [all, pathText = '', operator, literal] = found;
  const path = parseSteps(pathText);
  if (path === undefined) return undefined;
  if (operator === undefined || literal === undefined) {
    return { step: { kind: 'filter', path, test: undefined }, length: all.length };
  }
  const value = parseLiteral(literal);
  if (value === undefined) return undefined;
  return { step: { kind: 'filter', path, test: { operator, value } }, length: all.length };
}

function parseLiteral(text: string): Json | undefined {
  const quoted = /^(?:"(.*)"|'(.*)')$/s.exec(text);
  if (quoted) return quoted[1] ?? quoted[2] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'nil' || text === 'null') return null;
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : undefined;
}

function unescape(text: string): string {
  return text.replaceAll(/\\(.)/gs, '$1');
}
