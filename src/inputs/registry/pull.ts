// Pulls the files of a package out of an image.
import { SluiceError } from '../../model/sluice-error.ts';
import { MAX_BLOB_BYTES } from './client.ts';
import type { RegistryClient } from './client.ts';
import { readImageManifest } from './image-manifest.ts';
import { readPackageLayers } from './image-layers.ts';
import type { ImageName } from '../../model/image-name.ts';

/** As upstream words it (package-operator §1.1), which pulls the same bytes again and again. */
const EMPTY = 'Package image contains no files. Might be corrupted.';
/** An index may hold indexes; nobody nests them deeper. */
const MAX_INDEXES = 3;

/**
 * The files of the package in an image, by path.
 * @param digest what the reference was resolved to
 * @throws SluiceError RegistryFailed where it was not given, or not as its digest says; PackageNotFound for an
 * image that was given and holds no package; Interrupted
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
      throw noPackage(manifest.reason);
    }
    if (manifest.kind === 'index') {
      digest = manifest.chosen.digest;
      continue;
    }
    if (manifest.layers.some(({ size }) => size > MAX_BLOB_BYTES)) {
      throw noPackage(`a layer is larger than ${MAX_BLOB_BYTES} bytes`);
    }
    const files = await readPackageLayers(
      manifest.layers.map((layer) => ({
        mediaType: layer.mediaType,
        chunks: client.blob(name, layer, signal),
      })),
    );
    if (files.size === 0) throw noPackage(EMPTY);
    return files;
  }
  throw noPackage('it is an index of indexes');
}

function noPackage(reason: string): SluiceError {
  return new SluiceError('PackageNotFound', reason);
}
