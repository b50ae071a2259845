// What one render may cost. Go has no such limits; here they end a hostile template in an error.

export interface Limits {
  /** Statements, calls, iterations, and units that functions charge for their work. */
  readonly steps: number;
  /** Bytes of UTF-8 in the result. */
  readonly outputBytes: number;
  /** UTF-16 units of any one string. */
  readonly stringLength: number;
  /** UTF-16 units of all strings that are written or announced, together. */
  readonly textVolume: number;
  /** Templates inside templates, by `template`, `include` or `tpl`. */
  readonly templateDepth: number;
  /** Milliseconds by the injected clock; without a clock there is no such limit. */
  readonly milliseconds: number;
}

const MEBI = 2 ** 20;

export const DEFAULT_LIMITS: Limits = {
  steps: 10_000_000,
  outputBytes: 64 * MEBI,
  stringLength: 32 * MEBI,
  textVolume: 256 * MEBI,
  // Above the thousand includes of one name that Helm and Package Operator allow themselves.
  templateDepth: 2000,
  milliseconds: 10_000,
};

/** Thrown when a limit is reached; no function catches it. */
export class LimitReached extends Error {
  readonly limit: keyof Limits;

  constructor(limit: keyof Limits, message: string) {
    super(message);
    this.limit = limit;
  }
}

/** The clock is looked at once in so many steps. */
const SLICE = 2048;

/** Counts what a render costs. The clock and the limits come from outside. */
export class Budget {
  readonly limits: Limits;
  private readonly now: (() => number) | undefined;
  private readonly deadline: number;
  /** Steps left in the present slice. */
  private slice = SLICE;
  /** Steps left after the present slice. */
  private rest: number;
  private volume: number;

  constructor(limits: Limits, now?: () => number) {
    this.limits = limits;
    this.now = now;
    this.deadline = now === undefined ? 0 : now() + limits.milliseconds;
    this.rest = limits.steps - SLICE;
    this.volume = limits.textVolume;
  }

  step(): void {
    if (--this.slice < 0) this.nextSlice();
  }

  charge(units: number): void {
    this.slice -= units;
    if (this.slice < 0) this.nextSlice();
  }

  /** Takes a string's length from the volume. */
  text(length: number): void {
    this.volume -= length;
    if (this.volume < 0) {
      const { textVolume } = this.limits;
      throw new LimitReached('textVolume', `more than ${textVolume} characters of text handled`);
    }
  }

  /** Refuses a string that would be too long, and takes it from the volume. */
  checkLength(length: number): void {
    if (length > this.limits.stringLength) {
      const { stringLength } = this.limits;
      throw new LimitReached('stringLength', `string is longer than ${stringLength} characters`);
    }
    this.text(length);
  }

  private nextSlice(): void {
    this.rest += this.slice;
    if (this.rest < 0) {
      throw new LimitReached('steps', `more than ${this.limits.steps} steps`);
    }
    this.slice = Math.min(SLICE, this.rest);
    this.rest -= this.slice;
    if (this.now !== undefined && this.now() > this.deadline) {
      throw new LimitReached('milliseconds', `took longer than ${this.limits.milliseconds} ms`);
    }
  }
}
