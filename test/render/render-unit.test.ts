// Units to phases: packages, deployments, folders; what is asked for, and what makes a render fail.
import { describe, expect, test } from 'vitest';
import type { DesiredState } from '../../src/model/desired.ts';
import { repository, shown } from '../support/repository.ts';
import type { World } from '../support/repository.ts';

const MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata:
  name: shop
spec:
  scopes: [Namespaced, Cluster]
  phases:
  - name: first
  - name: empty
  - name: second
    class: default
  - name: remote
    class: edge
  availabilityProbes:
  - selector: {kind: {kind: ConfigMap}}
    probes:
    - condition: {type: Ready}
  config:
    openAPIV3Schema:
      type: object
      required: [size]
      properties:
        size: {type: integer}
        color: {type: string, default: red}
`;

function configMap(
  name: string,
  phase: string,
  options: { more?: string; ns?: string } = {},
): string {
  const ns = options.ns === undefined ? '' : `  namespace: ${options.ns}\n`;
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${ns}  annotations:\n    package-operator.run/phase: ${phase}\n${options.more ?? ''}`;
}

const INSTANCE = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata:
  name: mine
  namespace: web
spec:
  image: ./packages/shop
  config: {size: 3, unknown: x}
`;
const ID = 'local:Package.package-operator.run/web/mine';

function render(files: Record<string, string>, id = ID, world: World = {}) {
  return repository(files, world).render(id);
}

function rendered(files: Record<string, string>, id = ID, world: World = {}): DesiredState {
  const result = render(files, id, world);
  if (result.kind === 'failed') throw new Error(shown(result.diagnostics).join('\n'));
  return result.desired;
}

function failure(files: Record<string, string>, id = ID, world: World = {}): readonly string[] {
  const result = render(files, id, world);
  return result.kind === 'failed' ? shown(result.diagnostics) : ['rendered'];
}

const base = {
  'apps/mine.yaml': INSTANCE,
  'packages/shop/manifest.yaml': MANIFEST,
  'packages/shop/b.yaml': configMap('b', 'second'),
  'packages/shop/a.yaml.gotmpl': configMap('a-{{ .config.color }}-{{ .config.size }}', 'first'),
};

describe('a package', () => {
  test('becomes phases of objects with namespace and labels, in the order of the manifest', () => {
    const { phases } = rendered(base);
    expect(
      phases.map((phase) => [
        phase.name,
        phase.class,
        phase.objects.map(({ ref }) => `${ref.namespace}/${ref.name}`),
      ]),
    ).toEqual([
      ['first', undefined, ['web/a-red-3']],
      ['second', undefined, ['web/b']],
    ]);
    expect(phases[1]?.objects[0]).toEqual({
      ref: { apiVersion: 'v1', group: '', kind: 'ConfigMap', namespace: 'web', name: 'b' },
      manifest: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: 'b',
          namespace: 'web',
          labels: {
            'package-operator.run/package': 'shop',
            'package-operator.run/instance': 'mine',
          },
        },
      },
      collisionProtection: 'Prevent',
      conditionMappings: [],
      source: { file: 'packages/shop/b.yaml', line: 1 },
    });
  });

  test('gets the defaults of the API for its probes', () => {
    expect(rendered(base).availabilityProbes).toEqual([
      {
        selector: { kind: { group: '', kind: 'ConfigMap' } },
        probes: [{ condition: { type: 'Ready', status: 'True' } }],
      },
    ]);
  });

  test('renders the same twice, to the byte', () => {
    expect(rendered(base)).toEqual(rendered(base));
  });

  test('takes its objects through annotations', () => {
    const more =
      '    package-operator.run/collision-protection: IfNoController\n    package-operator.run/condition-map: "A => x.y/A"\n    package-operator.run/external: "True"\n    sluice.dev/prune: disabled\n';
    const { phases } = rendered({
      ...base,
      'packages/shop/b.yaml': configMap('b', 'second', { more }),
    });
    expect(phases[1]?.objects[0]).toMatchObject({
      collisionProtection: 'IfNoController',
      conditionMappings: [{ sourceType: 'A', destinationType: 'x.y/A' }],
      external: true,
    });
    // Instructions are no part of the object, levers of ours stay for the engine.
    expect(phases[1]?.objects[0]?.manifest.metadata.annotations).toEqual({
      'sluice.dev/prune': 'disabled',
    });
  });

  test.each<[name: string, files: Record<string, string>, expected: string]>([
    [
      'sluice.yaml',
      {
        'sluice.yaml':
          'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {defaults: {collisionProtection: None}}\n',
      },
      'None',
    ],
    [
      'the instance',
      {
        'apps/mine.yaml': INSTANCE.replace(
          '  namespace: web\n',
          '  namespace: web\n  annotations: {package-operator.run/collision-protection: IfNoController}\n',
        ),
      },
      'IfNoController',
    ],
  ])('takes its default for collision protection from %s', (_name, files, expected) => {
    expect(rendered({ ...base, ...files }).phases[0]?.objects[0]?.collisionProtection).toBe(
      expected,
    );
  });

  test('filters documents and paths, with the older spelling of the filter too', () => {
    const filter =
      '  conditionalFiltering:\n    namedConditions:\n    - {name: big, expression: config.size > 2}\n    conditionalPaths:\n    - {glob: "extra/**", expression: "!cond.big"}\n  filter:\n    conditions:\n    - {name: small, expression: "!(config.size > 2)"}\n';
    const { phases } = rendered({
      ...base,
      'packages/shop/manifest.yaml': MANIFEST.replace('  config:\n', `${filter}  config:\n`),
      'packages/shop/extra/x.yaml': configMap('x', 'first'),
      'packages/shop/c.yaml': `${configMap('big', 'first', { more: '    package-operator.run/condition: cond.big\n' })}---\n${configMap('small', 'first', { more: '    package-operator.run/condition: cond.small\n' })}`,
    });
    expect(phases[0]?.objects.map(({ ref }) => ref.name)).toEqual(['a-red-3', 'big']);
  });

  test('sees its environment: from sluice.yaml where it says one, else from the target', () => {
    const files = {
      ...base,
      'packages/shop/b.yaml.gotmpl': configMap('v{{ .environment.kubernetes.version }}', 'second'),
    };
    const name = (texts: Record<string, string>, world: World = {}) =>
      rendered(texts, ID, world).phases[1]?.objects[0]?.ref.name;
    expect(name(files, { environment: { kubernetes: { version: '1.30.0' } } })).toBe('v1.30.0');
    const sluice =
      'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {targets: [{name: local, type: embedded, environment: {kubernetes: {version: 1.31.0}}}]}\n';
    expect(name({ ...files, 'sluice.yaml': sluice })).toBe('v1.31.0');
  });

  test('does not see levers of ours', () => {
    const files = {
      ...base,
      'apps/mine.yaml': INSTANCE.replace(
        '  namespace: web\n',
        '  namespace: web\n  annotations: {sluice.dev/timeout: 5m, a: b}\n',
      ),
      'packages/shop/b.yaml.gotmpl': configMap(
        'x{{ len .package.metadata.annotations }}',
        'second',
      ),
    };
    const state = rendered(files);
    expect(state.phases[1]?.objects[0]?.ref.name).toBe('x1');
    expect(state.timeoutMs).toBe(300_000);
    const without = {
      ...files,
      'apps/mine.yaml': files['apps/mine.yaml'].replace('sluice.dev/timeout: 5m, ', ''),
    };
    expect(rendered(without).templateHash).toBe(state.templateHash);
  });

  test('may be one component of a folder', () => {
    const files = {
      'apps/mine.yaml': INSTANCE.replace('  config:', '  component: api\n  config:'),
      'packages/shop/manifest.yaml': MANIFEST.replace('spec:\n', 'spec:\n  components: {}\n'),
      'packages/shop/components/api/manifest.yaml': MANIFEST.replace('name: shop', 'name: other'),
      'packages/shop/components/api/a.yaml': configMap('a', 'first'),
    };
    const [object] = rendered(files).phases[0]?.objects ?? [];
    expect(object?.manifest.metadata.labels).toMatchObject({
      'package-operator.run/package': 'api',
    });
    expect(object?.source).toEqual({ file: 'packages/shop/components/api/a.yaml', line: 1 });
  });

  test('runs on the whole phase of a class under other rules, and keeps the class', () => {
    const { phases } = rendered({
      ...base,
      'packages/shop/r.yaml': configMap('r', 'remote', { ns: 'elsewhere' }),
    });
    expect(phases[2]).toMatchObject({ name: 'remote', class: 'edge' });
    expect(phases[2]?.objects[0]?.ref.namespace).toBe('elsewhere');
  });
});

describe('a package fails to render', () => {
  test.each<[name: string, files: Record<string, string>, expected: readonly string[]]>([
    [
      'when its folder is not there',
      {
        'packages/shop/manifest.yaml': '',
        'apps/mine.yaml': INSTANCE.replace('packages/shop', 'packages/none'),
      },
      [
        'apps/mine.yaml:7 PackageNotFound spec.image: "./packages/none" is the folder packages/none, which holds no files',
      ],
    ],
    [
      'when it comes from elsewhere and cannot be had',
      { 'apps/mine.yaml': INSTANCE.replace('./packages/shop', 'quay.io/a/b:v1') },
      ['apps/mine.yaml:7 AskUnanswered quay.io/a/b:v1: it cannot be reached'],
    ],
    [
      'when its configuration is invalid (§16.11)',
      { 'apps/mine.yaml': INSTANCE.replace('{size: 3, unknown: x}', '{size: big}') },
      [
        'apps/mine.yaml:8 PackageConfigInvalid spec.config.size: Invalid value: "string": spec.config.size in body must be of type integer: "string"',
      ],
    ],
    [
      'when a value is missing',
      { 'apps/mine.yaml': INSTANCE.replace('{size: 3, unknown: x}', '{}') },
      ['apps/mine.yaml:8 PackageConfigInvalid spec.config.size: Required value'],
    ],
    [
      'when it has another scope',
      { 'packages/shop/manifest.yaml': MANIFEST.replace('[Namespaced, Cluster]', '[Cluster]') },
      [
        'apps/mine.yaml:2 PackageInvalid Package unsupported scope in manifest.yaml: Package needs scope Namespaced, the manifest allows Cluster',
      ],
    ],
    [
      'when a template does not parse',
      { 'packages/shop/a.yaml.gotmpl': 'x: 1\ny: {{ if }}\n' },
      [
        'packages/shop/a.yaml.gotmpl:2 TemplateInvalid parsing template from a.yaml.gotmpl: template: a.yaml.gotmpl:2: missing value for if',
      ],
    ],
    [
      'when a template fails, without saying the configuration',
      { 'packages/shop/a.yaml.gotmpl': 'x: {{ .config.none }}\n' },
      [
        'packages/shop/a.yaml.gotmpl:1 TemplateFailed executing template from a.yaml.gotmpl: template: a.yaml.gotmpl:1:13: executing "a.yaml.gotmpl" at <.config.none>: map has no entry for key "none"',
      ],
    ],
    [
      'when a condition is no CEL',
      {
        'packages/shop/b.yaml': configMap('b', 'second', {
          more: '    package-operator.run/condition: "1 +"\n',
        }),
      },
      [
        expect.stringMatching(
          /^packages\/shop\/b\.yaml:7 CelInvalid The CEL expression in package-operator\.run\/condition annotation is invalid\. in b\.yaml idx 0: CEL expression compilation error: /,
        ) as string,
      ],
    ],
    [
      'when a probe is no CEL, with its place in the manifest',
      {
        'packages/shop/manifest.yaml': MANIFEST.replace(
          'condition: {type: Ready}',
          'cel: {rule: "self.x", message: m}',
        ),
      },
      [
        expect.stringMatching(
          /^packages\/shop\/manifest\.yaml:17 CelInvalid parsing probe #0: .*cel expression must evaluate to a bool/,
        ) as string,
      ],
    ],
    [
      'when a file is no YAML and an object is of an unknown phase: both are said',
      {
        'packages/shop/b.yaml': configMap('b', 'third'),
        'packages/shop/c.yaml': configMap('c', '"'),
      },
      [
        'packages/shop/c.yaml:6 PackageInvalid Invalid YAML in c.yaml idx 0: a text in quotes is never closed',
        'packages/shop/b.yaml:6 PhaseUnknown Phase name not found in manifest in b.yaml idx 0: "third"; the manifest lists first, empty, second, remote',
      ],
    ],
    [
      'when an object leaves the namespace',
      { 'packages/shop/b.yaml': configMap('b', 'second', { ns: 'other' }) },
      [
        'packages/shop/b.yaml:5 PreflightFailed Phase "second", ConfigMap other/b: Must stay within the same namespace.',
      ],
    ],
    [
      'when an object is cluster-scoped under a namespaced package',
      { 'packages/shop/b.yaml': configMap('b', 'second').replace('ConfigMap', 'Namespace') },
      [
        'packages/shop/b.yaml:2 PreflightFailed Phase "second", Namespace web/b: Must be namespaced scoped when part of an non-cluster-scoped API.',
      ],
    ],
    [
      'when an object has an owner',
      { 'packages/shop/b.yaml': configMap('b', 'second', { more: '  ownerReferences: []\n' }) },
      [
        'packages/shop/b.yaml:7 PreflightFailed Phase "second", ConfigMap web/b: Object must not have a owner reference.',
      ],
    ],
    [
      'when its constraints are not met',
      {
        'packages/shop/manifest.yaml': MANIFEST.replace(
          '  config:\n',
          '  constraints: [{platform: [OpenShift]}, {platformVersion: {name: Kubernetes, range: ">=1.40"}}]\n  config:\n',
        ),
      },
      [
        'apps/mine.yaml:1 PackageInvalid Constraints not met: OpenShift platform, Kubernetes v1.31.0 does not meet constraint >=1.40',
      ],
    ],
    [
      'when the component is not there',
      {
        'apps/mine.yaml': INSTANCE.replace('  config:', '  component: api\n  config:'),
        'packages/shop/manifest.yaml': MANIFEST.replace('spec:\n', 'spec:\n  components: {}\n'),
      },
      ['apps/mine.yaml:8 PackageInvalid Component not found [api]: the package has none'],
    ],
    [
      'when the instance has a field of the wrong type',
      { 'apps/mine.yaml': INSTANCE.replace('image: ./packages/shop', 'image: 1') },
      [
        'apps/mine.yaml:7 SchemaInvalid spec.image: Invalid value: "integer": spec.image in body must be of type string: "integer"',
      ],
    ],
  ])('%s', (_name, files, expected) => {
    expect(failure({ ...base, ...files })).toEqual(expected);
  });

  test('when it must be unique in its namespace and is not', () => {
    const unique = MANIFEST.replace(
      '  config:\n',
      '  constraints: [{uniqueInScope: {}}]\n  config:\n',
    );
    const twin = (name: string, namespace: string): string =>
      INSTANCE.replace('name: mine', `name: ${name}`).replace(
        'namespace: web',
        `namespace: ${namespace}`,
      );
    const files = { ...base, 'packages/shop/manifest.yaml': unique };
    expect(failure({ ...files, 'apps/b.yaml': twin('mine', 'other') })).toEqual(['rendered']);
    expect(failure({ ...files, 'apps/b.yaml': twin('twin', 'web') })).toEqual([
      'apps/mine.yaml:1 PackageInvalid Constraints not met: package has unique constraint set but another package in the same namespace uses the same manifest (local:Package.package-operator.run/web/twin)',
    ]);
  });

  test('a misspelt field of the instance is a warning', () => {
    const result = render({ ...base, 'apps/mine.yaml': `${INSTANCE}  imgae: x\n` });
    expect(result.kind).toBe('rendered');
    expect(shown(result.diagnostics)).toEqual([
      'apps/mine.yaml:9 SchemaInvalid spec.imgae: unknown field, it has no effect',
    ]);
  });
});

describe('a cluster package', () => {
  const id = 'local:ClusterPackage.package-operator.run/mine';
  const cluster = INSTANCE.replace('kind: Package', 'kind: ClusterPackage').replace(
    '  namespace: web\n',
    '',
  );
  const files = { ...base, 'apps/mine.yaml': cluster, 'packages/shop/a.yaml.gotmpl': '' };

  test('holds objects of any namespace and none', () => {
    const state = rendered(
      {
        ...files,
        'packages/shop/b.yaml': `${configMap('b', 'second', { ns: 'one' })}---\n${configMap('space', 'first').replace('ConfigMap', 'Namespace')}`,
      },
      id,
    );
    expect(
      state.phases.map((phase) => phase.objects.map(({ ref }) => `${ref.namespace}/${ref.name}`)),
    ).toEqual([['/space'], ['one/b']]);
  });

  test('must say the namespace of namespaced objects', () => {
    expect(failure(files, id)).toEqual([
      'packages/shop/b.yaml:4 PreflightFailed Phase "second", ConfigMap /b: Object doesn\'t have a namespace and no default is provided.',
    ]);
  });

  test('warns where a phase holds a definition and what needs it', () => {
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: foos.x.y\n  annotations: {package-operator.run/phase: first}\nspec: {group: x.y, scope: Cluster, names: {kind: Foo}}\n';
    const foo =
      'apiVersion: x.y/v1\nkind: Foo\nmetadata:\n  name: foo\n  annotations: {package-operator.run/phase: first}\n';
    const space = configMap('one', 'second').replace('ConfigMap', 'Namespace');
    const result = render(
      {
        ...files,
        'packages/shop/b.yaml': `${space}---\n${configMap('b', 'second', { ns: 'one' })}`,
        'packages/shop/c.yaml': `${crd}---\n${foo}`,
      },
      id,
    );
    expect(result.kind).toBe('rendered');
    expect(shown(result.diagnostics)).toEqual([
      'packages/shop/c.yaml:8 PreflightFailed phase "first" holds CustomResourceDefinition.apiextensions.k8s.io/foos.x.y together with Foo.x.y/foo, which needs it',
      'packages/shop/b.yaml:8 PreflightFailed phase "second" holds Namespace/one together with ConfigMap/one/b, which needs it',
    ]);
  });
});

describe('a folder', () => {
  const id = 'local:Folder/plain';
  const thing = (apiVersion: string, kind: string, name = kind.toLowerCase()): string =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}}\n`;

  test('gets phases by the kinds of its objects', () => {
    const text = [
      thing('x.y/v1', 'Foo'),
      thing('networking.k8s.io/v1', 'Ingress'),
      thing('apps/v1', 'Deployment'),
      thing('v1', 'Service'),
      thing('v1', 'PersistentVolumeClaim'),
      thing('storage.k8s.io/v1', 'StorageClass'),
      thing('v1', 'Secret'),
      thing('v1', 'ServiceAccount'),
      thing('rbac.authorization.k8s.io/v1', 'ClusterRole'),
      thing('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
      thing('v1', 'Namespace'),
    ].join('---\n');
    const state = rendered({ 'plain/all.yaml': text }, id, {
      scopes: { 'x.y/v1/Foo': 'Namespaced' },
    });
    expect(state.builtinProbes).toBe(true);
    expect(
      state.phases.map(({ name, objects }) => [
        name,
        objects.map(({ ref }) => `${ref.namespace}/${ref.kind}`),
      ]),
    ).toEqual([
      ['namespaces', ['/Namespace']],
      ['crds', ['/CustomResourceDefinition']],
      ['rbac', ['default/ServiceAccount', '/ClusterRole']],
      ['configuration', ['default/Secret']],
      ['storage', ['/StorageClass']],
      ['workloads', ['default/Deployment', 'default/Service', 'default/PersistentVolumeClaim']],
      ['routes', ['default/Ingress']],
      ['rest', ['default/Foo']],
    ]);
  });

  test('learns scopes from CRDs of the repository before it asks the target', () => {
    const crd =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: foos.x.y}\nspec: {group: x.y, scope: Cluster, names: {kind: Foo}}\n';
    const state = rendered({ 'crds/foo.yaml': crd, 'plain/foo.yaml': thing('x.y/v1', 'Foo') }, id, {
      scopes: { 'x.y/v1/Foo': 'Namespaced' },
    });
    expect(state.phases[0]?.objects[0]?.ref.namespace).toBe('');
  });

  test('drops what servers fill in, and refuses what they own', () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  creationTimestamp: null\n  labels: {}\nstatus: {x: 1}\n';
    const [object] = rendered({ 'plain/a.yaml': text }, id).phases[0]?.objects ?? [];
    expect(object?.manifest).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'default' },
    });
    expect(
      failure({ 'plain/a.yaml': text.replace('creationTimestamp: null', 'uid: abc') }, id),
    ).toEqual([
      'plain/a.yaml:5 PreflightFailed Phase "configuration", ConfigMap default/a: metadata.uid is set by the server; remove it.',
    ]);
  });

  test('refuses one object in two files', () => {
    const files = {
      'plain/a.yaml': thing('v1', 'Secret', 'one'),
      'plain/b.yaml': thing('v1', 'Secret', 'one'),
    };
    expect(failure(files, id)).toEqual([
      'plain/b.yaml:1 ObjectDuplicate Phase "configuration", Secret default/one: Duplicate Object (first in plain/a.yaml:1, phase "configuration")',
    ]);
  });

  test('hashes what it holds, not where it stands', () => {
    const hash = (files: Record<string, string>) => rendered(files, id).templateHash;
    const text = thing('v1', 'Secret', 'one');
    expect(hash({ 'plain/a.yaml': text })).toBe(hash({ 'plain/b.yaml': `# moved\n${text}` }));
    expect(hash({ 'plain/a.yaml': text })).not.toBe(
      hash({ 'plain/a.yaml': `${text}data: {a: Yg==}\n` }),
    );
    expect(hash({ 'plain/a.yaml': text })).toMatch(/^[0-9a-z]{10}$/);
  });
});

describe('an object deployment', () => {
  const id = 'local:ObjectDeployment.package-operator.run/web/dep';
  const deployment = (phases: string, rest = ''): string =>
    `apiVersion: package-operator.run/v1alpha1\nkind: ObjectDeployment\nmetadata:\n  name: dep\n  namespace: web\n  annotations: {kubernetes.io/change-cause: because}\nspec:\n  revisionHistoryLimit: 3\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      successDelaySeconds: 7\n      phases:\n${phases}${rest}`;
  const object = '{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}';

  test('becomes its phases, with the defaults of the API', () => {
    const state = rendered(
      {
        'd.yaml': deployment(
          `      - name: one\n        objects:\n        - ${object}\n        externalObjects:\n        - ${object.replace('name: a', 'name: b')}\n`,
        ),
      },
      id,
    );
    expect(state).toMatchObject({
      revisionHistoryLimit: 3,
      successDelaySeconds: 7,
      builtinProbes: false,
      annotations: { 'kubernetes.io/change-cause': 'because' },
      phases: [
        {
          name: 'one',
          objects: [
            { collisionProtection: 'Prevent', source: { file: 'd.yaml', line: 17 } },
            { external: true },
          ],
        },
      ],
    });
  });

  test('takes objects from slices of the repository', () => {
    const slice =
      'apiVersion: package-operator.run/v1alpha1\nkind: ObjectSlice\nmetadata: {name: s, namespace: web}\nobjects:\n- object: {apiVersion: v1, kind: ConfigMap, metadata: {name: sliced}}\n';
    const files = { 'd.yaml': deployment('      - {name: one, slices: [s]}\n'), 's.yaml': slice };
    expect(rendered(files, id).phases[0]?.objects[0]).toMatchObject({
      ref: { name: 'sliced' },
      source: { file: 's.yaml', line: 5 },
    });
    expect(failure({ 'd.yaml': files['d.yaml'] }, id)).toEqual([
      'd.yaml:15 SchemaInvalid Phase "one": there is no ObjectSlice "s" in the repository',
    ]);
  });

  test('refuses a slice as an API server would, at the slice', () => {
    const slice = (entry: string): string =>
      `apiVersion: package-operator.run/v1alpha1\nkind: ObjectSlice\nmetadata: {name: s, namespace: web}\nobjects:\n- object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n${entry}`;
    const found = (entry: string): readonly string[] => {
      const files = {
        'd.yaml': deployment('      - {name: one, slices: [s]}\n'),
        's.yaml': slice(entry),
      };
      return failure(files, id);
    };
    expect(found('  collisionProtection: Never\n')).toEqual([
      's.yaml:6 SchemaInvalid objects[0].collisionProtection: Unsupported value: "Never": supported values: "Prevent", "IfNoController", "None"',
    ]);
    expect(found('  conditionMappings: [{sourceType: A, destinationType: Available}]\n')).toEqual([
      expect.stringContaining('objects[0].conditionMappings[0].destinationType: Invalid value'),
    ]);
    expect(found('- {}\n')).toEqual(['s.yaml:6 SchemaInvalid objects[1].object: Required value']);
  });

  test('refuses one object in two phases, and every fault of its schema', () => {
    expect(
      failure(
        {
          'd.yaml': deployment(
            `      - {name: one, objects: [${object}]}\n      - {name: two, objects: [${object}]}\n`,
          ),
        },
        id,
      ),
    ).toEqual([
      'd.yaml:16 ObjectDuplicate Phase "two", ConfigMap web/a: Duplicate Object (first in d.yaml:15, phase "one")',
    ]);
    expect(
      failure(
        { 'd.yaml': deployment(`      - {objects: [{collisionProtection: Never, object: {}}]}\n`) },
        id,
      ),
    ).toEqual([
      expect.stringContaining('spec.template.spec.phases[0].name: Required value'),
      expect.stringContaining(
        'd.yaml:15 SchemaInvalid spec.template.spec.phases[0].objects[0].collisionProtection: Unsupported value: "Never"',
      ),
    ]);
  });
});

describe('object sets', () => {
  const set = (spec: string): string =>
    `apiVersion: package-operator.run/v1alpha1\nkind: ObjectSet\nmetadata: {name: one, namespace: web}\nspec:\n${spec}`;
  const phases =
    '  phases: [{name: a, objects: [{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}]}]\n';
  const id = 'local:ObjectSet.package-operator.run/web/one';

  test.each<[string, string, object]>([
    ['active', phases, { suspended: false, archived: false }],
    ['paused', `${phases}  lifecycleState: Paused\n`, { suspended: true, archived: false }],
    ['archived', `${phases}  lifecycleState: Archived\n`, { suspended: false, archived: true }],
  ])('may be %s', (_name, spec, expected) => {
    const repo = repository({ 's.yaml': set(spec) });
    expect(repo.unit(id)).toMatchObject(expected);
    expect(repo.render(id).kind).toBe('rendered');
  });

  test('an ObjectSetPhase is one phase', () => {
    const text = `apiVersion: package-operator.run/v1alpha1\nkind: ObjectSetPhase\nmetadata: {name: one, namespace: web}\nspec:\n  revision: 1\n  objects:\n  - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n`;
    const state = rendered({ 's.yaml': text }, 'local:ObjectSetPhase.package-operator.run/web/one');
    expect(state.phases).toMatchObject([
      { name: 'one', objects: [{ ref: { name: 'a' }, source: { line: 7 } }] },
    ]);
  });
});

describe('an object template', () => {
  const id = 'local:ObjectTemplate.package-operator.run/web/t';
  const template = (sources: string, text: string): string =>
    `apiVersion: package-operator.run/v1alpha1\nkind: ObjectTemplate\nmetadata: {name: t, namespace: web}\nspec:\n  sources:\n${sources}  template: |\n${text.replaceAll(/^/gm, '    ')}\n`;
  const source = (more = ''): string =>
    `  - {apiVersion: v1, kind: ConfigMap, name: in, items: [{key: .data.color, destination: .paint.color}]${more}}\n`;
  const text =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata: {color: "{{ dig "paint" "color" "none" .config }}"}';
  const input = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'in', namespace: 'web' },
    data: { color: 'blue' },
  };

  test('copies values of its sources into one object', () => {
    const [object] =
      rendered({ 't.yaml': template(source(), text) }, id, { objects: [input] }).phases[0]
        ?.objects ?? [];
    expect(object?.manifest).toMatchObject({
      metadata: { name: 'out', namespace: 'web' },
      data: { color: 'blue' },
    });
    expect(object?.collisionProtection).toBe('IfNoController');
  });

  test('goes on without an optional source, and waits for a required one', () => {
    const files = (more: string) => ({ 't.yaml': template(source(more), text) });
    expect(rendered(files(', optional: true'), id).phases[0]?.objects[0]?.manifest['data']).toEqual(
      { color: 'none' },
    );
    expect(failure(files(''), id)).toEqual([
      't.yaml:6 AskUnanswered for source ConfigMap web/in: not found',
    ]);
  });

  test.each<[name: string, sources: string, text: string, expected: string]>([
    [
      'a key that is not there',
      source().replace('.data.color', '.data.none'),
      text,
      't.yaml:6 AskUnanswered for source ConfigMap web/in: none is not found',
    ],
    [
      'a destination without a dot',
      source().replace('.paint.color', 'banana'),
      text,
      't.yaml:6 AskUnanswered for source ConfigMap web/in: path banana must be a JSONPath with a leading dot',
    ],
    [
      'a source elsewhere',
      source(', namespace: other'),
      text,
      't.yaml:6 PreflightFailed for source ConfigMap other/in: Must stay within the same namespace.',
    ],
    [
      'two objects',
      source(),
      `${text}\n---\n${text}`,
      't.yaml:7 TemplateFailed the template must render to exactly one object, not 2',
    ],
    [
      'a list',
      source(),
      '[1, 2]',
      't.yaml:7 TemplateFailed the template must render to exactly one object, not a list',
    ],
    [
      'the line of the template that fails',
      source(),
      `${text}\n# {{ .config.nothing }}`,
      expect.stringMatching(
        /^t\.yaml:12 TemplateFailed template: :5:\d+: executing .*map has no entry for key "nothing"$/u,
      ) as unknown as string,
    ],
    [
      'the line of the template that cannot be read',
      source(),
      `${text}\n# {{ end }}`,
      't.yaml:12 TemplateInvalid template: :5: unexpected {{end}}',
    ],
  ])('says %s', (_name, sources, body, expected) => {
    expect(failure({ 't.yaml': template(sources, body) }, id, { objects: [input] })).toEqual([
      expected,
    ]);
  });
});
