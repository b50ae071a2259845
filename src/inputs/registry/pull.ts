// Pulls the files of a package out of an image.
import { SluiceError } from '../../model/sluice-error.ts';
import type { RegistryClient } from './client.ts';
import { readImageManifest } from './image-manifest.ts';
import { readPackageLayers } from './image-layers.ts';
import { formatImageName } from '../../model/image-name.ts';
import type { ImageName } from '../../model/image-name.ts';

/** As upstream words it; the pull is tried again (package-operator §1.1). */
const EMPTY = 'Package image contains no files. Might be corrupted.';
/** An index may hold indexes; nobody nests them deeper. */
const MAX_INDEXES = 3;

/**
 * The files of the package in an image, by path.
 * @param digest what the reference was resolved to
 * @throws SluiceError RegistryFailed, Interrupted
 */
export async function pullPackage(
  client: RegistryClient,
  image: { readonly name: ImageName; readonly digest: string },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { name } = image;
  let { digest } = image;
  for (let indexes = 0; indexes < MAX_INDEXES; indexes += 1) {
    const { bytes, mediaType } = await client.manifest(name, digest, signal);
    const manifest = readImageManifest(bytes, mediaType);
    if (manifest.kind === 'unreadable') {
      throw new SluiceError('RegistryFailed', `${formatImageName(name)}: ${manifest.reason}`);
    }
    if (manifest.kind === 'index') {
      digest = manifest.chosen.digest;
      continue;
    }
    const files = await readPackageLayers(
      manifest.layers.map((layer) => ({
        mediaType: layer.mediaType,
        chunks: client.blob(name, layer, signal),
      })),
    );
    if (files.size === 0) throw new SluiceError('RegistryFailed', EMPTY);
    return files;
  }
  throw new SluiceError('RegistryFailed', `${formatImageName(name)} is an index of indexes`);
}
