// Files with a hash of their content in the first line: one that was damaged on the disk is never taken for good.
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { writeWhole } from '../lib/whole-file.ts';

const FORM = /^sluice-sealed 1 sha256:([0-9a-f]{64})$/u;
/** Of the first line. */
const SEAL_BYTES = 'sluice-sealed 1 sha256:'.length + 64;
const NEWLINE = 0x0a;

/** Writes content with its hash, whole or not at all, for its owner alone. */
export async function writeSealed(file: string, content: Uint8Array): Promise<void> {
  const seal = `sluice-sealed 1 sha256:${sha256(content)}\n`;
  await writeWhole(file, Buffer.concat([Buffer.from(seal), content]));
}

/** The content as it was written; undefined where there is none. What is damaged is removed. */
export async function readSealed(file: string): Promise<Buffer | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return undefined;
  const content = bytes.subarray(SEAL_BYTES + 1);
  const seal = FORM.exec(bytes.toString('latin1', 0, SEAL_BYTES))?.[1];
  if (bytes[SEAL_BYTES] === NEWLINE && seal === sha256(content)) return content;
  await rm(file, { force: true }).catch(() => undefined);
  return undefined;
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
