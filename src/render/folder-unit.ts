// Plain directories: all manifests of one folder that are no units themselves, one unit per target.
import { canonicalJson } from '../lib/canonical-json.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { FOLDER_KIND, formatUnitId } from '../model/unit-id.ts';
import type { DraftUnit } from './dependencies.ts';
import type { SourceFile } from './discover.ts';
import type { DiscoverySettings } from './document-unit.ts';
import { filePart, hashParts } from './input-hash.ts';
import type { SyncRule } from './repository-config.ts';
import { folderOf } from './repository-path.ts';
import { mergeLevers, readLevers } from './unit-levers.ts';
import type { UnitDocument } from './unit.ts';

/** One unit per folder and target. A folder with nothing but faulty files is a unit too: it says what is wrong. */
export function createFolderUnits(
  files: readonly SourceFile[],
  kustomized: ReadonlySet<string>,
  settings: DiscoverySettings,
): readonly DraftUnit[] {
  const folders = new Map<string, SourceFile[]>();
  for (const file of files) {
    for (const item of file.documents) {
      if (item.kind === 'foreign') settings.diagnostics.push(item.diagnostic);
    }
    const folder = folderOf(file.path);
    if (!kustomized.has(folder) && !concernsFolder(file)) continue;
    const members = folders.get(folder);
    if (members) members.push(file);
    else folders.set(folder, [file]);
  }
  const drafts: DraftUnit[] = [];
  for (const [folder, members] of folders) {
    const isKustomized = kustomized.has(folder);
    for (const rule of members[0]?.rules ?? []) {
      drafts.push(
        createUnit(folder, isKustomized ? kustomizedFolder(members) : members, rule, settings),
      );
    }
  }
  return drafts;
}

function concernsFolder(file: SourceFile): boolean {
  return (
    file.diagnostics.some((item) => item.severity === 'error') ||
    file.documents.some((item) => item.kind === 'plain' || item.kind === 'invalid')
  );
}

/** The files of a kustomized folder as one complaint: its manifests are inputs of kustomize, not objects. */
function kustomizedFolder(members: readonly SourceFile[]): readonly SourceFile[] {
  const first =
    members.find((file) => /(^|\/)kustomization\.ya?ml$/i.test(file.path)) ?? members[0];
  if (first === undefined) return [];
  const problem = diagnostic(
    'KustomizationUnsupported',
    `${folderOf(first.path) || 'the root folder'} is built by kustomize, which Sluice does not run; nothing in it is applied`,
    { file: first.path, line: 1 },
  );
  return [{ ...first, documents: [], diagnostics: [problem] }];
}

function createUnit(
  folder: string,
  files: readonly SourceFile[],
  rule: SyncRule,
  settings: DiscoverySettings,
): DraftUnit {
  const name = {
    target: rule.target,
    group: '',
    kind: FOLDER_KIND,
    namespace: '',
    name: folder === '' ? '.' : folder,
  };
  const documents: UnitDocument[] = [];
  const problems: Diagnostic[] = [];
  for (const file of files) {
    problems.push(...file.diagnostics);
    for (const item of file.documents) {
      if (item.kind === 'plain') documents.push(item.document);
      else if (item.kind === 'invalid') problems.push(item.diagnostic);
    }
  }
  const levers = mergeLevers(documents.map(readLevers));
  const parts = [canonicalJson(name), settings.settingsText(rule), ...files.map(filePart)];
  const first = files[0];
  return {
    dependencies: [
      ...rule.dependsOn.map((text) => ({ text, document: undefined })),
      ...levers.dependsOn,
    ],
    unit: {
      id: formatUnitId(name),
      name,
      target: rule.target,
      source: documents[0]?.source ?? { file: first?.path ?? folder, line: 1 },
      documents,
      namespace: rule.namespace,
      dependsOn: [],
      suspended: levers.suspended || rule.suspended,
      suspendReason: levers.suspendReason,
      detach: levers.detach || rule.detach,
      archived: false,
      timeoutMs: levers.timeoutMs ?? rule.timeoutMs,
      problems: [...new Set([...problems, ...levers.problems])],
      siblings: [],
      inputHash: hashParts(parts),
      reads: [folder === '' ? '' : `${folder}/`],
    },
  };
}
