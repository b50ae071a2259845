// Packages from images and other repositories render as those of the repository itself.
import { describe, expect, test } from 'vitest';
import { repository, shown } from '../support/repository.ts';

const PACKAGE = {
  'manifest.yaml': `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
`,
  'config.yaml.gotmpl': `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  annotations: {package-operator.run/phase: deploy}
data: {image: "{{ .package.image }}"}
`,
};

const instance = (image: string): string => `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: web}
spec:
  image: ${image}
`;

const UNIT = 'embedded:Package.package-operator.run/web/shop';

describe.each([
  ['an image', 'oci.example.test/team/shop:1.0'],
  ['another repository', 'git+https://git.example.test/team/repo//packages/shop@v1'],
])('%s', (_what, image) => {
  const render = (files: Readonly<Record<string, string>> | undefined) => {
    const packages = files ? { [image]: files } : {};
    const world = repository({ 'shop.yaml': instance(image) }, { packages });
    const [unit] = world.discovery.units;
    if (!unit) throw new Error(`no ${UNIT}`);
    return world.render(unit.id);
  };

  test('is rendered, and objects say which file of it they come from', () => {
    const result = render(PACKAGE);
    if (result.kind !== 'rendered') throw new Error(shown(result.diagnostics).join('\n'));
    const [object] = result.desired.phases[0]?.objects ?? [];
    expect(object?.manifest['data']).toEqual({ image });
    expect(object?.source.file).toBe(`${image}/config.yaml.gotmpl`);
  });

  test('that cannot be had is said at spec.image', () => {
    const result = render(undefined);
    expect(shown(result.kind === 'failed' ? result.diagnostics : [])).toEqual([
      `shop.yaml:5 AskUnanswered ${image}: it cannot be reached`,
    ]);
  });

  test('with a fault names the file of the package', () => {
    const result = render({ ...PACKAGE, 'config.yaml.gotmpl': 'a: b\n' });
    expect(shown(result.kind === 'failed' ? result.diagnostics : [])).toEqual([
      expect.stringContaining(`${image}/config.yaml.gotmpl:`),
    ]);
  });

  test('without a manifest is said at spec.image', () => {
    const result = render({ 'README.md': 'x' });
    expect(shown(result.kind === 'failed' ? result.diagnostics : [])).toEqual([
      expect.stringMatching(/^shop\.yaml:5 PackageNotFound PackageManifest not found/u),
    ]);
  });
});
