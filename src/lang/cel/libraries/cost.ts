// What library calls cost, in the units of Kubernetes' cost model (apiserver pkg/cel/library/cost).
// Every function here gives the cost *on top of* the 1 that the engine counts for any call.
import { isList, isMap, mapEntries } from '../value.ts';
import type { Value } from '../value.ts';

/** Reading ten characters costs 1. */
const PER_CHARACTER = 0.1;
/** A regular expression has, at a guess, one instruction per four characters. */
const PER_PATTERN_CHARACTER = 0.25;
/** Allocating a list. */
const LIST = 10;
/** Where counting ends: larger than any limit that makes sense. */
const ENOUGH = 10_000_000;

/** Kubernetes' whole cost of a call as the part above the engine's 1. */
export function above(cost: number): number {
  return Math.max(0, cost - 1);
}

/** One pass over a text. */
export function textCost(text: string): number {
  return above(Math.ceil(text.length * PER_CHARACTER));
}

/** A pass over a text and the writing of a result. */
export function rewriteCost(length: number): number {
  return above(Math.ceil(length * 2 * PER_CHARACTER));
}

/** What `length` characters more in a result cost. */
export function growthCost(length: number): number {
  return Math.ceil(Math.max(0, length) * PER_CHARACTER);
}

/** A search with a regular expression: length of the text times length of the pattern. */
export function regexCost(textLength: number, patternLength: number): number {
  const text = Math.ceil((1 + textLength) * PER_CHARACTER);
  return above(text * Math.ceil(patternLength * PER_PATTERN_CHARACTER));
}

/** A new list of so many elements. */
export function listCost(elements: number): number {
  return Math.min(LIST + Math.max(0, elements), ENOUGH);
}

/** One pass over a list: its elements, nested ones included, and the characters of its texts. */
export function traversalCost(list: readonly Value[]): number {
  return Math.min(weigh(list, { characters: 10, budget: ENOUGH }) - 1, ENOUGH);
}

interface Scale {
  /** How many characters count as much as one number. */
  readonly characters: number;
  /** Where counting ends. Shared parts count each time, as comparing them does: hence this bound. */
  readonly budget: number;
}

function weigh(value: Value, { characters, budget }: Scale): number {
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return Math.max(1, Math.floor(value.length / characters));
  }
  if (typeof value !== 'object' || value === null) return 1;
  let sum = 1;
  for (const child of childrenOf(value)) {
    sum += weigh(child, { characters, budget: budget - sum });
    if (sum >= budget) break;
  }
  return sum;
}

function childrenOf(value: Value): Iterable<Value> {
  if (isList(value)) return value;
  return isMap(value) ? Array.from(mapEntries(value), (entry) => entry[1]) : [];
}

/** Comparing every element of one list with every element of another, `factor` times. */
export function pairsCost(a: readonly Value[], b: readonly Value[], factor: number): number {
  const simple = a.length * b.length * factor;
  if (simple >= ENOUGH) return ENOUGH;
  // Comparing two values costs no more than the smaller of them; texts compare quickly.
  const scale = { characters: 256, budget: ENOUGH };
  const [weightA, weightB] = [weigh(a, scale) - 1, weigh(b, scale) - 1];
  const pairs = Math.min(weightA * b.length, weightB * a.length);
  return Math.min(ENOUGH, Math.floor(Math.max(simple, pairs * factor)));
}
