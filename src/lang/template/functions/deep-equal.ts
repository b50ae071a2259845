// reflect.DeepEqual over template values (go-templates §4.1): types count, so `list "a"` differs
// from `splitList "," "a"`, and a nil list from an empty one.
import type { CallContext } from '../function.ts';
import { sameType } from '../type.ts';
import { GoComplex, GoFunc, GoInt, GoList, GoMap, GoObject, typeOf } from '../value.ts';
import type { Value } from '../value.ts';

/** Charges one unit per pair compared. Cycles, which `set` can make, count as equal. */
export function deepEqual(context: CallContext, left: Value, right: Value): boolean {
  return new Comparison(context).equal(left ?? null, right ?? null);
}

class Comparison {
  readonly #context: CallContext;
  readonly #begun = new Map<Value, Set<Value>>();

  constructor(context: CallContext) {
    this.#context = context;
  }

  equal(left: Value, right: Value): boolean {
    this.#context.charge(1);
    const leftType = typeOf(left);
    const rightType = typeOf(right);
    if (!leftType || !rightType) return leftType === rightType;
    if (!sameType(leftType, rightType)) return false;
    if (left instanceof GoInt && right instanceof GoInt) return left.value === right.value;
    if (left instanceof GoComplex && right instanceof GoComplex) {
      return left.re === right.re && left.im === right.im;
    }
    if (left instanceof GoList && right instanceof GoList) return this.#lists(left, right);
    if (left instanceof GoMap && right instanceof GoMap) return this.#maps(left, right);
    if (left instanceof GoObject && right instanceof GoObject) {
      return left === right || (left.type.equal?.(left.state, right.state) ?? false);
    }
    if (left instanceof Uint8Array && right instanceof Uint8Array) {
      return left.length === right.length && left.every((byte, at) => byte === right[at]);
    }
    // Functions are equal only where both are nil.
    return left instanceof GoFunc ? false : left === right;
  }

  #lists(left: GoList, right: GoList): boolean {
    if (left.isNil !== right.isNil || left.items.length !== right.items.length) return false;
    if (this.#seen(left, right)) return true;
    return left.items.every((item, at) => this.equal(item ?? null, right.items[at] ?? null));
  }

  #maps(left: GoMap, right: GoMap): boolean {
    if (left.isNil !== right.isNil || left.entries.size !== right.entries.size) return false;
    if (this.#seen(left, right)) return true;
    for (const [key, value] of left.entries) {
      if (!right.entries.has(key)) return false;
      if (!this.equal(value ?? null, right.entries.get(key) ?? null)) return false;
    }
    return true;
  }

  #seen(left: Value, right: Value): boolean {
    if (left === right) return true;
    const partners = this.#begun.get(left) ?? new Set<Value>();
    if (partners.has(right)) return true;
    partners.add(right);
    this.#begun.set(left, partners);
    return false;
  }
}
