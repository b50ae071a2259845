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
  // Upstream keeps the last of two equal keys, and packages exist that depend on being read so.
  const { documents, diagnostics } = readManifests(document.text, { duplicateKeys: 'last' });
  const trouble = diagnostics.find((item) => item.severity === 'error');
  if (trouble) return invalid(place, trouble.message, trouble.line ?? 1);
  const [read, dropped] = documents;
  if (read === undefined) return undefined;
  if (read.index > 0 || dropped !== undefined) return uncut(place, (dropped ?? read).line);
  const value = read.value as Json;
  if (!isObject(value) || typeof value['kind'] !== 'string' || value['kind'] === '') {
    return invalid(place, "Object 'Kind' is missing", read.line);
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

/**
 * Upstream reads the first document of what its separators cut off, and drops the rest without a word.
 * @param line in the document, from 1, where the dropped one begins
 */
function uncut(place: Place, line: number): Violation {
  const { text, line: start } = place.document;
  const before = text.split('\n').slice(0, line - 1);
  const dashes = before.findLastIndex((item) => item.startsWith('---'));
  const found = JSON.stringify(before[dashes] ?? '');
  const reason =
    dashes < 0
      ? `the document that begins in line ${line + start - 1} would be dropped: no separator precedes it`
      : `line ${dashes + start} (${found}) is no separator, so that what follows it would be dropped`;
  return {
    ...invalid(place, reason, dashes < 0 ? line : dashes + 1),
    hint: 'Separate objects by a line of exactly ---: no blank, no comment, no carriage return.',
  };
}

/** @param line in the document, from 1 */
function invalid({ path, file, index, document }: Place, reason: string, line: number): Violation {
  const isStatic = file.sourcePath === path;
  const inFile = line + document.line - 1;
  const details = isStatic
    ? reason
    : `${reason}; line ${inFile} of the rendered file${shownLine(document.text, line)}`;
  return {
    reason: VIOLATION.invalidYaml,
    details,
    path: file.sourcePath,
    index,
    subject: document.text,
    ...(isStatic ? { line: inFile } : {}),
  };
}

const SECRET = /^kind:[ \t]*["']?Secret\b/mu;
const LONGEST_LINE = 160;

/**
 * A line of a template is not that of what it becomes, so the line itself is shown; of a long one its key, as
 * a part of a value could not be taken out again where it is secret.
 */
function shownLine(text: string, line: number): string {
  const shown = text.split('\n')[line - 1]?.trim() ?? '';
  if (shown === '' || SECRET.test(text)) return '';
  if (shown.length <= LONGEST_LINE) return `: \`${shown}\``;
  const key = /^(?:- )?[^\s:'"`]{1,80}:(?= )/u.exec(shown)?.[0] ?? '';
  return `: \`${key} …\``;
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
