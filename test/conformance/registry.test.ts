// The registry client against Debian's docker-registry: push, pull, logins, indexes, damage.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRegistryClient, sha256 } from '../../src/inputs/registry/client.ts';
import type { RegistryClient } from '../../src/inputs/registry/client.ts';
import { findCredentials } from '../../src/inputs/registry/docker-config.ts';
import { pullPackage } from '../../src/inputs/registry/pull.ts';
import { pushImage } from '../../src/inputs/registry/push.ts';
import { parseImageName } from '../../src/model/image-name.ts';
import type { ImageName } from '../../src/model/image-name.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { writeTar } from '../../src/lib/tar-writer.ts';
import { writeImageArchive } from '../../src/package-tools/image-archive.ts';
import { buildPackageImage } from '../../src/package-tools/package-image.ts';
import type { PackageImage } from '../../src/package-tools/package-image.ts';
import { cli } from '../support/cli.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
} from '../support/git-fixture.ts';
import { registryMissing, startDockerRegistry } from '../support/docker-registry.ts';
import type { DockerRegistry } from '../support/docker-registry.ts';

/** ada, s3cret */
const HTPASSWD = 'ada:$2b$04$mDFwuGmZY7G/W9jdK70WWOckgJP3z86vL8E9wSGBUFYI0chLyFlhq\n';

const missing = registryMissing();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const FILES: ReadonlyMap<string, Uint8Array> = new Map([
  ['manifest.yaml', bytes('apiVersion: manifests.package-operator.run/v1alpha1\n')],
  ['deploy/shop.yaml.gotmpl', bytes('{{ .config.name }}\n')],
  [`deep/${'folder/'.repeat(30)}ünïcode.txt`, bytes('x')],
  ['binary', Uint8Array.from([0, 255, 128])],
  ['.test-fixtures/case/a.yaml', bytes('stays out')],
]);
const VISIBLE = [...FILES].filter(([name]) => !name.startsWith('.'));

function clientWith(config: JsonObject = {}): RegistryClient {
  return createRegistryClient({
    credentials: (registry, repository) =>
      Promise.resolve(findCredentials(config, registry, repository)),
    now: () => Date.now(),
  });
}

function nameOf(text: string): ImageName {
  const parsed = parseImageName(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.name;
}

async function push(
  client: RegistryClient,
  reference: string,
  image: PackageImage,
): Promise<string> {
  const { layer, config, manifest } = image;
  return pushImage(client, nameOf(reference), { blobs: [layer.bytes, config.bytes], manifest });
}

async function pull(client: RegistryClient, reference: string): Promise<Map<string, string>> {
  const name = nameOf(reference);
  const files = await pullPackage(client, { name, digest: await client.resolve(name) });
  return new Map([...files].map(([at, content]) => [at, Buffer.from(content).toString('latin1')]));
}

/** Pushes layers and a manifest of Docker's own type, as older tools do. */
async function pushLayers(
  client: RegistryClient,
  reference: string,
  layers: readonly Uint8Array[],
): Promise<string> {
  const name = nameOf(reference);
  const config = bytes('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}');
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      digest: sha256(config),
      size: config.length,
    },
    layers: layers.map((layer) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      digest: sha256(layer),
      size: layer.length,
    })),
  };
  return pushImage(client, name, {
    blobs: [config, ...layers],
    manifest: { mediaType: manifest.mediaType, bytes: bytes(JSON.stringify(manifest)) },
  });
}

const layerOf = (files: Readonly<Record<string, string>>): Uint8Array =>
  gzipSync(
    writeTar(Object.entries(files).map(([at, text]) => ({ path: at, content: bytes(text) }))),
  );

if (missing !== undefined) {
  test.skip(`no registry to test against: ${missing}`, () => {});
} else {
  describe('a registry that is open to everybody', () => {
    let registry: DockerRegistry;
    const client = clientWith();
    beforeAll(async () => {
      registry = await startDockerRegistry();
    });
    afterAll(() => registry.stop());

    test('what is pushed is pulled, without dot files', async () => {
      const image = buildPackageImage(FILES, { team: 'shop' });
      const digest = await push(client, `${registry.host}/team/shop:1.0`, image);
      expect(digest).toBe(image.manifest.digest);
      const expected = VISIBLE.map(([at, content]) => [
        at,
        Buffer.from(content).toString('latin1'),
      ]);
      expect(await pull(client, `${registry.host}/team/shop:1.0`)).toEqual(
        new Map(expected as [string, string][]),
      );
      expect((await pull(client, `${registry.host}/team/shop@${digest}`)).size).toBe(4);
    });

    test('equal files give an equal digest, and nothing is sent twice', async () => {
      const shuffled = new Map([...FILES].reverse());
      const image = buildPackageImage(shuffled, {});
      const reference = `${registry.host}/team/again:1`;
      const first = await push(client, reference, image);
      expect(await push(client, reference, buildPackageImage(FILES, {}))).toBe(first);
      expect(await client.putBlob(nameOf(reference), image.layer.bytes)).toBe(false);
    });

    test('a tag that moves resolves to the new digest', async () => {
      const reference = `${registry.host}/moving:latest`;
      const one = await push(client, reference, buildPackageImage(FILES, {}));
      expect(await client.resolve(nameOf(reference))).toBe(one);
      const two = await push(client, reference, buildPackageImage(FILES, { version: '2' }));
      expect(two).not.toBe(one);
      expect(await client.resolve(nameOf(reference))).toBe(two);
      expect(await client.resolve(nameOf(`${registry.host}/moving@${one}`))).toBe(one);
    });

    test('an index leads to the image for linux/amd64', async () => {
      const arm = buildPackageImage(new Map([['arm.yaml', bytes('x')]]), {});
      const amd = buildPackageImage(new Map([['amd.yaml', bytes('x')]]), {});
      await push(client, `${registry.host}/multi:arm`, arm);
      await push(client, `${registry.host}/multi:amd`, amd);
      const entry = (image: PackageImage, architecture: string): object => ({
        mediaType: image.manifest.mediaType,
        digest: image.manifest.digest,
        size: image.manifest.bytes.length,
        platform: { os: 'linux', architecture },
      });
      const mediaType = 'application/vnd.oci.image.index.v1+json';
      const manifests = [entry(arm, 'arm64'), entry(amd, 'amd64')];
      const index = bytes(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
      const name = nameOf(`${registry.host}/multi:all`);
      const digest = await client.putManifest(name, { mediaType, bytes: index });
      expect(await client.resolve(name)).toBe(digest);
      expect([...(await pull(client, `${registry.host}/multi:all`)).keys()]).toEqual(['amd.yaml']);
    });

    test('later layers override, whiteouts remove, only package/ counts', async () => {
      const reference = `${registry.host}/layers:1`;
      await pushLayers(client, reference, [
        layerOf({
          'package/a.yaml': 'old',
          'package/gone.yaml': 'x',
          'package/folder/b.yaml': 'x',
          'package/folder/c.yaml': 'x',
          'package/opaque/d.yaml': 'x',
          'etc/passwd': 'x',
        }),
        layerOf({
          'package/a.yaml': 'new',
          'package/.wh.gone.yaml': '',
          'package/.wh.folder': '',
          'package/opaque/.wh..wh..opq': '',
          'package/opaque/e.yaml': 'y',
          'package/.hidden/f.yaml': 'x',
        }),
      ]);
      expect(await pull(client, reference)).toEqual(
        new Map([
          ['a.yaml', 'new'],
          ['opaque/e.yaml', 'y'],
        ]),
      );
    });

    test('layers that are large beside the package pass by without being kept', async () => {
      const filler = { path: 'usr/lib/large', content: new Uint8Array(150 * 1024 * 1024) };
      const layer = gzipSync(
        writeTar([filler, { path: 'package/manifest.yaml', content: bytes('m') }]),
        { level: 1 },
      );
      const reference = `${registry.host}/large:1`;
      await pushLayers(client, reference, [layer]);
      expect(await pull(client, reference)).toEqual(new Map([['manifest.yaml', 'm']]));
    });

    test('an image without files below package/ is refused in the words of upstream', async () => {
      const reference = `${registry.host}/empty:1`;
      await pushLayers(client, reference, [layerOf({ 'etc/x': 'y' })]);
      await expect(pull(client, reference)).rejects.toThrow(
        /^Package image contains no files\. Might be corrupted\.$/u,
      );
    });

    test('a path that leaves the image is refused', async () => {
      const reference = `${registry.host}/hostile:1`;
      await pushLayers(client, reference, [layerOf({ 'package/../../x': 'y' })]);
      await expect(pull(client, reference)).rejects.toThrow(/leaves the archive/u);
    });

    test('a tag and a repository that do not exist are said so', async () => {
      await push(client, `${registry.host}/here:1`, buildPackageImage(FILES, {}));
      await expect(pull(client, `${registry.host}/here:2`)).rejects.toThrow(
        /here:2 was not found/u,
      );
      await expect(pull(client, `${registry.host}/nowhere:1`)).rejects.toThrow(/was not found/u);
    });

    test.each(['shortened', 'changed'])(
      'a blob that was %s on the disk is refused',
      async (how) => {
        const image = buildPackageImage(new Map([[`${how}.yaml`, bytes('content')]]), {});
        const reference = `${registry.host}/damaged:${how}`;
        await push(client, reference, image);
        const hex = image.layer.digest.slice('sha256:'.length);
        const file = readdirSync(registry.storage, { recursive: true, encoding: 'utf8' })
          .map((at) => path.join(registry.storage, at))
          .find((at) => at.includes(hex) && at.endsWith('data') && statSync(at).isFile());
        if (file === undefined) throw new Error('the blob is not in the storage');
        const content = readFileSync(file);
        content[600] = (content[600] ?? 0) ^ 1;
        writeFileSync(file, content);
        if (how === 'shortened') truncateSync(file, 1024);
        await expect(pull(client, reference)).rejects.toThrow(
          /is not what its digest says|wrong size|ends/u,
        );
      },
    );

    test('an archive of the image is what skopeo pushes, by both of its readings', async () => {
      try {
        execFileSync('skopeo', ['--version'], { stdio: 'ignore' });
      } catch {
        console.log('not compared: skopeo is not installed');
        return;
      }
      const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-archive-'));
      try {
        const image = buildPackageImage(FILES, { a: 'b' });
        const file = path.join(folder, 'image.tar');
        writeFileSync(file, writeImageArchive(image, ['example.test/team/shop:1.0']));
        for (const form of ['oci-archive', 'docker-archive']) {
          const reference = `${registry.host}/copied:${form}`;
          const flags = [
            '--insecure-policy',
            '--tmpdir',
            folder,
            'copy',
            '--dest-tls-verify=false',
          ];
          execFileSync('skopeo', [...flags, `${form}:${file}`, `docker://${reference}`], {
            stdio: 'pipe',
          });
          expect((await pull(client, reference)).size).toBe(4);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });

  describe('the daemon', () => {
    cleanUpAfterwards();
    let registry: DockerRegistry;
    beforeAll(async () => {
      registry = await startDockerRegistry(HTPASSWD);
    });
    afterAll(() => registry.stop());

    const manifest = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec: {scopes: [Namespaced], phases: [{name: deploy}]}
`;
    const object = (text: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: shop, annotations: {package-operator.run/phase: deploy}}
data: {text: ${text}}
`;

    /** Builds and pushes with the command, as an author does. */
    const publish = async (home: string, text: string, name = 'team/shop:1.0'): Promise<void> => {
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, 'manifest.yaml'), manifest);
      writeFileSync(path.join(folder, 'a.yaml'), object(text));
      const argv = ['package', 'build', folder, '-t', `${registry.host}/${name}`, '--push'];
      expect(await cli(argv, { cwd: home })).toMatchObject({ code: 0 });
    };

    /** A home with a Docker login, the daemon's configuration, and a repository that wants the package. */
    const prepare = (
      name = 'team/shop:1.0',
    ): {
      readonly home: string;
      readonly bare: string;
      readonly config: string;
    } => {
      const home = temporaryFolder();
      const auths = { [registry.host]: { auth: Buffer.from('ada:s3cret').toString('base64') } };
      mkdirSync(path.join(home, '.docker'));
      writeFileSync(path.join(home, '.docker/config.json'), JSON.stringify({ auths }));
      const config = path.join(home, 'daemon.yaml');
      writeFileSync(
        config,
        `apiVersion: sluice.dev/v1alpha1
kind: DaemonConfig
spec: {sources: {hosts: ["${registry.host}"]}}
`,
      );
      const bare = bareRepository();
      const instance = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: default}
spec: {image: "${registry.host}/${name}"}
`;
      commitFiles(bare, { files: { 'shop.yaml': instance } });
      return { home, bare, config };
    };

    const shownText = (bare: string): string => {
      try {
        const args = [
          'grep',
          '-h',
          '-o',
          'text: [a-z]*',
          'refs/heads/sluice/status',
          '--',
          '*/phases/*',
        ];
        return plainGit(bare, args).replaceAll('text: ', '').replaceAll('\n', ' ');
      } catch {
        return '';
      }
    };

    test('waits for an image, rolls it out, and follows its tag', async () => {
      const { home, bare, config } = prepare();
      const stop = new AbortController();
      const argv = [
        'run',
        '--repo',
        bare,
        '--config',
        config,
        '--data-dir',
        path.join(home, 'data'),
      ];
      const flags = ['--interval', '200ms', '--log', 'json'];
      const running = cli([...argv, ...flags], { cwd: home, signal: stop.signal });
      const until = async (what: string, check: () => boolean): Promise<void> => {
        for (let tries = 0; tries < 400 && !check(); tries += 1) await sleep(100);
        if (!check()) throw new Error(`still waiting: ${what}`);
      };
      const unitFile = (): string => {
        try {
          return plainGit(bare, ['grep', '-h', 'AskUnanswered', 'refs/heads/sluice/status']);
        } catch {
          return '';
        }
      };
      try {
        await until('the reason why there is no image', () => unitFile() !== '');
        await publish(home, 'one');
        await until('the first image', () => shownText(bare).includes('one'));
        await publish(home, 'two');
        await until('the second image', () => shownText(bare).includes('two'));
      } finally {
        stop.abort();
        const { err } = await running;
        expect(err).not.toContain('s3cret');
      }
    });

    test('goes on after a restart while the registry is down, and follows it when it is back', async () => {
      const { home, bare, config } = prepare();
      const data = path.join(home, 'data');
      const run = (folder = data) => {
        const argv = ['run', '--repo', bare, '--config', config, '--data-dir', folder, '--once'];
        return cli([...argv, '--takeover'], { cwd: home });
      };
      const wants = (greeting: string): string => `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata: {name: shop, namespace: default}
spec: {image: "${registry.host}/team/greeter:1.0", config: {greeting: ${greeting}}}
`;
      const greeter = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  config: {openAPIV3Schema: {type: object, properties: {greeting: {type: string}}}}
`;
      const publishGreeter = async (mark: string): Promise<void> => {
        const folder = temporaryFolder();
        writeFileSync(path.join(folder, 'manifest.yaml'), greeter);
        const text = object(mark).trimEnd().slice(0, -1);
        const more = ', more: "{{ .config.greeting }}"}\n';
        writeFileSync(path.join(folder, 'a.yaml.gotmpl'), `${text}${more}`);
        const argv = ['package', 'build', folder, '-t', `${registry.host}/team/greeter:1.0`];
        expect(await cli([...argv, '--push'], { cwd: home })).toMatchObject({ code: 0 });
      };
      const shown = (what: string): boolean => {
        const args = ['grep', '-q', what, 'refs/heads/sluice/status', '--', '*/revisions/*'];
        try {
          plainGit(bare, args);
          return true;
        } catch {
          return false;
        }
      };
      const readme = (): string => plainGit(bare, ['show', 'refs/heads/sluice/status:README.md']);

      await publishGreeter('first');
      const other =
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: default}\n';
      const keep = other.replaceAll('other', 'stays');
      const plain = { 'plain/other.yaml': other, 'plain/stays.yaml': keep };
      commitFiles(bare, { files: { 'shop.yaml': wants('hello'), ...plain } });
      expect(await run()).toMatchObject({ code: 0 });
      expect(shown('more: hello')).toBe(true);
      const kept = path.join(data, 'contents');
      expect(statSync(kept).mode & 0o777).toBe(0o700);
      const names = readdirSync(path.join(kept, 'files'));
      expect(names).toHaveLength(1);
      const file = path.join(kept, 'files', names[0] ?? '');
      expect(statSync(file).mode & 0o777).toBe(0o600);

      await registry.goDown();
      try {
        commitFiles(bare, { files: { 'shop.yaml': wants('welcome'), 'plain/other.yaml': null } });
        const down = await run();
        expect(down).toMatchObject({ code: 0 });
        expect(shown('more: welcome')).toBe(true);
        expect(readme()).toContain('what was loaded before stays in force');
        // Nothing is held: what every unit wants is known.
        expect(down.err).toContain('ConfigMap/default/other');
        // A new disk has nothing to go on with.
        const fresh = await run(path.join(home, 'fresh'));
        expect(fresh).toMatchObject({ code: 1 });
        expect(fresh.err).toContain('AskUnanswered');
        // Neither has one with a damaged file.
        truncateSync(file, 200);
        const damaged = await run();
        expect(damaged).toMatchObject({ code: 1 });
        expect(damaged.err).toContain('AskUnanswered');
      } finally {
        await registry.comeBack();
      }
      expect(await run()).toMatchObject({ code: 0 });
      expect(readdirSync(path.join(kept, 'files'))).toEqual(names);
      expect(readme()).not.toContain('stays in force');
      await publishGreeter('second');
      expect(await run()).toMatchObject({ code: 0 });
      expect(shown('second')).toBe(true);
    });

    test('stays on what it has while what its tag has moved to cannot be loaded', async () => {
      const { home, bare, config } = prepare('team/moved:1.0');
      const repository = path.join(registry.storage, 'docker/registry/v2/repositories/team/moved');
      const linkOf = (tag: string): string =>
        path.join(repository, '_manifests/tags', tag, 'current/link');
      await publish(home, 'first', 'team/moved:1.0');
      const data = path.join(home, 'data');
      const argv = ['run', '--repo', bare, '--config', config, '--data-dir', data];
      const once = () => cli([...argv, '--once'], { cwd: home });
      expect(await once()).toMatchObject({ code: 0 });
      expect(shownText(bare)).toContain('first');
      // The tag moves as a whole, to an image whose layer has been lost meanwhile.
      await publish(home, 'second', 'team/moved:2.0');
      const client = clientWith({
        auths: { [registry.host]: { auth: Buffer.from('ada:s3cret').toString('base64') } },
      });
      const moved = readFileSync(linkOf('2.0'), 'utf8');
      const found = await client.manifest(nameOf(`${registry.host}/team/moved:2.0`));
      const { layers } = JSON.parse(Buffer.from(found.bytes).toString('utf8')) as {
        readonly layers: readonly { readonly digest: string }[];
      };
      const hex = (layers[0]?.digest ?? '').slice('sha256:'.length);
      const blobs = path.join(registry.storage, 'docker/registry/v2/blobs/sha256');
      const blob = path.join(blobs, hex.slice(0, 2), hex, 'data');
      renameSync(blob, `${blob}.away`);
      writeFileSync(linkOf('1.0'), moved);

      // Another process each time, and nothing is broken, held or changed.
      const during = await once();
      expect(during).toMatchObject({ code: 0 });
      const readme = (): string => plainGit(bare, ['show', 'refs/heads/sluice/status:README.md']);
      expect(readme()).toContain(`${moved} stands there now and cannot be loaded`);
      expect(readme()).toContain('what was loaded before stays in force (sha256:');
      expect(shownText(bare)).not.toContain('second');

      const stop = new AbortController();
      const running = cli([...argv, '--interval', '200ms', '--log', 'json'], {
        cwd: home,
        signal: stop.signal,
      });
      const until = async (what: string, check: () => boolean): Promise<void> => {
        for (let tries = 0; tries < 400 && !check(); tries += 1) await sleep(100);
        if (!check()) throw new Error(`still waiting: ${what}`);
      };
      try {
        // It comes back while the daemon runs.
        renameSync(`${blob}.away`, blob);
        await until('the second image', () => shownText(bare).includes('second'));
        await until('the end of the warning', () => !readme().includes('stays in force'));
      } finally {
        stop.abort();
        await running;
      }
    });

    test('is told from which hosts it may load', async () => {
      const { home, bare } = prepare();
      const argv = ['render', '--repo', bare];
      const result = await cli(argv, { cwd: home });
      expect(result.code).toBe(1);
      expect(result.err).toContain('sources.hosts');
    });

    test('and the commands render the same image', async () => {
      const { home, bare, config } = prepare();
      await publish(home, 'three');
      const argv = ['render', '--repo', bare, '--config', config];
      expect((await cli(argv, { cwd: home })).out).toContain('text: three');
    });

    test('a lock pins what the registry has', async () => {
      const { home } = prepare();
      await publish(home, 'four');
      const folder = temporaryFolder();
      const image = `{name: web, image: "${registry.host}/team/shop:1.0"}`;
      const text = manifest.replace('spec: {', `spec: {images: [${image}], `);
      writeFileSync(path.join(folder, 'manifest.yaml'), text);
      const locked = await cli(['package', 'lock', folder], { cwd: home });
      expect(locked).toMatchObject({ code: 0, out: 'Package updated successfully!\n' });
      const name = nameOf(`${registry.host}/team/shop:1.0`);
      const login = { username: 'ada', password: 's3cret', kind: 'password' } as const;
      const digest = await createRegistryClient({
        credentials: () => Promise.resolve(login),
        now: () => Date.now(),
      }).resolve(name);
      expect(readFileSync(path.join(folder, 'manifest.lock.yaml'), 'utf8')).toContain(digest);
    });
  });

  describe('a registry that wants a login', () => {
    let registry: DockerRegistry;
    beforeAll(async () => {
      registry = await startDockerRegistry(HTPASSWD);
    });
    afterAll(() => registry.stop());
    const login = (password: string): JsonObject => ({
      auths: { [registry.host]: { auth: Buffer.from(`ada:${password}`).toString('base64') } },
    });

    test('the right password pushes and pulls', async () => {
      const client = clientWith(login('s3cret'));
      const reference = `${registry.host}/private:1`;
      await push(client, reference, buildPackageImage(FILES, {}));
      expect((await pull(client, reference)).size).toBe(4);
    });

    test('a wrong password is refused, and appears in no message', async () => {
      const client = clientWith(login('not-the-password'));
      const error = await pull(client, `${registry.host}/private:1`).catch(
        (reason: unknown) => reason,
      );
      expect(String(error)).toMatch(/is not given to us/u);
      expect(String(error)).not.toMatch(/not-the-password|bm90LXRoZS1w/u);
    });

    test('no credentials at all are refused', async () => {
      await expect(pull(clientWith(), `${registry.host}/private:1`)).rejects.toThrow(
        /is not given to us/u,
      );
    });

    test('a credential helper is named, not run', async () => {
      const client = clientWith({ credsStore: 'desktop' });
      await expect(pull(client, `${registry.host}/private:1`)).rejects.toThrow(
        /docker-credential-desktop, which is never run/u,
      );
    });
  });
}
