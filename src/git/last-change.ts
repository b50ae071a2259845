// Who touched a file last, and since when files are there: what people ask of a history.
import type { CommitInfo } from '../model/snapshot.ts';
import type { HistoryOptions } from './history.ts';
import type { Git } from './runner.ts';

/**
 * The newest commit that changed a path, seen from a commit.
 * @returns undefined where the repository lacks the commit or no commit changed the path
 */
export async function lastChange(
  git: Git,
  commit: string,
  path: string,
  options: HistoryOptions,
): Promise<CommitInfo | undefined> {
  const format = '--format=%H%x00%an <%ae>%x00%ct%x00%s';
  const args = ['log', '-1', format, '--end-of-options', commit, '--', fromTheTop(path)];
  const { code, stdout } = await git.run({ ...options, args });
  const [id, author, time, subject] = stdout.toString('utf8').trimEnd().split('\0');
  if (code !== 0 || !id || author === undefined || subject === undefined) return undefined;
  return { id, author, time: Number(time), subject };
}

/**
 * When each file below a folder came to be, seconds since 1970; of a file that came twice the last time counts.
 * @param folder without a trailing slash
 */
export async function timesAdded(
  git: Git,
  commit: string,
  folder: string,
  options: HistoryOptions,
): Promise<ReadonlyMap<string, number>> {
  const args = [
    ...['log', '--diff-filter=A', '--no-renames', '--name-only', '-z', '--format=%x01%ct'],
    ...['--end-of-options', commit, '--', fromTheTop(folder)],
  ];
  const { stdout } = await git.succeed({ ...options, args });
  const times = new Map<string, number>();
  for (const entry of stdout.toString('utf8').split('\u0001').slice(1)) {
    const [time, ...paths] = entry.split('\0').map((part) => part.replace(/^\n+/u, ''));
    for (const path of paths) {
      if (path !== '' && !times.has(path)) times.set(path, Number(time));
    }
  }
  return times;
}

/** A path is a name here and never a pattern, and counts from the top wherever in a clone we stand. */
function fromTheTop(path: string): string {
  return `:(top,literal)${path}`;
}
