// Reads the daemon's configuration file and stops with every problem in it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DaemonConfigSpec } from '../api/daemon-config.ts';
import { readDaemonConfig } from '../api/read-daemon-config.ts';
import { formatDiagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { createSchemaValidator } from '../schema/index.ts';
import type { CliIo } from './io.ts';

/**
 * The file that `--config` names, else `~/.config/sluice/config.yaml` where it exists.
 * @throws SluiceError ConfigInvalid with all problems
 */
export async function readDaemonConfigFile(
  file: string | undefined,
  io: Pick<CliIo, 'environment' | 'cwd'>,
): Promise<DaemonConfigSpec | undefined> {
  const name = file === undefined ? defaultFile(io.environment) : path.resolve(io.cwd, file);
  if (name === undefined) return undefined;
  let bytes: Buffer;
  try {
    bytes = await readFile(name);
  } catch (error) {
    if (file === undefined) return undefined;
    const text = error instanceof Error ? error.message : String(error);
    throw new SluiceError('ConfigInvalid', `${name} cannot be read: ${text}`, { cause: error });
  }
  const result = readDaemonConfig(bytes, name, createSchemaValidator());
  if (result.kind === 'ok') return result.spec;
  throw new SluiceError('ConfigInvalid', result.diagnostics.map(formatDiagnostic).join('\n'));
}

function defaultFile(environment: CliIo['environment']): string | undefined {
  const home =
    environment['XDG_CONFIG_HOME'] ??
    (environment['HOME'] && path.join(environment['HOME'], '.config'));
  return home ? path.join(home, 'sluice', 'config.yaml') : undefined;
}
