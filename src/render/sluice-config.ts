// sluice.yaml: what the repository says about targets, folders, safety and defaults.
import { CONFIG } from '../api/config.ts';
import type { ConfigSpec } from '../api/config.ts';
import { readConfigurationFile } from '../api/configuration-file.ts';
import type { Position } from '../lang/yaml/index.ts';
import { parseDuration } from '../lib/duration.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { healthCheckFaults } from './health-check-faults.ts';
import { namespaceProblem } from './object-name.ts';
import type {
  Amount,
  ConfiguredTarget,
  HealthCheck,
  IgnoreRule,
  RepositoryConfig,
  SyncRule,
} from './repository-config.ts';
import { resolvePath } from './repository-path.ts';

/** A target that the daemon defines; `environment` where it says one. */
export interface KnownTarget {
  readonly name: string;
  readonly environment?: Json;
}

export interface ReadConfigOptions {
  /** The file's path in the repository, `sluice.yaml`. */
  readonly file: string;
  /** Targets of the daemon; with none, the repository gets the embedded target `local`. */
  readonly targets: readonly KnownTarget[];
  readonly validator: SchemaValidator;
}

export type ConfigResult =
  | { readonly kind: 'ok'; readonly config: RepositoryConfig }
  /** The last good configuration stays in force. */
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** Target of a repository for which nobody defines one. */
export const DEFAULT_TARGET = 'local';
const DEFAULT_NAMESPACE = 'default';

/** The configuration without a sluice.yaml: the whole repository goes to the only target. */
export function defaultConfig(targets: readonly KnownTarget[]): ConfigResult {
  const start = { line: 1, column: 1 };
  const places = { lineOf: () => 1, textPlaceOf: () => start };
  return settle({}, [], { file: 'sluice.yaml', targets, ...places, present: false });
}

/**
 * Reads sluice.yaml.
 * @param bytes content; undefined when there is no such file
 */
export function readConfig(
  bytes: Uint8Array | undefined,
  options: ReadConfigOptions,
): ConfigResult {
  const { file, targets, validator } = options;
  if (bytes === undefined) return defaultConfig(targets);
  const read = readConfigurationFile(bytes, {
    file,
    kind: CONFIG,
    validator,
    code: 'ConfigInvalid',
  });
  if (read.kind === 'invalid') return read;
  const spec = read.object['spec'] as unknown as ConfigSpec;
  const { lineOf, textPlaceOf } = read;
  return settle(spec, [], { file, targets, lineOf, textPlaceOf, present: true });
}

interface Surroundings {
  readonly file: string;
  readonly targets: readonly KnownTarget[];
  readonly lineOf: (path: readonly (string | number)[]) => number;
  readonly textPlaceOf: (path: readonly (string | number)[], at: Position) => Position;
  readonly present: boolean;
}

function settle(
  spec: ConfigSpec,
  before: readonly Diagnostic[],
  around: Surroundings,
): ConfigResult {
  const diagnostics = [...before];
  const report: Report = (code, path, message) => {
    const place = around.present ? { file: around.file, line: around.lineOf(path) } : {};
    diagnostics.push(diagnostic(code, message, place));
  };
  const targets = mergeTargets(spec, around.targets, report);
  const config: RepositoryConfig = {
    present: around.present,
    targets,
    sync: syncRules(spec, targets, around, report),
    safety: {
      maxDeletions: amount(spec.safety?.maxDeletions ?? '20%'),
      maxUnitDeletions: amount(spec.safety?.maxUnitDeletions ?? '10%'),
      allowEmpty: spec.safety?.allowEmpty ?? false,
    },
    approvals: (spec.approvals ?? []).map(({ plan }) => plan),
    defaults: {
      collisionProtection: spec.defaults?.collisionProtection ?? 'Prevent',
      builtinProbes: spec.defaults?.builtinProbes ?? false,
      timeoutMs: parseDuration(spec.defaults?.timeout ?? '10m') ?? 0,
    },
    ignoreDifferences: (spec.ignoreDifferences ?? []).map(ignoreRule),
    healthChecks: (spec.healthChecks ?? []).map(healthCheck),
  };
  for (const { path, at, message, hint } of healthCheckFaults(spec.healthChecks ?? [])) {
    const place = at === undefined ? { line: around.lineOf(path) } : around.textPlaceOf(path, at);
    diagnostics.push(diagnostic('CelInvalid', message, { file: around.file, ...place, ...hint }));
  }
  return diagnostics.length > 0 ? { kind: 'invalid', diagnostics } : { kind: 'ok', config };
}

type Report = (
  code: 'ConfigInvalid' | 'TargetUnknown' | 'DependencyUnknown',
  path: readonly (string | number)[],
  message: string,
) => void;

function mergeTargets(
  spec: ConfigSpec,
  known: readonly KnownTarget[],
  report: Report,
): readonly ConfiguredTarget[] {
  const targets = new Map<string, ConfiguredTarget>();
  for (const { name, environment } of known) targets.set(name, { name, environment });
  const own = new Set<string>();
  for (const [index, { name, type, environment }] of (spec.targets ?? []).entries()) {
    const path = ['spec', 'targets', index];
    if (own.has(name)) report('ConfigInvalid', path, `the target "${name}" is named twice`);
    own.add(name);
    const defined = targets.get(name);
    if (defined === undefined && type !== 'embedded') {
      const message = `spec.targets[${index}]: the daemon defines no target "${name}"; only targets of type embedded may be defined here`;
      report('TargetUnknown', path, message);
    }
    targets.set(name, { name, environment: environment ?? defined?.environment });
  }
  if (targets.size === 0) {
    targets.set(DEFAULT_TARGET, { name: DEFAULT_TARGET, environment: undefined });
  }
  return [...targets.values()];
}

function syncRules(
  spec: ConfigSpec,
  targets: readonly ConfiguredTarget[],
  around: Surroundings,
  report: Report,
): readonly SyncRule[] {
  const names = targets.map(({ name }) => name);
  const entries = spec.sync ?? [{ path: '' }];
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const path = ['spec', 'sync', index];
    const folder = entry.path.startsWith('/') ? undefined : resolvePath('', entry.path);
    if (folder === undefined) {
      const message = `spec.sync[${index}].path: "${entry.path}" is no folder of this repository`;
      report('ConfigInvalid', [...path, 'path'], message);
      return [];
    }
    const target = entry.target ?? (names.length === 1 ? names[0] : undefined);
    if (target === undefined) {
      const list = names.join(', ');
      const message = around.present
        ? `spec.sync[${index}].target: Required value: there is more than one target (${list})`
        : `there is more than one target (${list}), so sluice.yaml must say which folder goes where`;
      report('TargetUnknown', path, message);
      return [];
    }
    if (!names.includes(target)) {
      const message = `spec.sync[${index}].target: there is no target "${target}"; known: ${names.join(', ')}`;
      report('TargetUnknown', [...path, 'target'], message);
      return [];
    }
    const key = `${target} ${folder}`;
    if (seen.has(key)) {
      report(
        'ConfigInvalid',
        path,
        `spec.sync[${index}]: ${folder || '.'} goes to ${target} twice`,
      );
    }
    seen.add(key);
    const wrong = entry.namespace === undefined ? undefined : namespaceProblem(entry.namespace);
    if (wrong)
      report('ConfigInvalid', [...path, 'namespace'], `spec.sync[${index}].namespace: ${wrong}`);
    return [
      {
        path: folder,
        target,
        namespace: entry.namespace ?? DEFAULT_NAMESPACE,
        dependsOn: entry.dependsOn ?? [],
        suspended: entry.suspend ?? false,
        detach: entry.detach ?? false,
        timeoutMs: entry.timeout === undefined ? undefined : parseDuration(entry.timeout),
        line: around.present ? around.lineOf(path) : undefined,
      },
    ];
  });
}

/** `20%` or a number, both checked by the schema. */
function amount(value: number | string): Amount {
  return typeof value === 'number'
    ? { kind: 'count', count: value }
    : { kind: 'share', percent: Number(value.slice(0, -1)) };
}

/** `Deployment.apps` → kind and group; a core kind has no dot. */
function splitKind(text: string): { readonly kind: string; readonly group: string } {
  const dot = text.indexOf('.');
  return dot < 0
    ? { kind: text, group: '' }
    : { kind: text.slice(0, dot), group: text.slice(dot + 1) };
}

function ignoreRule(rule: NonNullable<ConfigSpec['ignoreDifferences']>[number]): IgnoreRule {
  const { namespace, name, fields } = rule;
  return { ...splitKind(rule.kind), namespace, name, fields };
}

function healthCheck(check: NonNullable<ConfigSpec['healthChecks']>[number]): HealthCheck {
  const { current, inProgress, failed } = check;
  return { ...splitKind(check.kind), current, inProgress, failed };
}
