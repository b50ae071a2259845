// The sluice.yaml in force: the snapshot's own, or the last good one while that is gone or wrong.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { CONFIG_FILE } from '../render/load.ts';
import type { RepositoryConfig } from '../render/repository-config.ts';
import type { ConfigResult } from '../render/sluice-config.ts';
import type { SourceMemory } from './intake-deps.ts';

export interface Configuration {
  readonly config: RepositoryConfig;
  readonly text: string | undefined;
  /** Why nothing may be removed: the file in force is not the one that is asked for. */
  readonly hold: string | undefined;
  /** False while a wrong sluice.yaml is all that there has ever been. */
  readonly everGood: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** A sluice.yaml that is gone or wrong leaves the last good one in force. */
export async function readConfiguration(
  snapshot: Snapshot,
  known: {
    readonly read: (bytes: Uint8Array | undefined, file: string) => ConfigResult;
    readonly memory: SourceMemory | undefined;
    readonly lastGood: RepositoryConfig | undefined;
  },
): Promise<Configuration> {
  const remembered = known.memory?.config;
  const rememberedConfig = (): RepositoryConfig => {
    const bytes = remembered === undefined ? undefined : Buffer.from(remembered);
    const result = known.read(bytes, CONFIG_FILE);
    return result.kind === 'ok' ? result.config : (known.lastGood ?? defaults(known.read));
  };
  const file = snapshot.file(CONFIG_FILE);
  if (!file) {
    const config = rememberedConfig();
    if (remembered === undefined)
      return { config, text: undefined, hold: undefined, everGood: true, diagnostics: [] };
    const message = 'sluice.yaml was there before and is gone; the last one stays in force';
    const missing = diagnostic('ConfigMissing', message, { file: CONFIG_FILE });
    const hold = 'ConfigMissing: sluice.yaml is gone; restore it (an empty spec is enough)';
    return { config, text: remembered, hold, everGood: true, diagnostics: [missing] };
  }
  const bytes = (await snapshot.read([file.oid])).get(file.oid) ?? new Uint8Array();
  const result = known.read(bytes, file.path);
  if (result.kind === 'ok') {
    const text = Buffer.from(bytes).toString('utf8');
    return { config: result.config, text, hold: undefined, everGood: true, diagnostics: [] };
  }
  const { diagnostics } = result;
  const everGood = known.memory !== undefined;
  const config = everGood ? rememberedConfig() : defaults(known.read);
  const [first] = diagnostics;
  const place = `${file.path}${first?.line === undefined ? '' : `:${first.line}`}`;
  const hold = `${first?.code ?? 'ConfigInvalid'}: ${place} is wrong, so what is wanted is not known`;
  return { config, text: remembered, hold, everGood, diagnostics };
}

/** A wrong sluice.yaml with no good one before it: the defaults would sync everything, so nothing is synced. */
function defaults(
  read: (bytes: Uint8Array | undefined, file: string) => ConfigResult,
): RepositoryConfig {
  const result = read(undefined, CONFIG_FILE);
  if (result.kind !== 'ok')
    throw new SluiceError('Internal', 'the default configuration is invalid');
  return { ...result.config, sync: [] };
}
