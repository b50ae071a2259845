// Kubernetes' own tables of its CEL libraries: IP, CIDR, quantity, semver and format.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../lang/cel/libraries/evaluate.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const TABLES = ['cidr', 'format', 'ip', 'quantity', 'semver'];

interface Row {
  readonly name: string;
  readonly expr: string;
  readonly expectValue?: unknown;
  readonly expectResult?: unknown;
  readonly expectedRuntimeErr?: string;
  readonly expectRuntimeErr?: string;
  readonly expectedCompileErr?: readonly string[];
  readonly expectCompileErrs?: readonly string[];
}

/** What a row wants: a printed value, an error, or (where Go code stood in its place) any value. */
type Expected =
  | { readonly kind: 'value'; readonly printed: string }
  | { readonly kind: 'error'; readonly pattern: string }
  | { readonly kind: 'anything' };

function expectedOf(row: Row): Expected {
  const error = row.expectedRuntimeErr ?? row.expectRuntimeErr;
  const refusals = row.expectedCompileErr ?? row.expectCompileErrs;
  if (error !== undefined) return { kind: 'error', pattern: error };
  if (refusals !== undefined) return { kind: 'error', pattern: refusals.join('|') };
  const value = row.expectValue ?? row.expectResult;
  if (typeof value !== 'object' || value === null) {
    return { kind: 'value', printed: JSON.stringify(value) };
  }
  if ('$double' in value) return { kind: 'value', printed: `d:${String(value.$double)}` };
  if ('$go' in value && value.$go === 'types.OptionalNone')
    return { kind: 'value', printed: 'none' };
  if ('$go' in value && value.$go === 'types.False') return { kind: 'value', printed: 'false' };
  return { kind: 'anything' };
}

/** Our messages give the reason without the text that was refused: object data never is in errors. */
function givesReason(message: string, pattern: string): boolean {
  const reason = message.replace(/^error: (?:not an IP address or network: )?/, '');
  const regular = /\.\*|\\\(/.test(pattern);
  if (regular) return new RegExp(pattern.replace(/\.\*$/, '')).test(reason);
  return pattern.includes(reason) || reason.includes(pattern);
}

for (const table of TABLES) {
  const file = `${root}/third-party/cel/k8s-library-${table}.json`;
  const present = existsSync(file);
  const rows = present ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]) : [];
  const complete = rows.filter((row) => expectedOf(row).kind !== 'anything').length;
  console.log(
    present
      ? `CEL library ${table}: ${rows.length} rows, ${complete} with complete data, ${rows.length - complete} asked for any value`
      : `CEL library ${table}: skipped, ${file} is not there`,
  );
  describe.runIf(present)(`The library ${table} answers as Kubernetes' table says`, () => {
    it.each(rows.map((row, index) => [index, row.expr, row] as const))('%d: %s', (_, expr, row) => {
      const expected = expectedOf(row);
      const actual = evaluate(expr);
      if (expected.kind === 'value') expect(actual).toBe(expected.printed);
      else if (expected.kind === 'anything') expect(actual).not.toMatch(/^error/);
      else {
        expect(actual).toMatch(/^error: ./);
        const told = givesReason(actual, expected.pattern);
        expect(told, `${actual} against ${expected.pattern}`).toBe(true);
      }
    });
  });
}
