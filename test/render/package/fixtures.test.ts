// Template tests of packages: what is compared, and how a difference is told (package-operator §12.1).
import { describe, expect, test } from 'vitest';
import { testPackage } from '../../../src/render/package/fixtures.ts';
import type { CaseOutcome } from '../../../src/render/package/fixtures.ts';
import { createSchemaValidator } from '../../../src/schema/index.ts';
import { textFiles } from '../../support/package-files.ts';

const validator = createSchemaValidator();

const manifest = (cases: string): string =>
  `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  images: [{name: app, image: nginx}]
  config:
    openAPIV3Schema:
      type: object
      properties: {color: {type: string, default: red}}
test:
  template:
${cases}`;

const object = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations:\n    package-operator.run/phase: deploy\n${more}`;

function run(
  files: Record<string, string>,
  cases = '  - {name: one, context: {package: {metadata: {name: mine}}}}\n',
): readonly CaseOutcome[] {
  const result = testPackage(textFiles({ 'manifest.yaml': manifest(cases), ...files }), validator);
  if (result.kind === 'invalid') throw new Error(JSON.stringify(result.violations));
  return result.outcomes;
}

const template = object('a-{{ .config.color }}', 'data: {image: "{{ .images.app }}"} # kept\n');
const output = object(
  'a-red',
  'data: {image: "registry.package-operator.run/static-image"} # kept\n',
);

describe('template tests', () => {
  test('pass when the fixture is equal to the byte, comments and all', () => {
    const [outcome] = run({ 'a.yaml.gotmpl': template, '.test-fixtures/one/a.yaml': output });
    expect(outcome).toMatchObject({
      name: 'one',
      kind: 'passed',
      folder: '.test-fixtures/one',
      mismatches: [],
    });
  });

  test('show a difference as a unified diff', () => {
    const [outcome] = run({
      'a.yaml.gotmpl': template,
      '.test-fixtures/one/a.yaml': output.replace('a-red', 'a-blue'),
    });
    expect(outcome?.mismatches.map(({ message }) => message)).toEqual([
      [
        'File mismatch against fixture in a.yaml: Testcase "one"',
        '--- FIXTURE/a.yaml',
        '+++ ACTUAL/a.yaml',
        '@@ -1,7 +1,7 @@',
        ' apiVersion: v1',
        ' kind: ConfigMap',
        ' metadata:',
        '-  name: a-blue',
        '+  name: a-red',
        '   annotations:',
        '     package-operator.run/phase: deploy',
        ' data: {image: "registry.package-operator.run/static-image"} # kept',
      ].join('\n'),
    ]);
  });

  test('say which fixtures are too many and which are missing', () => {
    const [outcome] = run({ 'a.yaml.gotmpl': template, '.test-fixtures/one/old.yaml': output });
    expect(outcome?.mismatches).toEqual([
      {
        path: 'old.yaml',
        kind: 'superfluous',
        message: 'file old.yaml should not exist, filtered or empty after template render',
      },
      { path: 'a.yaml', kind: 'missing', message: 'file a.yaml not found in fixtures folder' },
    ]);
  });

  test('without fixtures are unwritten, and carry what would be written', () => {
    const [outcome] = run({ 'a.yaml.gotmpl': template, 'b.yaml': object('b') });
    expect(outcome?.kind).toBe('unwritten');
    expect([...(outcome?.actual ?? [])]).toEqual([
      ['a.yaml', output],
      ['b.yaml', object('b')],
    ]);
  });

  test('leave filtered documents out and join what stays', () => {
    const condition = '    package-operator.run/condition: "false"\n';
    const text = `${object('one')}---\n${object('two', condition)}---\n${object('three')}`;
    const [outcome] = run({ 'a.yaml': text, 'gone.yaml': object('four', condition) });
    expect([...(outcome?.actual ?? [])]).toEqual([
      ['a.yaml', `${object('one')}---\n${object('three')}`],
    ]);
  });

  test('fail when the package cannot be rendered', () => {
    const [outcome] = run({ 'a.yaml.gotmpl': '{{ .config.none }}' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      violations: [{ path: 'a.yaml.gotmpl', line: 1, code: 'TemplateFailed' }],
    });
  });

  test('of components look into the component', () => {
    const root = manifest('    []\n').replace('spec:\n', 'spec:\n  components: {}\n');
    const result = testPackage(
      textFiles({
        'manifest.yaml': root,
        'components/api/manifest.yaml': manifest('  - {name: one}\n'),
        'components/api/a.yaml': object('a'),
        'components/api/.test-fixtures/one/a.yaml': object('a'),
      }),
      validator,
    );
    expect(result).toMatchObject({
      outcomes: [{ component: 'api', kind: 'passed', folder: 'components/api/.test-fixtures/one' }],
    });
  });
});
