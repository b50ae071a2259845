// What one evaluation works on: variable slots and the meter that keeps it bounded.
import { celError } from './error.ts';
import type { Value } from './value.ts';

/** Bounds of one evaluation; see `DEFAULT_LIMITS`. */
export interface Limits {
  /** Kubernetes' cost units. */
  readonly cost: number;
  /** Milliseconds of wall clock, measured with `now`; not kept where no clock is given. */
  readonly deadline: number;
  /** A monotonic clock in milliseconds, injected because this folder reads none. */
  readonly now: (() => number) | undefined;
}

/** Kubernetes' limit per expression, and the deadline of reference/cel.md §8.6. */
export const DEFAULT_LIMITS: Limits = { cost: 1_000_000, deadline: 100, now: undefined };

/** Cost units between two looks at the clock: some tens of microseconds of work. */
const CLOCK_INTERVAL = 1_000;

/** A compiled node. */
export type Run = (frame: Frame) => Value;

export class Frame {
  readonly slots: (Value | undefined)[];
  /** Cost so far. */
  cost = 0;
  private readonly limits: Limits;
  private checkpoint: number;
  private stopAt = -1;

  constructor(slots: (Value | undefined)[], limits: Limits) {
    this.slots = slots;
    this.limits = limits;
    this.checkpoint = limits.cost < CLOCK_INTERVAL ? limits.cost : CLOCK_INTERVAL;
  }

  /** Adds to the cost. Throws a limit error once the cost or the deadline is exceeded. */
  charge(units: number): void {
    this.cost += units;
    if (this.cost > this.checkpoint) this.check();
  }

  private check(): void {
    const { cost, deadline, now } = this.limits;
    if (this.cost > cost) {
      throw celError('cost', `evaluation stopped: cost limit of ${cost} exceeded`);
    }
    if (now !== undefined) {
      const time = now();
      // The clock is first read here, after microseconds: most evaluations never read it.
      if (this.stopAt < 0) this.stopAt = time + deadline;
      else if (time > this.stopAt) {
        throw celError('deadline', `evaluation stopped: deadline of ${deadline} ms exceeded`);
      }
    }
    this.checkpoint = Math.min(cost, this.cost + CLOCK_INTERVAL);
  }
}
