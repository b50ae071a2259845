// Lock files: what has to be pinned, and when a file is left as it is.
import { describe, expect, test } from 'vitest';
import { findLockTasks, updateLock } from '../../src/package-tools/lock-file.ts';
import type { LockTask } from '../../src/package-tools/lock-file.ts';
import { loadPackage } from '../../src/render/package/load-package.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';

const validator = createSchemaValidator();
const encode = (files: Readonly<Record<string, string>>): Map<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)]));

const manifest = (images: string, more = ''): string =>
  `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec: {scopes: [Namespaced], phases: [{name: deploy}], images: [${images}]${more}}
`;
const lock = (images: string, more = ''): string =>
  `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifestLock
metadata: {creationTimestamp: "2023-02-06T15:27:04Z"}
spec: {images: [${images}]${more}}
`;
const WEB = '{name: web, image: "nginx:1"}';
const DB = '{name: db, image: "pg:2"}';
const locked = (name: string, image: string, digest: string): string =>
  `{name: ${name}, image: "${image}", digest: "${digest}"}`;

function tasks(files: Readonly<Record<string, string>>): readonly LockTask[] {
  const found = findLockTasks(encode(files), validator);
  if (found.kind === 'invalid') throw new Error(JSON.stringify(found.violations));
  return found.tasks;
}

function update(
  files: Readonly<Record<string, string>>,
  digestOf = (image: string): string => `sha256:${image}`,
): Record<string, string | undefined> {
  return Object.fromEntries(tasks(files).map((task) => [task.path, updateLock(task, digestOf)]));
}

describe('a lock file', () => {
  test('is written for the images of the manifest, in their order and without a time', () => {
    expect(update({ 'manifest.yaml': manifest(`${WEB}, ${DB}`) })).toEqual({
      'manifest.lock.yaml': `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifestLock
spec:
  images:
  - digest: sha256:nginx:1
    image: nginx:1
    name: web
  - digest: sha256:pg:2
    image: pg:2
    name: db
`,
    });
  });

  test('is written anew where its entries are impossible', () => {
    const broken = lock(locked('web', 'UPPER/nginx', 'banana'));
    const files = { 'manifest.yaml': manifest(WEB), 'manifest.lock.yaml': broken };
    expect(loadPackage(encode(files), { validator }).kind).toBe('invalid');
    expect(update(files)['manifest.lock.yaml']).toContain('image: nginx:1\n');
  });

  test('makes the package load', () => {
    const files = { 'manifest.yaml': manifest(WEB) };
    const text = update(files, () => `sha256:${'a'.repeat(64)}`)['manifest.lock.yaml'] ?? '';
    expect(loadPackage(encode(files), { validator }).kind).toBe('invalid');
    expect(loadPackage(encode({ ...files, 'manifest.lock.yaml': text }), { validator }).kind).toBe(
      'ok',
    );
  });

  test.each<[string, Readonly<Record<string, string>>, string, boolean]>([
    ['no images and no lock', { 'manifest.yaml': manifest('') }, 'manifest.lock.yaml', false],
    [
      'the same images',
      {
        'manifest.yaml': manifest(WEB),
        'manifest.lock.yaml': lock(locked('web', 'nginx:1', 'sha256:nginx:1')),
      },
      'manifest.lock.yaml',
      false,
    ],
    [
      'another digest',
      {
        'manifest.yaml': manifest(WEB),
        'manifest.lock.yaml': lock(locked('web', 'nginx:1', 'sha256:old')),
      },
      'manifest.lock.yaml',
      true,
    ],
    [
      'an image that is gone from the manifest',
      { 'manifest.yaml': manifest(''), 'manifest.lock.yml': lock(locked('web', 'nginx:1', 'x')) },
      'manifest.lock.yml',
      true,
    ],
  ])('%s', (_what, files, path, isWritten) => {
    expect(update(files)[path] !== undefined).toBe(isWritten);
  });

  test('keeps dependencies that it holds', () => {
    const dependency = locked('lib', 'oci.example.test/lib', 'sha256:1');
    const text = update({
      'manifest.yaml': manifest(WEB),
      'manifest.lock.yaml': lock('', `, dependencies: [${dependency}]`),
    })['manifest.lock.yaml'];
    expect(text).toContain(
      'dependencies:\n  - digest: sha256:1\n    image: oci.example.test/lib\n    name: lib',
    );
  });

  test('each component has its own', () => {
    const files = {
      'manifest.yaml': manifest('', ', components: {}'),
      'components/backend/manifest.yaml': manifest(DB),
    };
    expect(Object.keys(update(files))).toEqual([
      'manifest.lock.yaml',
      'components/backend/manifest.lock.yaml',
    ]);
    expect(update(files)['components/backend/manifest.lock.yaml']).toContain('name: db');
  });

  test('a package that cannot be read has none', () => {
    expect(findLockTasks(encode({ 'a.yaml': 'x' }), validator)).toMatchObject({ kind: 'invalid' });
  });
});
