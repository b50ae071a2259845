// Runs the command line in this process, as people run it on a clone.
import { runCli } from '../../src/cli/program.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { createStyle } from '../../src/cli/output/style.ts';

export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** What a command says of a repository; uids and times of the run are taken out of its output by name. */
export async function runSluice(repository: string, args: readonly string[]): Promise<Ran> {
  let [out, err] = ['', ''];
  const plainStyle = createStyle(false);
  const io: CliIo = {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stdin: () => Promise.resolve(''),
    confirm: () => Promise.resolve(false),
    outStyle: plainStyle,
    errStyle: plainStyle,
    live: false,
    environment: process.env,
    cwd: '/',
    signal: new AbortController().signal,
  };
  const code = await runCli([...args, '--repo', repository], io);
  return { out: steady(out), err, code };
}

/** Uids and times differ from run to run; commits of people do not, because their clock stands still. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu, '<uid>')
    .replaceAll(/20[2-9][4-9]-\d\d-\d\dT\d\d:\d\d:\d\dZ/gu, '<time>              ');
}
