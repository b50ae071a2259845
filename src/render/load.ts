// From files to documents: which files of a snapshot are read, and what they hold.
import { readManifests } from '../lang/yaml/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { SnapshotFile } from '../model/snapshot.ts';
import { classifyDocuments } from './document.ts';
import type { ClassifiedDocument, ParsedDocument } from './document.ts';
import type { RepositoryConfig } from './repository-config.ts';
import { isHidden, isYamlPath } from './repository-path.ts';
import { createSyncIndex } from './sync-rules.ts';

/**
 * The configuration of the repository, at its root. Not `sluice.yml`: a file of that name is said to be in
 * the wrong place, as any other Config document is.
 */
export const CONFIG_FILE = 'sluice.yaml';

/** Largest manifest file that is read, in bytes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

export type { ClassifiedDocument, ParsedDocument } from './document.ts';

/** What a file holds. Depends on its path and bytes only, so it may be kept per path and blob id. */
export interface ParsedFile {
  readonly path: string;
  readonly documents: readonly ParsedDocument[];
  /** The documents told apart, which is done once per blob and not once per commit. */
  readonly contents: readonly ClassifiedDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one file; never throws, trouble becomes diagnostics that name file and line. */
export function parseSource(path: string, bytes: Uint8Array): ParsedFile {
  const file = readManifests(bytes, { file: path, limits: { maxBytes: MAX_MANIFEST_BYTES } });
  const documents = file.documents.map((document): ParsedDocument => ({
    value: document.value,
    index: document.index,
    line: document.line,
    locate: (where, at) => {
      const { line, column } =
        at === undefined ? document.positionOf(where) : document.textPositionOf(where, at);
      return { file: path, line, column };
    },
  }));
  const contents = classifyDocuments(path, documents);
  return { path, documents, contents, diagnostics: file.diagnostics };
}

export interface FileSelection {
  /** Sorted by path. */
  readonly files: readonly SnapshotFile[];
  /** What was left out and why: symlinks, submodules, files above the limit. */
  readonly diagnostics: readonly Diagnostic[];
  /** Files that should have been read and were not: nothing that came from them may be pruned. */
  readonly unread: readonly string[];
}

/**
 * The files below synced paths that hold manifests. Dot files and dot folders belong to tools and are
 * left out, sluice.yaml is read on its own.
 */
export function selectManifestFiles(
  files: readonly SnapshotFile[],
  config: RepositoryConfig,
): FileSelection {
  const sync = createSyncIndex(config.sync);
  const selected: SnapshotFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const unread: string[] = [];
  for (const file of files) {
    if (isHidden(file.path) || file.path === CONFIG_FILE) continue;
    if (file.mode === 'submodule' || isYamlPath(file.path)) {
      if (sync.rulesFor(file.path).length === 0) continue;
      const problem = fileProblem(file);
      if (problem === undefined) selected.push(file);
      else {
        diagnostics.push(problem);
        if (problem.severity === 'error') unread.push(file.path);
      }
    }
  }
  return { files: selected, diagnostics, unread };
}

function fileProblem(file: SnapshotFile): Diagnostic | undefined {
  if (file.mode === 'symlink' || file.mode === 'submodule') {
    return diagnostic('FileSkipped', `a ${file.mode} is not followed`, { file: file.path });
  }
  if (file.size <= MAX_MANIFEST_BYTES) return undefined;
  const message = `the file has ${file.size} bytes, more than the limit of ${MAX_MANIFEST_BYTES}`;
  return diagnostic('YamlLimit', message, { file: file.path });
}
