// Conditions of objects that are still templates: found in the text, because no instance may ever render them.
import { readManifests } from '../../lang/yaml/index.ts';
import type { Position } from '../../lang/yaml/index.ts';
import { PKO } from '../../model/annotations.ts';
import { isObject } from '../../model/json.ts';

export interface TemplateCondition {
  readonly expression: string;
  /** Place in the template of a character of the expression; of its start without one. */
  readonly locate: (at?: Position) => Position;
}

const KEY = /(["']?)package-operator\.run\/condition\1[ \t]*:/g;

/**
 * The conditions that are written out in a template. Those that are templated themselves are known only
 * once they are rendered, and are left out.
 */
export function templateConditions(template: string): readonly TemplateCondition[] {
  const found: TemplateCondition[] = [];
  for (const match of template.matchAll(KEY)) {
    const condition = readCondition(template, match.index, match[0].length);
    if (condition !== undefined) found.push(condition);
  }
  return found;
}

function readCondition(
  template: string,
  start: number,
  keyLength: number,
): TemplateCondition | undefined {
  const lineStart = template.lastIndexOf('\n', start - 1) + 1;
  const before = template.slice(lineStart, start);
  if (before.includes('#')) return undefined;
  const snippet =
    before.trim() === ''
      ? entryBelow(template, start, before.length)
      : quotedEntry(template, start, keyLength);
  if (snippet === undefined || snippet.includes('{{')) return undefined;
  const { documents, diagnostics } = readManifests(snippet);
  const [document] = documents;
  const value = document?.value;
  if (!document || !isObject(value) || diagnostics.length > 0) return undefined;
  const expression = value[PKO.condition];
  if (typeof expression !== 'string') return undefined;
  const line = template.slice(0, lineStart).split('\n').length;
  const column = Array.from(before).length;
  return {
    expression,
    locate: (at = { line: 1, column: 1 }) => {
      const place = document.textPositionOf([PKO.condition], at);
      return {
        line: place.line + line - 1,
        column: place.line === 1 ? place.column + column : place.column,
      };
    },
  };
}

/** The entry of a block map: its line and all that follow deeper than its key. */
function entryBelow(template: string, start: number, indent: number): string {
  let end = lineEnd(template, start);
  while (end < template.length) {
    const next = lineEnd(template, end + 1);
    const line = template.slice(end + 1, next);
    if (line.trim() !== '' && line.length - line.trimStart().length <= indent) break;
    end = next;
  }
  return template.slice(start, end + 1);
}

/** The entry of a flow map, as far as it is told where it ends: by quotes. */
function quotedEntry(template: string, start: number, keyLength: number): string | undefined {
  const rest = template.slice(start + keyLength);
  const value = /^[ \t]*(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')/.exec(rest);
  return value === null ? undefined : template.slice(start, start + keyLength) + value[0];
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}
