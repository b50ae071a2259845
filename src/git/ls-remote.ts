// One look at a remote's refs: what a poll costs when nothing changed.
import { gitFailure } from './runner.ts';
import type { Git, GitCommand } from './runner.ts';
import { isObjectId } from './ref-name.ts';
import type { Remote } from './remote.ts';

export interface LookupOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds, 30,000 unless given. */
  readonly timeoutMs?: number;
}

/**
 * Object ids of exactly these refs, in one process; refs that do not exist are absent from the answer.
 * @param refs full names, `refs/heads/main`
 * @throws SluiceError GitFailed when the remote cannot be reached or refuses
 */
export async function lookUpRefs(
  git: Git,
  remote: Remote,
  refs: readonly string[],
  options: LookupOptions = {},
): Promise<ReadonlyMap<string, string>> {
  const access = await remote.access();
  const command: GitCommand = {
    ...accessSettings(access),
    args: ['ls-remote', '--quiet', '--end-of-options', access.url, ...refs],
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? 30_000,
  };
  const result = await git.run(command);
  if (result.code !== 0) throw gitFailure(command, result);
  const found = new Map<string, string>();
  for (const line of result.stdout.toString('utf8').split('\n')) {
    const tab = line.indexOf('\t');
    const name = line.slice(tab + 1);
    const oid = line.slice(0, Math.max(tab, 0));
    // Patterns match at the end of names: refs/x/refs/heads/main would be listed too.
    if (refs.includes(name) && isObjectId(oid)) found.set(name, oid);
  }
  return found;
}

/**
 * The branch that the remote's HEAD names, for callers that were given none.
 * @returns undefined for an empty repository or a detached HEAD
 */
export async function lookUpDefaultBranch(
  git: Git,
  remote: Remote,
  options: LookupOptions = {},
): Promise<string | undefined> {
  const access = await remote.access();
  const { stdout } = await git.succeed({
    ...accessSettings(access),
    args: ['ls-remote', '--quiet', '--symref', '--end-of-options', access.url, 'HEAD'],
    signal: options.signal,
    timeoutMs: options.timeoutMs ?? 30_000,
  });
  return /^ref: refs\/heads\/(.+)\tHEAD$/mu.exec(stdout.toString('utf8'))?.[1];
}

/** The parts of a command that talking to a remote needs. */
export function accessSettings(access: {
  readonly config: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}): Pick<GitCommand, 'config' | 'environment' | 'secrets'> {
  return { config: access.config, environment: access.environment, secrets: access.secrets };
}
