// Everything about a package folder that can be checked without an instance (package-operator §12).
import type { SchemaValidator } from '../../schema/index.ts';
import { renderCase } from './fixtures.ts';
import type { PackageFiles } from './layout.ts';
import { loadPackage, membersOf } from './load-package.ts';
import type { LoadedPackage, PlacedViolation } from './load-package.ts';
import { staticViolations } from './render-package.ts';

/**
 * All violations of a package and its components: layout, manifest, lock, and the objects of every test
 * case; without test cases the objects that are no templates.
 */
export function validatePackage(
  files: PackageFiles,
  validator: SchemaValidator,
): readonly PlacedViolation[] {
  const loaded = loadPackage(files, { validator });
  const broken = loaded.kind === 'invalid' ? loaded.violations : [];
  return [...broken, ...membersOf(loaded).flatMap((member) => memberViolations(member, validator))];
}

function memberViolations(
  member: LoadedPackage,
  validator: SchemaValidator,
): readonly PlacedViolation[] {
  const { component, manifest } = member;
  const cases = manifest.test.template;
  const violations =
    cases.length === 0
      ? staticViolations(member)
      : cases.flatMap((testCase) => {
          const result = renderCase(member, testCase, validator);
          return result.kind === 'ok' ? [] : result.violations;
        });
  const seen = new Map<string, PlacedViolation>();
  for (const violation of violations) {
    seen.set(JSON.stringify(violation), { component, violation });
  }
  return [...seen.values()];
}
