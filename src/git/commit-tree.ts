// Commits an existing tree with any parents and moves a ref to it: how histories are joined without reading them.
import type { Author } from './fast-import.ts';
import type { Git } from './runner.ts';

export interface JoinRequest {
  readonly gitDir: string;
  readonly ref: string;
  /** Where the ref must be now; undefined when it must not exist. */
  readonly from: string | undefined;
  readonly tree: string;
  /** The first one is the line that the branch goes on in. */
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Author;
  /** Seconds since 1970. */
  readonly time: number;
  readonly config?: readonly string[];
}

/** Writes the commit and moves the ref; returns the commit's id. */
export async function commitTree(git: Git, request: JoinRequest): Promise<string> {
  const date = `${request.time} +0000`;
  const { stdout } = await git.succeed({
    gitDir: request.gitDir,
    config: request.config ?? [],
    environment: {
      GIT_AUTHOR_NAME: request.author.name,
      GIT_AUTHOR_EMAIL: request.author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: request.author.name,
      GIT_COMMITTER_EMAIL: request.author.email,
      GIT_COMMITTER_DATE: date,
    },
    args: [
      'commit-tree',
      '--no-gpg-sign',
      ...request.parents.flatMap((parent) => ['-p', parent]),
      '-F',
      '-',
      request.tree,
    ],
    input: request.message,
  });
  const commit = stdout.toString('utf8').trim();
  const absent = '0'.repeat(commit.length);
  await git.succeed({
    gitDir: request.gitDir,
    config: request.config ?? [],
    args: ['update-ref', '--end-of-options', request.ref, commit, request.from ?? absent],
  });
  return commit;
}
