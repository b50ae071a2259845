// The standard library of cel-spec, which every environment has.
import { STANDARD_MACROS } from '../macros.ts';
import type { Library } from '../library.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  STRING,
  TIMESTAMP,
  typeTypeOf,
  UINT,
} from '../type.ts';
import type { Type } from '../type.ts';
import { CONVERSIONS } from './conversions.ts';
import { OPERATORS } from './operators.ts';
import { TEXTS } from './texts.ts';
import { TIMES } from './times.ts';

/** Types whose names are expressions. */
export const STANDARD_TYPES: readonly Type[] = [
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  INT,
  listOf(DYN),
  mapOf(DYN, DYN),
  NULL,
  STRING,
  TIMESTAMP,
  typeTypeOf(DYN),
  UINT,
];

export const standardLibrary: Library = {
  name: 'standard',
  functions: [...OPERATORS, ...CONVERSIONS, ...TEXTS, ...TIMES],
  macros: STANDARD_MACROS,
};

export { celGoLibrary } from './cel-go.ts';
export { OPTIONALS, optionalLibrary } from './optionals.ts';
export { bindLibrary, twoVariableLibrary } from './comprehensions.ts';
