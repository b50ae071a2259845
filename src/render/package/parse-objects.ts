// From rendered files to objects (package-operator §1.2).
import { readManifests } from '../../lang/yaml/index.ts';
import { PKO } from '../../model/annotations.ts';
import { isObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import { comparePaths, isObjectFile } from './file-kind.ts';
import type { RenderedObject } from './rendered-object.ts';
import { splitDocuments } from './split-documents.ts';
import type { SplitDocument } from './split-documents.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface RenderedFile {
  readonly content: string;
  /** The file that people wrote; the same path for a static file. */
  readonly sourcePath: string;
}

export interface ParsedObjects {
  /** In path order, then document order. */
  readonly objects: readonly RenderedObject[];
  readonly violations: readonly Violation[];
}

export interface ObjectLabels {
  /** Name of the package: of the manifest, or the component's folder. */
  readonly packageName: string;
  /** Name of the Package or ClusterPackage. */
  readonly instance: string;
}

/** All objects of all files; every faulty document is a violation and the others go on. */
export function parseObjects(
  files: ReadonlyMap<string, RenderedFile>,
  labels: ObjectLabels,
): ParsedObjects {
  const objects: RenderedObject[] = [];
  const violations: Violation[] = [];
  const paths = [...files.keys()].filter(isObjectFile).sort(comparePaths);
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined) continue;
    for (const [index, document] of splitDocuments(file.content).entries()) {
      const result = parseOne({ path, file, index, document }, labels);
      if (result === undefined) continue;
      if ('reason' in result) violations.push(result);
      else objects.push(result);
    }
  }
  return { objects, violations };
}

interface Place {
  readonly path: string;
  readonly file: RenderedFile;
  readonly index: number;
  readonly document: SplitDocument;
}

function parseOne(place: Place, labels: ObjectLabels): RenderedObject | Violation | undefined {
  const { path, file, index, document } = place;
  if (document.text === '') return undefined;
  const isStatic = file.sourcePath === path;
  const invalid = (details: string, line: number): Violation => ({
    reason: VIOLATION.invalidYaml,
    details,
    path: file.sourcePath === path ? path : file.sourcePath,
    index,
    subject: document.text,
    ...(isStatic ? { line: line + document.line - 1 } : {}),
  });
  // Upstream keeps the last of two equal keys, and packages exist that depend on being read so.
  const { documents, diagnostics } = readManifests(document.text, { duplicateKeys: 'last' });
  const trouble = diagnostics.find((item) => item.severity === 'error');
  if (trouble) return invalid(trouble.message, trouble.line ?? 1);
  const [read] = documents;
  if (read === undefined) return undefined;
  const value = read.value as Json;
  if (!isObject(value) || typeof value['kind'] !== 'string' || value['kind'] === '') {
    return invalid("Object 'Kind' is missing", read.line);
  }
  return {
    path,
    sourcePath: file.sourcePath,
    index,
    line: isStatic ? read.line + document.line - 1 : undefined,
    manifest: labelled(value, labels),
    locate: (where, at) => {
      if (!isStatic) return {};
      const { line, column } =
        at === undefined ? read.positionOf(where) : read.textPositionOf(where, at);
      return { line: line + document.line - 1, column };
    },
  };
}

function labelled(value: JsonObject, labels: ObjectLabels): Manifest {
  const metadata = isObject(value['metadata']) ? value['metadata'] : {};
  const own = isObject(metadata['labels']) ? metadata['labels'] : {};
  const all = {
    ...own,
    [PKO.packageLabel]: labels.packageName,
    [PKO.instanceLabel]: labels.instance,
  };
  return { ...value, metadata: { ...metadata, labels: all } } as unknown as Manifest;
}
