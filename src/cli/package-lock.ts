// `sluice package lock`: pins the images of a package to the digests that their registries name now.
import { writeWhole } from '../lib/whole-file.ts';
import path from 'node:path';
import type { RegistryClient } from '../inputs/registry/client.ts';
import { formatImageName, parseImageName } from '../model/image-name.ts';
import type { ImageName } from '../model/image-name.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { findLockTasks, updateLock } from '../package-tools/lock-file.ts';
import type { LockTask } from '../package-tools/lock-file.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { createWiring } from '../wiring.ts';
import { readDaemonConfigFile } from './daemon-config-file.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { printViolations, readPackageFolder } from './package-folder.ts';

export interface PackageLockFlags {
  readonly config?: string;
  readonly insecure?: boolean;
}

/** @returns the exit code; nothing is written unless every image was resolved */
export async function packageLockCommand(
  directory: string | undefined,
  flags: PackageLockFlags,
  io: CliIo,
): Promise<number> {
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const folder = await readPackageFolder(directory, wiring, io);
  const found = findLockTasks(folder.files, createSchemaValidator());
  if (found.kind === 'invalid') {
    printViolations(found.violations, folder.name, io);
    return EXIT.failed;
  }
  const names = imageNames(found.tasks);
  const config = await readDaemonConfigFile(flags.config, io);
  const sources = config?.sources ?? { hosts: [] };
  const hosts = [...names.values()].map(({ registry }) => registry);
  const insecureHosts = [...(sources.insecureHosts ?? []), ...(flags.insecure ? hosts : [])];
  const client = wiring.openRegistry({ ...sources, insecureHosts });
  const digests = await resolveAll(names, client, io.signal);
  const digestOf = (image: string): string => digests.get(image) ?? '';
  let written = 0;
  for (const task of found.tasks) {
    const text = updateLock(task, digestOf);
    if (text === undefined) continue;
    await writeWhole(path.join(folder.root, task.path), text, { mode: 0o666 });
    written += 1;
    io.err(`${io.errStyle.green('WROTE')} ${path.join(folder.name, task.path)}\n`);
    for (const { image } of task.images) io.err(`  ${image} ${digestOf(image)}\n`);
  }
  io.out(written > 0 ? 'Package updated successfully!\n' : 'Package is already up-to-date\n');
  return EXIT.done;
}

/** References by the text of the manifest. */
function imageNames(tasks: readonly LockTask[]): ReadonlyMap<string, ImageName> {
  const names = new Map<string, ImageName>();
  for (const { image } of tasks.flatMap(({ images }) => images)) {
    const parsed = parseImageName(image);
    if (parsed.kind === 'invalid') throw new SluiceError('PackageInvalid', parsed.reason);
    names.set(image, parsed.name);
  }
  return names;
}

/** All or nothing; every image that cannot be resolved is named. */
async function resolveAll(
  names: ReadonlyMap<string, ImageName>,
  client: RegistryClient,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const entries = [...names];
  const results = await Promise.allSettled(entries.map(([, name]) => client.resolve(name, signal)));
  const digests = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, [image, name]] of entries.entries()) {
    const result = results[index];
    if (result?.status === 'fulfilled') digests.set(image, result.value);
    else problems.push(reasonOf(result?.reason, name));
  }
  if (problems.length > 0) throw new SluiceError('RegistryFailed', problems.join('\n'));
  return digests;
}

function reasonOf(reason: unknown, name: ImageName): string {
  if (reason instanceof SluiceError) {
    const { message } = reason;
    const full = formatImageName(name);
    return message.includes(full) ? message : `${full}: ${message}`;
  }
  throw reason;
}
