// Type variables and assignability, as cel-spec's "Gradual Type Checking" has them.
import { DYN, STRING } from './type.ts';
import type { Type } from './type.ts';

/** What type variables stand for so far. */
export class Substitution {
  private bound = new Map<string, Type>();
  private fresh = 0;

  /** A new type variable. No name that is written anywhere contains `#`. */
  variable(): Type {
    return { kind: 'param', name: `#${this.fresh++}`, params: [] };
  }

  /** The signature with its own type parameters replaced by new variables. */
  instantiate(types: readonly Type[]): readonly Type[] {
    const variables = new Map<string, Type>();
    const replace = (type: Type): Type => {
      if (type.kind === 'param') {
        if (type.name.startsWith('#')) return type;
        const known = variables.get(type.name) ?? this.variable();
        variables.set(type.name, known);
        return known;
      }
      return type.params.length === 0 ? type : { ...type, params: type.params.map(replace) };
    };
    return types.map(replace);
  }

  /** The type with what is known about its variables; with `final`, unknown ones become dyn. */
  apply(type: Type, final = false): Type {
    if (type.kind === 'param') {
      const bound = this.bound.get(type.name);
      if (bound !== undefined) return this.apply(bound, final);
      return final ? DYN : type;
    }
    if (type.params.length === 0) return type;
    return { ...type, params: type.params.map((param) => this.apply(param, final)) };
  }

  /** Follows a variable to what it stands for, one level deep. */
  resolve(type: Type): Type {
    let at = type;
    while (at.kind === 'param') {
      const bound = this.bound.get(at.name);
      if (bound === undefined) return at;
      at = bound;
    }
    return at;
  }

  /** True where all values fit their targets; only then are variables bound. */
  assignAll(targets: readonly Type[], values: readonly Type[]): boolean {
    if (!targets.some(hasVariable) && !values.some(hasVariable)) {
      return targets.every((target, index) => this.fits(target, values[index] as Type));
    }
    const before = new Map(this.bound);
    if (targets.every((target, index) => this.fits(target, values[index] as Type))) return true;
    this.bound = before;
    return false;
  }

  /** True where the value's type fits the target. */
  assign(target: Type, value: Type): boolean {
    return this.assignAll([target], [value]);
  }

  /** The type of a literal's elements: the more general of the two, undefined where there is none. */
  join(a: Type, b: Type): Type | undefined {
    if (this.assign(a, b) || this.assign(b, a)) return moreGeneral(a, b);
    return undefined;
  }

  private fits(target: Type, value: Type): boolean {
    if (target === value) return true;
    if (value.kind === 'param') return this.bind(value, target);
    if (target.kind === 'param') return this.bind(target, value);
    if (target.kind === 'dyn' || value.kind === 'dyn') return true;
    if (value.kind === 'null') return takesNull(target);
    if (target.kind === 'null') return takesNull(value);
    if (target.kind === 'map' && value.kind === 'object') return this.fitsMap(target, value);
    if (target.kind === 'object' && value.kind === 'map') return this.fitsMap(value, target);
    if (target.kind !== value.kind) return false;
    if (target.kind === 'type') return true;
    if (target.kind === 'object') return this.sameFields(target, value);
    if (target.name !== value.name || target.params.length !== value.params.length) return false;
    return target.params.every((param, index) => this.fits(param, value.params[index] as Type));
  }

  /** An object of plain JSON is a map of texts to anything. */
  private fitsMap(map: Type, object: Type): boolean {
    const [key = DYN, value = DYN] = map.params;
    return object.isMap === true && this.fits(key, STRING) && this.fits(value, DYN);
  }

  private sameFields(target: Type, value: Type): boolean {
    if (target.name === value.name) return true;
    // Different parts of plain JSON may be compared: nothing says that they differ.
    if (target.isMap === true && value.isMap === true) return true;
    const mine = target.fields ?? new Map<string, Type>();
    const theirs = value.fields ?? new Map<string, Type>();
    if (mine.size !== theirs.size) return false;
    for (const [name, type] of mine) {
      const other = theirs.get(name);
      if (other === undefined || !this.fits(type, other)) return false;
    }
    return true;
  }

  private bind(variable: Type, type: Type): boolean {
    const bound = this.bound.get(variable.name);
    if (bound !== undefined) {
      if (!this.fits(bound, type)) return false;
      const general = moreGeneral(bound, type);
      if (!this.occurs(variable.name, general)) this.bound.set(variable.name, general);
      return true;
    }
    const other = this.resolve(type);
    if (other.kind === 'param' && other.name === variable.name) return true;
    if (this.occurs(variable.name, type)) return false;
    this.bound.set(variable.name, type);
    return true;
  }

  private occurs(name: string, type: Type): boolean {
    if (type.kind === 'param') {
      if (type.name === name) return true;
      const bound = this.bound.get(type.name);
      return bound !== undefined && this.occurs(name, bound);
    }
    return type.params.some((param) => this.occurs(name, param));
  }
}

function hasVariable(type: Type): boolean {
  return type.kind === 'param' || type.params.some(hasVariable);
}

/** Null fits what may be absent: times, objects and the types of libraries. */
function takesNull(type: Type): boolean {
  return (
    type.kind === 'null' ||
    type.kind === 'timestamp' ||
    type.kind === 'duration' ||
    type.kind === 'opaque' ||
    type.kind === 'object'
  );
}

function moreGeneral(a: Type, b: Type): Type {
  return isAsGeneral(a, b) ? a : b;
}

function isAsGeneral(a: Type, b: Type): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true;
  if (b.kind === 'dyn' || b.kind === 'param') return false;
  if (a.kind === 'null') return b.kind === 'null';
  if (a.kind !== b.kind || a.params.length !== b.params.length) return b.kind === 'null';
  return a.params.every((param, index) => isAsGeneral(param, b.params[index] as Type));
}

/** True for two types that are the same in every part. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false;
  return a.params.every((param, index) => sameType(param, b.params[index] as Type));
}
