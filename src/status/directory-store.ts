// Status files in a plain directory: for `--watch DIR`, where there is no branch to write to, and for tests.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { blobHash } from '../git/index.ts';
import { createSerial } from '../lib/serial.ts';
import { diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { formatInstance, INSTANCE_PATH, parseInstance, STATUS_FORMAT } from './instance.ts';
import type { InstanceRecord } from './instance.ts';
import { createStatusTree } from './status-tree.ts';
import type { OpenResult, StatusChange, StatusStore } from './store.ts';

export interface DirectoryStatusStoreDependencies {
  readonly directory: string;
  readonly instance: string;
  /** What the status is about, recorded in a fresh directory. */
  readonly repository: string;
  /** Ids of new writers; random unless given. */
  readonly newWriter?: () => string;
}

/** Marks files that are being written; they are never listed. */
const UNFINISHED = '.unfinished-';
/** A commit of several files, there from before its first file until after its last. */
const JOURNAL = `${UNFINISHED}commit`;

/**
 * A store over a directory. Each file is replaced as a whole and reaches the disk; a commit of several files is noted
 * in a journal first, and finished by the next `open` when the process died over it.
 */
export function createDirectoryStatusStore(
  dependencies: DirectoryStatusStoreDependencies,
): StatusStore {
  const directory = path.resolve(dependencies.directory);
  const serial = createSerial();
  let tree = createStatusTree(new Map());
  let record: InstanceRecord | undefined;
  let count = 0;

  const write = async (changes: readonly StatusChange[]): Promise<void> => {
    // A commit that failed is tried again by its caller: what its journal says is out of date then.
    if (changes.length > 1) await replaceFile(directory, JOURNAL, JSON.stringify(changes));
    else await rm(path.join(directory, JOURNAL), { force: true });
    for (const change of changes) {
      await writeChange(directory, change);
      tree.apply([change]);
    }
    if (changes.length > 1) await rm(path.join(directory, JOURNAL), { force: true });
  };

  const start = async (takeover: boolean): Promise<OpenResult> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await finishCommit(directory);
    const files = await scan(directory, '');
    tree = createStatusTree(files);
    const text = files.has(INSTANCE_PATH) ? await readText(directory, INSTANCE_PATH) : undefined;
    const before = parseInstance(text ?? '');
    const newer = before !== undefined && before.formatVersion > STATUS_FORMAT;
    const foreign = files.size > 0 && before?.instance !== dependencies.instance;
    if (newer || (foreign && (!takeover || !before))) {
      const owner = before ? `belongs to instance ${before.instance}` : 'holds other files';
      const message = `the status directory ${directory} ${owner}, not to ${dependencies.instance}`;
      return { kind: 'refused', diagnostic: diagnostic('StatusForeign', message) };
    }
    record = {
      formatVersion: STATUS_FORMAT,
      instance: dependencies.instance,
      writer: foreign || !before ? (dependencies.newWriter ?? randomUUID)() : before.writer,
      epoch: (before?.epoch ?? 0) + 1,
      repository: before?.repository ?? dependencies.repository,
      rootCommits: before?.rootCommits ?? [],
    };
    await write([{ path: INSTANCE_PATH, content: formatInstance(record) }]);
    const local = diagnostic('StatusLocalOnly', `status is written to ${directory}`);
    const fresh = before === undefined;
    const { epoch } = record;
    return {
      kind: 'ready',
      epoch,
      fresh,
      unacknowledged: false,
      record,
      diagnostics: [local],
    };
  };

  return {
    open: ({ takeover }) => serial(() => start(takeover)),
    list: async (prefix) => tree.list(prefix),
    async read(paths) {
      const contents = new Map<string, string>();
      for (const file of paths) {
        if (tree.oid(file) !== undefined) contents.set(file, await readText(directory, file));
      }
      return contents;
    },
    commit: (changes) =>
      serial(async () => {
        changes.forEach(({ path: file }) => checkPath(file));
        const effective = tree.effective(changes);
        if (effective.length === 0) return { kind: 'unchanged' };
        await write(effective);
        count += 1;
        return { kind: 'committed', commit: `dir-${record?.epoch ?? 0}-${count}` };
      }),
    push: async () => ({ kind: 'localOnly' }),
    noticeRemoteTip: () => false,
    close: () => serial(async () => undefined),
  };
}

async function writeChange(directory: string, change: StatusChange): Promise<void> {
  const file = path.join(directory, change.path);
  if (change.content === null) {
    await rm(file, { force: true });
    await removeEmptyFolders(directory, path.dirname(file));
    return;
  }
  await replaceFile(directory, change.path, change.content);
}

async function replaceFile(directory: string, name: string, content: string): Promise<void> {
  const file = path.join(directory, name);
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = path.join(path.dirname(file), `${UNFINISHED}${process.pid}`);
  const handle = await open(unfinished, 'w');
  try {
    await handle.writeFile(content, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}

async function finishCommit(directory: string): Promise<void> {
  const text = await readText(directory, JOURNAL).catch(() => undefined);
  if (text === undefined) return;
  for (const change of JSON.parse(text) as readonly StatusChange[]) {
    await writeChange(directory, change);
  }
  await rm(path.join(directory, JOURNAL), { force: true });
}

async function removeEmptyFolders(directory: string, folder: string): Promise<void> {
  for (let here = folder; here.startsWith(`${directory}${path.sep}`); here = path.dirname(here)) {
    try {
      await rmdir(here);
    } catch {
      return;
    }
  }
}

async function scan(directory: string, folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const entries = await readdir(path.join(directory, folder), { withFileTypes: true });
  for (const entry of entries) {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      for (const [below, oid] of await scan(directory, name)) files.set(below, oid);
    } else if (entry.isFile() && !entry.name.startsWith(UNFINISHED)) {
      files.set(name, blobHash(await readFile(path.join(directory, name))));
    }
  }
  return files;
}

function readText(directory: string, file: string): Promise<string> {
  return readFile(path.join(directory, file), 'utf8');
}

function checkPath(file: string): void {
  const parts = file.split('/');
  if (file.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw new SluiceError('Internal', `"${file}" is no path for a status file`);
  }
}
