// `validate` on a repository full of mistakes in expressions; what people read is in test/golden/cli/validate.txt.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';
import { widgetDefinition } from '../support/manifests.ts';

cleanUpAfterwards();

const CRD = widgetDefinition(`          properties:
            status: {type: object, properties: {ready: {type: boolean}, count: {type: integer}}}
`);

const FILES: Readonly<Record<string, string>> = {
  'sluice.yaml': `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local}]
  healthChecks:
    - kind: Deployment.apps
      current: >-
        status.readyReplicas ==
        spec.replica
    - kind: Widget.example.com
      current: "stauts.ready == true"
    - kind: Gadget.example.com
      current: anything.goes == true
`,
  'clusters/local/crd.yaml': CRD,
  'clusters/local/shop.yaml': `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop}
spec:
  image: ./packages/shop
  config: {replicas: 2}
`,
  'clusters/local/set.yaml': `apiVersion: package-operator.run/v1alpha1
kind: ObjectDeployment
metadata: {name: set}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      availabilityProbes:
        - selector: {kind: {group: example.com, kind: Widget}}
          probes:
            - cel:
                message: not ready
                rule: |
                  self.status.ready == true &&
                    self.status.cuont > 0
      phases:
        - name: one
          objects:
            - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
`,
  'packages/shop/manifest.yaml': `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  availabilityProbes:
    - selector: {kind: {group: apps, kind: Deployment}}
      probes:
        - cel: {rule: self.spec.replica == self.status.readyReplicas, message: not ready}
        - cel: {rule: "self.spec.replicas == \\"3\\"", message: not ready}
  filter:
    conditions:
      - {name: big, expression: config.replicas > 1}
      - {name: named, expression: 'has(config.nmae)'}
    paths:
      - {glob: 'old/**', expression: 'false'}
  config:
    openAPIV3Schema:
      type: object
      properties: {replicas: {type: integer, default: 1}, name: {type: string}}
`,
  'packages/shop/web.yaml.gotmpl': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations:
    package-operator.run/phase: deploy
    package-operator.run/condition: >-
      config.replicas > 0 &&
      evironment.kubernetes.version != ""
spec:
  {{ if cel "cond.big && conds.small" }}replicas: 1{{ end }}
`,
  'packages/shop/old/a.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: old
  annotations:
    package-operator.run/phase: deploy
    package-operator.run/condition: 'config.name.startsWith(1)'
`,
  'unused/manifest.yaml': `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: unused}
spec:
  scopes: [Cluster]
  phases: [{name: deploy}]
  availabilityProbes:
    - selector: {kind: {kind: Widget, group: example.com}}
      probes: [{cel: {rule: self.status.redy == true, message: not ready}}]
    - probes: [{cel: {rule: self.anything.goes == 1, message: not ready}}]
`,
  'unused/a.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: a
  annotations: {package-operator.run/phase: deplyo, package-operator.run/condition: "true && fals"}
`,
  'unused/b.yaml.gotmpl': 'a: {{ if }}\n',
};

/** What is wrong above, put right. */
const CORRECTIONS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'sluice.yaml': [
    ['spec.replica\n', 'spec.replicas\n'],
    ['stauts', 'status'],
  ],
  'clusters/local/set.yaml': [['cuont', 'count']],
  'packages/shop/manifest.yaml': [
    ['self.spec.replica ', 'self.spec.replicas '],
    ['\\"3\\"', '3'],
    ['nmae', 'name'],
  ],
  'packages/shop/web.yaml.gotmpl': [
    ['evironment', 'environment'],
    ['conds.small', 'cond.named'],
  ],
  'packages/shop/old/a.yaml': [['(1)', '("a")']],
  'unused/manifest.yaml': [['redy', 'ready']],
  'unused/a.yaml': [
    ['deplyo', 'deploy'],
    ['fals"', 'false"'],
  ],
  'unused/b.yaml.gotmpl': [['{{ if }}', '{{ if true }}{{ end }}']],
};

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

describe('validate', () => {
  let folder = '';

  beforeAll(async () => {
    folder = temporaryFolder();
    await write(folder, FILES);
  });

  it('shows every mistake at its character, in files that no unit reads too', async () => {
    const { code, out, err } = await cli(['validate', folder], { cwd: folder });
    expect(code).toBe(1);
    await expect(`${err}${out}`).toMatchFileSnapshot('../golden/cli/validate.txt');
  });

  it('says the same to programs', async () => {
    const { out } = await cli(['validate', folder, '-o', 'json'], { cwd: folder });
    const { diagnostics } = JSON.parse(out) as {
      readonly diagnostics: readonly { readonly file: string; readonly line?: number }[];
    };
    expect(diagnostics).toContainEqual({
      code: 'CelInvalid',
      severity: 'error',
      file: 'clusters/local/set.yaml',
      line: 16,
      column: 32,
      message:
        "parsing probe #0: compiling CEL: 2:14: undefined field 'cuont'\n" +
        ' |   self.status.cuont > 0\n | .............^',
      hint: "Did you mean 'count'? Where the schema of Widget.example.com is behind, write dyn(x).y for x.y.",
    });
  });

  it('says a fault of a probe once', async () => {
    const set = `apiVersion: package-operator.run/v1alpha1
kind: ObjectSet
metadata: {name: a}
spec:
  phases: []
  availabilityProbes:
    - {selector: {kind: {kind: ConfigMap}}, probes: [{condition: {type: 7}}]}
`;
    const both = temporaryFolder();
    await write(both, {
      'sluice.yaml':
        'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {sync: [{path: read}]}\n',
      'read/set.yaml': set,
    });
    const { err } = await cli(['validate', both, '-o', 'text'], { cwd: both });
    expect(err.split('\n').filter((line) => line.includes('error'))).toEqual([
      'read/set.yaml:7:73: error SchemaInvalid: spec.availabilityProbes[0].probes[0].condition.type: Invalid value: "integer": spec.availabilityProbes[0].probes[0].condition.type in body must be of type string: "integer"',
    ]);
  });

  it('is content with the same repository put right', async () => {
    const right = temporaryFolder();
    const corrected = Object.entries(FILES).map(([name, text]) => {
      const corrections = CORRECTIONS[name] ?? [];
      return [name, corrections.reduce((all, [from, to]) => all.replace(from, to), text)] as const;
    });
    await write(right, Object.fromEntries(corrected));
    const { code, out, err } = await cli(['validate', right], { cwd: right });
    expect([err, out, code]).toEqual(['', '3 units, 0 errors, 0 warnings\n', 0]);
  });
});
