// The tables of a TOML document while it is read, with the rules on defining things twice that
// BurntSushi/toml keeps: implicit tables may be defined later, everything else only once.
import { ANY_MAP, sliceOf } from '../../type.ts';
import { GoList, GoMap } from '../../value.ts';
import type { Value } from '../../value.ts';

export class TomlProblem extends Error {}

const TABLE_LIST = sliceOf(ANY_MAP);

/** Dotted keys as errors show them. */
export function keyPath(key: readonly string[]): string {
  return key.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part))).join('.');
}

export class TomlTables {
  readonly root = new GoMap(new Map());
  /** The table that keys go into. */
  context: readonly string[] = [];
  readonly #implicit = new Set<string>();
  readonly #arrays = new Set<string>();

  /** Opens a table by its full path, creating what is missing on the way. */
  open(path: readonly string[], isArray: boolean): void {
    let table = this.root;
    const parents = path.slice(0, -1);
    for (const [at, name] of parents.entries()) {
      const reached = path.slice(0, at + 1);
      if (!table.entries.has(name)) {
        this.markImplicit(reached);
        table.entries.set(name, new GoMap(new Map()));
      }
      const next = tableIn(table.entries.get(name));
      if (!next) throw new TomlProblem(`Key '${keyPath(reached)}' was already created as a hash.`);
      table = next;
    }
    const name = path.at(-1) ?? '';
    this.context = parents;
    if (isArray) this.#append(table, path, name);
    else this.set(name, new GoMap(new Map()));
    this.context = path;
  }

  #append(table: GoMap, path: readonly string[], name: string): void {
    const present = table.entries.get(name) ?? new GoList([], TABLE_LIST);
    if (!(present instanceof GoList) || present.type !== TABLE_LIST) {
      throw new TomlProblem(
        `Key '${keyPath(path)}' was already created and cannot be used as an array.`,
      );
    }
    present.items.push(new GoMap(new Map()));
    table.entries.set(name, present);
  }

  /** Opens tables for the leading parts of a dotted key, inside the present one. */
  openDotted(parents: readonly string[]): void {
    for (const name of parents) {
      const path = [...this.context, name];
      this.markImplicit(path);
      this.open(path, false);
    }
  }

  markImplicit(path: readonly string[]): void {
    this.#implicit.add(keyPath(path));
  }

  markArray(path: readonly string[]): void {
    this.#arrays.add(keyPath(path));
  }

  /** Sets a key of the present table. */
  set(name: string, value: Value): void {
    let table = this.root;
    for (const [at, part] of this.context.entries()) {
      const next = tableIn(table.entries.get(part));
      if (!next) throw alreadyDefined(this.context.slice(0, at + 1));
      table = next;
    }
    const path = [...this.context, name];
    if (!table.entries.has(name)) {
      table.entries.set(name, value);
      return;
    }
    const key = keyPath(path);
    if (!this.#implicit.has(key)) throw alreadyDefined(path);
    this.#implicit.delete(key);
    if (this.#arrays.has(key)) table.entries.set(name, value);
  }
}

function alreadyDefined(path: readonly string[]): TomlProblem {
  return new TomlProblem(`Key '${keyPath(path)}' has already been defined.`);
}

/** A table, or the last one of an array of tables. */
function tableIn(value: Value): GoMap | undefined {
  if (value instanceof GoMap) return value;
  if (!(value instanceof GoList) || value.type !== TABLE_LIST) return undefined;
  const last = value.items.at(-1);
  return last instanceof GoMap ? last : undefined;
}
