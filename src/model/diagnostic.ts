// Expected trouble as data: what is wrong, with which object, where, and what to do.
import { ERROR_CODES } from './error-codes.ts';
import type { ErrorCode } from './error-codes.ts';
import { formatObjectKey } from './object-key.ts';
import type { ObjectKey } from './object-key.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly code: ErrorCode;
  readonly severity: Severity;
  readonly message: string;
  readonly object?: ObjectKey;
  /** Path in the repository, with `/`. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in characters. */
  readonly column?: number;
  readonly hint?: string;
}

export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Reads `file:line`, or a file alone, as status files hold a place. */
export function parseLocation(text: string): Location {
  const place = /^(.*):(\d+)$/su.exec(text);
  return place?.[1] === undefined ? { file: text } : { file: place[1], line: Number(place[2]) };
}

/** Builds a diagnostic with severity and hint from the table of codes unless given. */
export function diagnostic(
  code: ErrorCode,
  message: string,
  details: Partial<Omit<Diagnostic, 'code' | 'message'>> = {},
): Diagnostic {
  const entry = ERROR_CODES[code];
  return { code, severity: entry.severity, message, hint: entry.hint, ...details };
}

/** `file:line:column: error Code: message (Object) — hint`, control characters shown, not sent. */
export function formatDiagnostic(item: Diagnostic): string {
  const place = [item.file, item.line, item.column].filter((part) => part !== undefined).join(':');
  const object = item.object ? ` (${formatObjectKey(item.object)})` : '';
  const hint = item.hint ? `\n  ${item.hint}` : '';
  const text = `${place === '' ? '' : `${place}: `}${item.severity} ${item.code}: ${item.message}${object}${hint}`;
  return showControls(text);
}

/** Replaces control characters other than newline and tab by a visible form. */
export function showControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, (char) => {
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Order by file, line, column, code, message: the same findings always print the same. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compare(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

/** True when any of them is an error. */
export function hasErrors(items: readonly Diagnostic[]): boolean {
  return items.some((item) => item.severity === 'error');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
