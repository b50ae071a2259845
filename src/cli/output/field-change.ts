// Field changes as lines: `+ .spec.x: 1`, `- .spec.y: 2`, `~ .spec.z: 3 -> 4`; long texts as a line diff.
import { diffLines } from 'diff';
import { writeManifest } from '../../lang/yaml/index.ts';
import { showControls } from '../../model/diagnostic.ts';
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import type { FieldChange } from '../../plan/field-change.ts';
import type { Style } from './style.ts';

/** Longest value shown on one line. */
const MAX_INLINE = 100;
/** A diff that takes longer than this is given up, and both texts are shown in full. */
const DIFF_TIMEOUT_MS = 500;

/** Lines for one object, without indentation. */
export function formatChanges(changes: readonly FieldChange[], style: Style): readonly string[] {
  return changes.flatMap((change) => formatChange(change, style));
}

function formatChange(change: FieldChange, style: Style): readonly string[] {
  const { path, before, after } = change;
  switch (change.op) {
    case 'add':
      return valueLines('+', path, after).map(style.green);
    case 'remove':
      return valueLines('-', path, before).map(style.red);
    case 'change': {
      if (before === undefined || after === undefined) return [style.yellow(`~ ${path}`)];
      if (
        typeof before === 'string' &&
        typeof after === 'string' &&
        `${before}${after}`.includes('\n')
      ) {
        return [style.yellow(`~ ${path}:`), ...textDiff(before, after, style)];
      }
      const [from, to] = [inline(before), inline(after)];
      if (from !== undefined && to !== undefined)
        return [style.yellow(`~ ${path}: ${from} -> ${to}`)];
      return [
        ...valueLines('-', path, before).map(style.red),
        ...valueLines('+', path, after).map(style.green),
      ];
    }
  }
}

function valueLines(sign: string, path: string, value: Json | undefined): readonly string[] {
  if (value === undefined) return [`${sign} ${path}`];
  const short = inline(value);
  if (short !== undefined) return [`${sign} ${path}: ${short}`];
  const lines = writeManifest(value).trimEnd().split('\n');
  return [`${sign} ${path}:`, ...lines.map((line) => `${sign}   ${showControls(line)}`)];
}

function inline(value: Json): string | undefined {
  const text = typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  const simple = !isObject(value) && !Array.isArray(value);
  const short = text !== undefined && text.length <= MAX_INLINE;
  return (simple || text === '{}' || text === '[]') && short ? showControls(text) : undefined;
}

function textDiff(before: string, after: string, style: Style): readonly string[] {
  const parts = diffLines(before, after, { timeout: DIFF_TIMEOUT_MS, maxEditLength: 5_000 });
  if (parts === undefined) {
    const all = (sign: string, text: string): string[] =>
      text.split('\n').map((line) => `  ${sign} ${showControls(line)}`);
    return [...all('-', before).map(style.red), ...all('+', after).map(style.green)];
  }
  return parts.flatMap((part) => {
    const lines = part.value.replace(/\n$/, '').split('\n').map(showControls);
    if (part.added) return lines.map((line) => style.green(`  + ${line}`));
    if (part.removed) return lines.map((line) => style.red(`  - ${line}`));
    return lines.length > 4
      ? [
          `    ${lines[0] ?? ''}`,
          style.dim(`    … ${lines.length - 2} lines`),
          `    ${lines.at(-1) ?? ''}`,
        ]
      : lines.map((line) => `    ${line}`);
  });
}
