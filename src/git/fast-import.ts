// Writes one commit without a work tree: `fast-import` takes files inline and moves the branch in the same process.
import { isObjectId } from './ref-name.ts';
import { gitFailure } from './runner.ts';
import type { Git, GitCommand } from './runner.ts';
import { SluiceError } from '../model/sluice-error.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface FileChange {
  readonly path: string;
  /** `null` removes the file. */
  readonly content: string | null;
}

export interface CommitRequest {
  readonly gitDir: string;
  /** Full name of the ref that moves; where it was must be reachable from the parents. */
  readonly ref: string;
  /** None for a first commit; the changes are made on the first one. */
  readonly parents: readonly string[];
  /** Tree that the changes are made on instead of the first parent's: joins histories without reading them. */
  readonly tree?: string | undefined;
  readonly changes: readonly FileChange[];
  readonly message: string;
  readonly author: Author;
  /** Seconds since 1970. */
  readonly time: number;
  /** Further `-c` settings, for durability. */
  readonly config?: readonly string[];
}

/**
 * Commits the changes on top of the first parent.
 * @returns id of the new commit; when this resolves, the ref points to it
 * @throws SluiceError GitFailed when git refuses (full disk, ref moved by somebody else)
 */
export async function importCommit(git: Git, request: CommitRequest): Promise<string> {
  const command: GitCommand = {
    gitDir: request.gitDir,
    config: request.config ?? [],
    args: ['fast-import', '--quiet', '--done', '--date-format=raw'],
    input: importStream(request),
  };
  const result = await git.run(command);
  if (result.code !== 0) throw gitFailure(command, result);
  const oid = result.stdout.toString('utf8').trim();
  if (!isObjectId(oid))
    throw gitFailure(command, { code: 0, stderr: `unexpected answer "${oid}"` });
  return oid;
}

function importStream(request: CommitRequest): Buffer {
  const parts: Buffer[] = [];
  const line = (text: string): number => parts.push(Buffer.from(`${text}\n`, 'utf8'));
  const data = (text: string): void => {
    const bytes = Buffer.from(text, 'utf8');
    line(`data ${bytes.length}`);
    parts.push(bytes, Buffer.from('\n'));
  };
  line(`commit ${request.ref}`);
  line('mark :1');
  line(`committer ${identity(request.author)} ${request.time} +0000`);
  data(request.message);
  for (const [index, parent] of request.parents.entries()) {
    line(`${index === 0 ? 'from' : 'merge'} ${parent}`);
  }
  if (request.tree !== undefined) {
    line('deleteall');
    // The empty path is the root.
    line(`M 040000 ${request.tree} ""`);
  }
  for (const change of request.changes) {
    const path = checkedPath(change.path);
    if (change.content === null) {
      line(`D ${path}`);
    } else {
      line(`M 100644 inline ${path}`);
      data(change.content);
    }
  }
  line('get-mark :1');
  line('done');
  return Buffer.concat(parts);
}

/** `Name <email>` with everything removed that would end it early. */
export function identity(author: Author): string {
  const clean = (text: string): string => text.replaceAll(/[<>\u0000-\u001f\u007f]/gu, '').trim();
  return `${clean(author.name) || 'Sluice'} <${clean(author.email)}>`;
}

/** Paths come escaped; one that is not would be a command of its own in the stream, so it stops here. */
function checkedPath(path: string): string {
  const unsafe =
    /[\u0000-\u001f\u007f"]/u.test(path) ||
    path.split('/').some((part) => part === '' || part === '.' || part === '..' || isGitName(part));
  if (unsafe) throw new SluiceError('Internal', `"${path}" is no path for a status file`);
  return path;
}

function isGitName(part: string): boolean {
  return part.toLowerCase() === '.git';
}
