// The real command line as child processes, the way people and init systems start it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { temporaryFolder } from './git-fixture.ts';

export const BIN = fileURLToPath(new URL('../../bin/sluice.js', import.meta.url));
export const EXAMPLE = fileURLToPath(new URL('../../examples/repo', import.meta.url));

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface ProgramResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  out(): string;
  err(): string;
  /** Waits for text on either stream. */
  says(text: string | RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<ProgramResult>;
}

const LONGEST_MS = 60_000;
const running = new Set<ChildProcess>();

/** Call once per test file: what a test leaves running is ended by its id. */
export function stopProgramsAfterwards(): void {
  afterAll(() => {
    for (const child of running) child.kill('SIGKILL');
    running.clear();
  });
}

/** Starts `sluice ARGS`. */
export function startProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): RunningProgram {
  const home = temporaryFolder();
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? home,
    env: { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: `${home}/data`, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(options.input ?? '');
  const end = new Promise<ProgramResult>((resolve) => {
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, out, err });
    });
  });
  return {
    process: child,
    out: () => out,
    err: () => err,
    says: async (text) => {
      const deadline = Date.now() + LONGEST_MS;
      const seen = (): boolean =>
        typeof text === 'string' ? `${out}${err}`.includes(text) : text.test(`${out}${err}`);
      while (!seen()) {
        if (child.exitCode !== null || Date.now() > deadline)
          throw new Error(`never said ${String(text)}:\n${out}${err}`);
        await sleep(20);
      }
    },
    signal: (name) => void child.kill(name),
    ended: () => end,
  };
}

/** Runs `sluice ARGS` to its end. */
export function runProgram(
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return startProgram(args, options).ended();
}
