// The lock file of a package: which images are to be pinned, and the file that pins them (package-operator §1.5).
import { pathInPackage } from '../render/repository-path.ts';
import type { LockedImage, PackageManifestLock } from '../api/package-manifest-lock.ts';
import type { PackageManifestImage } from '../api/package-manifest.ts';
import { writeManifest } from '../lang/yaml/index.ts';
import type { PackageFiles } from '../render/package/layout.ts';
import { loadPackage, membersOf } from '../render/package/load-package.ts';
import type { PlacedViolation } from '../render/package/load-package.ts';
import type { SchemaValidator } from '../schema/index.ts';

/** One lock file as it is and what it should pin; a package has one for itself and one per component. */
export interface LockTask {
  /** Inside the package folder. */
  readonly path: string;
  /** In the order of the manifest. */
  readonly images: readonly PackageManifestImage[];
  readonly before: PackageManifestLock | undefined;
}

export type LockTasks =
  | { readonly kind: 'ok'; readonly tasks: readonly LockTask[] }
  | { readonly kind: 'invalid'; readonly violations: readonly PlacedViolation[] };

/** What there is to lock in a package folder. Lock files that disagree with their manifest are no fault here. */
export function findLockTasks(files: PackageFiles, validator: SchemaValidator): LockTasks {
  const loaded = loadPackage(files, { validator, lock: false });
  if (loaded.kind === 'invalid') return loaded;
  const members = membersOf(loaded);
  return {
    kind: 'ok',
    tasks: members.map(({ component, manifest, lock }) => {
      const pathOf = (name: string): string => pathInPackage({ folder: '', component }, name);
      const short = pathOf('manifest.lock.yml');
      return {
        path: files.has(short) ? short : pathOf('manifest.lock.yaml'),
        images: manifest.images,
        before: lock,
      };
    }),
  };
}

/**
 * The content of a lock file.
 * @param digestOf the digest of an image as the manifest writes it
 * @returns undefined when the file pins exactly this already, or when there is nothing to pin
 */
export function updateLock(
  task: LockTask,
  digestOf: (image: string) => string,
): string | undefined {
  const images = task.images.map(({ name, image }) => ({ digest: digestOf(image), image, name }));
  const before = task.before?.images;
  if (before === undefined ? images.length === 0 : sameImages(before, images)) return undefined;
  const dependencies = (task.before?.dependencies ?? []).map(({ name, image, digest }) => {
    return { digest, image, name };
  });
  // No time of writing: the same images give the same file.
  return writeManifest({
    apiVersion: 'manifests.package-operator.run/v1alpha1',
    kind: 'PackageManifestLock',
    spec: { ...(dependencies.length === 0 ? {} : { dependencies }), images },
  });
}

function sameImages(a: readonly LockedImage[], b: readonly LockedImage[]): boolean {
  const text = (images: readonly LockedImage[]): string =>
    JSON.stringify(images.map(({ name, image, digest }) => [name, image, digest]));
  return text(a) === text(b);
}
