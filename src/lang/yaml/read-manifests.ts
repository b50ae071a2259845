// Reads a file of manifests as Kubernetes reads it, and says where each value stands.
//
// Rules: stack-and-style §1.3 (a Go hybrid of YAML 1.1 and 1.2). Stricter than kubectl in one point: a duplicate
// key is an error, because silently taking the last one hides mistakes.
import { CR, LF, isBreak } from './characters.ts';
import { constructDocument } from './construct.ts';
import type { ConstructedDocument, ReadingRules } from './construct.ts';
import type { Problem, YamlDiagnostic } from './diagnostic.ts';
import type { YamlEvent } from './event.ts';
import { GoYamlFault } from './go-fault.ts';
import { DEFAULT_YAML_LIMITS } from './limits.ts';
import type { YamlLimits } from './limits.ts';
import { createLocationIndex } from './location-index.ts';
import type { FoundPosition, ValuePath } from './location-index.ts';
import { parseProblem } from './parse-problem.ts';
import { Parser } from './parser.ts';
import { positionAt } from './position.ts';
import type { Position } from './position.ts';
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
  /**
   * Where a character of the text at a path stands, whatever the text is quoted, folded or indented like.
   * @param at line and column in the text, from 1
   */
  textPositionOf(path: ValuePath, at: Position): FoundPosition;
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
  const reading = readText(source.text, {
    limits,
    duplicateKeys: options.duplicateKeys ?? 'refuse',
  });
  return {
    documents: reading.documents,
    emptyDocuments: reading.emptyDocuments,
    diagnostics: reading.problems
      .sort((a, b) => a.offset - b.offset)
      .map((problem) => toDiagnostic(problem, source.text, options.file)),
  };
}

interface Reading {
  readonly text: string;
  readonly rules: ReadingRules;
  readonly documents: YamlDocument[];
  emptyDocuments: number;
  /** Documents met so far, whatever became of them. */
  met: number;
  readonly problems: Problem[];
}

/** Problems listed per file: a generated file can hold as many as it has lines. */
const MAX_PROBLEMS = 100;

function note(reading: Reading, problem: Problem): void {
  const { problems } = reading;
  if (problems.length < MAX_PROBLEMS) problems.push(problem);
  else if (problems.length === MAX_PROBLEMS) {
    problems.push({
      code: 'YamlLimit',
      offset: problem.offset,
      message: `the file has more than ${MAX_PROBLEMS} problems; the rest is not listed`,
      hint: 'Correct those above first.',
    });
  }
}

/** A stretch of a file that is parsed on its own. */
interface Part {
  readonly text: string;
  /** Offset and line (from 0) in the whole file. */
  readonly start: number;
  readonly line: number;
}

// A line that starts with --- ends whatever stands before it, open quotes and block texts included. Kubernetes cuts
// files there before it parses anything, so a faulty document never takes another one with it.
const SEPARATOR = /^---(?=[ \t\r\n]|$)/gmu;

function readText(text: string, rules: ReadingRules): Reading {
  const reading: Reading = { text, rules, documents: [], emptyDocuments: 0, met: 0, problems: [] };
  const starts: number[] = [];
  if (text.includes('---')) for (const match of text.matchAll(SEPARATOR)) starts.push(match.index);
  if (starts[0] !== 0 && (starts[0] === undefined || /\S/u.test(text.slice(0, starts[0])))) {
    starts.unshift(0);
  }
  let line = 0;
  for (const [index, start] of starts.entries()) {
    const part: Part = { text: partOf(text, start, starts[index + 1]), start, line };
    line += countBreaks(part.text);
    if (!readPart(part, reading)) break;
  }
  return reading;
}

function partOf(text: string, start: number, end: number | undefined): string {
  return start === 0 && end === undefined ? text : text.slice(start, end);
}

/** @returns false when the limit of documents is reached */
function readPart(part: Part, reading: Reading): boolean {
  const { limits } = reading.rules;
  const parser = new Parser(part.text, limits.maxDepth);
  for (let number = 0; ; number++) {
    let events: readonly YamlEvent[] | undefined;
    try {
      events = parser.next();
    } catch (error) {
      if (!(error instanceof GoYamlFault)) throw error;
      note(reading, parseProblem(error.details, part.text, part.start));
      reading.met++;
      return true;
    }
    if (events === undefined) return true;
    if (reading.met === limits.maxDocuments) {
      note(reading, {
        code: 'YamlLimit',
        offset: part.start + Math.max(0, events[0]?.offset ?? 0),
        message: `the file holds more than ${limits.maxDocuments} documents; the rest is not used`,
        hint: 'Split the file.',
      });
      return false;
    }
    addDocument(part, number, events, reading);
  }
}

function addDocument(
  part: Part,
  number: number,
  events: readonly YamlEvent[],
  reading: Reading,
): void {
  const report = (problem: Problem): void => {
    note(reading, shift(problem, part.start));
  };
  const document = constructDocument(events, reading.rules, report);
  const index = reading.met++;
  if (document.failed) return;
  if (document.value === null || document.start === undefined) reading.emptyDocuments++;
  else reading.documents.push(toDocument(document, index, { part, number, reading }));
}

function shift(problem: Problem, by: number): Problem {
  return by === 0 ? problem : { ...problem, offset: problem.offset + by };
}

/** Where the events of a document can be had again. */
interface Origin {
  readonly part: Part;
  /** Number of the document in its part. */
  readonly number: number;
  readonly reading: Reading;
}

function toDocument(document: ConstructedDocument, index: number, origin: Origin): YamlDocument {
  const { part, number } = origin;
  const { text, rules } = origin.reading;
  const locations = createLocationIndex(
    () => parseAgain(part, number, rules.limits.maxDepth),
    (offset) => positionAt(text, part.start + offset),
    part.text,
  );
  return {
    value: document.value,
    index,
    line: part.line + (document.start?.line ?? 0) + 1,
    positionOf: (path) => locations.find(path, 'value'),
    keyPositionOf: (path) => locations.find(path, 'key'),
    textPositionOf: (path, at) => locations.findInText(path, at),
  };
}

function parseAgain(part: Part, number: number, maxDepth: number): readonly YamlEvent[] {
  const parser = new Parser(part.text, maxDepth);
  let events = parser.next() ?? [];
  for (let skipped = 0; skipped < number; skipped++) events = parser.next() ?? [];
  return events;
}

function countBreaks(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isBreak(code) && !(code === CR && text.charCodeAt(at + 1) === LF)) count++;
  }
  return count;
}

function toDiagnostic(problem: Problem, text: string, file: string | undefined): YamlDiagnostic {
  const { code, message, hint } = problem;
  const { line, column } = positionAt(text, problem.offset);
  const severity = problem.severity ?? 'error';
  return { code, severity, message, hint, line, column, ...(file === undefined ? {} : { file }) };
}
