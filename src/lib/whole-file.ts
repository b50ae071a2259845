// Puts a file into place whole or not at all: whoever reads it, also after a crash, sees all of it or what was before.
import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';

/** How files end that a killed process has not put into place; nobody reads them. */
export const UNFINISHED = '.unfinished';

/**
 * Writes beside the file (mode 0600), waits until the disk has it, and moves it there.
 * @param place `rename` replaces what is there, `link` refuses it with EEXIST
 */
export async function writeWhole(
  file: string,
  content: string | Uint8Array,
  place: (from: string, to: string) => Promise<void> = rename,
): Promise<void> {
  const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
  try {
    await writeFile(unfinished, content, { mode: 0o600, flush: true });
    await place(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}
