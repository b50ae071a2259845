// The rollout that crash tests interrupt: two packages of several phases, changed, deleted and renamed over five commits.
import type { Commit } from '../../support/simulation.ts';

/** One target, and a safety budget that holds nothing. */
export const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  targets:
    - {name: local, type: embedded, environment: {kubernetes: {version: v1.31.0}}}
  sync:
    - {path: clusters, target: local, namespace: default}
  safety: {maxDeletions: 100%, maxUnitDeletions: 10, allowEmpty: true}
`;

const SHOP_MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: settings}, {name: store}, {name: web}]
  availabilityProbes:
    - selector: {kind: {group: apps, kind: Deployment}}
      probes:
        - condition: {type: Available, status: "True"}
        - fieldsEqual: {fieldA: .status.updatedReplicas, fieldB: .status.replicas}
    - selector: {kind: {kind: PersistentVolumeClaim}}
      probes:
        - cel: {rule: self.status.phase == 'Bound', message: not bound}
  config:
    openAPIV3Schema:
      type: object
      properties:
        name: {type: string, default: shop}
        greeting: {type: string, default: hello}
        edition: {type: integer, default: 1}
  filter:
    conditions:
      - {name: first, expression: config.edition == 1}
      - {name: second, expression: config.edition >= 2}
`;

const AGENT_MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: agent}
spec:
  scopes: [Cluster, Namespaced]
  phases: [{name: access}, {name: run}]
  availabilityProbes:
    - selector: {kind: {group: apps, kind: Deployment}}
      probes:
        - condition: {type: Available, status: "True"}
`;

function deployment(name: string, phase: string, text: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "registry.example.test/${name}:1", env: [{name: TEXT, value: ${text}}]}]}
`;
}

function configMap(name: string, phase: string, extra: string, condition = ''): string {
  const annotation = condition === '' ? '' : `, package-operator.run/condition: ${condition}`;
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}${annotation}}
data: {text: ${extra}}
`;
}

const PACKAGES: Readonly<Record<string, string>> = {
  'packages/shop/manifest.yaml': SHOP_MANIFEST,
  'packages/shop/settings.yaml.gotmpl': [
    configMap('{{.config.name}}-settings', 'settings', '{{.config.greeting}}'),
    configMap('{{.config.name}}-old', 'settings', 'old', 'cond.first'),
    configMap('{{.config.name}}-new', 'settings', 'new', 'cond.second'),
  ].join('---\n'),
  'packages/shop/store.yaml.gotmpl': `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: "{{.config.name}}-data"
  annotations: {package-operator.run/phase: store}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`,
  'packages/shop/web.yaml.gotmpl': [
    deployment('{{.config.name}}-web', 'web', '{{.config.greeting}}'),
    configMap('{{.config.name}}-banner', 'web', 'sale', 'cond.first'),
  ].join('---\n'),
  'packages/agent/manifest.yaml': AGENT_MANIFEST,
  'packages/agent/access.yaml': `apiVersion: v1
kind: ServiceAccount
metadata: {name: agent, annotations: {package-operator.run/phase: access}}
`,
  'packages/agent/run.yaml': deployment('agent', 'run', 'run'),
};

function instance(kind: string, name: string, config: string): string {
  return `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: ${name}, namespace: default}
spec:
  image: ./packages/${kind}
  config: ${config}
`;
}

const BASE = { 'sluice.yaml': CONFIG, ...PACKAGES };
const FOLDER = { 'clusters/base/settings.yaml': plainMap('shared', 'one') };

function plainMap(name: string, text: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {text: ${text}}\n`;
}

/** install · change, add and remove objects · delete a unit · rename a unit and a folder · delete the rest */
export const ROLLOUT: readonly Commit[] = [
  {
    id: 'install',
    files: {
      ...BASE,
      ...FOLDER,
      'clusters/shop.yaml': instance('shop', 'shop', '{greeting: hello}'),
      'clusters/agent.yaml': instance('agent', 'agent', '{}'),
    },
  },
  {
    id: 'update',
    files: {
      ...BASE,
      'clusters/base/settings.yaml': plainMap('shared', 'two'),
      'clusters/shop.yaml': instance('shop', 'shop', '{greeting: welcome, edition: 2}'),
      'clusters/agent.yaml': instance('agent', 'agent', '{}'),
    },
  },
  {
    id: 'delete',
    files: {
      ...BASE,
      'clusters/base/settings.yaml': plainMap('shared', 'two'),
      'clusters/shop.yaml': instance('shop', 'shop', '{greeting: welcome, edition: 2}'),
    },
  },
  {
    id: 'rename',
    files: {
      ...BASE,
      'clusters/common/settings.yaml': plainMap('shared', 'two'),
      'clusters/shop.yaml': instance('shop', 'store', '{greeting: welcome, edition: 2}'),
    },
  },
  {
    id: 'clear',
    files: { ...BASE, 'clusters/common/settings.yaml': plainMap('shared', 'three') },
  },
];
