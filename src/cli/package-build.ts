// `sluice package build`: checks a package, makes an image of it, writes it to a file or pushes it.
import path from 'node:path';
import { pushImage } from '../inputs/registry/push.ts';
import { formatImageName, parseImageName } from '../model/image-name.ts';
import type { ImageName } from '../model/image-name.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { writeImageArchive } from '../package-tools/image-archive.ts';
import { buildPackageImage } from '../package-tools/package-image.ts';
import type { PackageImage } from '../package-tools/package-image.ts';
import { validatePackage } from '../render/package/validate-package.ts';
import { createSchemaValidator } from '../schema/index.ts';
import { createWiring } from '../wiring.ts';
import type { Wiring } from '../wiring.ts';
import { readDaemonConfigFile } from './daemon-config-file.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { writeOutput } from './output-file.ts';
import { printViolations, readPackageFolder } from './package-folder.ts';

export interface PackageBuildFlags {
  readonly tag?: readonly string[];
  readonly output?: string;
  readonly push?: boolean;
  readonly label?: readonly string[];
  readonly outputFormat?: string;
  readonly insecure?: boolean;
  readonly config?: string;
}

/** @returns the exit code */
export async function packageBuildCommand(
  directory: string | undefined,
  flags: PackageBuildFlags,
  io: CliIo,
): Promise<number> {
  const tags = (flags.tag ?? []).map(readTag);
  if (tags.length === 0 && (flags.push === true || flags.output !== undefined)) {
    throw new SluiceError('UsageInvalid', 'output or push is requested but no tags are set');
  }
  const labels = Object.fromEntries((flags.label ?? []).map(readLabel));
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const folder = await readPackageFolder(directory, wiring, io);
  const violations = validatePackage(folder.files, createSchemaValidator());
  if (violations.length > 0) {
    printViolations(violations, folder.name, io);
    return EXIT.failed;
  }
  const image = buildPackageImage(folder.files, labels);
  if (flags.output !== undefined) {
    const file = path.resolve(io.cwd, flags.output);
    const archive = writeImageArchive(image, tags.map(formatImageName));
    await writeOutput(file, archive, `--output ${flags.output}`);
    io.err(`${io.errStyle.green('WROTE')} ${flags.output}\n`);
  }
  if (flags.push === true) await push({ image, tags, wiring, flags }, io);
  const digest = image.manifest.digest;
  io.out(flags.outputFormat === 'digest' ? `${digest}\n` : 'Package built successfully!\n');
  if (flags.outputFormat !== 'digest') io.err(`${digest}\n`);
  return EXIT.done;
}

async function push(
  job: {
    readonly image: PackageImage;
    readonly tags: readonly ImageName[];
    readonly wiring: Wiring;
    readonly flags: PackageBuildFlags;
  },
  io: CliIo,
): Promise<void> {
  const { image, tags, wiring, flags } = job;
  const config = await readDaemonConfigFile(flags.config, io);
  const sources = config?.sources ?? { hosts: [] };
  const hosts = flags.insecure === true ? tags.map(({ registry }) => registry) : [];
  const insecureHosts = [...(sources.insecureHosts ?? []), ...hosts];
  const client = wiring.openRegistry({ ...sources, insecureHosts });
  const { layer, config: settings, manifest } = image;
  const parts = { blobs: [layer.bytes, settings.bytes], manifest };
  for (const tag of tags) {
    const digest = await pushImage(client, tag, parts, io.signal);
    io.err(`${io.errStyle.green('PUSHED')} ${formatImageName(tag)}@${digest}\n`);
  }
}

function readTag(text: string): ImageName {
  const parsed = parseImageName(text);
  if (parsed.kind === 'invalid') throw new SluiceError('UsageInvalid', `--tag: ${parsed.reason}`);
  if (parsed.name.digest !== undefined) {
    throw new SluiceError('UsageInvalid', `--tag ${text}: a digest cannot be chosen`);
  }
  return parsed.name;
}

function readLabel(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new SluiceError('UsageInvalid', `--label ${text}: write it as key=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
