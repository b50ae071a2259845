// The functions of an environment by name, and how a call finds its overload at run time.
import { noSuchOverload } from './library.ts';
import type { FunctionDeclaration, Library, Overload } from './library.ts';
import { formatType } from './type.ts';
import type { Type } from './type.ts';
import {
  Duration,
  isDouble,
  isInt,
  isMap,
  Opaque,
  Optional,
  Timestamp,
  TypeValue,
  Uint,
} from './value.ts';
import type { Value } from './value.ts';

/**
 * All overloads of the libraries, in the order in which they were declared. A later library replaces
 * an overload of an earlier one by declaring the same parameters.
 */
export interface FunctionTable {
  readonly globals: ReadonlyMap<string, readonly Overload[]>;
  readonly members: ReadonlyMap<string, readonly Overload[]>;
  /** Names that are a prefix of a namespaced function: `sets` for `sets.contains`. */
  readonly namespaces: ReadonlySet<string>;
}

export function functionTable(libraries: readonly Library[]): FunctionTable {
  const globals = new Map<string, readonly Overload[]>();
  const members = new Map<string, readonly Overload[]>();
  const namespaces = new Set<string>();
  const declare = ({ name, member, overloads }: FunctionDeclaration): void => {
    const into = member ? members : globals;
    const earlier = (into.get(name) ?? []).filter(
      (known) => !overloads.some((overload) => sameParameters(known, overload)),
    );
    into.set(name, [...earlier, ...overloads]);
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      namespaces.add(name.slice(0, dot));
    }
  };
  for (const library of libraries) library.functions.forEach(declare);
  return { globals, members, namespaces };
}

function sameParameters(a: Overload, b: Overload): boolean {
  if (a.params.length !== b.params.length) return false;
  return a.params.every((type, index) => formatType(type) === formatType(b.params[index] as Type));
}

type Guard = (value: Value) => boolean;

const GUARDS: Readonly<Record<string, Guard>> = {
  null: (value) => value === null,
  bool: (value) => typeof value === 'boolean',
  int: isInt,
  uint: (value) => value instanceof Uint,
  double: isDouble,
  string: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  timestamp: (value) => value instanceof Timestamp,
  duration: (value) => value instanceof Duration,
  list: (value) => Array.isArray(value),
  map: isMap,
  object: isMap,
  type: (value) => value instanceof TypeValue,
};

/** The run-time test of a parameter type; undefined where anything is taken. */
function guardOf(type: Type): Guard | undefined {
  if (type.kind !== 'opaque') return GUARDS[type.kind];
  if (type.name === 'optional_type') return (value) => value instanceof Optional;
  return (value) => value instanceof Opaque && value.celType === type.name;
}

/** An overload with its parameter tests prepared. */
interface Candidate {
  readonly guards: readonly (Guard | undefined)[];
  readonly overload: Overload;
}

/** Picks the overload for evaluated arguments. */
export type Dispatcher = (args: readonly Value[]) => Overload;

/** A dispatcher over overloads of one arity. Throws `noSuchOverload` where none fits. */
export function dispatcher(overloads: readonly Overload[]): Dispatcher {
  const candidates = overloads.map((overload): Candidate => ({
    guards: overload.params.map(guardOf),
    overload,
  }));
  return (args) => {
    for (const { guards, overload } of candidates) {
      if (fits(guards, args)) return overload;
    }
    throw noSuchOverload();
  };
}

function fits(guards: readonly (Guard | undefined)[], args: readonly Value[]): boolean {
  for (let index = 0; index < guards.length; index++) {
    const guard = guards[index];
    if (guard !== undefined && !guard(args[index] as Value)) return false;
  }
  return true;
}

/** How much work it is to specialise the overloads for these literals. */
export function specialisingWeight(
  overloads: readonly Overload[],
  literals: readonly (Value | undefined)[],
): number {
  return overloads.reduce((sum, overload) => sum + (overload.weight?.(literals) ?? 0), 0);
}

/**
 * The overloads with their literal arguments worked in. What `specialise` throws is a mistake in the
 * expression itself, but only where every overload that could take the literals refuses them.
 */
export function specialised(
  overloads: readonly Overload[],
  literals: readonly (Value | undefined)[],
): readonly Overload[] {
  if (literals.every((value) => value === undefined)) {
    return overloads.map((overload) => withImplementation(overload, literals));
  }
  return overloads.map((overload) => {
    const takes = overload.params.every((type, index) => {
      const value = literals[index];
      return value === undefined || (guardOf(type)?.(value) ?? true);
    });
    return takes ? withImplementation(overload, literals) : overload;
  });
}

function withImplementation(
  overload: Overload,
  literals: readonly (Value | undefined)[],
): Overload {
  const special = overload.specialise?.(literals);
  if (special === undefined) return overload;
  return typeof special === 'function'
    ? { ...overload, call: special }
    : { ...overload, ...special };
}
