// Rules of package folders, one row each, in upstream's words (package-operator §1, §16.5, §16.6, §16.12).
import { describe, expect, test } from 'vitest';
import { parseConditionMap } from '../../../src/render/package/condition-map.ts';
import {
  comparePaths,
  isObjectFile,
  withoutTemplateSuffix,
} from '../../../src/render/package/file-kind.ts';
import { parseImageReference } from '../../../src/render/package/image-reference.ts';
import { pinnedImage } from '../../../src/model/image-name.ts';
import { loadComponent, loadPackage } from '../../../src/render/package/load-package.ts';
import { objectViolations } from '../../../src/render/package/object-rules.ts';
import { parseObjects } from '../../../src/render/package/parse-objects.ts';
import { joinDocuments, splitDocuments } from '../../../src/render/package/split-documents.ts';
import { formatViolation, inComponent } from '../../../src/render/package/violation.ts';
import { createSchemaValidator } from '../../../src/schema/index.ts';
import { textFiles } from '../../support/package-files.ts';

const validator = createSchemaValidator();
const HEAD = 'apiVersion: manifests.package-operator.run/v1alpha1\nkind: PackageManifest\n';
const MINIMAL = `${HEAD}metadata:\n  name: shop\nspec:\n  scopes: [Namespaced]\n  phases:\n  - name: deploy\n`;
const LOCK = 'apiVersion: manifests.package-operator.run/v1alpha1\nkind: PackageManifestLock\n';

function load(texts: Record<string, string>): readonly string[] {
  const result = loadPackage(textFiles(texts), { validator });
  if (result.kind === 'ok') return [];
  return result.violations.map(({ component, violation }) =>
    inComponent(component, formatViolation(violation)),
  );
}

describe('the folder', () => {
  test.each<[name: string, texts: Record<string, string>, expected: readonly string[]]>([
    [
      'with nothing but dot files is empty',
      { '.git/x': '' },
      ['Package image contains no files. Might be corrupted.'],
    ],
    [
      'without manifest',
      { 'a.yaml': '' },
      ['PackageManifest not found: searched at manifest.yaml and manifest.yml'],
    ],
    [
      'with two manifests',
      { 'manifest.yaml': MINIMAL, 'manifest.yml': MINIMAL },
      ['PackageManifest present multiple times'],
    ],
    [
      'with two lock files',
      { 'manifest.yaml': MINIMAL, 'manifest.lock.yaml': LOCK, 'manifest.lock.yml': LOCK },
      ['PackageManifestLock present multiple times'],
    ],
    ['with a manifest.yml loads', { 'manifest.yml': MINIMAL }, []],
    [
      'with another kind as manifest',
      { 'manifest.yaml': 'apiVersion: v1\nkind: ConfigMap\n' },
      [
        'unknown GVK in manifest.yaml: GroupKind must be PackageManifest.manifests.package-operator.run, is: ConfigMap',
      ],
    ],
    [
      'with another version of the manifest',
      { 'manifest.yaml': MINIMAL.replace('v1alpha1', 'v2') },
      ['unknown GVK in manifest.yaml: unknown version v2, supported versions: v1alpha1'],
    ],
    [
      'with a field of the wrong type',
      { 'manifest.yaml': MINIMAL.replace('[Namespaced]', 'Namespaced') },
      ['Invalid YAML in manifest.yaml: spec.scopes: must be a list, is a string'],
    ],
    ['with unknown fields loads', { 'manifest.yaml': `${MINIMAL}  nonsense: 1\n` }, []],
  ])('%s', (_name, texts, expected) => {
    expect(load(texts)).toEqual(expected);
  });
});

describe('the manifest', () => {
  const invalid = (text: string): string => `PackageManifest invalid in manifest.yaml: ${text}`;
  const spec = (text: string): string => MINIMAL + text;
  test.each<[name: string, manifest: string, expected: readonly string[]]>([
    ['without a name', MINIMAL.replace('name: shop', 'x: y'), ['metadata.name: Required value']],
    [
      'without scopes and phases',
      `${HEAD}metadata: {name: a}\nspec: {}\n`,
      ['spec.scopes: Required value', 'spec.phases: Required value'],
    ],
    [
      'with a phase twice',
      spec('  - name: deploy\n'),
      ['spec.phases[1].name: Invalid value: "deploy": must be unique'],
    ],
    [
      'with a probe that asks nothing',
      spec('  availabilityProbes:\n  - selector: {}\n'),
      ['spec.availabilityProbes[0].probes: Required value'],
    ],
    [
      'with a nullable schema',
      spec('  config: {openAPIV3Schema: {type: object, nullable: true}}\n'),
      ['spec.config.openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root'],
    ],
    [
      'with forbidden keywords in the schema',
      spec(
        '  config:\n    openAPIV3Schema:\n      type: object\n      properties:\n        a: {type: array, items: {type: string}, uniqueItems: true}\n        b: {type: object, additionalProperties: {type: string}, properties: {c: {type: string}}}\n',
      ),
      [
        'spec.config.openAPIV3Schema.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
        'spec.config.openAPIV3Schema.properties[b].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
      ],
    ],
    [
      'with a range that is none',
      spec('  constraints: [{platformVersion: {name: Kubernetes, range: "abc"}}]\n'),
      ['spec.constraints[0].platformVersion.range: Invalid value: "abc": improper constraint'],
    ],
    [
      'with a test case whose config is invalid: there are no defaults',
      `${spec('  config: {openAPIV3Schema: {type: object, required: [a], properties: {a: {type: string, default: x}}}}\n')}test:\n  template:\n  - name: one\n    context: {config: {}}\n`,
      ['test.template[0].context.config.a: Required value'],
    ],
    [
      'with kubeconform without a version',
      `${MINIMAL}test: {kubeconform: {}}\n`,
      ['test.kubeconform.kubernetesVersion: Required value'],
    ],
  ])('%s', (_name, manifest, expected) => {
    expect(load({ 'manifest.yaml': manifest })).toEqual(expected.map(invalid));
  });

  test('with faulty images and no lock file says both', () => {
    const images = '[{name: a, image: ""}, {name: a, image: x}, {name: "", image: X}]';
    expect(load({ 'manifest.yaml': spec(`  images: ${images}\n`) })).toEqual([
      invalid('spec.images[0].image: Invalid value: "": must be non empty'),
      invalid('spec.images[1].name: Invalid value: "a": must be unique'),
      invalid('spec.images[2].name: Invalid value: "": must be non empty'),
      invalid(
        'spec.images[2].image: Invalid value: "X": "X" is no image reference: "library/X" is no repository name',
      ),
      'Missing image in manifest.lock.yaml, but using PackageManifest.spec.images. Try running: kubectl package update in manifest.lock.yaml',
    ]);
  });

  test('a test case needs a name that a ConfigMap key could have', () => {
    const [text] = load({ 'manifest.yaml': `${MINIMAL}test: {template: [{name: "a b"}]}\n` });
    expect(text).toMatch(
      /^PackageManifest invalid in manifest\.yaml: test\.template\[0\]\.name: Invalid value: "a b": a valid config key must consist of/,
    );
  });
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('the lock file', () => {
  const withImages = `${MINIMAL}  images: [{name: a, image: nginx}]\n`;
  const lock = (images: string): string => `${LOCK}spec:\n  images: ${images}\n`;
  test.each<[name: string, texts: Record<string, string>, expected: readonly string[]]>([
    [
      'is needed where there are images',
      { 'manifest.yaml': withImages },
      [
        'Missing image in manifest.lock.yaml, but using PackageManifest.spec.images. Try running: kubectl package update in manifest.lock.yaml',
      ],
    ],
    [
      'must hold every image',
      { 'manifest.yaml': withImages, 'manifest.lock.yaml': lock('[]') },
      [
        'Image specified in manifest but missing from lockfile. Try running: kubectl package update: a',
      ],
    ],
    [
      'must hold the same image',
      {
        'manifest.yaml': withImages,
        'manifest.lock.yaml': lock(`[{name: a, image: nginx:1, digest: "${DIGEST}"}]`),
      },
      [
        'Image specified in manifest does not match with lockfile. Try running: kubectl package update: "a": "nginx" vs "nginx:1"',
      ],
    ],
    [
      'must hold no other image',
      {
        'manifest.yaml': MINIMAL,
        'manifest.lock.yaml': lock(`[{name: a, image: nginx, digest: "${DIGEST}"}]`),
      },
      [
        'Image specified in manifest does not match with lockfile. Try running: kubectl package update: a',
      ],
    ],
    [
      'names digests',
      { 'manifest.yaml': withImages, 'manifest.lock.yaml': lock('[{name: a, image: nginx}]') },
      [
        'PackageManifestLock invalid in manifest.lock.yaml: spec.images[0].digest: Invalid value: "": must be non empty',
      ],
    ],
  ])('%s', (_name, texts, expected) => {
    expect(load(texts)).toEqual(expected);
  });
});

describe('components', () => {
  const root = `${MINIMAL}  components: {}\n`;
  const component = (files: Record<string, string>, name: string): readonly string[] => {
    const result = loadComponent(textFiles(files), name, { validator });
    return result.kind === 'ok'
      ? [`ok ${result.package.manifest.name}: ${[...result.package.files.keys()].join(' ')}`]
      : result.violations.map((item) => formatViolation(item.violation));
  };
  const both = {
    'manifest.yaml': root,
    'cm.yaml': '',
    'components/a/manifest.yaml': MINIMAL,
    'components/a/x.yaml': '',
  };

  test('are whole packages, named after their folder', () => {
    expect(component(both, 'a')).toEqual(['ok a: x.yaml']);
  });
  test('are no part of the root package', () => {
    expect(component(both, '')).toEqual(['ok shop: cm.yaml']);
  });
  test('are ordinary folders where they are not enabled', () => {
    expect(component({ 'manifest.yaml': MINIMAL, 'components/a/x.yaml': '' }, '')).toEqual([
      'ok shop: components/a/x.yaml',
    ]);
  });
  test('must exist', () => {
    expect(component(both, 'b')).toEqual(['Component not found [b]: the package has a']);
  });
  test('must be enabled', () => {
    expect(component({ 'manifest.yaml': MINIMAL }, 'b')).toEqual(['Components not enabled: "b"']);
  });
  test('a faulty component does not disturb another one', () => {
    expect(component({ ...both, 'components/b/x': '' }, 'a')).toEqual(['ok a: x.yaml']);
    expect(load({ ...both, 'components/b/x': '' })).toEqual([
      'component "b": PackageManifest not found: searched at manifest.yaml and manifest.yml',
    ]);
  });
});

describe('objects', () => {
  const objects = (text: string, path = 'test.yaml'): readonly string[] => {
    const files = new Map([[path, { content: text, sourcePath: path }]]);
    const parsed = parseObjects(files, { packageName: 'shop', instance: 'mine' });
    return [...parsed.violations, ...objectViolations(parsed.objects, ['deploy'])].map((item) =>
      formatViolation({ ...item, subject: undefined }),
    );
  };
  const object = (
    name: string,
    more = '',
    annotations = 'package-operator.run/phase: deploy',
  ): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {${annotations}}\n${more}`;

  test.each<[name: string, text: string, expected: readonly string[]]>([
    ['a sound one', object('a'), []],
    [
      'without a phase (§16.5)',
      object('a', '', ''),
      ['Missing package-operator.run/phase Annotation in test.yaml idx 0: ConfigMap a'],
    ],
    [
      'with an unknown phase (§16.5)',
      `${object('a')}---\n${object('b', '', 'package-operator.run/phase: other')}`,
      ['Phase name not found in manifest in test.yaml idx 1: "other"; the manifest lists deploy'],
    ],
    [
      'twice (§16.5)',
      `${object('a')}---\n${object('a')}`,
      ['Duplicate Object in test.yaml idx 1: ConfigMap a is also in test.yaml line 1'],
    ],
    [
      'twice in another version',
      `${object('a')}---\n${object('a').replace('v1', 'v2')}`,
      ['Duplicate Object in test.yaml idx 1: ConfigMap a is also in test.yaml line 1'],
    ],
    [
      'without a version (§16.5)',
      object('a').replace('apiVersion: v1\n', ''),
      ['GroupVersionKind not set in test.yaml idx 0: ConfigMap a has no apiVersion'],
    ],
    ['without a kind', '{}', ["Invalid YAML in test.yaml idx 0: Object 'Kind' is missing"]],
    [
      'with a faulty label (§16.5)',
      `${object('a')}---\n${object('b', '  labels: {/123: x}\n')}`,
      [
        'Labels invalid in test.yaml idx 1: metadata.labels: Invalid value: "/123": prefix part must be non-empty',
      ],
    ],
    [
      'with a faulty condition map',
      object(
        'a',
        '',
        'package-operator.run/phase: deploy, package-operator.run/condition-map: xxxx',
      ),
      ['Condition map invalid in test.yaml idx 0: expected 2 part mapping got 1 in line 1'],
    ],
    [
      'with an unknown collision protection',
      object(
        'a',
        '',
        'package-operator.run/phase: deploy, package-operator.run/collision-protection: Never',
      ),
      [
        'Collision protection invalid in test.yaml idx 0: "Never" is not one of Prevent, IfNoController, None',
      ],
    ],
    [
      'with an annotation that is no string',
      object('a', '', 'package-operator.run/phase: deploy, other: true'),
      [
        'Missing package-operator.run/phase Annotation in test.yaml idx 0: the annotation "other" is no string; put it in quotes',
      ],
    ],
    [
      'empty documents count but are none',
      `---\n---\n# nothing\n---\n${object('a', '', '')}`,
      ['Missing package-operator.run/phase Annotation in test.yaml idx 1: ConfigMap a'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(objects(text)).toEqual(expected);
  });

  test('carry the labels of package and instance, whatever they were', () => {
    const content = object('a', '  labels: {package-operator.run/package: liar, mine: kept}\n');
    const files = new Map([['a.yaml', { content, sourcePath: 'a.yaml' }]]);
    const [found] = parseObjects(files, { packageName: 'shop', instance: 'mine' }).objects;
    expect(found?.manifest.metadata.labels).toEqual({
      'package-operator.run/package': 'shop',
      'package-operator.run/instance': 'mine',
      mine: 'kept',
    });
  });

  test('of static files know their line, those of templates do not', () => {
    const content = `# head\n---\n${object('a')}---\n\n${object('b')}`;
    const parse = (path: string, sourcePath: string) =>
      parseObjects(new Map([[path, { content, sourcePath }]]), { packageName: '', instance: '' })
        .objects;
    expect(
      parse('a.yaml', 'a.yaml').map(({ line, locate }) => [
        line,
        locate(['metadata', 'name']).line,
      ]),
    ).toEqual([
      [3, 6],
      [10, 13],
    ]);
    expect(parse('a.yaml', 'a.yaml.gotmpl').map(({ line }) => line)).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe('splitting', () => {
  test.each<[name: string, text: string, expected: readonly (readonly [string, number])[]]>([
    ['one document', 'a: 1\n', [['a: 1', 1]]],
    [
      'three dashes on a line of their own cut',
      'a\n---\nb\n',
      [
        ['a', 1],
        ['b', 3],
      ],
    ],
    [
      'dashes with a blank or a comment do not',
      'a\n--- \nb\n--- # x\nc',
      [['a\n--- \nb\n--- # x\nc', 1]],
    ],
    ['dashes in a line do not', 'a: ---\nb---\n---c\n', [['a: ---\nb---\n---c', 1]]],
    [
      'dashes and line ends around the file go, even those of a list',
      '---\n\n- a\n- b\n---\n',
      [['a\n- b', 3]],
    ],
    [
      'an empty document between',
      'a\n---\n---\nb',
      [
        ['a', 1],
        ['', 3],
        ['b', 4],
      ],
    ],
    ['an empty file', '', [['', 1]]],
  ])('%s', (_name, text, expected) => {
    expect(splitDocuments(text).map(({ text: part, line }) => [part, line])).toEqual(
      expected.map(([part, line]) => [part, part === '' ? expect.any(Number) : line]),
    );
  });

  test('what stays is joined with one separator and one line end', () => {
    expect(joinDocuments(['a', 'b'])).toBe('a\n---\nb\n');
  });
});

describe('small rules', () => {
  test.each<[string, string]>([
    ['Available =>', "destinationType can't be empty in line 1"],
    ['=> bla', "sourceType can't be empty in line 1"],
    ['xxxx', 'expected 2 part mapping got 1 in line 1'],
    ['A => x.y/A\n\nB => x.y/B', 'expected 2 part mapping got 1 in line 2'],
    ['A => B', 'destinationType "B" needs a prefix such as example.com/Ready in line 1'],
  ])('condition map %j (§16.6)', (text, reason) => {
    expect(parseConditionMap(text)).toEqual({ kind: 'invalid', reason });
  });

  test('a condition map maps line by line', () => {
    expect(parseConditionMap('\n  A => x.y/A \nB=>x.y/B\n')).toEqual({
      kind: 'ok',
      mappings: [
        { sourceType: 'A', destinationType: 'x.y/A' },
        { sourceType: 'B', destinationType: 'x.y/B' },
      ],
    });
  });

  test('paths sort a folder right before its content (§16.12)', () => {
    const sorted = ['bat', 'b/x', 'a/b/c', 'b', 'a', 'a/b'].sort(comparePaths);
    expect(sorted).toEqual(['a', 'a/b', 'a/b/c', 'b', 'b/x', 'bat']);
  });

  test('helper files and other endings hold no objects', () => {
    expect(['a.yaml', 'b/c.yml', '_h.yaml', 'README.md', 'b/_h.yml'].filter(isObjectFile)).toEqual([
      'a.yaml',
      'b/c.yml',
    ]);
    expect(withoutTemplateSuffix('README.md.gotmpl')).toBe('README.md');
  });

  test.each<[image: string, expected: string]>([
    ['nginx', 'index.docker.io/library/nginx@sha256:1'],
    ['nginx:1.22.1', 'index.docker.io/library/nginx@sha256:1'],
    ['team/app:v1', 'index.docker.io/team/app@sha256:1'],
    ['docker.io/nginx', 'index.docker.io/library/nginx@sha256:1'],
    ['quay.io/a/b:c', 'quay.io/a/b@sha256:1'],
    ['localhost:5000/a:b', 'localhost:5000/a@sha256:1'],
    ['localhost/a', 'localhost/a@sha256:1'],
  ])('image %s', (image, expected) => {
    expect(pinnedImage(image, 'sha256:1')).toBe(expected);
  });

  test.each<[image: string, expected: object]>([
    ['./packages/shop', { kind: 'folder', path: 'packages/shop' }],
    ['../shop/', { kind: 'folder', path: 'apps/shop' }],
    ['.', { kind: 'folder', path: '' }],
    ['../../../x', { kind: 'invalid', reason: '"../../../x" leaves the repository' }],
    [
      '/abs',
      {
        kind: 'invalid',
        reason: '"/abs" is an absolute path; a folder of this repository is written ./folder',
      },
    ],
    ['', { kind: 'invalid', reason: 'spec.image is empty' }],
    ['quay.io/a/b:c', { kind: 'oci', reference: 'quay.io/a/b:c' }],
    ['git+https://h/r//p@v1', { kind: 'git', reference: 'git+https://h/r//p@v1' }],
  ])('image reference %j', (image, expected) => {
    expect(parseImageReference(image, 'apps/team/a.yaml')).toEqual(expected);
  });
});
