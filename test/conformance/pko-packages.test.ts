// Real Package Operator packages: loaded or refused as upstream does, and rendered to their own fixtures.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testPackage } from '../../src/render/package/fixtures.ts';
import type { CaseOutcome } from '../../src/render/package/fixtures.ts';
import { validatePackage } from '../../src/render/package/validate-package.ts';
import { formatViolation, inComponent } from '../../src/render/package/violation.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { readFolder } from '../support/package-files.ts';

const CASES = process.env['SLUICE_CASES'] ?? join(import.meta.dirname, '../../../shared/cases');
const ROOT = join(CASES, 'third-party/pko');

interface Refusal {
  /** What upstream's rules (package-operator §1) say of the package, as the text begins. */
  readonly says: readonly string[];
  readonly why: string;
}

/** Packages that upstream refuses; every other one loads. */
const REFUSED: Readonly<Record<string, Refusal>> = {
  'package-operator__package-operator--cmd_kubectl-package_validatecmd_faultydata': {
    says: [
      'PackageManifest invalid in manifest.yaml: spec.scopes: Required value',
      'PackageManifest invalid in manifest.yaml: spec.phases: Required value',
    ],
    why: '§1.5: scopes and phases are required',
  },
  'package-operator__package-operator--config_packages_test-stub-image-prefix-override': {
    says: ['PackageManifest not found: searched at manifest.yaml and manifest.yml'],
    why: '§1.1: its manifest is made by a build step, the folder has none',
  },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_bad_manifest':
    {
      says: ['PackageManifest invalid in manifest.yaml: spec.scopes: Required value'],
      why: '§1.5: scopes are required',
    },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_invalid_resource_label':
    {
      says: [
        'Labels invalid in deployment.yaml idx 0: metadata.labels: Invalid value: "-bad-": name part must consist of',
        'Labels invalid in deployment.yaml idx 0: metadata.labels: Invalid value: "-no-good-": a valid label must be',
      ],
      why: '§1.6: label syntax',
    },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_missing_lock_file':
    {
      says: ['Missing image in manifest.lock.yaml, but using PackageManifest.spec.images.'],
      why: '§1.5: images need a lock file',
    },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_missing_phase_annotation':
    {
      says: ['Missing package-operator.run/phase Annotation in deployment.yaml idx 0'],
      why: '§1.6: every object has a phase',
    },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_missing_resource_gvk':
    {
      says: ["Invalid YAML in deployment.yaml idx 0: Object 'Kind' is missing"],
      why: '§1.2: a document without kind',
    },
  'package-operator__package-operator--integration_kubectl-package_testdata_packages_invalid_multi_broken_component':
    {
      says: [
        'component "backend": Phase name not found in manifest in deployment.yaml.gotmpl idx 0',
      ],
      why: '§1.3, §1.6: a component with an unknown phase',
    },
  'package-operator__package-operator--internal_packages_internal_packagestructure_testdata_duplicated-manifest':
    { says: ['PackageManifest present multiple times'], why: '§1.1: both extensions at once' },
  'package-operator__package-operator--internal_packages_internal_packagestructure_testdata_duplicated-manifest-lock':
    { says: ['PackageManifestLock present multiple times'], why: '§1.1: both extensions at once' },
  'package-operator__package-operator--internal_packages_internal_packagestructure_testdata_multi-component_components-enabled_invalid-files-in-components-dir':
    {
      says: [
        'The components directory may only contain folders and dot files in components/foobar',
      ],
      why: '§1.3: a file directly in components/',
    },
  'package-operator__package-operator--internal_packages_internal_packagestructure_testdata_multi-component_components-enabled_nested-components':
    {
      says: ['component "backend": Nesting multi-component packages not allowed [backend]'],
      why: '§1.3: components of components',
    },
};

/** Fixtures that upstream itself left behind its packages; the files that differ. */
const STALE: Readonly<Record<string, readonly string[]>> = {
  'openshift__addon-operator--deploy_pko/config-with-proxy': [
    'Namespace-openshift-addon-operator.yaml',
  ],
  'package-operator__package-operator--cmd_kubectl-package_treecmd_testdata/namespace-scope': [
    'deployment.yaml',
    'namespace.template.yaml',
  ],
  'package-operator__package-operator--cmd_kubectl-package_treecmd_testdata/cluster-scope': [
    'deployment.yaml',
  ],
};

interface ReplayRow {
  readonly package: string;
  readonly test: string;
  readonly result: 'pass' | 'differs' | 'render-error' | 'no-fixture';
}

if (!existsSync(ROOT)) {
  test.skip(`no packages to test: ${ROOT} is not there`, () => {});
} else {
  const packages = readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const replay = JSON.parse(readFileSync(join(ROOT, 'replay.json'), 'utf8')) as ReplayRow[];
  const validator = createSchemaValidator();

  describe('packages load or are refused as upstream does', () => {
    test.each(packages)('%s', (name) => {
      const texts = validatePackage(readFolder(join(ROOT, name)), validator).map((item) =>
        inComponent(item.component, formatViolation({ ...item.violation, subject: undefined })),
      );
      const expected = REFUSED[name]?.says ?? [];
      expect(texts.map((text, index) => text.slice(0, expected[index]?.length))).toEqual(expected);
    });
  });

  describe('template tests give the fixtures byte for byte', () => {
    const outcomes = new Map<string, readonly CaseOutcome[]>();
    const outcomesOf = (name: string): readonly CaseOutcome[] => {
      const known = outcomes.get(name);
      if (known) return known;
      const result = testPackage(readFolder(join(ROOT, name)), validator);
      const ran = result.kind === 'ran' ? result.outcomes : [];
      outcomes.set(name, ran);
      return ran;
    };
    // A refused manifest has no tests to run; see REFUSED.
    const rows = replay.filter((row) => !row.package.endsWith('_faultydata'));
    test.each(rows.map((row) => [`${row.package}/${row.test}`, row] as const))('%s', (id, row) => {
      const found = outcomesOf(row.package).filter((item) => item.name === row.test);
      expect(found.length).toBeGreaterThan(0);
      const differing = found.flatMap((item) => item.mismatches.map(({ path }) => path));
      expect(differing.toSorted()).toEqual(STALE[id] ?? []);
      const kinds = new Set(found.map(({ kind }) => kind));
      const expected = row.result === 'no-fixture' ? 'unwritten' : STALE[id] ? 'differs' : 'passed';
      expect([...kinds]).toEqual([expected]);
    });

    test('prints how much ran', () => {
      const all = packages.flatMap((name) => [...outcomesOf(name)]);
      const count = (kind: CaseOutcome['kind']): number =>
        all.filter((item) => item.kind === kind).length;
      console.log(
        `${packages.length} packages, ${all.length} test cases: ${count('passed')} equal, ` +
          `${count('differs')} stale upstream, ${count('unwritten')} without fixtures, ${count('failed')} refused; ` +
          `${rows.filter(({ result }) => result === 'pass').length} replay rows marked pass`,
      );
      expect(count('passed')).toBeGreaterThanOrEqual(25);
    });
  });
}
