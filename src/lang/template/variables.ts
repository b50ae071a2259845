// Which slot a variable name means at each place of a template, worked out while compiling.
import type { Value } from './value.ts';
import { GoObject } from './value.ts';

/** Marks a slot whose declaration has not been evaluated: `or` and `and` may skip one. */
export const UNSET: Value = new GoObject({ kind: 'struct', name: 'unset' }, undefined);

export interface Slot {
  readonly name: string;
  readonly index: number;
  /** Its declaration may be skipped, so that an outer variable of the name shows through. */
  readonly conditional: boolean;
  /** Declared by `range`: the frame remembers whether its value came out of an interface. */
  readonly fromRange: boolean;
}

/** The variables visible at the place that is being compiled. */
export class Variables {
  private readonly visible: Slot[] = [];
  /** The same by name, the innermost last. */
  private readonly byName = new Map<string, Slot[]>();
  private count = 0;
  /** Above zero inside the arguments of `and` and `or`. */
  skippable = 0;
  /** Slots declared in the present statement that must be marked unset before it runs. */
  conditionals: number[] = [];

  constructor() {
    this.declare('$', false);
  }

  get slots(): number {
    return this.count;
  }

  declare(name: string, fromRange: boolean): Slot {
    const conditional = this.skippable > 0;
    const slot = { name, index: this.count, conditional, fromRange };
    this.count += 1;
    this.visible.push(slot);
    const same = this.byName.get(name);
    if (same === undefined) this.byName.set(name, [slot]);
    else same.push(slot);
    if (conditional) this.conditionals.push(slot.index);
    return slot;
  }

  /** The slots that a name may mean, the most likely first; empty when it is undefined. */
  resolve(name: string): readonly Slot[] {
    const same = this.byName.get(name) ?? [];
    const certain = same.findLastIndex((slot) => !slot.conditional);
    return same.slice(Math.max(0, certain)).reverse();
  }

  /** Runs `compile` in a scope of its own: what it declares is not visible afterwards. */
  scoped<T>(compile: () => T): T {
    const mark = this.visible.length;
    const result = compile();
    for (const { name } of this.visible.splice(mark)) this.byName.get(name)?.pop();
    return result;
  }
}
