// Reads a file of manifests as Kubernetes reads it, and says where each value stands.
//
// Rules: stack-and-style §1.3 (a Go hybrid of YAML 1.1 and 1.2). Stricter than kubectl in one point: a duplicate
// key is an error, because silently taking the last one hides mistakes.
import { parseEvents } from 'js-yaml';
import type { Event } from 'js-yaml';
import { constructDocuments } from './construct.ts';
import type { ConstructedDocument } from './construct.ts';
import type { Problem, YamlDiagnostic } from './diagnostic.ts';
import { DEFAULT_YAML_LIMITS } from './limits.ts';
import type { YamlLimits } from './limits.ts';
import { createLocationIndex } from './location-index.ts';
import type { FoundPosition, LocationIndex, ValuePath } from './location-index.ts';
import { parseProblem } from './parse-problem.ts';
import { positionAt } from './position.ts';
import { readSourceText } from './source-text.ts';
import type { YamlValue } from './value.ts';

export interface YamlDocument {
  /** Usually an object; the reader takes any JSON value. Integers beyond ±2^53 are `bigint`. */
  readonly value: YamlValue;
  /** Number of the document in its file, from 0; empty and faulty documents count. */
  readonly index: number;
  /** Line of its first key or value, from 1. */
  readonly line: number;
  /** Where the value at a path stands, or its nearest existing ancestor (`exact: false`). */
  positionOf(path: ValuePath): FoundPosition;
  /** Where the key in front of the value at a path stands; the value itself for list items. */
  keyPositionOf(path: ValuePath): FoundPosition;
}

export interface ManifestFile {
  /** In file order; documents with errors and documents without content are left out. */
  readonly documents: readonly YamlDocument[];
  /** Documents without content (nothing, comments or `null` between two `---`). */
  readonly emptyDocuments: number;
  /** In file order. Empty for a clean file. */
  readonly diagnostics: readonly YamlDiagnostic[];
}

export interface ReadManifestsOptions {
  /** Name that diagnostics carry. */
  readonly file?: string;
  /** Default: `DEFAULT_YAML_LIMITS`, field by field. */
  readonly limits?: Partial<YamlLimits>;
  /**
   * `last` takes the last of equal keys and warns, as Go's non-strict reading does without a word (files of
   * packages, package-operator §1.1). Default `refuse`.
   */
  readonly duplicateKeys?: 'refuse' | 'last';
}

/**
 * Reads all documents of a file. Never throws: whatever is wrong becomes a diagnostic, and the documents of the
 * file that are not affected are still returned.
 */
export function readManifests(
  input: string | Uint8Array,
  options: ReadManifestsOptions = {},
): ManifestFile {
  const limits = { ...DEFAULT_YAML_LIMITS, ...options.limits };
  const source = readSourceText(input, limits);
  if (source.kind === 'refused') {
    const diagnostics = [toDiagnostic(source.problem, source.text, options.file)];
    return { documents: [], emptyDocuments: 0, diagnostics };
  }
  const reading = readText(source.text, limits, options.duplicateKeys ?? 'refuse');
  return {
    documents: reading.documents,
    emptyDocuments: reading.emptyDocuments,
    diagnostics: reading.problems
      .sort((a, b) => a.offset - b.offset)
      .map((problem) => toDiagnostic(problem, source.text, options.file)),
  };
}

interface Reading {
  readonly documents: YamlDocument[];
  emptyDocuments: number;
  /** Documents met so far, whatever became of them. */
  met: number;
  readonly problems: Problem[];
  readonly duplicateKeys: 'refuse' | 'last';
}

function readText(text: string, limits: YamlLimits, duplicateKeys: 'refuse' | 'last'): Reading {
  const reading: Reading = {
    documents: [],
    emptyDocuments: 0,
    met: 0,
    problems: [],
    duplicateKeys,
  };
  let events: Event[];
  try {
    events = parseEvents(text, { maxDepth: limits.maxDepth });
  } catch (error) {
    readParts(parseProblem(error, text), text, limits, reading);
    return reading;
  }
  addDocuments({ text, start: 0, whole: text }, events, limits, reading);
  return reading;
}

/** A stretch of a file that is parsed on its own. */
interface Part {
  readonly text: string;
  /** Offset in the whole file. */
  readonly start: number;
  readonly whole: string;
}

// A line that starts with --- ends whatever stands before it, open quotes and block texts included, so the
// documents of a file can be parsed one by one. Only %TAG and %YAML lines reach over it.
const SEPARATOR = /^---(?=[ \t\r\n]|$)/gmu;
const DIRECTIVE = /^%/mu;

function readParts(problem: Problem, text: string, limits: YamlLimits, reading: Reading): void {
  const starts = [...text.matchAll(SEPARATOR)].map((match) => match.index);
  if (starts.length === 0 || DIRECTIVE.test(text)) {
    const dropped = starts.length > 0 ? ' (no document of this file is used)' : '';
    reading.problems.push({ ...problem, message: problem.message + dropped });
    return;
  }
  if (starts[0] !== 0) starts.unshift(0);
  for (const [index, start] of starts.entries()) {
    const part: Part = { text: text.slice(start, starts[index + 1]), start, whole: text };
    readPart(part, limits, reading);
    if (reading.documents.length > limits.maxDocuments) return;
  }
}

function readPart(part: Part, limits: YamlLimits, reading: Reading): void {
  let events: Event[];
  try {
    events = parseEvents(part.text, { maxDepth: limits.maxDepth });
  } catch (error) {
    const problem = parseProblem(error, part.text);
    reading.met++;
    reading.problems.push({ ...problem, offset: part.start + problem.offset });
    return;
  }
  addDocuments(part, events, limits, reading);
}

function addDocuments(
  part: Part,
  events: readonly Event[],
  limits: YamlLimits,
  reading: Reading,
): void {
  const report = (problem: Problem): void => {
    reading.problems.push(
      part.start === 0 ? problem : { ...problem, offset: part.start + problem.offset },
    );
  };
  const place = (offset: number) => positionAt(part.whole, part.start + offset);
  const locations = createLocationIndex(part.text, limits.maxDepth, place);
  const lineAt = createLineCounter(part.whole);
  const { duplicateKeys } = reading;
  const source = { text: part.text, limits, duplicateKeys, report };
  for (const document of constructDocuments(events, source)) {
    const index = reading.met++;
    if (document.failed) continue;
    if (document.value === null || document.offset === undefined) {
      reading.emptyDocuments++;
      continue;
    }
    if (reading.documents.length === limits.maxDocuments) {
      report({
        code: 'YamlLimit',
        offset: document.offset,
        message: `the file holds more than ${limits.maxDocuments} documents; the rest is not used`,
        hint: 'Split the file.',
      });
      return;
    }
    reading.documents.push(
      toDocument(document, index, lineAt(part.start + document.offset), locations),
    );
  }
}

function toDocument(
  document: ConstructedDocument,
  index: number,
  line: number,
  locations: LocationIndex,
): YamlDocument {
  return {
    value: document.value,
    index,
    line,
    positionOf: (path) => locations.find(document.event, path, 'value'),
    keyPositionOf: (path) => locations.find(document.event, path, 'key'),
  };
}

/** Lines of growing offsets: each stretch of the text is counted once. */
function createLineCounter(text: string): (offset: number) => number {
  let line = 1;
  let counted = 0;
  return (offset) => {
    for (; counted < offset; counted++) {
      const code = text.charCodeAt(counted);
      if (code === 10 || (code === 13 && text.charCodeAt(counted + 1) !== 10)) line++;
    }
    return line;
  };
}

function toDiagnostic(problem: Problem, text: string, file: string | undefined): YamlDiagnostic {
  const { code, message, hint } = problem;
  const { line, column } = positionAt(text, problem.offset);
  const severity = problem.severity ?? 'error';
  return { code, severity, message, hint, line, column, ...(file === undefined ? {} : { file }) };
}
