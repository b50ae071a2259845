// Units that one document defines: packages, deployments, sets and templates of the Package Operator API.
import { canonicalJson } from '../lib/canonical-json.ts';
import type { ApiKind } from '../api/api-kind.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { listAt, objectAt, stringAt } from '../model/json.ts';
import { formatUnitId } from '../model/unit-id.ts';
import type { UnitName } from '../model/unit-id.ts';
import type { DraftUnit } from './dependencies.ts';
import type { DeletionOrder, SourceFile } from './discover.ts';
import { filePart, hashParts } from './input-hash.ts';
import { parseImageReference } from './package/image-reference.ts';
import type { RepositoryConfig, SyncRule } from './repository-config.ts';
import type { ScopeTable } from './scope.ts';
import { readLevers } from './unit-levers.ts';
import type { UnitDocument } from './unit.ts';

export interface DiscoverySettings {
  readonly config: RepositoryConfig;
  readonly folderHash: (folder: string) => string;
  /** What of sluice.yaml and of the snapshot's CRDs enters the render of every unit of a sync entry. */
  readonly settingsText: (rule: SyncRule) => string;
  /** Changes with the CRDs of the snapshot: units with probes are checked against their schemas. */
  readonly schemasText?: string;
  /** Filled as documents are met. */
  readonly slices: Map<string, UnitDocument>;
  readonly deletions: DeletionOrder[];
  readonly diagnostics: Diagnostic[];
}

/** The key of an ObjectSlice among the documents of a snapshot; the namespace is empty for the cluster kind. */
export function sliceKey(target: string, namespace: string, name: string): string {
  return `${target}/${namespace}/${name}`;
}

/** Units of all known kinds in these files; slices, deletions and misplaced files are noted in the settings. */
export function createDocumentUnits(
  files: readonly SourceFile[],
  settings: DiscoverySettings,
): readonly DraftUnit[] {
  const slices: [document: UnitDocument, file: SourceFile][] = [];
  const pending: (() => DraftUnit)[] = [];
  for (const file of files) {
    for (const item of file.documents) {
      if (item.kind !== 'known') continue;
      const { apiKind, document } = item;
      switch (apiKind.role) {
        case 'unit':
          for (const rule of file.rules) {
            pending.push(() => createUnit({ file, apiKind, document, rule }, settings));
          }
          break;
        case 'part':
          slices.push([document, file]);
          break;
        case 'order':
          noteDeletion(document, file, settings);
          break;
        case 'configuration':
        case 'package-file':
          settings.diagnostics.push(misplaced(apiKind, document));
          break;
      }
    }
  }
  for (const [document, file] of slices) noteSlice(document, file, settings);
  return pending.map((create) => create());
}

/** Without a target of its own an order goes to all that its folder goes to. */
function noteDeletion(document: UnitDocument, file: SourceFile, settings: DiscoverySettings): void {
  const named = stringAt(objectAt(document.manifest, 'spec'), 'target');
  const targets = named === undefined ? file.rules.map(({ target }) => target) : [named];
  settings.deletions.push(...targets.map((target) => ({ document, target })));
}

function noteSlice(document: UnitDocument, file: SourceFile, settings: DiscoverySettings): void {
  const { metadata, kind } = document.manifest;
  for (const rule of file.rules) {
    const own = stringAt(metadata, 'namespace') ?? rule.namespace;
    const namespace = kind === 'ClusterObjectSlice' ? '' : own;
    const key = sliceKey(rule.target, namespace, metadata.name ?? '');
    const other = settings.slices.get(key);
    if (other === undefined) settings.slices.set(key, document);
    else {
      const message = `${kind} ${metadata.name} is also defined in ${other.source.file}:${other.source.line ?? 1}`;
      settings.diagnostics.push(diagnostic('UnitDuplicate', message, document.source));
    }
  }
}

function misplaced(apiKind: ApiKind, document: UnitDocument): Diagnostic {
  const hint =
    apiKind.kind === 'Config'
      ? 'The configuration of the repository is sluice.yaml in its root.'
      : apiKind.kind === 'DaemonConfig'
        ? 'The configuration of the daemon is never read from the watched repository: use --config.'
        : 'A package keeps it in manifest.yaml or manifest.lock.yaml of its own folder.';
  const message = `${apiKind.kind} has no effect in this file`;
  return diagnostic('KindUnsupported', message, { ...document.source, hint });
}

export interface UnitOrigin {
  readonly file: SourceFile;
  readonly apiKind: ApiKind;
  readonly document: UnitDocument;
  readonly rule: SyncRule;
}

/** The unit that one document defines. */
export function createUnit(origin: UnitOrigin, settings: DiscoverySettings): DraftUnit {
  const { file, apiKind, document, rule } = origin;
  const { metadata } = document.manifest;
  const own = stringAt(metadata, 'namespace');
  const namespace =
    apiKind.scope === 'Cluster' ? '' : own === undefined || own === '' ? rule.namespace : own;
  const name: UnitName = {
    target: rule.target,
    group: apiKind.group,
    kind: apiKind.kind,
    namespace,
    name: metadata.name ?? '',
  };
  const levers = readLevers(document);
  const inputs = inputsOf(origin, namespace, settings);
  const spec = objectAt(document.manifest, 'spec');
  const lifecycle = stringAt(spec, 'lifecycleState');
  const isSet = apiKind.kind === 'ObjectSet' || apiKind.kind === 'ClusterObjectSet';
  const parts = [
    filePart(file),
    `${document.source.line ?? 0} ${canonicalJson(name)}`,
    settings.settingsText(rule),
    apiKind.kind.endsWith('Template') ? '' : (settings.schemasText ?? ''),
    ...inputs.parts,
  ];
  return {
    dependencies: levers.dependsOn,
    unit: {
      id: formatUnitId(name),
      name,
      target: rule.target,
      source: document.source,
      documents: [document],
      namespace,
      dependsOn: [],
      suspended: levers.suspended || (isSet && lifecycle === 'Paused'),
      suspendReason: levers.suspendReason,
      detach: levers.detach,
      archived: isSet && lifecycle === 'Archived',
      timeoutMs: levers.timeoutMs,
      problems: levers.problems,
      siblings: [],
      inputHash: hashParts(parts),
      reads: [file.path, ...inputs.reads],
    },
  };
}

/** Texts for `settingsText`, each worked out once. */
export function createSettingsText(
  config: RepositoryConfig,
  crdScopes: ScopeTable,
): (rule: SyncRule) => string {
  const scopes = canonicalJson(crdScopes);
  const known = new Map<SyncRule, string>();
  return (rule) => {
    const before = known.get(rule);
    if (before !== undefined) return before;
    const target = config.targets.find((item) => item.name === rule.target);
    const parts = [rule.target, rule.namespace, rule.timeoutMs ?? null, config.defaults];
    const text = `${canonicalJson([...parts, target?.environment ?? null])} ${scopes}`;
    known.set(rule, text);
    return text;
  };
}

interface Inputs {
  readonly parts: readonly string[];
  readonly reads: readonly string[];
}

const NO_INPUTS: Inputs = { parts: [], reads: [] };

/** Folders and slices that a unit reads beside its own file. */
function inputsOf(origin: UnitOrigin, namespace: string, settings: DiscoverySettings): Inputs {
  const { apiKind, document } = origin;
  const spec = objectAt(document.manifest, 'spec');
  if (apiKind.kind === 'Package' || apiKind.kind === 'ClusterPackage') {
    return packageInputs(document, stringAt(spec, 'image') ?? '', settings);
  }
  const template = objectAt(objectAt(spec, 'template'), 'spec');
  const phases = [...listAt(spec, 'phases'), ...listAt(template, 'phases')];
  const names = phases.flatMap((phase) => listAt(phase as never, 'slices'));
  if (names.length === 0) return NO_INPUTS;
  const keys = names.map((item) => sliceKey(origin.rule.target, namespace, String(item)));
  const found = keys.map((key) => settings.slices.get(key));
  return {
    parts: found.map((slice) => (slice ? canonicalJson(slice.manifest) : '')),
    reads: [...new Set(found.flatMap((slice) => slice?.source.file ?? []))],
  };
}

function packageInputs(document: UnitDocument, image: string, settings: DiscoverySettings): Inputs {
  const reference = parseImageReference(image, document.source.file);
  if (reference.kind !== 'folder') return NO_INPUTS;
  const reads = [reference.path === '' ? '' : `${reference.path}/`];
  return { parts: [settings.folderHash(reference.path)], reads };
}
