// The data directory: private, with a format version, used by one daemon at a time.
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../lib/whole-file.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { lockDataDir } from './data-dir-lock.ts';

/** Counts up when an older program could not read what a newer one wrote. */
const FORMAT_VERSION = 1;
const VERSION_FILE = 'format.json';

export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/**
 * Makes the directory (mode 0700) if needed, checks its format, and locks it.
 * @throws SluiceError DataDirInvalid when another program's or a newer format's files are there, or a daemon uses it
 */
export async function openDataDir(directory: string): Promise<DataDir> {
  await prepareDataDir(directory);
  return { path: directory, release: await lockDataDir(directory) };
}

/** Makes and checks the directory without locking it, for commands that only read. */
export async function prepareDataDir(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SluiceError('DataDirInvalid', `${directory} cannot be made: ${text(error)}`, {
      cause: error,
    });
  }
  await checkFormat(path.join(directory, VERSION_FILE), directory);
}

async function checkFormat(file: string, directory: string): Promise<void> {
  const content = await readFile(file, 'utf8').catch(() => undefined);
  if (content === undefined) {
    const text = `${JSON.stringify({ formatVersion: FORMAT_VERSION })}\n`;
    await writeWhole(file, text);
    return;
  }
  let version: unknown;
  try {
    version = (JSON.parse(content) as { readonly formatVersion?: unknown }).formatVersion;
  } catch {
    throw new SluiceError('DataDirInvalid', `${file} is damaged`);
  }
  if (version !== FORMAT_VERSION) {
    throw new SluiceError(
      'DataDirInvalid',
      `${directory} has format ${String(version)}, this program reads ${FORMAT_VERSION}`,
    );
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
