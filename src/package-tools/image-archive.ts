// An image as one file: an OCI layout that is also what `docker save` writes, so both kinds of tools read it.
import { writeTar } from '../lib/tar-writer.ts';
import type { TarFile } from '../lib/tar-writer.ts';
import { descriptor } from './package-image.ts';
import type { PackageImage } from './package-image.ts';

/**
 * The archive's bytes; the same for the same image and tags.
 * @param tags normalised references, `host/repository:tag`
 */
export function writeImageArchive(image: PackageImage, tags: readonly string[]): Uint8Array {
  const { layer, config, manifest } = image;
  const entry = descriptor(manifest);
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: (tags.length === 0 ? [undefined] : tags).map((tag) => ({
      ...entry,
      platform: { architecture: 'amd64', os: 'linux' },
      ...(tag === undefined ? {} : { annotations: nameAnnotations(tag) }),
    })),
  };
  const docker = [
    {
      Config: blobPath(config.digest),
      RepoTags: tags,
      Layers: [blobPath(layer.digest)],
    },
  ];
  const files: TarFile[] = [
    text('oci-layout', { imageLayoutVersion: '1.0.0' }),
    text('index.json', index),
    text('manifest.json', docker),
    ...[config, manifest, layer].map(({ digest, bytes }) => ({
      path: blobPath(digest),
      content: bytes,
    })),
  ];
  return writeTar(files);
}

function nameAnnotations(tag: string): Readonly<Record<string, string>> {
  return {
    'io.containerd.image.name': tag,
    'org.opencontainers.image.ref.name': tag.slice(tag.lastIndexOf(':') + 1),
  };
}

function blobPath(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function text(path: string, value: unknown): TarFile {
  return { path, content: Buffer.from(JSON.stringify(value)) };
}
