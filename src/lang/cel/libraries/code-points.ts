// Texts by code point: CEL indexes count code points, JavaScript's count UTF-16 units.
import { celError } from '../error.ts';
import type { Int } from '../value.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** A text that can be cut at code points; plain BMP texts are not split into characters. */
export interface Text {
  readonly length: number;
  slice(start: number, end: number): string;
  /** UTF-16 offset of a code point. */
  offset(index: number): number;
  /** Code point index of a UTF-16 offset. */
  index(offset: number): number;
}

export function textOf(value: string): Text {
  if (!SURROGATE.test(value)) {
    return {
      length: value.length,
      slice: (start, end) => value.slice(start, end),
      offset: (index) => index,
      index: (offset) => offset,
    };
  }
  const characters = Array.from(value);
  return {
    length: characters.length,
    slice: (start, end) => characters.slice(start, end).join(''),
    offset: (index) => characters.slice(0, index).join('').length,
    index: (offset) => Array.from(value.slice(0, offset)).length,
  };
}

export function charactersOf(value: string): string[] {
  return SURROGATE.test(value) ? Array.from(value) : value.split('');
}

/** The index as a number, checked to be in 0…length. */
export function indexIn(length: number, index: Int): number {
  if (index < 0 || index > length) throw celError('indexOutOfBounds', 'index out of range');
  return Number(index);
}
