// `validate` on packages whose config schema holds rules: wrong rules at their place, and what rules say to configurations.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';

cleanUpAfterwards();

const MANIFEST = (
  schema: string,
  test = '',
): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  config:
    openAPIV3Schema:
      type: object
${schema}${test}`;

const OBJECT = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations: {package-operator.run/phase: deploy}
`;

const INSTANCE = (config: string): string => `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec:
  image: ./shop
  config:
${config}`;

const SOUND = `      properties:
        replicas:
          type: integer
          default: 1
          x-kubernetes-validations:
            - rule: self >= oldSelf
        most: {type: integer, default: 5}
        hosts:
          type: array
          maxItems: 10
          items:
            type: string
            maxLength: 30
            x-kubernetes-validations:
              - rule: self.endsWith('.example.com')
                messageExpression: "self + ' is no host of ours'"
      x-kubernetes-validations:
        - rule: self.replicas <= self.most
          message: more replicas than most allows
          fieldPath: .replicas
          reason: FieldValueForbidden
`;

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

async function validate(files: Readonly<Record<string, string>>): Promise<{
  readonly code: number;
  readonly found: readonly string[];
}> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ 'shop/a.yaml': OBJECT, ...files })) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const { code, out } = await cli(['validate', folder, '-o', 'json'], { cwd: folder });
  const { diagnostics } = JSON.parse(out) as { readonly diagnostics: readonly Finding[] };
  const found = diagnostics.map(
    (item) => `${item.file}:${item.line}:${item.column} ${item.code} ${item.message}`,
  );
  return { code, found };
}

const IN_MANIFEST = 'PackageManifest invalid in manifest.yaml: spec.config.openAPIV3Schema';

describe('validate with rules in a config schema', () => {
  it('shows a wrong rule at the character that is wrong, whether or not the package is used', async () => {
    const schema = `      properties:
        size:
          type: integer
          x-kubernetes-validations:
            - message: from 1 to 9
              rule: |
                self > 0 &&
                  self.max < 10
        names:
          type: array
          items: {type: string}
          x-kubernetes-validations:
            - rule: self.all(a, self.all(b, a == b))
`;
    const { code, found } = await validate({ 'shop/manifest.yaml': MANIFEST(schema) });
    expect(code).toBe(1);
    expect(found).toEqual([
      `shop/manifest.yaml:17:23 CelInvalid ${IN_MANIFEST}.properties[size].x-kubernetes-validations[0].rule: ` +
        `Invalid value: "self > 0 &&\\n  self.max < 10\\n": compilation failed: type 'int' does not support field selection`,
      `shop/manifest.yaml:22:21 PackageInvalid ${IN_MANIFEST}.properties[names].x-kubernetes-validations[0].rule: ` +
        'Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or ' +
        'adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)',
    ]);
  });

  it('shows what the rules say to the configuration of an instance, at its place', async () => {
    const config = '    replicas: 7\n    hosts:\n      - a.example.com\n      - b.example.org\n';
    const { code, found } = await validate({
      'shop/manifest.yaml': MANIFEST(SOUND),
      'u.yaml': INSTANCE(config),
    });
    expect(code).toBe(1);
    expect(found).toEqual([
      'u.yaml:7:15 PackageConfigInvalid spec.config.replicas: Forbidden: more replicas than most allows',
      'u.yaml:10:9 PackageConfigInvalid spec.config.hosts[1]: Invalid value: "b.example.org": b.example.org is no host of ours',
    ]);
  });

  it('asks the rules about defaults too, and about nothing that was pruned', async () => {
    const { found } = await validate({
      'shop/manifest.yaml': MANIFEST(SOUND),
      'u.yaml': INSTANCE('    most: 0\n    other: 1\n'),
    });
    expect(found).toEqual([
      'u.yaml:7:5 PackageConfigInvalid spec.config.replicas: Forbidden: more replicas than most allows',
    ]);
  });

  it('leaves rules aside while a value has the wrong type', async () => {
    const { found } = await validate({
      'shop/manifest.yaml': MANIFEST(SOUND),
      'u.yaml': INSTANCE('    replicas: many\n'),
    });
    expect(found).toEqual([
      'u.yaml:7:15 PackageConfigInvalid spec.config.replicas: Invalid value: "string": spec.config.replicas in body must be of type integer: "string"',
    ]);
  });

  it('asks them about the contexts of test cases', async () => {
    const test = 'test:\n  template:\n  - name: large\n    context: {config: {replicas: 6}}\n';
    const { found } = await validate({ 'shop/manifest.yaml': MANIFEST(SOUND, test) });
    expect(found).toEqual([
      'shop/manifest.yaml:34:34 PackageInvalid PackageManifest invalid in manifest.yaml: test.template[0].context.config.replicas: Forbidden: more replicas than most allows',
    ]);
  });

  it('is content where rules compile and hold; rules about an old value have nothing to compare with', async () => {
    const { code, found } = await validate({
      'shop/manifest.yaml': MANIFEST(SOUND),
      'u.yaml': INSTANCE('    replicas: 3\n    hosts: [a.example.com]\n'),
    });
    expect(found).toEqual([]);
    expect(code).toBe(0);
  });
});
