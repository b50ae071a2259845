// Package Operator's own way to cut a file into documents, before any YAML is read (package-operator §1.2).

export interface SplitDocument {
  readonly text: string;
  /** Line of the file that the text starts on, from 1. */
  readonly line: number;
}

/**
 * Cuts at lines of exactly three dashes; `--- ` or `--- # x` do not cut. Dashes and line ends around the
 * whole file are dropped first, whatever they belong to: packages depend on both.
 */
export function splitDocuments(file: string): readonly SplitDocument[] {
  let start = 0;
  let end = file.length;
  while (start < end && isTrimmed(file, start)) start++;
  while (end > start && isTrimmed(file, end - 1)) end--;
  const documents: SplitDocument[] = [];
  let line = countLines(file, 0, start) + 1;
  let from = start;
  for (const cut of [...cuts(file, start, end), end]) {
    documents.push(trimmed(file, from, cut, line));
    line += countLines(file, from, cut);
    from = cut + 3;
  }
  return documents;
}

/** The documents that stay, as one file again. */
export function joinDocuments(documents: readonly string[]): string {
  return `${documents.join('\n---\n')}\n`;
}

function isTrimmed(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code === 45 || code === 10;
}

function cuts(file: string, start: number, end: number): number[] {
  const found: number[] = [];
  for (
    let at = file.indexOf('---', start);
    at >= 0 && at + 3 <= end;
    at = file.indexOf('---', at)
  ) {
    const before = at === start || file.charCodeAt(at - 1) === 10;
    const after = at + 3 === end || file.charCodeAt(at + 3) === 10;
    if (before && after) found.push(at);
    at += before && after ? 3 : 1;
  }
  return found;
}

function trimmed(file: string, from: number, to: number, line: number): SplitDocument {
  const raw = file.slice(from, to);
  const lead = raw.length - raw.trimStart().length;
  return { text: raw.trim(), line: line + countLines(raw, 0, lead) };
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1))
    count++;
  return count;
}
