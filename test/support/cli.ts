// Runs command lines in this process and keeps what they print.
import { createStyle } from '../../src/cli/output/style.ts';
import { runCli } from '../../src/cli/program.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Stops a command that runs on. */
  readonly signal?: AbortSignal;
}

/** Without a terminal, and with a home folder of its own: the working directory. */
export async function cli(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  let out = '';
  let err = '';
  const style = createStyle(false);
  const code = await runCli(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    stdin: () => Promise.resolve(options.stdin ?? ''),
    confirm: () => Promise.resolve(false),
    outStyle: style,
    errStyle: style,
    live: false,
    environment: { PATH: process.env['PATH'], HOME: options.cwd, ...options.environment },
    cwd: options.cwd,
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, out, err };
}
