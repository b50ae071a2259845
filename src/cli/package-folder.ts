// What the package commands share: the files of a folder, and its violations as people read them.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { showControls } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { PackageFiles } from '../render/package/layout.ts';
import type { PlacedViolation } from '../render/package/load-package.ts';
import { formatViolation, inComponent, violationHint } from '../render/package/violation.ts';
import type { Wiring } from '../wiring.ts';
import type { CliIo } from './io.ts';

export interface PackageFolder {
  /** Absolute. */
  readonly root: string;
  /** As it was given. */
  readonly name: string;
  readonly files: PackageFiles;
}

/** Reads everything below a folder, fixtures included. */
export async function readPackageFolder(
  directory: string | undefined,
  wiring: Wiring,
  io: CliIo,
): Promise<PackageFolder> {
  const name = directory ?? '.';
  const root = path.resolve(io.cwd, name);
  const found = await stat(root).catch(() => undefined);
  if (!found) throw new SluiceError('UsageInvalid', `${name} does not exist`);
  if (!found.isDirectory()) throw new SluiceError('UsageInvalid', `${name} is no folder`);
  const snapshot = await wiring.workingTree(root);
  const files = snapshot.files.filter(({ mode }) => mode === 'file' || mode === 'executable');
  const contents = await snapshot.read([...new Set(files.map(({ oid }) => oid))], io.signal);
  const read = new Map<string, Uint8Array>();
  for (const file of files) {
    const bytes = contents.get(file.oid);
    if (!bytes) throw new SluiceError('UsageInvalid', `${file.path} changed while it was read`);
    read.set(file.path, bytes);
  }
  return { root, name, files: read };
}

/**
 * Prints violations as upstream words them, one below the other, and what to do about them.
 * @param folder the package, as it was given
 */
export function printViolations(
  violations: readonly PlacedViolation[],
  folder: string,
  io: CliIo,
): void {
  let said: string | undefined;
  for (const { component, violation } of violations) {
    const text = showControls(inComponent(component, formatViolation(violation)));
    const hint = violationHint(violation, folder);
    io.err(`${io.errStyle.red(text)}\n`);
    if (hint !== undefined && hint !== said) io.err(`  ${hint}\n`);
    said = hint;
  }
}
