// `sluice package new`: a package made of plain manifests, ready to be tested and changed.
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { hasErrors } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { createSkeleton } from '../package-tools/skeleton.ts';
import { validatePackage } from '../render/package/validate-package.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { writeOutput } from './output-file.ts';
import { formatDiagnostics } from './output/plan-text.ts';
import { printViolations } from './package-folder.ts';

export interface PackageNewFlags {
  readonly file?: readonly string[];
  readonly out?: string;
}

interface Source {
  readonly file: string;
  readonly content: Uint8Array;
}

/** @returns the exit code; a folder that holds anything is left alone */
export async function packageNewCommand(
  name: string,
  flags: PackageNewFlags,
  io: CliIo,
): Promise<number> {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/u.test(name)) {
    const message = `"${name}" is no package name: lower case letters, digits and "-", at most 63`;
    const isFolder = name.includes('/');
    throw new SluiceError(
      'UsageInvalid',
      isFolder ? `${message}; --out names the folder` : message,
    );
  }
  if (!flags.file || flags.file.length === 0) {
    throw new SluiceError('UsageInvalid', 'name the manifests: -f FILE, -f FOLDER, or -f -');
  }
  const out = flags.out ?? name;
  const root = path.resolve(io.cwd, out);
  if ((await readdir(root).catch(() => [])).length > 0) {
    throw new SluiceError('UsageInvalid', `${out} exists and is not empty`);
  }
  const sources: Source[] = [];
  for (const file of flags.file) sources.push(...(await readSource(file, io)));
  const result = createSkeleton(name, sources);
  const found = result.kind === 'ok' ? result.skeleton.notes : result.diagnostics;
  if (found.length > 0) io.err(`${formatDiagnostics(found, io.errStyle)}\n`);
  if (result.kind === 'invalid' || hasErrors(found)) return EXIT.failed;
  const { files } = result.skeleton;
  const bytes = new Map([...files].map(([at, text]) => [at, Buffer.from(text)] as const));
  const violations = validatePackage(bytes, createSchemaValidator());
  if (violations.length > 0) {
    printViolations(violations, out, io);
    return EXIT.failed;
  }
  for (const [at, text] of files) {
    const target = path.join(root, at);
    await writeOutput(target, text, path.join(out, at));
    io.err(`${io.errStyle.green('WROTE')} ${path.join(out, at)}\n`);
  }
  io.out(`Package written to ${out}; next: sluice test --update ${out}\n`);
  return EXIT.done;
}

/** A file, all YAML files below a folder in order, or standard input. */
async function readSource(file: string, io: CliIo): Promise<readonly Source[]> {
  if (file === '-') return [{ file: '-', content: Buffer.from(await io.stdin()) }];
  const place = path.resolve(io.cwd, file);
  try {
    if (!(await stat(place)).isDirectory()) return [{ file, content: await readFile(place) }];
    const names = await readdir(place, { recursive: true, withFileTypes: true });
    const paths = names
      .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/u.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter(
        (at) =>
          !path
            .relative(place, at)
            .split(path.sep)
            .some((part) => part.startsWith('.')),
      )
      .sort();
    const contents: Source[] = [];
    for (const at of paths) {
      contents.push({
        file: path.join(file, path.relative(place, at)),
        content: await readFile(at),
      });
    }
    return contents;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SluiceError('UsageInvalid', `${file} cannot be read: ${code ?? String(error)}`);
  }
}
