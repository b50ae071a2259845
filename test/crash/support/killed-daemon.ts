// The real program in a child process that is killed with SIGKILL at a moment of its log, and what it leaves on disk.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createEmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import type { LiveObject } from '../../../src/targets/target.ts';
import {
  bareRepository,
  commitFiles,
  plainGit,
  temporaryFolder,
} from '../../support/git-fixture.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/sluice.js', import.meta.url));
const STATUS_BRANCH = 'sluice/status';

/** When to kill: at the n-th line of the log that matches (from 1), or after so many milliseconds. */
export type Moment = { readonly line: RegExp; readonly nth: number } | { readonly afterMs: number };

export interface Place {
  readonly repository: string;
  readonly data: string;
}

export type RunEnd = 'killed' | 'ready' | 'not ready';

export function createPlace(): Place {
  return { repository: bareRepository(), data: path.join(temporaryFolder(), 'data') };
}

/** Replaces everything on the branch. */
export function commitAll(place: Place, files: Readonly<Record<string, string>>): void {
  const known = plainGit(place.repository, ['for-each-ref', 'refs/heads/main'])
    ? plainGit(place.repository, ['ls-tree', '-r', '--name-only', 'refs/heads/main']).split('\n')
    : [];
  const gone = known.filter((file) => !(file in files)).map((file) => [file, null] as const);
  commitFiles(place.repository, { files: { ...files, ...Object.fromEntries(gone) } });
}

/** Runs the daemon until nothing is left to do, or until it is killed. */
export async function runDaemon(
  place: Place,
  instance: string,
  moment?: Moment,
): Promise<{ readonly end: RunEnd; readonly log: readonly string[] }> {
  const args = ['--repo', place.repository, '--data-dir', place.data, '--instance', instance];
  const child = spawn(
    process.execPath,
    [PROGRAM, 'run', ...args, '--once', '--interval', '60s', '--log', 'json'],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const log: string[] = [];
  let seen = 0;
  const kill = (): void => void child.kill('SIGKILL');
  const timer = moment && 'afterMs' in moment ? setTimeout(kill, moment.afterMs) : undefined;
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.push(line);
    if (moment && 'line' in moment && moment.line.test(line) && ++seen === moment.nth) kill();
  });
  child.stdout.resume();
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const end = code === null ? 'killed' : code === 0 ? 'ready' : 'not ready';
  return { end, log };
}

/** What the status branch holds, read by plain git; what is different in each place is replaced. */
export function statusFiles({ repository }: Place): ReadonlyMap<string, string> {
  const neutral = (text: string): string =>
    text
      .replaceAll(repository, 'REPOSITORY')
      .replaceAll(/embedded:[\da-f-]{36}/g, 'embedded:STORE');
  const ref = `refs/heads/${STATUS_BRANCH}`;
  const names = plainGit(repository, ['ls-tree', '-r', '--name-only', ref]).split('\n');
  return new Map(
    names.map((name) => [name, neutral(plainGit(repository, ['show', `${ref}:${name}`]))]),
  );
}

/** Complaints of git about the repositories of a place; empty when they are in order. */
export function checkRepositories(place: Place): readonly string[] {
  const folders = ['source.git', 'status.git'].map((name) => path.join(place.data, name));
  // A daemon that is killed early has not made them yet.
  const made = folders.filter((folder) => existsSync(path.join(folder, 'HEAD')));
  return [place.repository, ...made].flatMap((folder) => {
    try {
      plainGit(folder, ['fsck', '--full', '--strict', '--no-dangling']);
      return [];
    } catch (error) {
      return [`${folder}: ${String(error)}`];
    }
  });
}

/** Every object of the store that no controller made, read by another process as it were. */
export async function storedObjects(place: Place): Promise<readonly LiveObject[]> {
  const folder = path.join(place.data, 'targets', 'local');
  const target = createEmbeddedTarget({ name: 'local', path: folder, readOnly: true });
  try {
    const found: LiveObject[] = [];
    for (const { apiVersion, kind } of target.kinds()) {
      for (const object of (await target.list({ apiVersion, kind })) ?? []) {
        const owners = object.metadata['ownerReferences'];
        if (!Array.isArray(owners) || owners.length === 0) found.push(object);
      }
    }
    return found;
  } finally {
    await target.close();
  }
}
