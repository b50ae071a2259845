// Kubernetes' own tables of rules that stand in a schema: where they are asked, what they say, and which field they name.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { checkStructural } from '../../src/schema/check-structural.ts';
import { formatFieldError } from '../../src/schema/field-error.ts';
import { checkRules, compileRules } from '../../src/schema/rules/index.ts';
import { relativePath } from '../../src/schema/rules/relative-path.ts';
import { createSchemaValidator } from '../../src/schema/validator.ts';

const root =
  process.env['SLUICE_CASES'] ?? fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = `${root}/third-party/cel/k8s-crd-validation.json`;
const present = existsSync(file);
if (!present) console.log(`CRD rule trees: skipped, ${file} is not there`);

interface Row {
  readonly name: string;
  readonly source: string;
  readonly obj?: Json;
  readonly schema?: JsonObject;
  readonly errors?: readonly string[] | { readonly $go: string };
  readonly fieldPath?: string;
  readonly errDetail?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly expectedValidationErr?: string;
  readonly costBudget?: unknown;
  readonly perCallLimit?: number;
}

const validator = createSchemaValidator();
const rows = present ? (JSON.parse(readFileSync(file, 'utf8')) as Row[]) : [];

function table(name: string): readonly Row[] {
  return rows.filter((row) => row.source.endsWith(`#${name}`));
}

/** Everything that a schema's rules say, while compiling and then to the value; a value is asked all the same. */
function saidOf(schema: JsonObject, value: Json): readonly string[] {
  const { tree, errors } = compileRules(schema, 'schema');
  const answers = tree === undefined ? [] : checkRules(tree, value, 'root');
  // Cost is a question of its own: Kubernetes asks it when the schema comes, these tables do not.
  const compiled = errors.filter(({ message }) => !message.includes('exceeds budget'));
  return [...compiled, ...answers].map(formatFieldError);
}

const ran = new Map<string, number>();
const unasked: string[] = [];

function count(name: string): void {
  ran.set(name, (ran.get(name) ?? 0) + 1);
}

describe.runIf(present)('rules in schemas', () => {
  for (const row of table('TestValidationExpressionsAtSchemaLevels')) {
    count('levels');
    if (/allOf/i.test(row.name)) {
      it(`refused inside of a junctor, as CRDs are: ${row.name}`, () => {
        // Go's own names of fields are left where the table's schemas are made of structs.
        const text = JSON.stringify(row.schema).replaceAll(
          /"(Items|Properties|AdditionalProperties)":/g,
          (name) => name.charAt(0) + name.charAt(1).toLowerCase() + name.slice(2),
        );
        const schema = JSON.parse(text) as JsonObject;
        const said = checkStructural(schema, { validator }).map(formatFieldError);
        const refusal = 'x-kubernetes-validations: Forbidden: must be empty to be structural';
        expect(said.join('\n')).toContain(refusal);
      });
      continue;
    }
    it(`at its place: ${row.name}`, () => {
      const said = saidOf(row.schema ?? {}, row.obj ?? null);
      const expected = (row.errors ?? []) as readonly string[];
      expect(said).toHaveLength(expected.length);
      for (const [index, text] of expected.entries()) expect(said[index]).toContain(text);
    });
  }

  for (const row of table('TestReasonAndFldPath')) {
    count('reasons');
    it(`reason and field: ${row.name}`, () => {
      const reason = /ErrorType(\w+)/.exec((row.errors as { $go: string }).$go)?.[1];
      const schema = structuredClone(row.schema ?? {}) as JsonObject;
      const { tree } = compileRules(withReason(schema, String(reason)), 'schema');
      const [error] = tree === undefined ? [] : checkRules(tree, row.obj ?? null, 'root');
      expect(error?.reason).toBe(`FieldValue${reason}`);
      expect(error?.field).toBe(row.name.includes('fieldPath') ? 'root.f.m' : 'root.f');
    });
  }

  for (const row of table('TestMessageExpression')) {
    if (row.messageExpression === undefined) continue;
    // Budgets that the table lowers are constants here; whether they are kept is for our own tests to say.
    if (typeof row.costBudget === 'number' || row.perCallLimit !== undefined) {
      unasked.push(`${row.name}: its budget is not ours`);
      continue;
    }
    count('messages');
    it(`message: ${row.name}`, () => {
      const { message, messageExpression } = row;
      const rule = { rule: 'false', messageExpression, ...(message ? { message } : {}) };
      const schema = {
        type: 'object',
        properties: { str: { type: 'string' } },
        'x-kubernetes-validations': [rule as JsonObject],
      };
      const { tree } = compileRules(schema, 'schema');
      const errors = tree === undefined ? [] : checkRules(tree, { str: 'a string' }, 'root');
      expect(errors.map(formatFieldError).join()).toContain(row.expectedValidationErr);
    });
  }

  for (const row of table('TestValidateFieldPath')) {
    count('field paths');
    it(`field path: ${row.name}: ${row.fieldPath}`, () => {
      const found = relativePath(row.fieldPath ?? '', row.schema ?? {});
      expect(found.kind).toBe(row.errDetail === undefined ? 'ok' : 'invalid');
    });
  }

  afterAll(() => {
    const counts = [...ran].map(([name, rules]) => `${name} ${rules}`).join(', ');
    console.log(`CRD rule trees: ${counts}; not asked:\n  ${unasked.join('\n  ')}`);
  });
});

/** The table gives the reason in Go code; Invalid is what no reason means. */
function withReason(schema: JsonObject, reason: string): JsonObject {
  if (reason === 'Invalid') return schema;
  const text = JSON.stringify(schema).replace(
    '"rule":"self.m == 2"',
    `"rule":"self.m == 2","reason":"FieldValue${reason}"`,
  );
  return JSON.parse(text) as JsonObject;
}
