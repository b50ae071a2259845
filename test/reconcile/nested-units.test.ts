// Packages that render Packages: units inside units, through every stage and over restarts (issue: units registry).
import { describe, expect, it } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Files, Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local, namespace: default}]
  safety: {maxDeletions: 100%, maxUnitDeletions: 100%}
`;

const PKG = 'package-operator.run/v1alpha1';
const OUTER = 'Package.package-operator.run/default/outer';
const INNER = 'Package.package-operator.run/default/inner';

const instance = (name: string, image: string, more = ''): string => `apiVersion: ${PKG}
kind: Package
metadata: {name: ${name}, namespace: default}
spec:
  image: ${image}
${more}`;

const manifest = (
  name: string,
  phases: readonly string[],
  probes = '',
): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: ${name}}
spec:
  scopes: [Namespaced]
  phases: [${phases.map((phase) => `{name: ${phase}}`).join(', ')}]
  availabilityProbes:
    - selector: {kind: {group: package-operator.run, kind: Package}}
      probes: [{condition: {type: Available, status: "True"}}]
    - selector: {kind: {kind: ConfigMap}}
      probes: [{cel: {rule: 'self.data.ready == "yes"', message: not ready}}]
${probes}`;

const map = (name: string, phase: string, data = 'ready: "yes"'): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}}
data: {${data}}
`;

const nested = (name: string, image: string, more = ''): string => `apiVersion: ${PKG}
kind: Package
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: inner}
spec:
  image: ${image}
${more}`;

/** An outer package of three phases with an inner one in the middle. */
const FILES: Files = {
  'sluice.yaml': CONFIG,
  'clusters/local/outer.yaml': instance('outer', './packages/outer'),
  'packages/outer/manifest.yaml': manifest('outer', ['first', 'inner', 'last']),
  'packages/outer/first.yaml': map('first', 'first'),
  'packages/outer/inner.yaml': nested('inner', './packages/inner', '  config: {ready: "yes"}\n'),
  'packages/outer/last.yaml': map('last', 'last'),
  'packages/inner/manifest.yaml': `${manifest('inner', ['only'])}  config:
    openAPIV3Schema:
      type: object
      properties: {ready: {type: string, default: "yes"}}
`,
  'packages/inner/inside.yaml.gotmpl': map('inside', 'only', 'ready: "{{ .config.ready }}"'),
};

const isReady = ({ ready }: { readonly ready: string }): boolean => ready === 'True';

async function start(files: Files = FILES): Promise<Scenario> {
  return createScenario({ files });
}

describe('a package that renders a package', () => {
  it('opens its phases through the inner one', async () => {
    const scenario = await start();
    await scenario.settle();
    const outer = await scenario.untilStatus(OUTER, isReady);
    expect(outer.phases).toEqual(['first open', 'inner open', 'last open']);
    const inner = scenario.status(INNER);
    expect(inner?.ready).toBe('True');
    expect(inner?.file['sluice']).toMatchObject({ source: 'packages/outer/inner.yaml:1' });
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/first',
      'ConfigMap/default/inside',
      'ConfigMap/default/last',
    ]);
  });
});
