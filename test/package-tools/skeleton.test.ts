// New packages from plain manifests: phases, namespaces, probes, and what is refused.
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { listAt, objectAt } from '../../src/model/json.ts';
import { PROBE_PRESETS, presetPhase } from '../../src/package-tools/phase-presets.ts';
import { createSkeleton } from '../../src/package-tools/skeleton.ts';
import { compileProbes } from '../../src/probes/index.ts';
import { testPackage } from '../../src/render/package/fixtures.ts';
import { validatePackage } from '../../src/render/package/validate-package.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { readDocument } from '../support/yaml-document.ts';

const validator = createSchemaValidator();
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function skeleton(text: string, name = 'shop'): ReadonlyMap<string, string> {
  const result = createSkeleton(name, [{ file: 'in.yaml', content: encode(text) }]);
  if (result.kind === 'invalid')
    throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.skeleton.files;
}

const manifestOf = (files: ReadonlyMap<string, string>): JsonObject =>
  objectAt(readDocument(files.get('manifest.yaml') ?? ''), 'spec');
const namespaces = (files: ReadonlyMap<string, string>): unknown =>
  Object.fromEntries(
    [...files]
      .filter(([path]) => path !== 'manifest.yaml')
      .map(([path, text]) => [path, objectAt(readDocument(text), 'metadata')['namespace'] ?? '']),
  );

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {template: {spec: {containers: []}}}
`;

describe('phases', () => {
  test.each([
    ['v1', 'Namespace', 'namespaces'],
    ['networking.k8s.io/v1', 'NetworkPolicy', 'policies'],
    ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'rbac'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'crds'],
    ['storage.k8s.io/v1', 'StorageClass', 'storage'],
    ['apps/v1beta1', 'Deployment', 'deploy'],
    ['v1', 'PersistentVolumeClaim', 'deploy'],
    ['networking.k8s.io/v1', 'Ingress', 'publish'],
    ['example.test/v1', 'Deployment', 'other'],
  ])('%s %s goes to %s', (apiVersion, kind, phase) => {
    expect(presetPhase(apiVersion, kind)).toBe(phase);
  });

  test('only those that are used are listed, in their order', () => {
    const files = skeleton(`${DEPLOYMENT}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
`);
    expect(manifestOf(files)['phases']).toEqual([
      { name: 'rbac' },
      { name: 'deploy' },
      { name: 'publish' },
    ]);
  });
});

describe('namespaces', () => {
  const service = (namespace: string): string =>
    `---\napiVersion: v1\nkind: Service\nmetadata: {name: web${namespace}}\n`;
  test.each<[string, string, string, Readonly<Record<string, string>>]>([
    [
      'one namespace: the instance says which',
      DEPLOYMENT + service(', namespace: shop'),
      'Namespaced',
      { 'deploy/deployment-web.yaml': '', 'deploy/service-web.yaml': '' },
    ],
    ['none: the instance says which', service(''), 'Namespaced', { 'deploy/service-web.yaml': '' }],
    [
      'two: every object says its own',
      DEPLOYMENT + service(', namespace: other'),
      'Cluster',
      { 'deploy/deployment-web.yaml': 'shop', 'deploy/service-web.yaml': 'other' },
    ],
    [
      'one and none: they go together',
      DEPLOYMENT + service(''),
      'Namespaced',
      { 'deploy/deployment-web.yaml': '', 'deploy/service-web.yaml': '' },
    ],
    [
      'two and none: those without get the one of the package, which comes with it',
      `${DEPLOYMENT}${service(', namespace: other')}---
apiVersion: v1
kind: Secret
metadata: {name: s}
`,
      'Cluster',
      {
        'deploy/deployment-web.yaml': 'shop',
        'deploy/service-web.yaml': 'other',
        'deploy/secret-s.yaml': 'home',
        'namespaces/namespace-home.yaml': '',
      },
    ],
    [
      'one and none beside objects of the cluster: those without get the one',
      `${DEPLOYMENT}${service('')}---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
`,
      'Cluster',
      {
        'deploy/deployment-web.yaml': 'shop',
        'deploy/service-web.yaml': 'shop',
        'rbac/clusterrole-r.yaml': '',
      },
    ],
    [
      'a namespace among the objects is not made twice, and has none itself',
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: x}\n${service('')}`,
      'Cluster',
      { 'deploy/service-web.yaml': 'shop', 'namespaces/namespace-shop.yaml': '' },
    ],
    [
      'a kind whose definition is given is what that says',
      `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.test}
spec: {group: example.test, scope: Cluster, names: {kind: Widget, plural: widgets}}
---
apiVersion: example.test/v1
kind: Widget
metadata: {name: w}
`,
      'Cluster',
      { 'crds/customresourcedefinition-widgets.example.test.yaml': '', 'other/widget-w.yaml': '' },
    ],
    [
      'objects of one name in two namespaces have files of their own',
      DEPLOYMENT + '---\n' + DEPLOYMENT.replace('namespace: shop', 'namespace: b'),
      'Cluster',
      {
        'deploy/deployment.apps-shop-web.yaml': 'shop',
        'deploy/deployment.apps-b-web.yaml': 'b',
      },
    ],
  ])('%s', (_what, text, scope, expected) => {
    const files = skeleton(text, 'home');
    expect(manifestOf(files)['scopes']).toEqual([scope]);
    expect(namespaces(files)).toEqual(expected);
  });
});

describe('what is written', () => {
  test('keeps nothing of a server', () => {
    const files = skeleton(`apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  uid: x
  resourceVersion: "5"
  creationTimestamp: null
  managedFields: []
  ownerReferences: []
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", mine: kept}
data: {a: b}
status: {}
`);
    expect(files.get('deploy/configmap-a.yaml')).toBe(`apiVersion: v1
data:
  a: b
kind: ConfigMap
metadata:
  annotations:
    mine: kept
    package-operator.run/phase: deploy
  name: a
`);
  });

  test('reads lists, comments and empty documents', () => {
    const files = skeleton(`# a comment
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: "b:c"}}
---
---
apiVersion: v1
kind: ConfigMapList
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b-c}}
`);
    expect([...files.keys()]).toEqual([
      'deploy/configmap-a.yaml',
      'deploy/configmap-b-c-2.yaml',
      'deploy/configmap-b-c.yaml',
      'manifest.yaml',
    ]);
  });

  test('survives the way in which Package Operator cuts files', () => {
    const files = skeleton(`apiVersion: example.test/v1
kind: Certificate
metadata: {name: c}
spec: {pem: "-----BEGIN-----\\nx\\n-----END-----\\n"}
`);
    const bytes = new Map([...files].map(([path, text]) => [path, encode(text)]));
    const result = testPackage(bytes, validator);
    const [outcome] = result.kind === 'ran' ? result.outcomes : [];
    const text = outcome?.actual.get('other/certificate-c.yaml') ?? '';
    expect(objectAt(readDocument(text), 'spec')['pem']).toBe('-----BEGIN-----\nx\n-----END-----\n');
  });

  test('is a valid package, and the same whatever the order of the files', () => {
    const parts = [
      DEPLOYMENT,
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: shop}\n',
    ];
    const inputs = parts.map((text, index) => ({ file: `${index}.yaml`, content: encode(text) }));
    const one = createSkeleton('shop', inputs);
    const two = createSkeleton('shop', [...inputs].reverse());
    if (one.kind === 'invalid' || two.kind === 'invalid') throw new Error('invalid');
    expect([...two.skeleton.files]).toEqual([...one.skeleton.files]);
    const bytes = new Map([...one.skeleton.files].map(([path, text]) => [path, encode(text)]));
    expect(validatePackage(bytes, validator)).toEqual([]);
  });
});

describe('probes', () => {
  test('are written for the kinds that are there', () => {
    const probes = listAt(manifestOf(skeleton(DEPLOYMENT)), 'availabilityProbes');
    expect(probes).toEqual([
      {
        probes: [
          { condition: { status: 'True', type: 'Available' } },
          { fieldsEqual: { fieldA: '.status.updatedReplicas', fieldB: '.status.replicas' } },
        ],
        selector: { kind: { group: 'apps', kind: 'Deployment' } },
      },
    ]);
  });

  const conditions = (type: string, status = 'True'): JsonObject => ({
    conditions: [{ type, status }],
  });
  test.each<[string, JsonObject | undefined, boolean]>([
    ['Deployment', { ...conditions('Available'), updatedReplicas: 2, replicas: 2 }, true],
    ['Deployment', { ...conditions('Available'), updatedReplicas: 1, replicas: 2 }, false],
    ['Deployment', undefined, false],
    ['StatefulSet', { replicas: 3, updatedReplicas: 3, readyReplicas: 3 }, true],
    ['StatefulSet', { replicas: 3, updatedReplicas: 3, readyReplicas: 2 }, false],
    [
      'DaemonSet',
      {
        observedGeneration: 1,
        desiredNumberScheduled: 2,
        numberReady: 2,
        updatedNumberScheduled: 2,
      },
      true,
    ],
    ['DaemonSet', { observedGeneration: 1, desiredNumberScheduled: 0, numberReady: 0 }, true],
    ['DaemonSet', { desiredNumberScheduled: 0, numberReady: 0 }, false],
    ['DaemonSet', { observedGeneration: 1, desiredNumberScheduled: 2, numberReady: 2 }, false],
    ['CustomResourceDefinition', conditions('Established'), true],
    ['CustomResourceDefinition', conditions('Established', 'False'), false],
    ['Job', conditions('Complete'), true],
    ['Job', conditions('Failed'), false],
    ['PersistentVolumeClaim', { phase: 'Bound' }, true],
    ['PersistentVolumeClaim', { phase: 'Pending' }, false],
    ['PersistentVolumeClaim', undefined, false],
    ['ClusterServiceVersion', { phase: 'Succeeded' }, true],
    ['ClusterServiceVersion', { phase: 'Installing' }, false],
    ['Route', { ingress: [conditions('Admitted')] }, true],
    ['Route', { ingress: [conditions('Admitted'), conditions('Admitted', 'False')] }, false],
    ['Route', { ingress: [{}] }, false],
    ['Route', { ingress: [] }, false],
    ['Route', {}, false],
  ])('of a %s with status %j: %s', (kind, status, expected) => {
    const preset = PROBE_PRESETS.find((item) => item.kind === kind);
    if (!preset) throw new Error(`no preset for ${kind}`);
    const group = preset.group === '' ? 'v1' : `${preset.group}/v1`;
    const object = {
      apiVersion: group,
      kind,
      metadata: { name: 'x', generation: 1 },
      ...(status === undefined ? {} : { status }),
    };
    expect(passes(preset, object)).toBe(expected);
  });
});

function passes(preset: (typeof PROBE_PRESETS)[number], object: JsonObject): boolean {
  const { group, kind, probes } = preset;
  const compiled = compileProbes([{ selector: { kind: { group, kind } }, probes } as never]);
  if (!compiled.ok) throw new Error(compiled.diagnostics.map(formatDiagnostic).join('\n'));
  return compiled.prober.probe(object).status === 'True';
}

describe('refused', () => {
  test.each([
    ['nothing', '# empty\n', 'the files hold no objects'],
    ['broken YAML', 'a: [', 'in.yaml:1'],
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n', 'no apiVersion or no kind'],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\n', 'ConfigMap has no metadata.name'],
    [
      'a generated name',
      'apiVersion: v1\nkind: Pod\nmetadata: {generateName: x-}\n',
      'generated name',
    ],
    ['an object twice', `${DEPLOYMENT}---\n${DEPLOYMENT}`, 'Deployment web is given twice'],
  ])('%s', (_what, text, message) => {
    const result = createSkeleton('shop', [{ file: 'in.yaml', content: encode(text) }]);
    const texts = result.kind === 'invalid' ? result.diagnostics.map(formatDiagnostic) : [];
    expect(texts.join('\n')).toContain(message);
  });
});
