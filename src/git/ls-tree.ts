// Lists the files of a commit with their modes and sizes, straight from the object database.
import type { FileMode, SnapshotFile } from '../model/snapshot.ts';
import type { Git } from './runner.ts';

export interface TreeOptions {
  /** Bare repository. */
  readonly gitDir?: string;
  /** Directory inside a repository, instead of `gitDir`. */
  readonly directory?: string;
  /** Full object id of a commit or tree. */
  readonly commit: string;
  readonly signal?: AbortSignal | undefined;
}

/** All files below a commit in git's order, submodules with size 0. */
export async function listTree(git: Git, options: TreeOptions): Promise<readonly SnapshotFile[]> {
  const { stdout } = await git.succeed({
    ...(options.gitDir === undefined ? {} : { gitDir: options.gitDir }),
    ...(options.directory === undefined ? {} : { directory: options.directory }),
    args: ['ls-tree', '-r', '-z', '-l', '--full-tree', options.commit],
    signal: options.signal,
  });
  return parseTree(stdout);
}

/** Path to object id of all files below a commit; cheaper than `listTree`, because no object is opened. */
export async function listTreeOids(
  git: Git,
  options: TreeOptions,
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git.succeed({
    ...(options.gitDir === undefined ? {} : { gitDir: options.gitDir }),
    args: ['ls-tree', '-r', '-z', '--full-tree', options.commit],
    signal: options.signal,
  });
  const oids = new Map<string, string>();
  for (const record of records(stdout)) {
    const tab = record.indexOf('\t');
    const [, , oid = ''] = record.slice(0, tab).split(' ');
    oids.set(record.slice(tab + 1), oid);
  }
  return oids;
}

/** Reads `<mode> SP <type> SP <oid> SP+ <size> TAB <path> NUL` records. */
export function parseTree(output: Buffer): readonly SnapshotFile[] {
  return records(output).map((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', , oid = '', size = ''] = record.slice(0, tab).split(/ +/u);
    return { path: record.slice(tab + 1), oid, mode: fileMode(mode), size: Number(size) || 0 };
  });
}

/** Bytes that are no UTF-8 become U+FFFD: such a path can be shown and read by id, and nothing opens it by name. */
function records(output: Buffer): string[] {
  return output.toString('utf8').split('\0').slice(0, -1);
}

function fileMode(octal: string): FileMode {
  switch (octal) {
    case '120000':
      return 'symlink';
    case '160000':
      return 'submodule';
    case '100755':
      return 'executable';
    default:
      return 'file';
  }
}
