// Semantic versions: the matrix of constraint × version, and the object that `semver` gives.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  parseConstraint,
  satisfies,
} from '../../../../src/lang/template/functions/library/semver-constraint.ts';
import { parseVersion } from '../../../../src/lang/template/functions/library/semver-version.ts';
import { render } from './render.ts';

interface Row {
  readonly c: string;
  readonly v: string;
  readonly ok?: boolean;
  readonly err?: string;
}

const file = new URL('../../../data/template/semver.json', import.meta.url);
const rows = (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Row[] }).cases;

function check({ c, v }: Row): boolean | string {
  const constraint = parseConstraint(c);
  if (!constraint.ok) return constraint.error;
  const version = parseVersion(v);
  return version.ok ? satisfies(version.value, constraint.value) : version.error;
}

describe('semverCompare', () => {
  test.each([...new Set(rows.map((row) => row.c))])(
    'constraint "%s" as Go has it',
    (constraint) => {
      for (const row of rows.filter((each) => each.c === constraint)) {
        expect(check(row), row.v).toBe(row.err ?? row.ok);
      }
    },
  );

  test('blanks without end cost no more than their length', () => {
    const constraint = `${'1 '.repeat(5000)}x y`;
    expect(parseConstraint(constraint).ok).toBe(false);
  });
});

describe('the object that semver gives', () => {
  test.each([
    ['{{ $v := semver "v1.2.3-rc.1+b" }}{{ $v }} {{ $v.Original }}', '1.2.3-rc.1+b v1.2.3-rc.1+b'],
    [
      '{{ with semver "1.2.3-a+b" }}{{ .Major }}{{ .Minor }}{{ .Patch }}{{ .Prerelease }}{{ .Metadata }}{{ end }}',
      '123ab',
    ],
    [
      '{{ (semver "v1.2").IncMinor.Original }}',
      "error: can't evaluate field Original in type semver.Version",
    ],
    ['{{ (semver "1.2.3-rc").IncPatch }}', '1.2.3'],
    ['{{ (semver "1.2.3").Compare (semver "1.2.3-rc") }}', '1'],
    ['{{ (semver "1.2.3").LessThan (semver "2") }}', 'true'],
    ['{{ semver "1.2.3" | toJson }}', '"1.2.3"'],
    ['{{ semver "x" }}', 'error: error calling semver: invalid semantic version'],
    ['{{ semver "1.02-01" }}', 'error: error calling semver: version segment starts with 0'],
    ['{{ printf "%T" (semver "1.2.3") }}', '*semver.Version'],
    [
      '{{ (semver "1.2.3").constructor }}',
      "error: can't evaluate field constructor in type *semver.Version",
    ],
  ])('%s gives %s', (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});
