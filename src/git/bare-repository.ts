// Makes the bare repositories of the data directory, and clears what a killed git process left in them.
import { access, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './runner.ts';

/** Hash that object ids of a repository are made with. */
export type ObjectFormat = 'sha1' | 'sha256';

export interface BareRepositoryOptions {
  /** What HEAD names, so that no machine's init.defaultBranch matters; `main` unless given. */
  readonly branch?: string;
  /** `sha1` unless given. */
  readonly format?: ObjectFormat;
}

/**
 * Opens the bare repository, making it first if it is not there. Its directory must belong to this program alone:
 * lock files found here were left by a process that died, and are removed.
 */
export async function openBareRepository(
  git: Git,
  gitDir: string,
  options: BareRepositoryOptions = {},
): Promise<void> {
  const { branch = 'main', format = 'sha1' } = options;
  if (await exists(path.join(gitDir, 'HEAD'))) {
    await removeStaleLocks(gitDir);
    return;
  }
  await mkdir(path.dirname(gitDir), { recursive: true, mode: 0o700 });
  await git.succeed({
    config: [`init.defaultBranch=${branch}`, 'init.templateDir='],
    args: ['init', '--quiet', '--bare', `--object-format=${format}`, '--end-of-options', gitDir],
  });
}

async function removeStaleLocks(gitDir: string): Promise<void> {
  const top = (await readdir(gitDir)).filter((name) => name.endsWith('.lock'));
  const refs = (await readdir(path.join(gitDir, 'refs'), { recursive: true }))
    .filter((name) => name.endsWith('.lock'))
    .map((name) => path.join('refs', name));
  for (const name of [...top, ...refs]) await rm(path.join(gitDir, name), { force: true });
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
