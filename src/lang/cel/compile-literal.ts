// Closures for list and map literals.
import type { ListLiteral, MapLiteral } from './ast.ts';
import { constantCode, LIST_COST, MAP_COST } from './compile-context.ts';
import type { Code, CompileContext, Scope } from './compile-context.ts';
import { celError } from './error.ts';
import type { Run } from './frame.ts';
import { CelMap, Double, mapKey, Optional } from './value.ts';
import type { MapValue, Value } from './value.ts';

export function compileList(
  list: ListLiteral,
  context: CompileContext,
  scope: Scope | undefined,
): Code {
  const codes = list.elements.map((element) => context.compile(element.value, scope));
  const cost = codes.reduce((sum, code) => sum + code.cost, LIST_COST);
  const plain = list.elements.every((element) => !element.optional);
  if (plain && codes.every((code) => code.constant !== undefined)) {
    // Values are never changed in place, so a list of constants can be one and the same each time.
    return constantCode(codes.map((code) => code.constant as Value));
  }
  const runs = codes.map((code) => code.run);
  if (plain) {
    return {
      run: (frame) => {
        const values: Value[] = [];
        for (const run of runs) values.push(run(frame));
        return values;
      },
      cost,
    };
  }
  const run: Run = (frame) => {
    const values: Value[] = [];
    list.elements.forEach((element, index) => {
      const value = (runs[index] as Run)(frame);
      if (!element.optional) values.push(value);
      else if (unwrap(value, element.value.offset) !== undefined) {
        values.push(unwrap(value, element.value.offset) as Value);
      }
    });
    return values;
  };
  return { run, cost };
}

function unwrap(value: Value, offset: number): Value | undefined {
  if (value instanceof Optional) return value.value;
  throw celError('noSuchOverload', 'no such overload', offset);
}

export function compileMap(
  map: MapLiteral,
  context: CompileContext,
  scope: Scope | undefined,
): Code {
  const entries = map.entries.map((entry) => ({
    key: context.compile(entry.key, scope),
    value: context.compile(entry.value, scope),
    optional: entry.optional,
    offset: entry.key.offset,
  }));
  const cost = entries.reduce((sum, entry) => sum + entry.key.cost + entry.value.cost, MAP_COST);
  const constant = constantMap(entries);
  if (constant !== undefined) return constantCode(constant);
  const run: Run = (frame) => {
    const builder = new MapBuilder();
    for (const entry of entries) {
      const key = entry.key.run(frame);
      const value = entry.value.run(frame);
      const kept = entry.optional ? unwrap(value, entry.offset) : value;
      if (kept !== undefined) builder.set(key, kept, entry.offset);
    }
    return builder.build();
  };
  return { run, cost };
}

interface Entry {
  readonly key: Code;
  readonly value: Code;
  readonly optional: boolean;
  readonly offset: number;
}

/** The map of constants; undefined where it is none, or has keys that fail while evaluating. */
function constantMap(entries: readonly Entry[]): MapValue | undefined {
  const builder = new MapBuilder();
  for (const { key, value, optional, offset } of entries) {
    if (optional || key.constant === undefined || value.constant === undefined) return undefined;
    if (!builder.takes(key.constant)) return undefined;
    builder.set(key.constant, value.constant, offset);
  }
  return builder.build();
}

/** Collects entries: a plain object as long as all keys are strings, a `CelMap` otherwise. */
export class MapBuilder {
  readonly #entries: (readonly [Value, Value])[] = [];
  readonly #seen = new Set<string | boolean | bigint>();
  #stringsOnly = true;

  /** True for a key that is possible and not there yet. */
  takes(key: Value): boolean {
    const identity = keyIdentity(key);
    return identity !== undefined && !this.#seen.has(identity);
  }

  /** Throws for keys that maps cannot have and for keys that are there already. */
  set(key: Value, value: Value, offset: number): void {
    const identity = keyIdentity(key);
    if (identity === undefined) {
      throw celError('invalidArgument', 'unsupported key type', offset);
    }
    if (this.#seen.has(identity)) {
      throw celError('invalidArgument', 'Failed with repeated key', offset);
    }
    this.#seen.add(identity);
    if (typeof key !== 'string') this.#stringsOnly = false;
    this.#entries.push([key, value]);
  }

  build(): MapValue {
    if (!this.#stringsOnly) return new CelMap(this.#entries);
    // Without a prototype, so that `__proto__` is a key like any other.
    const object = Object.create(null) as Record<string, Value>;
    for (const [key, value] of this.#entries) object[key as string] = value;
    return object;
  }
}

/** Doubles find keys but cannot be keys. */
function keyIdentity(key: Value): string | boolean | bigint | undefined {
  return key instanceof Double ? undefined : mapKey(key);
}
