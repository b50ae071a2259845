// Libraries that consist of macros only.
import type { Library } from '../library.ts';
import { BIND_MACROS, TWO_VARIABLE_MACROS } from '../macros.ts';

/** Kubernetes 1.32: `all(i, v, …)`, `transformList`, `transformMap` … */
export const twoVariableLibrary: Library = {
  name: 'twoVariableComprehensions',
  functions: [],
  macros: TWO_VARIABLE_MACROS,
};

/** `cel.bind`: in no environment unless asked for. */
export const bindLibrary: Library = { name: 'bind', functions: [], macros: BIND_MACROS };
