// Which units a snapshot has, where they go, and what is wrong with files that are none.
import { describe, expect, test } from 'vitest';
import { repository, shown } from '../support/repository.ts';

const configMap = (name: string, extra = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}`;
const pkg = (name: string, extra = '', image = './packages/shop'): string =>
  `apiVersion: package-operator.run/v1alpha1\nkind: Package\nmetadata:\n  name: ${name}\n  namespace: web\n${extra}spec:\n  image: ${image}\n`;
const manifest =
  'apiVersion: manifests.package-operator.run/v1alpha1\nkind: PackageManifest\nmetadata: {name: shop}\nspec: {scopes: [Namespaced], phases: [{name: deploy}]}\n';
const sluice = (spec: string): string =>
  `apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec:\n${spec}`;

const ids = (texts: Record<string, string>): readonly string[] =>
  repository(texts).discovery.units.map(({ id }) => id);

describe('units', () => {
  test('a folder is a unit, and so is each of its folders', () => {
    expect(
      ids({ 'a/x.yaml': configMap('ex'), 'a/b/y.yaml': configMap('why'), 'z.yml': configMap('z') }),
    ).toEqual(['local:Folder/.', 'local:Folder/a', 'local:Folder/a/b']);
  });

  test('documents that are units themselves are no part of the folder', () => {
    const repo = repository({
      'apps/shop.yaml': `${pkg('shop')}---\n${configMap('settings')}`,
      'packages/shop/manifest.yaml': manifest,
      'packages/shop/cm.yaml': configMap('inside'),
    });
    expect(repo.discovery.units.map(({ id }) => id)).toEqual([
      'local:Folder/apps',
      'local:Package.package-operator.run/web/shop',
    ]);
    expect(
      repo.unit('local:Folder/apps').documents.map(({ manifest: m }) => m.metadata.name),
    ).toEqual(['settings']);
    expect(repo.discovery.packageSources).toEqual(['packages/shop']);
  });

  test('one folder synced to two targets is two units, with the namespace of each entry', () => {
    const repo = repository({
      'sluice.yaml': sluice(
        '  targets: [{name: a, type: embedded}, {name: b, type: embedded}]\n  sync:\n  - {path: base, target: a, namespace: one}\n  - {path: ./base/, target: b}\n',
      ),
      'base/x.yaml': configMap('ex'),
      'other/y.yaml': configMap('why'),
    });
    expect(repo.discovery.units.map(({ id, namespace }) => [id, namespace])).toEqual([
      ['a:Folder/base', 'one'],
      ['b:Folder/base', 'default'],
    ]);
  });

  test('the deepest sync entry decides', () => {
    const repo = repository({
      'sluice.yaml': sluice(
        '  targets: [{name: a, type: embedded}, {name: b, type: embedded}]\n  sync:\n  - {path: ".", target: a}\n  - {path: team, target: b}\n',
      ),
      'x.yaml': configMap('ex'),
      'team/deep/y.yaml': configMap('why'),
    });
    expect(repo.discovery.units.map(({ id }) => id)).toEqual(['a:Folder/.', 'b:Folder/team/deep']);
  });

  test('a namespaced unit without a namespace takes that of its sync entry, a cluster one none', () => {
    const repo = repository({
      'sluice.yaml': sluice('  sync: [{path: "", namespace: team}]\n'),
      'a.yaml':
        'apiVersion: package-operator.run/v1alpha1\nkind: Package\nmetadata: {name: p}\nspec: {image: ./p}\n---\napiVersion: package-operator.run/v1alpha1\nkind: ClusterPackage\nmetadata: {name: c, namespace: odd}\nspec: {image: ./p}\n',
    });
    expect(repo.discovery.units.map(({ id }) => id)).toEqual([
      'local:ClusterPackage.package-operator.run/c',
      'local:Package.package-operator.run/team/p',
    ]);
  });

  test('items of a v1 List are documents of their own', () => {
    const repo = repository({
      'l.yaml':
        'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b}\n',
    });
    const { documents } = repo.unit('local:Folder/.');
    expect(documents.map(({ manifest: m, source }) => [m.metadata.name, source.line])).toEqual([
      ['a', 4],
      ['b', 5],
    ]);
  });

  test('dot files and dot folders are not read', () => {
    expect(ids({ '.github/x.yaml': configMap('ex'), 'a/.hidden.yaml': configMap('why') })).toEqual(
      [],
    );
  });

  test('Deletions are orders, not units', () => {
    const repo = repository({
      'd.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Deletion\nmetadata: {name: drop}\nspec: {target: prod, object: {apiVersion: v1, kind: ConfigMap, namespace: a, name: b}}\n',
    });
    expect(repo.discovery.units).toEqual([]);
    expect(
      repo.discovery.deletions.map(({ target, document }) => [
        target,
        document.manifest.metadata.name,
      ]),
    ).toEqual([['prod', 'drop']]);
  });
});

describe('levers', () => {
  test('of a unit are read from its document', () => {
    const unit = repository({
      'a.yaml': pkg(
        'shop',
        '  annotations:\n    sluice.dev/suspend: "true"\n    sluice.dev/detach: "true"\n    sluice.dev/timeout: 90s\n    package-operator.run/pause-message: audit\n',
      ),
    }).unit('local:Package.package-operator.run/web/shop');
    expect(unit).toMatchObject({
      suspended: true,
      suspendReason: 'audit',
      detach: true,
      timeoutMs: 90_000,
    });
  });

  test('spec.paused suspends too', () => {
    const unit = repository({ 'a.yaml': `${pkg('shop')}  paused: true\n` }).unit(
      'local:Package.package-operator.run/web/shop',
    );
    expect(unit.suspended).toBe(true);
  });

  test('of a folder are those of its sync entry and of any of its documents; the longest time limit counts', () => {
    const annotated = (name: string, text: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {${text}}\n`;
    const unit = repository({
      'sluice.yaml': sluice('  sync: [{path: a, timeout: 1m, dependsOn: [Folder/b]}, {path: b}]\n'),
      'a/x.yaml': annotated('ex', 'sluice.dev/timeout: 2m, sluice.dev/depends-on: "Folder/b"'),
      'a/y.yaml': annotated('why', 'sluice.dev/timeout: 1h'),
      'b/z.yaml': configMap('z'),
    }).unit('local:Folder/a');
    expect(unit).toMatchObject({ timeoutMs: 3_600_000, dependsOn: ['local:Folder/b'] });
  });

  test.each([
    [
      'an unknown key is a warning',
      'sluice.dev/suspended: "true"',
      'the annotation sluice.dev/suspended is not known',
    ],
    [
      'a value that is no string',
      'sluice.dev/suspend: true',
      'the annotation sluice.dev/suspend is true, not a string',
    ],
    [
      'a value that is not allowed',
      'sluice.dev/drift: maybe',
      'the annotation sluice.dev/drift is "maybe"',
    ],
    [
      'a time limit that is none',
      'sluice.dev/timeout: soon',
      'the annotation sluice.dev/timeout is "soon", which is no duration',
    ],
  ])('%s', (_name, annotation, message) => {
    const unit = repository({
      'a.yaml': pkg('shop', `  annotations:\n    ${annotation}\n`),
    }).unit('local:Package.package-operator.run/web/shop');
    expect(shown(unit.problems)).toEqual([`a.yaml:7 SchemaInvalid ${message}`]);
  });
});

describe('dependencies', () => {
  const needs = (name: string, on: string): string =>
    pkg(name, `  annotations:\n    sluice.dev/depends-on: ${on}\n`);
  const id = (name: string): string => `local:Package.package-operator.run/web/${name}`;

  test('may leave out the target, and may name folders', () => {
    const repo = repository({
      'a.yaml': needs('a', 'Package.package-operator.run/web/b, local:Folder/crds'),
      'b.yaml': pkg('b'),
      'crds/c.yaml': configMap('c'),
    });
    expect(repo.unit(id('a')).dependsOn).toEqual(['local:Folder/crds', id('b')]);
  });

  test('on something unknown name the likely meaning', () => {
    const repo = repository({
      'a.yaml': needs('a', 'Package.package-operator.run/shop/b'),
      'b.yaml': pkg('b'),
    });
    expect(shown(repo.unit(id('a')).problems)).toEqual([
      `a.yaml:7 DependencyUnknown ${id('a')} depends on Package.package-operator.run/shop/b, which does not exist; did you mean ${id('b')}?`,
    ]);
  });

  test('in a circle are named, seen from each unit of it', () => {
    const repo = repository({
      'a.yaml': needs('a', 'Package.package-operator.run/web/b'),
      'b.yaml': needs('b', 'Package.package-operator.run/web/c'),
      'c.yaml': needs('c', 'Package.package-operator.run/web/a'),
      'd.yaml': needs('d', 'Package.package-operator.run/web/a'),
    });
    const path = (...names: string[]): string =>
      `the units wait for each other: ${names.map(id).join(' → ')}`;
    expect(repo.unit(id('b')).problems.map(({ message }) => message)).toEqual([
      path('b', 'c', 'a', 'b'),
    ]);
    expect(repo.unit(id('a')).problems.map(({ message }) => message)).toEqual([
      path('a', 'b', 'c', 'a'),
    ]);
    expect(repo.unit(id('d')).problems).toEqual([]);
  });

  test('a unit that waits for itself is a circle', () => {
    const repo = repository({ 'a.yaml': needs('a', 'Package.package-operator.run/web/a') });
    expect(repo.unit(id('a')).problems.map(({ code }) => code)).toEqual(['DependencyCycle']);
  });
});

describe('mistakes in files', () => {
  const long = 'x'.repeat(300);
  test.each<[name: string, text: string, expected: string]>([
    [
      'a name with a slash',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a/b\n',
      'a.yaml:4 NameInvalid ConfigMap: metadata.name "a/b" must not contain "/"',
    ],
    [
      'a name with a newline',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "a\\nb"\n',
      'a.yaml:4 NameInvalid ConfigMap: metadata.name "a\\nb" must not contain "\\n"',
    ],
    [
      'a name of 300 characters',
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${long}\n`,
      `a.yaml:4 NameInvalid ConfigMap: metadata.name "${'x'.repeat(56)}…" must be no more than 253 characters, has 300`,
    ],
    [
      'a name that is a number',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 12\n',
      'a.yaml:4 NameInvalid ConfigMap: metadata.name 12 must be a string, is a number',
    ],
    [
      'a namespace with a dot',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: b.c\n',
      'a.yaml:5 NameInvalid ConfigMap: metadata.namespace "b.c" must consist of lower case letters, digits and "-", and start and end with a letter or digit',
    ],
    [
      'a generated name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: a-\n',
      'a.yaml:4 GenerateNameRefused ConfigMap has metadata.generateName',
    ],
    [
      'no name',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n',
      'a.yaml:3 ManifestInvalid ConfigMap has no metadata.name',
    ],
    [
      'no kind',
      'apiVersion: v1\nmetadata: {name: a}\n',
      'a.yaml:1 ManifestInvalid a document of v1 has no kind',
    ],
    [
      'no apiVersion',
      'kind: ConfigMap\nmetadata: {name: a}\n',
      'a.yaml:1 ManifestInvalid ConfigMap has no apiVersion',
    ],
    [
      'another version of a kind of ours',
      'apiVersion: package-operator.run/v1\nkind: Package\nmetadata: {name: a}\n',
      'a.yaml:1 KindUnsupported Package of package-operator.run/v1 is not known; write package-operator.run/v1alpha1',
    ],
  ])('%s', (_name, text, expected) => {
    const repo = repository({ 'a.yaml': text, 'b.yaml': configMap('b') });
    const unit = repo.unit('local:Folder/.');
    expect(shown(unit.problems)).toEqual([expected]);
    // What stands beside it is found nevertheless, and nothing from the file may be pruned.
    expect(unit.documents).toHaveLength(1);
    expect(repo.discovery.brokenFiles).toEqual(['a.yaml']);
    expect(repo.render('local:Folder/.').kind).toBe('failed');
  });

  test('roles may be named with colons', () => {
    const repo = repository({
      'a.yaml':
        'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "system:x"}\n',
    });
    expect(repo.unit('local:Folder/.').problems).toEqual([]);
  });

  test('a file that holds no manifest is reported and disturbs nobody', () => {
    const repo = repository({
      'mkdocs.yml': 'site_name: x\n',
      'list.yaml': '- 1\n',
      'b.yaml': configMap('b'),
    });
    expect(shown(repo.discovery.diagnostics)).toEqual([
      'list.yaml:1 ManifestInvalid the document is a list, not a manifest',
      'mkdocs.yml:1 ManifestInvalid the document has neither apiVersion nor kind, so it is no manifest',
    ]);
    expect(repo.discovery.brokenFiles).toEqual([]);
    expect(repo.render('local:Folder/.').kind).toBe('rendered');
  });

  test('unreadable YAML breaks its own folder and no other', () => {
    const repo = repository({ 'a/x.yaml': 'a: [\n', 'b/y.yaml': configMap('why') });
    expect(repo.render('local:Folder/a').kind).toBe('failed');
    expect(repo.render('local:Folder/b').kind).toBe('rendered');
    expect(repo.discovery.brokenFiles).toEqual(['a/x.yaml']);
  });

  test('a kustomized folder is not read as manifests', () => {
    const repo = repository({
      'k/kustomization.yaml': 'resources: [x.yaml]\n',
      'k/x.yaml': configMap('ex'),
      'k/sub/y.yaml': configMap('why'),
    });
    const unit = repo.unit('local:Folder/k');
    expect(unit.documents).toEqual([]);
    expect(shown(unit.problems)).toEqual([
      'k/kustomization.yaml:1 KustomizationUnsupported k is built by kustomize, which Sluice does not run; nothing in it is applied',
    ]);
    expect(repo.discovery.brokenFiles).toEqual(['k/kustomization.yaml', 'k/x.yaml']);
  });

  test('a package whose manifest cannot be read is not applied as a folder', () => {
    const repo = repository({ 'p/manifest.yaml': 'a: [\n', 'p/cm.yaml': configMap('ex') });
    expect(repo.discovery.units).toEqual([]);
    expect(repo.discovery.packageSources).toEqual(['p']);
  });

  test('two documents with one id: neither counts, both are named', () => {
    const repo = repository({ 'a.yaml': pkg('shop'), 'b.yaml': pkg('shop') });
    const id = 'local:Package.package-operator.run/web/shop';
    expect(shown(repo.unit(id).problems)).toEqual([
      `a.yaml:1 UnitDuplicate ${id} is also defined in b.yaml:1`,
      `b.yaml:1 UnitDuplicate ${id} is also defined in a.yaml:1`,
    ]);
    expect(repo.render(id).kind).toBe('failed');
  });

  test.each([
    ['Config', 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {}\n'],
    ['DaemonConfig', 'apiVersion: sluice.dev/v1alpha1\nkind: DaemonConfig\nmetadata: {name: a}\n'],
    [
      'PackageManifestLock',
      'apiVersion: manifests.package-operator.run/v1alpha1\nkind: PackageManifestLock\n',
    ],
  ])('a %s in the wrong file has no effect', (kind, text) => {
    expect(shown(repository({ 'x.yaml': text }).discovery.diagnostics)).toEqual([
      `x.yaml:1 KindUnsupported ${kind} has no effect in this file`,
    ]);
  });
});

describe('the input hash', () => {
  const base = {
    'apps/shop.yaml': pkg('shop'),
    'apps/other.yaml': pkg('other', '', './packages/other'),
    'packages/shop/manifest.yaml': manifest,
    'packages/shop/cm.yaml': configMap('a'),
    'packages/other/manifest.yaml': manifest,
    'plain/x.yaml': configMap('ex'),
  };
  const hashes = (texts: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      repository(texts).discovery.units.map(({ id, inputHash }) => [id, inputHash]),
    );
  const changedBy = (change: Record<string, string>): readonly string[] => {
    const before = hashes(base);
    const after = hashes({ ...base, ...change });
    return Object.keys(after).filter((id) => after[id] !== before[id]);
  };
  const shop = 'local:Package.package-operator.run/web/shop';

  test.each<[name: string, change: Record<string, string>, changed: readonly string[]]>([
    ['a file of the package', { 'packages/shop/cm.yaml': configMap('b') }, [shop]],
    ['a new file of the package', { 'packages/shop/new.txt': 'x' }, [shop]],
    [
      'a fixture of the package changes nothing',
      { 'packages/shop/.test-fixtures/a/cm.yaml': 'x' },
      [],
    ],
    ['a file that nobody reads changes nothing', { 'README.md': 'x' }, []],
    ['the instance itself', { 'apps/shop.yaml': pkg('shop', '  labels: {a: b}\n') }, [shop]],
    ['a manifest of a folder', { 'plain/x.yaml': configMap('why') }, ['local:Folder/plain']],
    ['a new manifest of a folder', { 'plain/y.yaml': configMap('why') }, ['local:Folder/plain']],
    [
      'a default of sluice.yaml changes all',
      { 'sluice.yaml': sluice('  defaults: {collisionProtection: None}\n') },
      ['local:Folder/plain', 'local:Package.package-operator.run/web/other', shop],
    ],
  ])('%s', (_name, change, changed) => {
    expect(changedBy(change)).toEqual(changed);
  });

  test('reads name the files and folders that wake the unit', () => {
    const repo = repository(base);
    expect(repo.unit(shop).reads).toEqual(['apps/shop.yaml', 'packages/shop/']);
    expect(repo.unit('local:Folder/plain').reads).toEqual(['plain/']);
  });
});
