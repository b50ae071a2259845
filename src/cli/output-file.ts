// Writes files that a command was asked for; a place that cannot be written is told, as any wrong flag is.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SluiceError } from '../model/sluice-error.ts';

/**
 * Writes a file, and the folders above it.
 * @param shown how the person named the place
 * @throws SluiceError UsageInvalid where it cannot be written
 */
export async function writeOutput(
  file: string,
  content: string | Uint8Array,
  shown: string,
): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new SluiceError('UsageInvalid', `${shown} cannot be written: ${code}`, { cause: error });
  }
}
