// Images of packages: the same bytes for the same files, and what other tools expect to find.
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readTar } from '../../src/lib/tar.ts';
import { readPackageLayers } from '../../src/inputs/registry/image-layers.ts';
import { writeImageArchive } from '../../src/package-tools/image-archive.ts';
import { buildPackageImage } from '../../src/package-tools/package-image.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FILES = new Map([
  ['manifest.yaml', bytes('a: b\n')],
  ['deploy/b.yaml', bytes('c: d\n')],
  ['.test-fixtures/x/b.yaml', bytes('no')],
  ['deploy/.hidden', bytes('no')],
]);

async function unpack(archive: Uint8Array): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { path, content } of readTar([archive])) {
    found.set(path, Buffer.from(content ?? []).toString());
  }
  return found;
}

describe('the image', () => {
  test('has one digest, whatever the order of files and labels', () => {
    const image = buildPackageImage(FILES, { a: '1', b: '2' });
    const other = buildPackageImage(new Map([...FILES].reverse()), { b: '2', a: '1' });
    expect(other.manifest.digest).toBe(image.manifest.digest);
    // Changes of this value change the digest of every package that people have built.
    expect(buildPackageImage(FILES, {}).manifest.digest).toBe(
      'sha256:884bb41a9041deb8b3f8ad12ab05b4319817b1883bfa521eef1a557fb67b8dc2',
    );
  });

  test('has one layer with the files below package/, dot files left out', async () => {
    const { layer } = buildPackageImage(FILES, {});
    const listed = execFileSync('tar', ['-tf', '-'], { input: layer.bytes, encoding: 'utf8' });
    expect(listed.trim().split('\n')).toEqual(['package/deploy/b.yaml', 'package/manifest.yaml']);
    const chunks = (async function* () {
      await Promise.resolve();
      yield layer.bytes;
    })();
    const files = await readPackageLayers([{ mediaType: layer.mediaType, chunks }]);
    expect([...files.keys()]).toEqual(['deploy/b.yaml', 'manifest.yaml']);
  });

  test('says platform, labels and the digest of its layer', () => {
    const { config, layer, manifest } = buildPackageImage(FILES, { team: 'shop' });
    expect(JSON.parse(Buffer.from(config.bytes).toString())).toEqual({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { team: 'shop' } },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    });
    expect(JSON.parse(Buffer.from(manifest.bytes).toString())).toMatchObject({
      schemaVersion: 2,
      config: { digest: config.digest, size: config.bytes.length },
      layers: [{ digest: layer.digest, size: layer.bytes.length }],
    });
  });
});

test('the archive is an OCI layout and what docker load reads, with all tags', async () => {
  const image = buildPackageImage(FILES, {});
  const tags = ['oci.example.test/shop:1.0', 'oci.example.test/shop:latest'];
  const found = await unpack(writeImageArchive(image, tags));
  const json = (name: string): unknown => JSON.parse(found.get(name) ?? 'null');
  expect(json('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
  expect(json('index.json')).toMatchObject({
    manifests: tags.map((tag) => ({
      digest: image.manifest.digest,
      annotations: { 'io.containerd.image.name': tag },
    })),
  });
  const [entry] = json('manifest.json') as {
    Config: string;
    RepoTags: string[];
    Layers: string[];
  }[];
  expect(entry?.RepoTags).toEqual(tags);
  for (const name of [entry?.Config ?? '', ...(entry?.Layers ?? [])]) {
    expect(found.has(name)).toBe(true);
  }
});
