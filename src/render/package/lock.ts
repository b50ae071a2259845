// PackageManifestLock: pinned images, and whether they agree with the manifest (package-operator §1.5).
import { PACKAGE_MANIFEST_LOCK } from '../../api/package-manifest-lock.ts';
import type { LockedImage, PackageManifestLock } from '../../api/package-manifest-lock.ts';
import type { PackageManifest } from '../../api/package-manifest.ts';
import { DIGEST_RULE, isImageDigest } from '../../model/image-name.ts';
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import { formatFieldError } from '../../schema/index.ts';
import { aggregate, imageReferenceErrors, invalidValue, parseFieldPath } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { typeErrors } from './manifest-types.ts';
import type { PackageDocument } from './package-document.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface LockResult {
  /** Undefined where there is none, or none that can be read. */
  readonly lock: PackageManifestLock | undefined;
  /** Empty for a sound one. */
  readonly violations: readonly Violation[];
}

/** Reads a lock file and checks its entries. */
export function readLock(document: PackageDocument): LockResult {
  const { path, value } = document;
  const at = (error: FieldError | undefined): { readonly line: number } => {
    const { line } = document.positionOf(parseFieldPath(error?.field ?? ''));
    return { line };
  };
  const wrongTypes = typeErrors(PACKAGE_MANIFEST_LOCK.schema, value);
  if (wrongTypes.length > 0) {
    const details = aggregate(wrongTypes);
    const violation = { reason: VIOLATION.invalidYaml, details, path, ...at(wrongTypes[0]) };
    return { lock: undefined, violations: [violation] };
  }
  const spec = objectAt(value, 'spec');
  const entries = (key: string): readonly LockedImage[] =>
    listAt(spec, key)
      .filter(isObject)
      .map((item) => ({
        name: stringAt(item, 'name') ?? '',
        image: stringAt(item, 'image') ?? '',
        digest: stringAt(item, 'digest') ?? '',
      }));
  const images = entries('images');
  const dependencies = entries('dependencies');
  const errors = [...imageErrors(images, 'images'), ...imageErrors(dependencies, 'dependencies')];
  const violations = errors.map((error) => ({
    reason: VIOLATION.lockInvalid,
    details: formatFieldError(error),
    path,
    ...at(error),
  }));
  return { lock: { images, dependencies }, violations };
}

/** Upstream takes any text for image and digest, and Pods fail later (deliberate difference). */
function imageErrors(
  images: readonly LockedImage[],
  section: 'images' | 'dependencies',
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, entry] of images.entries()) {
    const path = ['spec', section, index];
    if (entry.name === '') errors.push(invalidValue([...path, 'name'], '', 'must be non empty'));
    else if (names.has(entry.name)) {
      errors.push(invalidValue([...path, 'name'], entry.name, 'must be unique'));
    } else names.add(entry.name);
    errors.push(...imageReferenceErrors([...path, 'image'], entry.image));
    if (entry.digest === '') {
      errors.push(invalidValue([...path, 'digest'], '', 'must be non empty'));
    } else if (!isImageDigest(entry.digest)) {
      errors.push(invalidValue([...path, 'digest'], entry.digest, DIGEST_RULE));
    }
  }
  return errors;
}

/** Where manifest and lock disagree; with no lock file every image of the manifest is missing. */
export function lockMismatches(
  manifest: PackageManifest,
  lock: PackageManifestLock | undefined,
): readonly Violation[] {
  if (lock === undefined) {
    if (manifest.images.length === 0) return [];
    return [{ reason: VIOLATION.lockMissing, path: 'manifest.lock.yaml' }];
  }
  const locked = new Map(lock.images.map((entry) => [entry.name, entry]));
  const wanted = new Set(manifest.images.map((entry) => entry.name));
  const violations: Violation[] = [];
  for (const { name, image } of manifest.images) {
    const entry = locked.get(name);
    if (entry === undefined)
      violations.push({ reason: VIOLATION.imageMissingInLock, details: name });
    else if (entry.image !== image) {
      const details = `"${name}": "${image}" vs "${entry.image}"`;
      violations.push({ reason: VIOLATION.imageDiffers, details });
    }
  }
  for (const { name } of lock.images) {
    if (!wanted.has(name)) violations.push({ reason: VIOLATION.imageDiffers, details: name });
  }
  return violations;
}
