// Counts the steps by which a session changes the world, and lets it die at one of them, or lose one answer.

/**
 * `before`: dies, and the step never happens. `after`: the step happens, and it dies before it hears so.
 * `lost`: it lives, but all it hears of this step is that nobody knows.
 */
export type Fault = 'before' | 'after' | 'lost';

export const FAULTS: readonly Fault[] = ['before', 'after', 'lost'];

export interface FaultLine {
  /** What was done so far, in order. */
  readonly steps: readonly string[];
  readonly isDead: () => boolean;
  /** Resolves when the session has died. */
  readonly death: Promise<void>;
  die(): void;
  /** From now on the n-th step (from 1) is the faulty one. */
  arm(fault: { readonly at: number; readonly kind: Fault }): void;
  /** Runs one step, unless the session is dead or dies of it: then the answer never comes. */
  step<T>(name: string, act: () => Promise<T>, lost: () => T): Promise<T>;
  /** Something that changes nothing: no step, but the dead get no answer. */
  ask<T>(act: () => Promise<T>): Promise<T>;
}

/**
 * @param planned at which step (from 1) what happens; undefined for a line that only counts
 * @param latency how long a request is on its way, and again its answer
 */
export function createFaultLine(
  planned?: { readonly at: number; readonly kind: Fault },
  latency: () => Promise<void> = () => Promise.resolve(),
): FaultLine {
  let fault = planned;
  const steps: string[] = [];
  let dead = false;
  let announce: () => void = () => undefined;
  const death = new Promise<void>((resolve) => {
    announce = resolve;
  });
  const die = (): void => {
    dead = true;
    announce();
  };
  const answer = async <T>(act: () => Promise<T>): Promise<T> => {
    const result = await act();
    await latency();
    return dead ? never() : result;
  };
  return {
    steps,
    isDead: () => dead,
    death,
    die,
    arm(next) {
      fault = { at: steps.length + next.at, kind: next.kind };
    },
    async step(name, act, lost) {
      await latency();
      if (dead) return never();
      steps.push(name);
      if (steps.length !== fault?.at) return answer(act);
      if (fault.kind === 'before') {
        die();
        return never();
      }
      if (fault.kind === 'lost') {
        await act();
        return lost();
      }
      const result = act();
      die();
      await result;
      return never();
    },
    async ask(act) {
      await latency();
      return dead ? never() : answer(act);
    },
  };
}

/** The answer of a process that is no more. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}
