// Kubernetes' own table of CRD validation rules: rules that hold, and rules that fail with their message.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compile, createEnvironment, toJson } from '../../src/lang/cel/index.ts';
import type { Environment, OpenApiSchema, Value } from '../../src/lang/cel/index.ts';
import { ENVIRONMENTS } from '../../src/lang/cel/index.ts';
import { CelError } from '../../src/lang/cel/error.ts';
import { adapt, schemaType } from '../../src/lang/cel/schema.ts';
import { BOOL, optionalOf } from '../../src/lang/cel/type.ts';
import { Optional } from '../../src/lang/cel/value.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/cel/k8s-crd-validation.json`;
const present = existsSync(file);
if (!present) console.log(`CRD rules: skipped, ${file} is not there`);

/** A schema with rules of its own. */
type RuledSchema = OpenApiSchema & {
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[];
};

interface Row {
  readonly name: string;
  readonly source: string;
  readonly obj?: unknown;
  readonly oldObj?: unknown;
  readonly isRoot?: boolean;
  readonly schema?: RuledSchema;
  readonly valid?: readonly string[];
  readonly errors?: Readonly<Record<string, string>> | readonly string[];
  readonly expectSkipped?: boolean;
  readonly expectedCost?: number;
}

/** JSON with `{"$double": n}`; integers beyond 2^53 become bigints, as the loader supplies them. */
function parse(text: string): unknown {
  const exact = text.replaceAll(
    /(?<=[:[,]\s*)-?\d{16,}(?=\s*[,}\]])/g,
    (digits) => `{"$int":"${digits}"}`,
  );
  return JSON.parse(exact, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$int' in value) return BigInt(value.$int as string);
    return '$double' in value ? value.$double : value;
  });
}

const rows = present ? (parse(readFileSync(file, 'utf8')) as Row[]) : [];
const rules = rows.filter((row) =>
  /#Test(ValidationExpressions|CELValidationLimit)$/.test(row.source),
);

function environmentFor(row: Row): Environment {
  const self = schemaType(row.schema ?? {}, { adapted: true, isObject: row.isRoot === true });
  const { definition } = ENVIRONMENTS.probe;
  const variables = 'oldObj' in row ? { self, oldSelf: self } : { self };
  return createEnvironment({ ...definition, name: 'crd-rule', variables, result: BOOL });
}

interface Answer {
  /** `true`, `false`, or the text of the diagnostic or error. */
  readonly text: string;
  readonly cost: number;
}

function ask(row: Row, rule: string, environment: Environment): Answer {
  const compilation = compile(rule, environment);
  if (!compilation.ok) {
    // As cel-go prints it, with the column counted from 1 as in its newer versions.
    const shown = compilation.diagnostics.map(
      (found) => `ERROR: <input>:${found.line}:${found.column}: ${found.message}`,
    );
    return { text: shown.join('\n'), cost: 0 };
  }
  if (row.expectSkipped === true) return { text: 'true', cost: 0 };
  try {
    const { outcome, cost } = compilation.program.measure(variablesFor(row));
    const text = outcome.kind === 'value' ? JSON.stringify(toJson(outcome.value)) : outcome.message;
    return { text, cost };
  } catch (error) {
    if (error instanceof CelError) return { text: error.message, cost: 0 };
    throw error;
  }
}

/** Rules with `optionalOldSelf` stand in the schema itself, and see the old value as an optional. */
function askOptional(row: Row, rule: string): Answer {
  const schema = row.schema ?? {};
  const self = schemaType(schema, { adapted: true });
  const { definition } = ENVIRONMENTS.probe;
  const variables = { self, oldSelf: optionalOf(self) };
  const environment = createEnvironment({
    ...definition,
    name: 'crd-rule',
    variables,
    result: BOOL,
  });
  const compilation = compile(rule, environment);
  if (!compilation.ok) return { text: compilation.diagnostics[0]?.message ?? '', cost: 0 };
  const old = 'oldObj' in row ? adapt(row.oldObj as Value, schema) : undefined;
  const outcome = compilation.program.evaluate({
    self: adapt(row.obj as Value, schema),
    oldSelf: new Optional(old),
  });
  if (outcome.kind !== 'value') return { text: outcome.message, cost: 0 };
  return { text: outcome.value === true ? 'true' : 'failed rule', cost: 0 };
}

function variablesFor(row: Row): Record<string, Value> {
  const schema = row.schema ?? {};
  const self = adapt(row.obj as Value, schema, row.isRoot === true);
  return 'oldObj' in row ? { self, oldSelf: adapt(row.oldObj as Value, schema) } : { self };
}

/** Prefixes by which the API server says which of its steps failed. */
const STEP = /^(compile error: )?(compilation failed: |program instantiation failed: )?/;

/** Messages that repeat numbers; ours do not, because they may come from the object. */
const WITHOUT_DATA: readonly (readonly [RegExp, RegExp])[] = [
  [/^cannot slice\(/, /^slice /],
  [/^level must be non-negative/, /^flatten with a negative depth/],
];

function sameError(expected: string, found: string): boolean {
  const message = expected.replace(STEP, '');
  if (found.includes(message)) return true;
  return WITHOUT_DATA.some(([theirs, ours]) => theirs.test(message) && ours.test(found));
}

/** The data is incomplete where the table kept a Go format string instead of its result. */
function isComplete(rule: string): boolean {
  return !rule.includes('%f &&');
}

describe.runIf(present)('Kubernetes CRD rules', () => {
  let ran = 0;
  let incomplete = 0;
  for (const row of rules) {
    const valid = (row.valid ?? []).filter(isComplete);
    const errors = Object.entries(row.errors ?? {});
    incomplete += (row.valid ?? []).length - valid.length;
    if (valid.length + errors.length === 0) continue;
    ran += valid.length + errors.length;
    it(`${row.name}: ${valid.length} hold, ${errors.length} fail`, () => {
      const environment = environmentFor(row);
      const wrong: string[] = [];
      for (const rule of valid) {
        const { text, cost } = ask(row, rule, environment);
        if (text !== 'true') wrong.push(`${rule}: ${text}`);
        const { expectedCost = cost } = row;
        if (cost !== expectedCost) wrong.push(`${rule}: cost ${cost}, not ${expectedCost}`);
      }
      for (const [rule, message] of errors) {
        const { text } = ask(row, rule, environment);
        if (!sameError(message, text)) wrong.push(`${rule}: ${text} (expected ${message})`);
      }
      expect(wrong).toEqual([]);
    });
  }
  const optional = rows.filter((row) => row.source.includes('#TestOptionalOldSelf'));
  for (const row of optional) {
    const rules = row.schema?.['x-kubernetes-validations'] ?? [];
    ran += rules.length;
    it(`optional old value: ${row.name}`, () => {
      const found = rules.map(({ rule }) => askOptional(row, rule).text);
      const expected = Array.isArray(row.errors) ? String(row.errors[0]) : 'true';
      expect(found).toEqual([expect.stringContaining(expected)]);
    });
  }
  console.log(
    `CRD rules: ${ran} rules of ${rules.length + optional.length} rows ran, ${incomplete} are incomplete`,
  );
});
