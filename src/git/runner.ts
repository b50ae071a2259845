// Runs the git program: no shell, fixed environment, a time limit on every process, errors without credentials.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { SluiceError } from '../model/sluice-error.ts';
import { FIXED_CONFIG, gitEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { scrub } from './scrub.ts';

export interface GitCommand {
  /** Subcommand and its arguments; whatever comes from outside stands behind `--end-of-options`. */
  readonly args: readonly string[];
  /** Repository: the bare directory itself. */
  readonly gitDir?: string;
  /** Repository to be found from this directory upwards, instead of `gitDir`. */
  readonly directory?: string;
  /** Further `-c` settings; nothing secret. */
  readonly config?: readonly string[];
  /** Variables added to the fixed environment; the only way for secrets. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Removed from everything that git says. */
  readonly secrets?: readonly string[];
  readonly input?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, 60,000 unless given; 0 for none (long-lived processes). */
  readonly timeoutMs?: number;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  /** The end of what git said, scrubbed. */
  readonly stderr: string;
}

export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly child: ChildProcess;
  /** Resolves once, after the output has ended; rejects when git cannot be started, was aborted or took too long. */
  readonly exited: Promise<{ readonly code: number; readonly stderr: string }>;
  kill(): void;
}

export interface Git {
  /** Starts a process whose streams the caller handles. */
  start(command: GitCommand): GitProcess;
  /** Runs to the end; every exit code is a result. */
  run(command: GitCommand): Promise<GitResult>;
  /** Runs to the end; any exit code but 0 is a SluiceError GitFailed with what git said. */
  succeed(command: GitCommand): Promise<GitResult>;
}

export interface GitDependencies {
  /** Name or path of the program; `git` unless given. */
  readonly executable?: string;
  /** The machine's variables; `process.env` unless given. */
  readonly environment?: Environment;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const STDERR_LIMIT = 64 * 1024;
const KILL_AFTER_MS = 2_000;

/** The one way to the git program. */
export function createGit(dependencies: GitDependencies = {}): Git {
  const executable = dependencies.executable ?? 'git';
  const base = gitEnvironment(dependencies.environment ?? process.env);

  const start = (command: GitCommand): GitProcess => {
    const child = spawn(executable, commandLine(command), {
      env: { ...base, ...command.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group, so that the transports that git starts can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const kill = (): void => endGroup(child);
    // A process that ends before it has read everything says so by its exit code.
    child.stdin.on('error', () => undefined);
    return {
      stdin: child.stdin,
      stdout: child.stdout,
      child,
      kill,
      exited: waitForExit(child, command, kill),
    };
  };

  const run = async (command: GitCommand): Promise<GitResult> => {
    throwIfAborted(command.signal, command);
    const running = start(command);
    const chunks: Buffer[] = [];
    running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    running.stdin.end(command.input ?? '');
    const { code, stderr } = await running.exited;
    return { code, stdout: Buffer.concat(chunks), stderr };
  };

  const succeed = async (command: GitCommand): Promise<GitResult> => {
    const result = await run(command);
    if (result.code !== 0) throw gitFailure(command, result);
    return result;
  };

  return { start, run, succeed };
}

/** The error for a command that ended with an unwanted exit code. */
export function gitFailure(
  command: GitCommand,
  result: { readonly code: number; readonly stderr: string },
): SluiceError {
  const said = lastLines(result.stderr);
  return new SluiceError(
    'GitFailed',
    `git ${command.args[0]} ended with exit code ${result.code}${said === '' ? '' : `: ${said}`}`,
  );
}

function commandLine(command: GitCommand): string[] {
  const place =
    command.gitDir !== undefined
      ? [`--git-dir=${command.gitDir}`]
      : command.directory !== undefined
        ? ['-C', command.directory]
        : [];
  const config = (command.config ?? []).flatMap((setting) => ['-c', setting]);
  return [...place, ...FIXED_CONFIG, ...config, ...command.args];
}

function waitForExit(
  child: ChildProcess,
  command: GitCommand,
  kill: () => void,
): GitProcess['exited'] {
  return new Promise((resolve, reject) => {
    let said = Buffer.alloc(0);
    let ended: SluiceError | undefined;
    const stop = (error: SluiceError): void => {
      ended ??= error;
      kill();
    };
    const onAbort = (): void => stop(interrupted(command));
    const limit = command.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const timer =
      limit > 0 ? setTimeout(() => stop(tookTooLong(command, limit)), limit) : undefined;
    command.signal?.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      command.signal?.removeEventListener('abort', onAbort);
    };
    child.stderr?.on('data', (chunk: Buffer) => {
      said = Buffer.concat([said, chunk]).subarray(-STDERR_LIMIT);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(startFailure(error));
    });
    child.once('close', (code, signal) => {
      settle();
      if (ended) {
        reject(ended);
        return;
      }
      const stderr = scrub(said.toString('utf8'), command.secrets).trimEnd();
      resolve({
        code: code ?? 128,
        stderr: code === null ? `${stderr}\nended by ${signal}` : stderr,
      });
    });
  });
}

function startFailure(error: NodeJS.ErrnoException): SluiceError {
  return error.code === 'ENOENT'
    ? new SluiceError('GitMissing', 'the git program was not found')
    : new SluiceError('GitFailed', `git could not be started: ${error.message}`, { cause: error });
}

function interrupted(command: GitCommand): SluiceError {
  return new SluiceError('Interrupted', `git ${command.args[0]} was interrupted`);
}

function tookTooLong(command: GitCommand, limitMs: number): SluiceError {
  return new SluiceError(
    'GitFailed',
    `git ${command.args[0]} took longer than ${Math.round(limitMs / 1000)} s and was ended`,
  );
}

function throwIfAborted(signal: AbortSignal | undefined, command: GitCommand): void {
  if (signal?.aborted) throw interrupted(command);
}

/** SIGTERM first: git removes its lock files on the way out; SIGKILL would leave them. */
function endGroup(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS);
  timer.unref();
  child.once('close', () => clearTimeout(timer));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** The lines that matter to a person: the last few, joined, without git's prefixes for progress. */
function lastLines(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-4).join('; ');
}
