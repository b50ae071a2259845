// `sluice package new|lock|build` as people type it.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';
import { startHttpServer } from '../support/http-server.ts';
import type { TestServer } from '../support/http-server.ts';

cleanUpAfterwards();

function folder(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const run = (cwd: string, ...argv: string[]): Promise<CliResult> =>
  cli(['package', ...argv], { cwd });
const listed = (root: string): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/u.test(name))
    .sort();

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: []}}}
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
`;

describe('new', () => {
  test('makes a package that passes its test, locks and builds', async () => {
    const cwd = folder({
      'in/a.yaml': DEPLOYMENT,
      'in/b/c.yml': SERVICE,
      'in/.x/d.yaml': 'a: [',
      'in/README.md': '',
    });
    const made = await run(cwd, 'new', 'shop', '-f', 'in');
    expect(made).toMatchObject({
      code: 0,
      out: 'Package written to shop; next: sluice test --update shop\n',
    });
    expect(listed(path.join(cwd, 'shop'))).toEqual([
      'deploy/deployment-web.yaml',
      'deploy/service-web.yaml',
      'manifest.yaml',
    ]);
    expect(await cli(['test', 'shop'], { cwd })).toMatchObject({ code: 1 });
    expect(await cli(['test', '--update', 'shop'], { cwd })).toMatchObject({ code: 0 });
    expect(await cli(['test', 'shop'], { cwd })).toMatchObject({ out: '1 passed, 0 failed\n' });
    expect(await run(cwd, 'lock', 'shop')).toMatchObject({
      out: 'Package is already up-to-date\n',
    });
    expect(await run(cwd, 'build', 'shop')).toMatchObject({
      code: 0,
      out: 'Package built successfully!\n',
    });
  });

  test('reads several files and standard input', async () => {
    const cwd = folder({ 'a.yaml': DEPLOYMENT });
    const made = await cli(['package', 'new', 'shop', '-f', 'a.yaml', '-', '--out', 'to/here'], {
      cwd,
      stdin: SERVICE,
    });
    expect(made.code).toBe(0);
    expect(listed(path.join(cwd, 'to/here')).length).toBe(3);
  });

  test.each<[string, readonly string[], number, string]>([
    [
      'a folder that holds something',
      ['new', 'taken', '-f', 'a.yaml'],
      2,
      'taken exists and is not empty',
    ],
    ['a name that is none', ['new', 'Shop', '-f', 'a.yaml'], 2, '"Shop" is no package name'],
    [
      'a folder in the place of a name',
      ['new', 'packages/shop', '-f', 'a.yaml'],
      2,
      '"packages/shop" is no package name: lower case letters, digits and "-", at most 63; --out names the folder',
    ],
    ['no manifests', ['new', 'shop'], 2, 'name the manifests'],
    [
      'a file that is not there',
      ['new', 'shop', '-f', 'b.yaml'],
      2,
      'b.yaml cannot be read: ENOENT',
    ],
    ['broken YAML', ['new', 'shop', '-f', 'broken.yaml'], 1, 'broken.yaml:1'],
    [
      'an object that two files hold',
      ['new', 'shop', '-f', 'a.yaml', 'taken/b.yaml'],
      1,
      'taken/b.yaml:2: error ObjectDuplicate: Service web is given twice (first in a.yaml:1)',
    ],
    [
      'a folder that cannot be made',
      ['new', 'shop', '-f', 'a.yaml', '--out', 'a.yaml/shop'],
      2,
      'cannot be written: ENOTDIR',
    ],
  ])('refuses %s and writes nothing', async (_what, argv, code, message) => {
    const cwd = folder({
      'a.yaml': SERVICE,
      'broken.yaml': 'a: [',
      'taken/b.yaml': `# again\n${SERVICE}`,
    });
    const result = await run(cwd, ...argv);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
    expect(listed(cwd)).toEqual(['a.yaml', 'broken.yaml', 'taken/b.yaml']);
  });
});

const manifest = (images: string): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec: {scopes: [Namespaced], phases: [{name: deploy}], images: [${images}]}
`;

describe('lock', () => {
  let registry: TestServer;
  let digest = `sha256:${'1'.repeat(64)}`;
  beforeAll(async () => {
    registry = await startHttpServer((request, response) => {
      if (request.url.includes('/gone/')) response.writeHead(404).end();
      else response.writeHead(200, { 'docker-content-digest': digest }).end();
    });
  });
  afterAll(() => registry.close());
  const text = (cwd: string): string => readFileSync(path.join(cwd, 'manifest.lock.yaml'), 'utf8');

  test('writes digests once, and again when a tag has moved', async () => {
    const image = `${registry.host}/team/web:1.0`;
    const cwd = folder({ 'manifest.yaml': manifest(`{name: web, image: "${image}"}`) });
    expect(await run(cwd, 'lock')).toMatchObject({
      code: 0,
      out: 'Package updated successfully!\n',
    });
    expect(text(cwd)).toContain(`- digest: ${digest}\n    image: ${image}\n    name: web\n`);
    expect(await run(cwd, 'lock')).toMatchObject({
      code: 0,
      out: 'Package is already up-to-date\n',
    });
    digest = `sha256:${'2'.repeat(64)}`;
    expect(await run(cwd, 'lock', '.')).toMatchObject({ out: 'Package updated successfully!\n' });
    expect(text(cwd)).toContain(digest);
    expect(listed(cwd)).toEqual(['manifest.lock.yaml', 'manifest.yaml']);
  });

  test('names every image that cannot be resolved, and writes nothing', async () => {
    const image = (name: string): string => `{name: ${name}, image: "${registry.host}/${name}/x"}`;
    const images = `${image('gone')}, ${image('web')}, {name: b, image: "${registry.host}/gone/y"}`;
    const cwd = folder({ 'manifest.yaml': manifest(images) });
    const result = await run(cwd, 'lock');
    expect(result.code).toBe(1);
    expect(result.err).toMatch(/gone\/x:latest was not found[\s\S]*gone\/y:latest was not found/u);
    expect(listed(cwd)).toEqual(['manifest.yaml']);
  });

  test('says what is wrong with a package', async () => {
    const result = await run(folder({ 'a.yaml': SERVICE }), 'lock');
    expect(result).toMatchObject({ code: 1, out: '' });
    expect(result.err).toContain('PackageManifest not found');
  });
});

describe('build', () => {
  const files = {
    'manifest.yaml': manifest(''),
    'a.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: a, annotations: {package-operator.run/phase: deploy}}
`,
  };

  test('prints the digest alone when asked, and writes an archive', async () => {
    const cwd = folder(files);
    const argv = ['build', '.', '-t', 'oci.example.test/shop:1', '-o', 'image.tar', '-l', 'a=b=c'];
    const result = await run(cwd, ...argv, '--output-format', 'digest');
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/^sha256:[0-9a-f]{64}\n$/u);
    expect(readFileSync(path.join(cwd, 'image.tar')).includes('oci.example.test/shop:1')).toBe(
      true,
    );
    const again = await run(folder(files), 'build', '-l', 'a=b=c', '--output-format', 'digest');
    expect(again.out).toBe(result.out);
  });

  test('says how to lock images that are not', async () => {
    const cwd = folder({ 'manifest.yaml': manifest('{name: web, image: nginx}') });
    const result = await run(cwd, 'build');
    expect(result.code).toBe(1);
    expect(result.err).toContain('Here that is: sluice package lock .');
  });

  test.each<[string, readonly string[], number, string]>([
    [
      'a folder in the place of the archive',
      ['build', '-t', 'shop:1', '-o', '.'],
      2,
      '--output . cannot be written: EISDIR',
    ],
    ['no tag to push', ['build', '--push'], 2, 'output or push is requested but no tags are set'],
    [
      'no tag to write',
      ['build', '-o', 'x.tar'],
      2,
      'output or push is requested but no tags are set',
    ],
    ['a tag that is none', ['build', '-t', 'Shop!'], 2, 'is no image reference'],
    [
      'a digest for a tag',
      ['build', '-t', `a/b@sha256:${'1'.repeat(64)}`],
      2,
      'a digest cannot be chosen',
    ],
    ['a label without a value', ['build', '-l', 'a'], 2, 'write it as key=value'],
    [
      'an invalid package',
      ['build', 'bad'],
      1,
      'Missing package-operator.run/phase Annotation in b.yaml idx 0',
    ],
    ['a registry that is away', ['build', '-t', '127.0.0.1:1/shop', '--push'], 1, '127.0.0.1:1'],
  ])('refuses %s', async (_what, argv, code, message) => {
    const bad = { 'bad/manifest.yaml': manifest(''), 'bad/b.yaml': SERVICE };
    const result = await run(folder(argv.includes('bad') ? bad : files), ...argv);
    expect(result.code).toBe(code);
    expect(result.err).toContain(message);
  });
});
