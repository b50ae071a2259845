// Puts a file into place whole or not at all: whoever reads it, also after a crash, sees all of it or what was before.
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/** How files end that a killed process has not put into place; nobody reads them. */
export const UNFINISHED = '.unfinished';

export interface WholeFileOptions {
  /** `rename` (default) replaces what is there, `link` refuses it with EEXIST. */
  readonly place?: (from: string, to: string) => Promise<void>;
  /** Default 0600. */
  readonly mode?: number;
}

/** Writes beside the file, waits until the disk has it, and moves it there. */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  { place = rename, mode = 0o600 }: WholeFileOptions = {},
): Promise<void> {
  const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
  try {
    await writeFile(unfinished, content, { mode, flush: true });
    await place(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
