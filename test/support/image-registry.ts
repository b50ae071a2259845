// A registry of images in memory that gives what it has, or gives one blob wrongly, as a test wants it.
import { createHash } from 'node:crypto';
import { buildPackageImage } from '../../src/package-tools/package-image.ts';
import type { PackageImage } from '../../src/package-tools/package-image.ts';
import { startHttpServer } from './http-server.ts';

/** `missing`: 404. `damaged`: other bytes, as many. `cut`: the connection ends in the middle. */
export type BlobFault = 'missing' | 'damaged' | 'cut';

export interface ImageRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Method and path of what was asked. */
  readonly asked: () => readonly string[];
  /** Puts a package there under a tag. */
  publish(tag: string, files: Readonly<Record<string, string>>): PackageImage;
  /** Puts an image with this layer there. @returns the digest of its manifest */
  publishLayer(tag: string, layer: Uint8Array): string;
  /** What happens with the blob of this digest from now on; undefined for nothing. */
  fault(digest: string, fault: BlobFault | undefined): void;
  close(): Promise<void>;
}

export async function startImageRegistry(): Promise<ImageRegistry> {
  const manifests = new Map<string, { readonly type: string; readonly bytes: Uint8Array }>();
  const tags = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const faults = new Map<string, BlobFault>();
  const server = await startHttpServer((request, response) => {
    const [, , , what = '', reference = ''] = request.url.split('/');
    const digest = tags.get(reference) ?? reference;
    if (what === 'manifests') {
      const manifest = manifests.get(digest);
      if (!manifest) {
        response.writeHead(404).end();
        return;
      }
      const headers = { 'content-type': manifest.type, 'docker-content-digest': digest };
      response.writeHead(200, headers).end(request.method === 'HEAD' ? '' : manifest.bytes);
      return;
    }
    const blob = blobs.get(digest);
    const fault = faults.get(digest);
    if (!blob || fault === 'missing') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': String(blob.length) });
    if (fault === 'cut') {
      response.write(blob.subarray(0, blob.length >> 1), () => response.destroy());
      return;
    }
    response.end(fault === 'damaged' ? Buffer.alloc(blob.length, 7) : blob);
  });
  const put = (tag: string, { layer, config, manifest }: PackageImage): void => {
    for (const item of [layer, config]) blobs.set(item.digest, item.bytes);
    manifests.set(manifest.digest, { type: manifest.mediaType, bytes: manifest.bytes });
    tags.set(tag, manifest.digest);
  };
  return {
    host: server.host,
    asked: () => server.seen.map(({ method, url }) => `${method} ${url}`),
    publish: (tag, files) => {
      const contents = Object.entries(files).map(([at, text]) => [at, Buffer.from(text)] as const);
      const image = buildPackageImage(new Map(contents), {});
      put(tag, image);
      return image;
    },
    publishLayer: (tag, layer) => {
      const digest = sha256(layer);
      const descriptor = { mediaType: 'application/octet-stream', digest, size: layer.length };
      const mediaType = 'application/vnd.oci.image.manifest.v1+json';
      const text = JSON.stringify({
        schemaVersion: 2,
        mediaType,
        config: descriptor,
        layers: [descriptor],
      });
      const bytes = Buffer.from(text);
      blobs.set(digest, layer);
      manifests.set(sha256(bytes), { type: mediaType, bytes });
      tags.set(tag, sha256(bytes));
      return sha256(bytes);
    },
    fault: (digest, fault) => {
      if (fault === undefined) faults.delete(digest);
      else faults.set(digest, fault);
    },
    close: () => server.close(),
  };
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
