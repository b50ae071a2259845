// Pushes an image: what the registry lacks first, the manifest under its tag last.
import type { RegistryClient } from './client.ts';
import type { ImageName } from '../../model/image-name.ts';

export interface PushImage {
  /** Everything that the manifest names. */
  readonly blobs: readonly Uint8Array[];
  readonly manifest: { readonly mediaType: string; readonly bytes: Uint8Array };
}

/**
 * Pushes under the reference's tag.
 * @returns the digest of the manifest
 * @throws SluiceError RegistryFailed, Interrupted
 */
export async function pushImage(
  client: RegistryClient,
  name: ImageName,
  image: PushImage,
  signal?: AbortSignal,
): Promise<string> {
  for (const content of image.blobs) await client.putBlob(name, content, signal);
  return client.putManifest(name, image.manifest, signal);
}
