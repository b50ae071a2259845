// The lists of functions: complete, with Go's signatures, and in the dialects they belong to.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  HELM_FUNCTIONS,
  OBJECT_TEMPLATE_FUNCTIONS,
  PACKAGE_FUNCTIONS,
  refuseVarying,
  RELEASE_FUNCTIONS,
  SPRIG_FUNCTIONS,
} from '../../../../src/lang/template/functions/index.ts';

interface Row {
  readonly name: string;
  readonly category: string;
  readonly signature: string;
  readonly packageOperator: boolean;
  readonly helm: boolean;
}

const file = new URL('../../../data/template/sprig-functions.json', import.meta.url);
const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[];

/** What the dialects have beside sprig. */
const HELM_OWN = [
  'include tpl required lookup toYaml mustToYaml toYamlPretty fromYaml fromYamlArray fromJsonArray',
  'toToml mustToToml fromToml mustToDuration durationSeconds durationMilliseconds',
  'durationMicroseconds durationNanoseconds durationMinutes durationHours durationDays',
  'durationWeeks durationRoundTo durationTruncateTo',
].flatMap((line) => line.split(' '));
const OBJECT_TEMPLATE_OWN = ['include', 'toYAML', 'fromYAML', 'b64decMap'];
const PACKAGE_OWN = [...OBJECT_TEMPLATE_OWN, 'getFile', 'getFileGlob', 'cel'];

function namesWhere(keep: (row: Row) => boolean): string[] {
  return rows.filter(keep).map((row) => row.name);
}

describe('lists of functions', () => {
  test('sprig has its 211 functions with their signatures', () => {
    const actual = [...SPRIG_FUNCTIONS.values()].map((each) => [each.name, each.type.name]);
    const wanted = rows.map((row) => [row.name, row.signature]);
    expect(new Set(actual.map(String))).toEqual(new Set(wanted.map(String)));
  });

  test.each([
    ['Helm', HELM_FUNCTIONS, namesWhere((row) => row.helm), HELM_OWN],
    ['packages', PACKAGE_FUNCTIONS, namesWhere((row) => row.packageOperator), PACKAGE_OWN],
    [
      'object templates',
      OBJECT_TEMPLATE_FUNCTIONS,
      namesWhere((row) => row.packageOperator),
      OBJECT_TEMPLATE_OWN,
    ],
  ] as const)('%s has its part of sprig and its own', (_, functions, sprig, own) => {
    expect([...functions.keys()].sort()).toEqual([...new Set([...sprig, ...own])].sort());
  });

  test('releases have no function that varies or looks at a cluster', () => {
    const names = [...RELEASE_FUNCTIONS.values()];
    expect(names.filter((each) => each.varies !== undefined)).toEqual([]);
    expect(RELEASE_FUNCTIONS.has('lookup')).toBe(false);
    expect(RELEASE_FUNCTIONS.has('toYaml')).toBe(true);
  });

  test('functions whose result differs from run to run are marked', () => {
    const marked = [...SPRIG_FUNCTIONS.values()]
      .filter((each) => each.varies !== undefined)
      .map((each) => each.name);
    expect(marked.sort()).toEqual(
      [
        'ago bcrypt encryptAES genCA genCAWithKey genPrivateKey genSelfSignedCert',
        'genSelfSignedCertWithKey genSignedCert genSignedCertWithKey htpasswd now randAlpha',
        'randAlphaNum randAscii randBytes randInt randNumeric shuffle uuidv4',
      ]
        .flatMap((line) => line.split(' '))
        .sort(),
    );
  });

  test('refusing keeps every name and signature', () => {
    const refused = refuseVarying(SPRIG_FUNCTIONS);
    expect([...refused.keys()]).toEqual([...SPRIG_FUNCTIONS.keys()]);
    expect(refused.get('uuidv4')?.signature).toEqual(SPRIG_FUNCTIONS.get('uuidv4')?.signature);
    expect(refused.get('upper')).toBe(SPRIG_FUNCTIONS.get('upper'));
  });
});
