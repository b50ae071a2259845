// What calls cost at most, by the sizes of their operands: the static side of Kubernetes' cost model.
import type { Expr } from '../ast.ts';
import type { Type } from '../type.ts';
import { fixed, times, UNKNOWN } from './size.ts';
import type { Size } from './size.ts';

export interface Operand {
  readonly expr: Expr;
  readonly type: Type;
  /** What is known, or everything that is possible. */
  readonly size: Size;
}

/** A call with its receiver as the first operand. */
export interface SizedCall {
  readonly name: string;
  readonly operands: readonly Operand[];
}

export interface CallEstimate {
  readonly cost: number;
  /** Of the result; undefined where only its type says something. */
  readonly size?: Size;
}

type Estimator = (call: SizedCall) => CallEstimate;

/** Reading ten characters costs 1. */
const CHARACTER = 0.1;
/** A regular expression has, at a guess, one instruction per four characters. */
const PATTERN_CHARACTER = 0.25;
const NEW_LIST = 10;
const ONCE: CallEstimate = { cost: 1 };

function scaled(size: number, factor: number): number {
  return size === 0 ? 0 : Math.ceil(size * factor);
}

function operand({ operands }: SizedCall, index: number): Size {
  return operands[index]?.size ?? UNKNOWN;
}

/** A pass over the first operand. */
const read: Estimator = (call) => ({ cost: scaled(operand(call, 0).max, CHARACTER) });

/** A pass whose result is no longer than what it reads. */
const rewrite: Estimator = (call) => {
  const { min, max } = operand(call, 0);
  return { cost: scaled(max, CHARACTER), size: { min, max } };
};

const compare: Estimator = (call) => {
  const [left, right] = call.operands;
  if (isConstantSize(left?.type) && isConstantSize(right?.type)) return ONCE;
  return { cost: scaled(Math.min(operand(call, 0).max, operand(call, 1).max), CHARACTER) };
};

/** Values of libraries that are compared in one step. */
const CONSTANT_SIZE: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
]);

function isConstantSize(type: Type | undefined): boolean {
  return type?.kind === 'opaque' && CONSTANT_SIZE.has(type.name);
}

/** Kinds that may be texts or bytes. */
function mayBeText(type: Type | undefined): boolean {
  return type?.kind === 'string' || type?.kind === 'bytes' || type?.kind === 'dyn';
}

const order: Estimator = (call) => {
  if (!call.operands.every(({ type }) => mayBeText(type))) return ONCE;
  return compare(call);
};

const plus: Estimator = (call) => {
  const [left, right] = call.operands;
  const [a, b] = [operand(call, 0), operand(call, 1)];
  const size: Size = { min: a.min + b.min, max: a.max + b.max, element: joined(a, b) };
  const isList = left?.type.kind === 'list' || right?.type.kind === 'list';
  if (isList) return { cost: 1, size };
  if (!mayBeText(left?.type) || !mayBeText(right?.type)) return ONCE;
  return { cost: scaled(size.max, CHARACTER), size };
};

function joined(a: Size, b: Size): Size | undefined {
  if (a.element === undefined || b.element === undefined) return undefined;
  return {
    min: Math.min(a.element.min, b.element.min),
    max: Math.max(a.element.max, b.element.max),
  };
}

const membership: Estimator = (call) => {
  const container = call.operands[1];
  if (container?.type.kind === 'map') return ONCE;
  return { cost: Math.max(container?.type.kind === 'dyn' ? 1 : 0, operand(call, 1).max) };
};

/** A search in a text: both lengths count. */
const contains: Estimator = (call) => ({
  cost: times(scaled(operand(call, 0).max, CHARACTER), scaled(operand(call, 1).max, CHARACTER)),
});

const search: Estimator = (call) => {
  const text = scaled(operand(call, 0).max + 1, CHARACTER);
  const cost = times(text, scaled(operand(call, 1).max, PATTERN_CHARACTER));
  return { cost };
};

const find: Estimator = (call) => ({
  ...search(call),
  size: { min: 0, max: operand(call, 0).max },
});

/** A pass over a list; texts in it are read. */
const walk: Estimator = (call) => {
  const [list] = call.operands;
  const { max, element } = operand(call, 0);
  if (list?.type.kind === 'string') return { cost: scaled(max, CHARACTER) };
  const kind = list?.type.params[0]?.kind;
  const reads = kind === 'string' || kind === 'bytes';
  const each = reads ? 1 + scaled((element ?? UNKNOWN).max, CHARACTER) : 1;
  return { cost: times(max, each) };
};

const replace: Estimator = (call) => {
  const [text, from, to] = [0, 1, 2].map((index) => operand(call, index)) as [Size, Size, Size];
  const cost = scaled(text.max, 2 * CHARACTER);
  let max = text.max;
  // An empty text is found between all characters.
  if (from.min === 0) max = times(text.max + 1, to.max) + text.max;
  else if (to.max > from.min) max = times(Math.ceil(text.max / from.min), to.max);
  return { cost, size: { min: 0, max } };
};

const split: Estimator = (call) => {
  const { max } = operand(call, 0);
  const limit = literalNumber(call.operands[2]?.expr) ?? max;
  return { cost: scaled(max, 2 * CHARACTER), size: { min: 0, max: limit } };
};

const join: Estimator = (call) => {
  const { max, element = UNKNOWN } = operand(call, 0);
  const separator = call.operands.length > 1 ? operand(call, 1).max : 0;
  const length = times(max, element.max) + times(separator, Math.max(0, max - 1));
  return { cost: scaled(length, CHARACTER), size: { min: 0, max: length } };
};

/** Addresses have at most 16 bytes; as a text they are read first. */
function inNetwork(cost: number): Estimator {
  return (call) => {
    if (call.operands[1]?.type.kind === 'opaque') return { cost };
    return { cost: cost + scaled(operand(call, 1).max, CHARACTER) };
  };
}

function pairs(factor: number): Estimator {
  return (call) => ({ cost: 1 + times(operand(call, 0).max, operand(call, 1).max) * factor });
}

/** A new list, and `factor` steps for each element. */
function newList(count: (call: SizedCall) => number, factor = 1): Estimator {
  return (call) => {
    const max = count(call);
    const { element } = operand(call, 0);
    return { cost: 1 + NEW_LIST + times(max, factor), size: { min: 0, max, element } };
  };
}

const squared = (call: SizedCall): number =>
  times(operand(call, call.operands.length - 1).max, operand(call, call.operands.length - 1).max);

const range = ({ operands }: SizedCall): number => literalNumber(operands[0]?.expr) ?? Infinity;

const slice = (call: SizedCall): number => {
  const start = literalNumber(call.operands[1]?.expr) ?? 0;
  const end = literalNumber(call.operands[2]?.expr) ?? operand(call, 0).max;
  return Math.max(0, end - start);
};

const flatten = newList((call) => operand(call, 0).max);

function literalNumber(expr: Expr | undefined): number | undefined {
  if (expr?.kind !== 'literal') return undefined;
  return typeof expr.value === 'number' ? expr.value : undefined;
}

/** The longest text of a number, a time or a duration. cel-go takes it for unlimited, so that no message could show one. */
const SCALAR_TEXT: Size = { min: 0, max: 40 };

/** Conversions between texts and bytes read all of it; a character has up to four bytes. */
const convert: Estimator = (call) => {
  const { min, max } = operand(call, 0);
  const kind = call.operands[0]?.type.kind;
  if (call.name === 'bytes' && kind === 'string') {
    return { cost: scaled(max, CHARACTER), size: { min, max: max * 4 } };
  }
  if (call.name === 'string' && kind === 'bytes') {
    return { cost: scaled(max, CHARACTER), size: { min: Math.floor(min / 4), max } };
  }
  if (call.name !== 'string' || mayBeText(call.operands[0]?.type)) return ONCE;
  return { cost: 1, size: SCALAR_TEXT };
};

const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ...each('_==_ _!=_', compare),
  ...each('_<_ _<=_ _>_ _>=_', order),
  ...each('isSorted sum max min indexOf lastIndexOf includes', walk),
  ...each('lowerAscii upperAscii substring trim url jsonpatch.escapeKey', rewrite),
  ...each('cidr isIP isCIDR ip quantity isQuantity semver isSemver', read),
  ...each('find findAll', find),
  ...each('bytes string', convert),
  ...each('sets.contains sets.intersects', pairs(1)),
  ...each('sort sortBy @sortByAssociatedKeys', newList(squared, 2)),
  ['sets.equivalent', pairs(2)],
  ['distinct', newList(squared, 2)],
  ['reverse', newList((call) => operand(call, 0).max)],
  ['slice', newList(slice)],
  ['lists.range', newList(range)],
  ['flatten', flatten],
  ['_+_', plus],
  ['@in', membership],
  ['matches', search],
  ['contains', contains],
  ['startsWith', (call) => ({ cost: scaled(operand(call, 1).max, CHARACTER) })],
  ['endsWith', (call) => ({ cost: scaled(operand(call, 1).max, CHARACTER) })],
  ['replace', replace],
  ['split', split],
  ['join', join],
  ['format', (call) => ({ cost: scaled(operand(call, 0).max, CHARACTER) })],
  ['containsIP', inNetwork(4)],
  ['containsCIDR', inNetwork(7)],
  ['ip.isCanonical', (call) => ({ cost: scaled(operand(call, 0).max, 2 * CHARACTER) })],
  // The longest pattern of a format has 128 characters.
  ['validate', (call) => ({ cost: scaled(operand(call, 1).max, CHARACTER) * 32 })],
  [
    'strings.quote',
    (call) => {
      const { min, max } = operand(call, 0);
      return { cost: scaled(max, CHARACTER), size: { min: min + 2, max: max * 2 + 2 } };
    },
  ],
]);

function each(names: string, estimator: Estimator): readonly [string, Estimator][] {
  return names.split(' ').map((name) => [name, estimator]);
}

/** The call itself, without its operands: 1 unless its work grows with them. */
export function estimateCall(call: SizedCall): CallEstimate {
  // `cidr.ip()` only reads a field.
  if (call.name === 'ip' && call.operands[0]?.type.kind === 'opaque') return ONCE;
  if (call.name === 'contains' && call.operands[0]?.type.kind === 'opaque') return ONCE;
  return ESTIMATORS.get(call.name)?.(call) ?? ONCE;
}

/** The size of a literal. */
export function literalSize(value: unknown): Size {
  if (typeof value === 'string') return fixed(Array.from(value).length);
  return fixed(value instanceof Uint8Array ? value.length : 1);
}
