// A package as an image: one layer with its files below `package/`, the same bytes for the same files.
import { createHash } from 'node:crypto';
import { writeTar } from '../lib/tar-writer.ts';
import { withoutHidden } from '../render/package/layout.ts';
import type { PackageFiles } from '../render/package/layout.ts';

export interface ImageBlob {
  readonly mediaType: string;
  /** `sha256:…` */
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface PackageImage {
  readonly layer: ImageBlob;
  readonly config: ImageBlob;
  readonly manifest: ImageBlob;
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Builds the image. Dot files (`.test-fixtures`, `.git`) stay out (package-operator §1.1). The layer is not
 * compressed: compressors differ between versions, and equal packages are to have equal digests.
 * @param labels of the image
 */
export function buildPackageImage(
  files: PackageFiles,
  labels: Readonly<Record<string, string>>,
): PackageImage {
  const members = [...withoutHidden(files)].map(([path, content]) => ({
    path: `package/${path}`,
    content,
  }));
  const layer = blob(LAYER, writeTar(members));
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const config = json(CONFIG, {
    architecture: 'amd64',
    os: 'linux',
    config: sorted.length === 0 ? {} : { Labels: Object.fromEntries(sorted) },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = json(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { layer, config, manifest };
}

/** What points to a blob. */
export function descriptor(item: ImageBlob): {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
} {
  return { mediaType: item.mediaType, digest: item.digest, size: item.bytes.length };
}

function json(mediaType: string, value: unknown): ImageBlob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, bytes: Uint8Array): ImageBlob {
  return { mediaType, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`, bytes };
}
