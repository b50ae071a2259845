// Whatever people commit, rendering answers with values: it never throws, and the same input gives the same output.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { API_KINDS } from '../../src/api/index.ts';
import { apiVersionOf } from '../../src/api/api-kind.ts';
import { testPackage } from '../../src/render/package/fixtures.ts';
import { validatePackage } from '../../src/render/package/validate-package.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { repository } from '../support/repository.ts';
import { textFiles } from '../support/package-files.ts';

const validator = createSchemaValidator();

/** Names that our code looks at, so that odd values land where they hurt. */
const FIELDS = [
  'spec',
  'metadata',
  'name',
  'namespace',
  'labels',
  'annotations',
  'image',
  'config',
  'phases',
  'objects',
  'object',
  'slices',
  'template',
  'selector',
  'availabilityProbes',
  'probes',
  'kind',
  'apiVersion',
  'scopes',
  'images',
  'filter',
  'conditions',
  'paths',
  'components',
  'test',
  'context',
  'openAPIV3Schema',
  'sources',
  'items',
  'class',
  'externalObjects',
  'sluice.dev/depends-on',
  'package-operator.run/phase',
  '__proto__',
] as const;

const leaf = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    './p',
    'deploy',
    'v1',
    'ConfigMap',
    'Cluster',
    '../..',
    '{{ .config }}',
    'x => y',
  ),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('list'), tie('map')),
  list: fc.array(tie('any'), { maxLength: 3 }),
  map: fc.dictionary(fc.constantFrom(...FIELDS), tie('any'), { maxKeys: 6 }),
})).any;
const body = fc.dictionary(fc.constantFrom('spec', 'metadata', 'test', 'objects', 'status'), value);

describe('rendering anything', () => {
  test('documents of every kind of ours', () => {
    const kinds = fc.constantFrom(...API_KINDS);
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, body), { minLength: 1, maxLength: 4 }), (documents) => {
        const text = documents
          .map(([kind, rest]) => {
            const named = { metadata: { name: 'one' }, ...rest };
            return JSON.stringify({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...named });
          })
          .join('\n---\n');
        const run = (): unknown => {
          const repo = repository({ 'apps/a.yaml': text });
          return repo.discovery.units.map(({ id, inputHash }) => [id, inputHash, repo.render(id)]);
        };
        expect(run()).toEqual(run());
      }),
      { numRuns: 300 },
    );
  });

  test('package folders', () => {
    fc.assert(
      fc.property(value, value, value, (spec, metadata, tests) => {
        const head = { apiVersion: 'manifests.package-operator.run/v1alpha1' };
        const files = textFiles({
          'manifest.yaml': JSON.stringify({
            ...head,
            kind: 'PackageManifest',
            spec,
            metadata,
            test: tests,
          }),
          'manifest.lock.yaml': JSON.stringify({
            ...head,
            kind: 'PackageManifestLock',
            spec: metadata,
          }),
          'a.yaml': JSON.stringify(spec),
          'b.yaml.gotmpl': JSON.stringify(metadata),
        });
        expect(validatePackage(files, validator)).toEqual(validatePackage(files, validator));
        testPackage(files, validator);
      }),
      { numRuns: 300 },
    );
  });

  test('instances of a sound package', () => {
    const manifest = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: p}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  config:
    openAPIV3Schema:
      type: object
      properties: {a: {type: object, properties: {name: {type: string, default: x}}}, spec: {type: array, items: {type: integer}}}
`;
    fc.assert(
      fc.property(value, value, (config, object) => {
        const repo = repository({
          'apps/a.yaml': JSON.stringify({
            apiVersion: 'package-operator.run/v1alpha1',
            kind: 'Package',
            metadata: { name: 'one' },
            spec: { image: './p', config },
          }),
          'p/manifest.yaml': manifest,
          'p/o.yaml': JSON.stringify(object),
          'p/t.yaml.gotmpl': '{{ toYAML .config }}',
        });
        const id = 'local:Package.package-operator.run/default/one';
        expect(repo.render(id)).toEqual(repo.render(id));
      }),
      { numRuns: 300 },
    );
  });
});
