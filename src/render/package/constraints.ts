// `spec.constraints` of a manifest: where a package may run at all (package-operator §5.3).
import type { PackageConstraint } from '../../api/package-manifest.ts';
import { isObject, objectAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { parsePackageConstraint } from './version-range.ts';

/**
 * What is not met, in upstream's words; empty when the package may run. Upstream says so and deploys
 * nevertheless; here an unmet constraint keeps the package from being rendered.
 * @param environment `.environment` of the template context
 * @param siblings other instances of the package in the same namespace
 */
export function unmetConstraints(
  constraints: readonly PackageConstraint[],
  environment: JsonObject,
  siblings: readonly string[],
): readonly string[] {
  const unmet: string[] = [];
  for (const { platform, platformVersion, uniqueInScope } of constraints) {
    if (uniqueInScope !== undefined && siblings.length > 0) {
      const others = siblings.join(', ');
      unmet.push(
        `package has unique constraint set but another package in the same namespace uses the same manifest (${others})`,
      );
    }
    for (const name of platform ?? []) {
      if (!hasPlatform(name, environment)) unmet.push(`${name} platform`);
    }
    if (platformVersion === undefined) continue;
    const version = versionOf(platformVersion.name, environment);
    if (version === undefined) continue;
    const allows = parsePackageConstraint(platformVersion.range)?.allows(version);
    if (allows === true) continue;
    const { name, range } = platformVersion;
    unmet.push(`${name} ${version} does not meet constraint ${range}`);
  }
  return unmet;
}

function hasPlatform(name: string, environment: JsonObject): boolean {
  if (name === 'Kubernetes') return true;
  return name === 'OpenShift' && isObject(environment['openShift']);
}

/** Undefined where the platform is absent: its constraint does not apply then. */
function versionOf(name: string, environment: JsonObject): string | undefined {
  if (name === 'Kubernetes') return stringAt(objectAt(environment, 'kubernetes'), 'version');
  if (name !== 'OpenShift') return undefined;
  const openShift = environment['openShift'];
  return isObject(openShift) ? stringAt(openShift, 'version') : undefined;
}
