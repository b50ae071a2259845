// What package authors are told about a package that is wrong: `validate`, `test` and `package build` on one folder.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';

cleanUpAfterwards();

type Files = Readonly<Record<string, string>>;

function folder(files: Files): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const inPackage = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`shop/${name}`, text]));

const HEAD = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
`;
const manifest = (spec = '', cases = ''): string => `${HEAD}spec:
  scopes: [Namespaced]
  phases: [{name: deploy}, {name: late}]
${spec}${cases === '' ? '' : `test:\n  template:\n${cases}`}`;
const CASE = '  - {name: one, context: {package: {metadata: {name: mine, namespace: web}}}}\n';

const object = (name: string, more = '', phase = 'deploy'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations:\n    package-operator.run/phase: ${phase}\n${more}`;

const DIGEST = `sha256:${'a'.repeat(64)}`;
const lock = (images: string): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifestLock
spec:
  images:
  ${images}
`;

/** What `validate` says of a package in the folder `shop`: messages, each with the line below it. */
async function validate(files: Files): Promise<readonly string[]> {
  const { err } = await cli(['validate'], { cwd: folder(inPackage(files)) });
  return err.trimEnd().split('\n');
}

describe('validate says', () => {
  test.each<[what: string, files: Files, lines: readonly string[]]>([
    [
      'which objects are one, and where the other is',
      { 'manifest.yaml': manifest(), 'a.yaml': object('a'), 'b/c.yaml': `\n${object('a')}` },
      [
        'shop/b/c.yaml:2: error ObjectDuplicate: Duplicate Object in b/c.yaml idx 0: ConfigMap a is also in a.yaml line 1',
        '  Remove one of the two; conditions do not count: take alternatives apart in a template with if.',
      ],
    ],
    [
      'which phase is unknown, and which there are',
      { 'manifest.yaml': manifest(), 'a.yaml': object('a', '', 'deplyo') },
      [
        'shop/a.yaml:6:33: error PhaseUnknown: Phase name not found in manifest in a.yaml idx 0: "deplyo"; the manifest lists deploy, late',
        '  Name one of these phases, or add this one to spec.phases.',
      ],
    ],
    [
      'which object has no phase, and how it gets one',
      {
        'manifest.yaml': manifest(),
        'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: web}\n',
      },
      [
        'shop/a.yaml:1: error PackageInvalid: Missing package-operator.run/phase Annotation in a.yaml idx 0: ConfigMap web/a',
        '  Add the annotation package-operator.run/phase with a phase that the manifest lists.',
      ],
    ],
    [
      'what faults two components have, although one of them does not load',
      {
        'manifest.yaml': manifest('  components: {}\n'),
        'components/fe/manifest.yaml': `${HEAD}spec: {scopes: [Namespaced], phases: []}\n`,
        'components/be/manifest.yaml': manifest(),
        'components/be/a.yaml': object('a', '', 'never'),
      },
      [
        'shop/components/be/a.yaml:6:33: error PhaseUnknown: component "be": Phase name not found in manifest in a.yaml idx 0: "never"; the manifest lists deploy, late',
        '  Name one of these phases, or add this one to spec.phases.',
        'shop/components/fe/manifest.yaml:4:38: error PackageInvalid: component "fe": PackageManifest invalid in manifest.yaml: spec.phases: Required value',
        '  Correct this field of the manifest.',
      ],
    ],
    [
      'that a manifest is faulty and that its lock is missing, with the command that writes it',
      {
        'manifest.yaml': `${HEAD}spec: {scopes: [], phases: [{name: a}], images: [{name: web, image: nginx}]}\n`,
      },
      [
        'shop/manifest.yaml:4: error PackageInvalid: Missing image in manifest.lock.yaml, but using PackageManifest.spec.images. Try running: kubectl package update in manifest.lock.yaml',
        '  Here that is: sluice package lock shop',
        'shop/manifest.yaml:4:16: error PackageInvalid: PackageManifest invalid in manifest.yaml: spec.scopes: Required value',
        '  Correct this field of the manifest.',
      ],
    ],
    [
      'which entries of a lock name nothing that a registry could have',
      {
        'manifest.yaml': manifest('  images: [{name: web, image: nginx}]\n'),
        'manifest.lock.yaml': lock(
          `- {name: web, image: nginx, digest: banana}\n  - {name: b, image: UPPER/Nginx, digest: "${DIGEST}"}`,
        ),
      },
      [
        'shop/manifest.lock.yaml:5: error PackageInvalid: PackageManifestLock invalid in manifest.lock.yaml: spec.images[0].digest: Invalid value: "banana": a digest is sha256: and 64 hexadecimal digits',
        '  Correct the entry, or write the file anew with sluice package lock.',
        'shop/manifest.lock.yaml:6: error PackageInvalid: PackageManifestLock invalid in manifest.lock.yaml: spec.images[1].image: Invalid value: "UPPER/Nginx": "UPPER/Nginx" is no image reference: "UPPER/Nginx" is no repository name',
        '  Correct the entry, or write the file anew with sluice package lock.',
      ],
    ],
    [
      'that a separator with a comment is none',
      { 'manifest.yaml': manifest(), 'a.yaml': `${object('a')}--- # second\n${object('b')}` },
      [
        'shop/a.yaml:7: error PackageInvalid: Invalid YAML in a.yaml idx 0: line 7 ("--- # second") is no separator, so that what follows it would be dropped',
        '  Separate objects by a line of exactly ---: no blank, no comment, no carriage return.',
      ],
    ],
    [
      'that a file with carriage returns is not cut',
      {
        'manifest.yaml': manifest(),
        'a.yaml': `${object('a')}---\n${object('b')}`.replaceAll('\n', '\r\n'),
      },
      [
        'shop/a.yaml:7: error PackageInvalid: Invalid YAML in a.yaml idx 0: line 7 ("---\\r") is no separator, so that what follows it would be dropped',
        '  Separate objects by a line of exactly ---: no blank, no comment, no carriage return.',
      ],
    ],
    [
      'the same of what a template makes, with the line',
      {
        'manifest.yaml': manifest('', CASE),
        'a.yaml.gotmpl': `${object('{{ .package.metadata.name }}')}--- {{ "" }}\n${object('b')}`,
      },
      [
        'shop/a.yaml.gotmpl: error PackageInvalid: Invalid YAML in a.yaml.gotmpl idx 0: line 7 ("--- ") is no separator, so that what follows it would be dropped; line 7 of the rendered file: `---`',
        '  Separate objects by a line of exactly ---: no blank, no comment, no carriage return.',
      ],
    ],
    [
      'that a second document of a manifest would be dropped',
      { 'manifest.yaml': `${manifest()}---\n${object('a')}` },
      [
        'shop/manifest.yaml:8: error PackageInvalid: Invalid YAML in manifest.yaml: another document begins in line 8 and would be dropped: a PackageManifest stands alone',
        '  Remove it, or move it to a file of its own.',
      ],
    ],
    [
      'which line of what a template makes is no YAML',
      {
        'manifest.yaml': manifest('', CASE),
        'a.yaml.gotmpl': object('a', 'data:\n{{ "  x: [1" }}\n'),
      },
      [
        'shop/a.yaml.gotmpl: error PackageInvalid: Invalid YAML in a.yaml.gotmpl idx 0: a list in [ ] lacks a comma or is never closed; line 8 of the rendered file: `x: [1`',
        '  Correct the YAML; where it comes from a template, what the template makes.',
      ],
    ],
    [
      'nothing of such a line in a Secret',
      {
        'manifest.yaml': manifest('', CASE),
        'a.yaml.gotmpl': object('a', 'stringData:\n{{ "  token: [hunter2" }}\n').replace(
          'ConfigMap',
          'Secret',
        ),
      },
      [
        'shop/a.yaml.gotmpl: error PackageInvalid: Invalid YAML in a.yaml.gotmpl idx 0: a list in [ ] lacks a comma or is never closed; line 8 of the rendered file',
        '  Correct the YAML; where it comes from a template, what the template makes.',
      ],
    ],
    [
      'all faults of labels, each at its key',
      {
        'manifest.yaml': manifest(),
        'a.yaml': object('a', '  labels:\n    /123: a\n    ok: 7\n    x/y/z: b\n'),
      },
      [
        'shop/a.yaml:8:11: error PackageInvalid: Labels invalid in a.yaml idx 0: metadata.labels: Invalid value: "/123": prefix part must be non-empty',
        '  Correct the key or the value of the label.',
        'shop/a.yaml:9:9: error PackageInvalid: Labels invalid in a.yaml idx 0: metadata.labels: Invalid value: 7: the value of "ok" must be a string',
        '  Correct the key or the value of the label.',
        expect.stringMatching(
          /^shop\/a\.yaml:10:12: .*"x\/y\/z": a qualified name must consist of/,
        ),
        '  Correct the key or the value of the label.',
      ],
    ],
    [
      'once that a rule in a template gives no bool',
      {
        'manifest.yaml': manifest('', CASE),
        'a.yaml.gotmpl': object('a', 'data: {x: "{{ cel "1 + 1" }}"}\n'),
      },
      [
        'shop/a.yaml.gotmpl:7:20: error CelInvalid: function cel in a.yaml.gotmpl: invalid return type: int, expected bool',
        '  Correct the expression.',
      ],
    ],
    [
      'that Package Operator takes no macro over a value of the configuration',
      {
        'manifest.yaml': manifest(
          '  config: {openAPIV3Schema: {type: object, properties: {l: {type: array, items: {type: string}}}}}\n',
        ),
        'a.yaml': object('a').replace(
          'annotations:\n',
          `annotations:\n    package-operator.run/condition: config.l.exists(i, i == "z")\n`,
        ),
      },
      [
        "shop/a.yaml:6:43: warning CelInvalid: annotation package-operator.run/condition: 1:7: expression of type 'any' cannot be range of a comprehension (must be list, map, or dynamic)",
        ' | config.l.exists(i, i == "z")',
        ' | ......^',
        '  Package Operator refuses this: write dyn(…) around what the macro walks over, and both take it.',
      ],
    ],
    [
      'that Package Operator takes no version without an operator',
      {
        'manifest.yaml': manifest(
          '  constraints:\n  - platformVersion: {name: Kubernetes, range: ">=1.2 || 1.x"}\n  - platformVersion: {name: Kubernetes, range: "==1.30"}\n  - platformVersion: {name: Kubernetes, range: "1.2 - 2"}\n',
        ),
        'a.yaml': object('a'),
      },
      [
        'shop/manifest.yaml:8:48: warning PackageInvalid: range ">=1.2 || 1.x" names a version without an operator, which Package Operator refuses',
        '  Write an operator in front of each version: =1.2, >=1.2, ~1.2.',
      ],
    ],
    [
      'which integer becomes another one on its way into a template',
      {
        'manifest.yaml': manifest(
          '  config: {openAPIV3Schema: {type: object, properties: {n: {type: integer, default: 9007199254740993}, m: {type: integer, default: 9007199254740994}}}}\n',
        ),
        'a.yaml': object('a'),
      },
      [
        'shop/manifest.yaml:7:85: warning PackageInvalid: 9007199254740993 becomes 9007199254740992: numbers of a configuration are floats',
        '  Write it as text, in quotes, and let the schema say type: string.',
      ],
    ],
    [
      'that the kind of the manifest is misspelt, and nothing of the objects',
      {
        'manifest.yaml': manifest().replace('PackageManifest', 'PackageManifes'),
        'a.yaml': object('a'),
      },
      [
        'shop/manifest.yaml:2: error PackageInvalid: unknown GVK in manifest.yaml: GroupKind must be PackageManifest.manifests.package-operator.run, is: PackageManifes.manifests.package-operator.run',
        '  Correct apiVersion and kind at the head of the file.',
      ],
    ],
    [
      'that the manifest is empty, once and not of every object',
      { 'manifest.yaml': '# later\n', 'a.yaml': object('a'), 'b.yaml': object('b') },
      [
        'shop/manifest.yaml: error PackageInvalid: PackageManifest not found: manifest.yaml is empty',
        '  Add a manifest.yaml of kind PackageManifest to this folder.',
      ],
    ],
    [
      'that an object names a phase where the manifest.yaml beside it is of something else',
      { 'manifest.yaml': object('x').replace(/ {2}annotations[^]*$/u, ''), 'a.yaml': object('a') },
      [
        'shop/a.yaml:6:33: error PackageNotFound: ConfigMap names a phase of a package, but no folder above it holds a PackageManifest',
        '  Point spec.image at a folder that holds a manifest.yaml.',
      ],
    ],
  ])('%s', async (_what, files, lines) => {
    expect(await validate(files)).toEqual(lines);
  });

  test('that a link in the place of the manifest is not followed', async () => {
    const cwd = folder({ 'shop/real.txt': manifest(), 'shop/a.yaml': object('a') });
    symlinkSync('real.txt', path.join(cwd, 'shop/manifest.yaml'));
    const { err } = await cli(['validate'], { cwd });
    expect(err).toContain(
      'shop/manifest.yaml: error PackageInvalid: PackageManifest not found: manifest.yaml is a symlink, which is not followed\n',
    );
    expect(err).not.toContain('a.yaml');
  });

  test('which kind of instance a package is made for, at the instance', async () => {
    const cwd = folder({
      'sluice.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {sync: [{path: apps, target: local}]}\n',
      'apps/shop.yaml':
        'apiVersion: package-operator.run/v1alpha1\nkind: ClusterPackage\nmetadata: {name: shop}\nspec: {image: ./shop, config: {n: 12345678901234567}}\n',
      'shop/manifest.yaml': manifest(),
      'shop/a.yaml': object('a'),
    });
    const { err } = await cli(['validate'], { cwd });
    expect(err.trimEnd().split('\n')).toEqual([
      'apps/shop.yaml:2:7: error PackageInvalid: Package unsupported scope in manifest.yaml: ClusterPackage needs scope Cluster, the manifest allows Namespaced',
      '  Make it a Package, or add Cluster to spec.scopes in shop/manifest.yaml.',
    ]);
  });

  test('which integer of an instance becomes another one', async () => {
    const cwd = folder({
      'sluice.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {sync: [{path: apps, target: local, namespace: web}]}\n',
      'apps/shop.yaml':
        'apiVersion: package-operator.run/v1alpha1\nkind: Package\nmetadata: {name: shop}\nspec: {image: ./shop, config: {n: 12345678901234567}}\n',
      'shop/manifest.yaml': manifest(),
      'shop/a.yaml': object('a'),
    });
    const { err, code } = await cli(['validate'], { cwd });
    expect(err).toContain(
      'apps/shop.yaml:4:35: warning PackageConfigInvalid: 12345678901234567 becomes 12345678901234568: numbers of a configuration are floats\n',
    );
    expect(code).toBe(0);
  });
});

describe('test', () => {
  test('gives every dependency an image, as every image', async () => {
    const cwd = folder({
      'shop/manifest.yaml': manifest(
        '  dependencies: [{image: {name: lib, package: example.lib, range: ">=1"}}]\n',
        CASE,
      ),
      'shop/a.yaml.gotmpl': object('a', 'data: {x: "{{ .dependencies.lib }}"}\n'),
      'shop/.test-fixtures/one/a.yaml': object(
        'a',
        'data: {x: "registry.package-operator.run/static-image"}\n',
      ),
    });
    expect(await cli(['test', 'shop'], { cwd })).toMatchObject({ code: 0, err: 'PASS shop one\n' });
  });

  test('fails without a case too where a plain object is faulty, and says what to do', async () => {
    const cwd = folder({ 'shop/manifest.yaml': manifest(), 'shop/a.yaml': object('a', '', 'x') });
    expect(await cli(['test', 'shop'], { cwd })).toEqual({
      code: 1,
      out: '0 passed, 1 failed\n',
      err: `FAIL shop
  Phase name not found in manifest in a.yaml idx 0: "x"; the manifest lists deploy, late
  Name one of these phases, or add this one to spec.phases.
`,
    });
  });

  test('runs a case in the packages that have it, and refuses a name that none has', async () => {
    const cwd = folder({
      'bare/manifest.yaml': manifest(),
      'bare/a.yaml': object('a'),
      'shop/manifest.yaml': manifest('', CASE),
      'shop/a.yaml': object('a'),
      'shop/.test-fixtures/one/a.yaml': object('a'),
    });
    const { code, out, err } = await cli(['test', '--case', 'one', 'bare', 'shop'], { cwd });
    expect({ code, out }).toEqual({ code: 0, out: '1 passed, 0 failed\n' });
    expect(err).toBe('bare has no test case "one"\nPASS shop one\n');
    const none = await cli(['test', '--case', 'small', 'bare', 'shop'], { cwd });
    expect(none.code).toBe(2);
    expect(none.err).toContain('no test case is called "small"');
  });

  test('says that there are no cases', async () => {
    const cwd = folder({ 'shop/manifest.yaml': manifest(), 'shop/a.yaml': object('a') });
    expect(await cli(['test', 'shop'], { cwd })).toEqual({
      code: 0,
      out: '0 passed, 0 failed\n',
      err: 'shop has no test cases: only its manifest and plain objects were looked at\n',
    });
  });

  test('shows a difference as diff -u does, with three lines around it', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `  key${index}: "${index}"`);
    const before = object('a', `data:\n${lines.join('\n')}\n`);
    const after = before.replace('"9"', '"nine"').replace('"22"', '"other"');
    const cwd = folder({
      'shop/manifest.yaml': manifest('', CASE),
      'shop/a.yaml': after,
      'shop/.test-fixtures/one/a.yaml': before,
    });
    const { err } = await cli(['test', 'shop'], { cwd });
    const told = err.slice(err.indexOf('@@')).replaceAll(/^ {2}/gmu, '');
    const real = diff(
      path.join(cwd, 'shop/.test-fixtures/one/a.yaml'),
      path.join(cwd, 'shop/a.yaml'),
    );
    expect(told.trimEnd()).toBe(real.slice(real.indexOf('@@')).trimEnd());
  });
});

function diff(one: string, other: string): string {
  try {
    return execFileSync('diff', ['-u', one, other], { encoding: 'utf8' });
  } catch (error) {
    // It ends with 1 where there are differences.
    return (error as { readonly stdout: string }).stdout;
  }
}

describe.each([[['test']], [['package', 'build']], [['package', 'lock']]])('%s', (command) => {
  test.each([
    ['nowhere', 'nowhere does not exist'],
    ['file.txt', 'file.txt is no folder'],
  ])('says of %s what is wrong with it', async (name, message) => {
    const cwd = folder({ 'file.txt': '' });
    const { code, err } = await cli([...command, name], { cwd });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

test('package build says with each violation what to do', async () => {
  const cwd = folder(
    inPackage({
      'manifest.yaml': manifest('  images: [{name: web, image: nginx}]\n'),
      'a.yaml': object('a', '', 'x'),
    }),
  );
  const { code, err } = await cli(['package', 'build', 'shop'], { cwd });
  expect(code).toBe(1);
  expect(err)
    .toBe(`Missing image in manifest.lock.yaml, but using PackageManifest.spec.images. Try running: kubectl package update in manifest.lock.yaml
  Here that is: sluice package lock shop
Phase name not found in manifest in a.yaml idx 0: "x"; the manifest lists deploy, late
  Name one of these phases, or add this one to spec.phases.
`);
  expect(readFileSync(path.join(cwd, 'shop/a.yaml'), 'utf8')).toBe(object('a', '', 'x'));
});
