// The golden templates that real Go rendered or refused, in both number modes (data/template).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { answerTemplateRequest } from '../../../src/lang/template/index.ts';
import type { TemplateAnswer } from '../../../src/lang/template/index.ts';

interface Outcome {
  readonly expected?: string;
  readonly expectedBase64?: string;
  readonly error?: string;
  readonly errorEnd?: string;
}

interface Case extends Outcome {
  readonly name: string;
  readonly profile: 'text' | 'sprig' | 'helm' | 'pko';
  readonly templateName?: string;
  readonly template: string;
  readonly templates?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly dataText?: string;
  readonly typed?: boolean;
  readonly missingkey?: string;
  readonly delims?: readonly string[];
  readonly numbers?: 'same';
  readonly int64?: Outcome | string;
}

const DIALECT_OF = { text: 'go', sprig: 'sprig', helm: 'helm', pko: 'package' } as const;

function load(file: string): readonly Case[] {
  const url = new URL(`../../data/template/${file}`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { readonly cases: readonly Case[] }).cases;
}

function answer(row: Case, numbers: 'float64' | 'int64'): TemplateAnswer {
  return answerTemplateRequest(
    {
      template: row.template,
      name: row.templateName ?? 't',
      templates: row.templates,
      files: row.files,
      data: row.data,
      dataText: row.dataText,
      typed: row.typed ?? JSON.stringify(row.data).includes('"$go"'),
      missingkey: row.missingkey,
      delims: row.delims,
      dialect: DIALECT_OF[row.profile],
      numbers,
    },
    {
      hooks: {
        now: () => 1_700_000_000_000_000_000n,
        randomBytes: (count) => new Uint8Array(count).fill(42),
      },
    },
  );
}

/** Go's outcome in the words of an answer; a long error is compared by both its ends. */
function expectOutcome(actual: TemplateAnswer, outcome: Outcome): void {
  if (outcome.error !== undefined && outcome.errorEnd !== undefined) {
    const error = 'error' in actual ? actual.error : JSON.stringify(actual);
    expect(error.startsWith(outcome.error), error.slice(0, 400)).toBe(true);
    expect(error.endsWith(outcome.errorEnd), error.slice(-400)).toBe(true);
  } else if (outcome.error !== undefined) expect(actual).toEqual({ error: outcome.error });
  else if (outcome.expectedBase64 !== undefined) {
    expect(actual).toEqual({ outputBase64: outcome.expectedBase64 });
  } else expect(actual).toEqual({ output: outcome.expected });
}

function int64Outcome(row: Case, sameByDefault: boolean): Outcome | undefined {
  if (typeof row.int64 === 'string') return { expected: row.int64 };
  return row.int64 ?? (sameByDefault || row.numbers === 'same' ? row : undefined);
}

describe.each(['text', 'sprig', 'helm', 'pko'] as const)('profile %s', (profile) => {
  const rows = load('templates.json').filter((row) => row.profile === profile);

  test.each(rows)('$name with float64 numbers', (row) => {
    expectOutcome(answer(row, 'float64'), row);
  });

  test.each(rows.filter((row) => int64Outcome(row, false)))('$name with int64 numbers', (row) => {
    expectOutcome(answer(row, 'int64'), int64Outcome(row, false) as Outcome);
  });
});

describe.each(['fmt', 'date', 'regex'])('fuzz %s', (family) => {
  const rows = load('fuzz.json').filter((row) => row.name.startsWith(`${family}/`));

  test.each([
    ['float64', (row: Case) => row as Outcome],
    ['int64', (row: Case) => int64Outcome(row, true)],
  ] as const)('every line with %s numbers', (numbers, outcomeOf) => {
    expect(rows.length).toBeGreaterThan(400);
    for (const row of rows) {
      const outcome = outcomeOf(row);
      if (outcome !== undefined) {
        expect({ name: row.name, ...answer(row, numbers) }).toEqual({
          name: row.name,
          output: outcome.expected,
        });
      }
    }
  });
});
