// The daemon's configuration file, read and checked before anything is started.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { readConfigurationFile } from './configuration-file.ts';
import { DAEMON_CONFIG } from './daemon-config.ts';
import type { DaemonConfigSpec, SecretSource } from './daemon-config.ts';

export type DaemonConfigResult =
  | { readonly kind: 'ok'; readonly spec: DaemonConfigSpec }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

type Path = readonly (string | number)[];

/**
 * Reads a DaemonConfig. Secrets stay names here; whoever uses them reads them.
 * @param file path that diagnostics name
 */
export function readDaemonConfig(
  bytes: Uint8Array,
  file: string,
  validator: SchemaValidator,
): DaemonConfigResult {
  const read = readConfigurationFile(bytes, {
    file,
    kind: DAEMON_CONFIG,
    validator,
    code: 'ConfigInvalid',
  });
  const hint = 'Correct the configuration of the daemon; it does not start with a faulty one.';
  if (read.kind === 'invalid') {
    return { kind: 'invalid', diagnostics: read.diagnostics.map((item) => ({ ...item, hint })) };
  }
  const spec = read.object['spec'] as unknown as DaemonConfigSpec;
  const diagnostics = [...targetProblems(spec), ...secretProblems(spec), ...urlProblems(spec)].map(
    ({ path, message }) =>
      diagnostic('ConfigInvalid', message, { file, line: read.lineOf(path), hint }),
  );
  return diagnostics.length > 0 ? { kind: 'invalid', diagnostics } : { kind: 'ok', spec };
}

interface Problem {
  readonly path: Path;
  readonly message: string;
}

function targetProblems(spec: DaemonConfigSpec): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  for (const [index, target] of (spec.targets ?? []).entries()) {
    const path = ['spec', 'targets', index];
    if (names.has(target.name)) {
      const message = `spec.targets[${index}].name: "${target.name}" is defined twice`;
      problems.push({ path: [...path, 'name'], message });
    }
    names.add(target.name);
    if ((target.type === 'kraken' || target.type === 'wayfinder') && !target.server) {
      const message = `spec.targets[${index}].server: Required value for type ${target.type}`;
      problems.push({ path, message });
    }
  }
  for (const [index, entry] of (spec.sync ?? []).entries()) {
    for (const [place, name] of (entry.targets ?? []).entries()) {
      if (names.has(name) || spec.targets === undefined) continue;
      const message = `spec.sync[${index}].targets[${place}]: no target is named "${name}"`;
      problems.push({ path: ['spec', 'sync', index, 'targets', place], message });
    }
  }
  return problems;
}

function secretProblems(spec: DaemonConfigSpec): readonly Problem[] {
  const found: [Path, SecretSource | undefined][] = [];
  const credentials = spec.repository?.credentials ?? {};
  for (const [key, source] of Object.entries(credentials)) {
    found.push([['spec', 'repository', 'credentials', key], source]);
  }
  for (const [index, target] of (spec.targets ?? []).entries()) {
    found.push([['spec', 'targets', index, 'tokenFrom'], target.tokenFrom]);
  }
  for (const [index, access] of (spec.sources.credentials ?? []).entries()) {
    for (const key of ['usernameFrom', 'passwordFrom', 'tokenFrom', 'sshKeyFrom'] as const) {
      found.push([['spec', 'sources', 'credentials', index, key], access[key]]);
    }
  }
  found.push([['spec', 'decryption', 'ageKeysFrom'], spec.decryption?.ageKeysFrom]);
  return found.flatMap(([path, source]) => {
    if (source === undefined) return [];
    if ((source.env === undefined) !== (source.file === undefined)) return [];
    return [{ path, message: `${path.join('.')}: name either env or file` }];
  });
}

/** A password in an address ends up in logs and errors of others; it has its own fields. */
function urlProblems(spec: DaemonConfigSpec): readonly Problem[] {
  const url = spec.repository?.url;
  if (url === undefined || !/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url)) return [];
  const path = ['spec', 'repository', 'url'];
  return [
    { path, message: 'spec.repository.url: holds a password; use spec.repository.credentials' },
  ];
}
