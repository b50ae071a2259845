// The registry client against servers that behave in every odd way: logins, redirects, lies, silence.
import { afterEach, describe, expect, test } from 'vitest';
import { createRegistryClient, sha256 } from '../../../src/inputs/registry/client.ts';
import type { RegistryClient } from '../../../src/inputs/registry/client.ts';
import type { RegistryCredentials } from '../../../src/inputs/registry/docker-config.ts';
import { readImageManifest } from '../../../src/inputs/registry/image-manifest.ts';
import { readPackageLayers } from '../../../src/inputs/registry/image-layers.ts';
import { parseImageName } from '../../../src/model/image-name.ts';
import type { ImageName } from '../../../src/model/image-name.ts';
import { startHttpServer } from '../../support/http-server.ts';
import type { SeenRequest, TestServer } from '../../support/http-server.ts';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { writeTar } from '../../../src/lib/tar-writer.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(
  answer: (request: SeenRequest, response: ServerResponse) => void,
): Promise<TestServer> {
  const server = await startHttpServer(answer);
  servers.push(server);
  return server;
}

function nameOf(text: string): ImageName {
  const parsed = parseImageName(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.reason);
  return parsed.name;
}

function client(credentials?: RegistryCredentials, stalledMs?: number): RegistryClient {
  return createRegistryClient({
    credentials: () => Promise.resolve(credentials),
    now: () => Date.now(),
    ...(stalledMs === undefined ? {} : { stalledMs }),
  });
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

const MANIFEST = '{"schemaVersion":2}';
const DIGEST = sha256(Buffer.from(MANIFEST));
const ADA = { kind: 'password', username: 'ada', password: 's3cret-word' } as const;
const BLOB = Buffer.from('content of a blob');
const BLOB_ENTRY = { mediaType: '', digest: sha256(BLOB), size: BLOB.length };

/** A registry that wants a token, and the server that gives it. */
async function tokenRegistry(
  token: (request: SeenRequest, response: ServerResponse) => void,
): Promise<{ readonly registry: TestServer; readonly tokens: TestServer }> {
  const tokens = await serve(token);
  const registry = await serve((request, response) => {
    if (request.headers.authorization !== 'Bearer good') {
      const realm = `Bearer realm="http://${tokens.host}/token?x=y",service="shop service"`;
      response.writeHead(401, { 'www-authenticate': realm }).end();
      return;
    }
    response.writeHead(200, { 'docker-content-digest': DIGEST }).end(MANIFEST);
  });
  return { registry, tokens };
}

describe('tokens', () => {
  test('are fetched with the password, for what is wanted, and used again', async () => {
    const { registry, tokens } = await tokenRegistry((_request, response) => {
      response.end('{"access_token":"good","expires_in":300}');
    });
    const registryClient = client(ADA);
    const name = nameOf(`${registry.host}/team/shop:1`);
    expect(await registryClient.resolve(name)).toBe(DIGEST);
    expect(await registryClient.resolve(name)).toBe(DIGEST);
    expect(tokens.seen.length).toBe(1);
    expect(registry.seen.length).toBe(3);
    const [asked] = tokens.seen;
    const url = new URL(asked?.url ?? '', 'http://x');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      x: 'y',
      service: 'shop service',
      scope: 'repository:team/shop:pull',
    });
    const pair = Buffer.from('ada:s3cret-word').toString('base64');
    expect(asked?.headers.authorization).toBe(`Basic ${pair}`);
  });

  test('are fetched without a password where there is none', async () => {
    const { registry, tokens } = await tokenRegistry((_request, response) => {
      response.end('{"token":"good"}');
    });
    expect(await client().resolve(nameOf(`${registry.host}/shop`))).toBe(DIGEST);
    expect(tokens.seen[0]?.headers.authorization).toBeUndefined();
  });

  test('are exchanged for an identity token', async () => {
    const { registry, tokens } = await tokenRegistry((_request, response) => {
      response.end('{"access_token":"good"}');
    });
    const identity = { kind: 'identity', token: 'refresh-me' } as const;
    expect(await client(identity).resolve(nameOf(`${registry.host}/shop`))).toBe(DIGEST);
    const [asked] = tokens.seen;
    expect(asked?.method).toBe('POST');
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-me',
      scope: 'repository:shop:pull',
    });
  });

  test('that are good for a few seconds only are fetched again', async () => {
    const { registry, tokens } = await tokenRegistry((_request, response) => {
      response.end('{"token":"good","expires_in":5}');
    });
    const registryClient = client();
    await registryClient.resolve(nameOf(`${registry.host}/shop`));
    await registryClient.resolve(nameOf(`${registry.host}/shop`));
    expect(tokens.seen.length).toBe(2);
  });

  test.each<[string, number, string, RegExp]>([
    ['a refusal', 403, '{"details":"s3cret-word"}', /gave no token .* \(status 403\)$/u],
    ['an answer without a token', 200, '{}', /answered without a token$/u],
    ['an answer that is no JSON', 200, 's3cret-word', /answered without a token$/u],
  ])('%s is said, without the password', async (_what, status, body, message) => {
    const { registry } = await tokenRegistry((_request, response) => {
      response.writeHead(status).end(body);
    });
    const error = await client(ADA)
      .resolve(nameOf(`${registry.host}/shop`))
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain('s3cret-word');
  });

  test('a login is not sent to a place without encryption elsewhere', async () => {
    const registry = await serve((_request, response) => {
      const realm = 'Bearer realm="http://tokens.example.test/token"';
      response.writeHead(401, { 'www-authenticate': realm }).end();
    });
    await expect(client(ADA).resolve(nameOf(`${registry.host}/shop`))).rejects.toThrow(
      /wants a login at http:\/\/tokens\.example\.test, which is refused/u,
    );
  });
});

describe('redirects', () => {
  test('to another host are followed without the login', async () => {
    const storage = await serve((_request, response) => void response.end(BLOB));
    const registry = await serve((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return;
      }
      response.writeHead(307, { location: `http://${storage.host}/signed?signature=1` }).end();
    });
    const blob = client(ADA).blob(nameOf(`${registry.host}/shop`), BLOB_ENTRY);
    expect(await collect(blob)).toBe(BLOB.toString());
    expect(registry.seen[1]?.headers.authorization).toMatch(/^Basic /u);
    expect(storage.seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/signed?signature=1', undefined],
    ]);
  });

  test('without an end are given up', async () => {
    const registry = await serve((request, response) => {
      response.writeHead(302, { location: `${request.url}x` }).end();
    });
    await expect(client().resolve(nameOf(`${registry.host}/shop`))).rejects.toThrow(/too often/u);
  });

  test('to other protocols are refused', async () => {
    const registry = await serve((_request, response) => {
      response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    });
    await expect(client().resolve(nameOf(`${registry.host}/shop`))).rejects.toThrow(
      /redirected to file:/u,
    );
  });
});

describe('answers that cannot be trusted', () => {
  const name = (server: TestServer): ImageName => nameOf(`${server.host}/shop:1`);

  test('a manifest with another digest than its header says', async () => {
    const other = sha256(Buffer.from('other'));
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'docker-content-digest': other }).end(MANIFEST);
    });
    await expect(client().manifest(name(server))).rejects.toThrow(/not what its digest says/u);
    await expect(client().manifest(name(server), other)).rejects.toThrow(
      /not what its digest says/u,
    );
  });

  test('a registry without digests in its headers: the manifest is fetched and hashed', async () => {
    const server = await serve((request, response) => {
      response.end(request.method === 'HEAD' ? undefined : MANIFEST);
    });
    expect(await client().resolve(name(server))).toBe(DIGEST);
  });

  test('a manifest without end', async () => {
    const server = await serve((_request, response) => {
      const part = Buffer.alloc(64 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && response.write(part)) continue;
      };
      response.on('drain', more);
      more();
    });
    await expect(client().manifest(name(server))).rejects.toThrow(/sent more than 4194304 bytes/u);
  });

  test.each([
    ['too long', Buffer.concat([BLOB, BLOB])],
    ['too short', BLOB.subarray(3)],
    ['different', Buffer.from(BLOB).fill(65)],
  ])('a blob that is %s', async (_what, content) => {
    const server = await serve((_request, response) => void response.end(content));
    await expect(collect(client().blob(name(server), BLOB_ENTRY))).rejects.toThrow(
      /wrong size|not what its digest says/u,
    );
  });

  test('a server that goes silent in the middle', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begin');
    });
    await expect(client(undefined, 150).manifest(name(server))).rejects.toThrow(/got no byte for/u);
  });

  test('a server that never answers, and one that is not there', async () => {
    const server = await serve(() => undefined);
    await expect(client(undefined, 150).resolve(name(server))).rejects.toThrow(/got no byte for/u);
    const gone = name(server);
    await server.close();
    // What a connection that is kept says when its server goes is as good.
    await expect(client().resolve(gone)).rejects.toThrow(/ECONNREFUSED|ECONNRESET/u);
  });

  test('an interruption is no failure of the registry', async () => {
    const server = await serve(() => undefined);
    const stop = new AbortController();
    const asking = client().resolve(name(server), stop.signal);
    setTimeout(() => stop.abort(), 30);
    await expect(asking).rejects.toMatchObject({ code: 'Interrupted' });
  });

  test('an error that repeats the password is scrubbed', async () => {
    const server = await serve((request, response) => {
      const sent = request.headers.authorization;
      if (sent === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        return;
      }
      const message = `s3cret-word and ${sent} are wrong`;
      response.writeHead(400).end(JSON.stringify({ errors: [{ code: 'X', message }] }));
    });
    const error = await client(ADA)
      .manifest(name(server))
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(/status 400: X \*\*\* and \*\*\* are wrong$/u);
  });

  test('a limit on requests is said', async () => {
    const server = await serve((_request, response) => void response.writeHead(429).end());
    await expect(client().resolve(name(server))).rejects.toThrow(/limits requests/u);
  });
});

describe('manifests', () => {
  const oci = 'application/vnd.oci.image.manifest.v1+json';
  const index = 'application/vnd.oci.image.index.v1+json';
  const item = (size: unknown, digest = DIGEST): object => ({ mediaType: 'x', digest, size });
  const platform = (os: string, architecture: string): object => ({
    ...item(2),
    platform: { os, architecture },
  });
  test.each<[string, unknown, string, unknown]>([
    ['an image', { config: item(1), layers: [item(2)] }, oci, { kind: 'image' }],
    [
      'an index without linux/amd64',
      { manifests: [platform('linux', 'arm64'), platform('unknown', 'unknown')] },
      index,
      { reason: 'there is no image for linux/amd64, only for linux/arm64' },
    ],
    ['an empty index', { manifests: [] }, index, { kind: 'unreadable' }],
    ['no configuration', { layers: [] }, oci, { reason: 'the manifest names no configuration' }],
    [
      'a layer of a negative size',
      { config: item(1), layers: [item(-1)] },
      oci,
      { kind: 'unreadable' },
    ],
    [
      'a layer with a path for a digest',
      { config: item(1), layers: [item(1, '../x')] },
      oci,
      { kind: 'unreadable' },
    ],
    [
      'too many layers',
      { config: item(1), layers: Array(129).fill(item(1)) },
      oci,
      { kind: 'unreadable' },
    ],
    [
      'the first version',
      { schemaVersion: 1 },
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      { kind: 'unreadable' },
    ],
    ['a list', [], oci, { reason: 'the manifest is no object' }],
  ])('%s', (_what, value, mediaType, expected) => {
    const bytes = Buffer.from(JSON.stringify(value));
    expect(readImageManifest(bytes, `${mediaType}; charset=utf-8`)).toMatchObject(
      expected as object,
    );
  });
});

describe('layers', () => {
  const tar = writeTar([{ path: 'package/a.yaml', content: Buffer.from('a') }]);
  const layer = (content: Uint8Array, size = 1_000): AsyncIterable<Uint8Array> =>
    (async function* () {
      for (let at = 0; at < content.length; at += size) {
        await Promise.resolve();
        yield content.subarray(at, at + size);
      }
    })();
  const read = async (chunks: AsyncIterable<Uint8Array>): Promise<string[]> => {
    return [...(await readPackageLayers([{ mediaType: '', chunks }])).keys()];
  };

  test.each<[string, Uint8Array]>([
    ['packed', gzipSync(tar)],
    ['plain', tar],
    [
      'packed in two streams',
      Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]),
    ],
    ['packed, with something behind it', Buffer.concat([gzipSync(tar), Buffer.alloc(5_000)])],
  ])('%s', async (_what, content) => {
    expect(await read(layer(content))).toEqual(['a.yaml']);
    expect(await read(layer(content, 1))).toEqual(['a.yaml']);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['cut', gzipSync(tar).subarray(0, 60), /a layer is damaged/u],
    ['of noise behind the right first bytes', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9]), /damaged/u],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]), /zstd, which is not supported/u],
  ])('%s is refused', async (_what, content, message) => {
    await expect(read(layer(content))).rejects.toThrow(message);
    // It arrived as it was made.
    await expect(read(layer(content))).rejects.toMatchObject({ code: 'PackageNotFound' });
  });

  test.each<[string, Uint8Array]>([
    ['good', gzipSync(tar)],
    ['plain', tar],
    ['cut', gzipSync(tar).subarray(0, 60)],
    ['noise', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(9_000, 9)])],
    ['no archive', Buffer.alloc(9_000, 9)],
    ['zstd', Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), Buffer.alloc(9_000)])],
  ])('a source that fails at its very end fails the layer, were it %s', async (_what, content) => {
    const wrong = new Error('wrong digest');
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield* layer(content);
      throw wrong;
    };
    await expect(read(failing())).rejects.toBe(wrong);
  });

  test('a bomb is stopped before it is unpacked', async () => {
    const bomb = gzipSync(
      writeTar([{ path: 'package/zeros', content: new Uint8Array(80 * 1024 * 1024) }]),
    );
    await expect(read(layer(bomb, 65_536))).rejects.toThrow(/more than 67108864 bytes of content/u);
  });
});
