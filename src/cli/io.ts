// What a command reads from and writes to; commands never touch the process itself.
import type { Style } from './output/style.ts';

export interface CliIo {
  /** Data, and nothing else. */
  readonly out: (text: string) => void;
  /** Everything for people. */
  readonly err: (text: string) => void;
  readonly stdin: () => Promise<string>;
  /** A yes-or-no question on the terminal; false where there is none. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Standard error is a terminal: one live line may be drawn. */
  readonly live: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Exit codes of every command (design: cli). */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** `plan --exit-code`, as `kubectl diff` has it. */
export const PLAN_EXIT = { unchanged: 0, changes: 1, failed: 2 } as const;
