// Image references, hosts, challenges and Docker's configuration: tables of texts and what they mean.
import { describe, expect, test } from 'vitest';
import { parseChallenges } from '../../../src/inputs/registry/challenge.ts';
import { findCredentials } from '../../../src/inputs/registry/docker-config.ts';
import { isAllowedHost, isLoopback } from '../../../src/inputs/registry/host.ts';
import { formatImageName, parseImageName } from '../../../src/model/image-name.ts';
import type { JsonObject } from '../../../src/model/json.ts';

const HEX = 'a'.repeat(64);

describe('image references', () => {
  test.each([
    ['nginx', 'index.docker.io/library/nginx:latest'],
    ['nginx:1.25', 'index.docker.io/library/nginx:1.25'],
    ['docker.io/nginx', 'index.docker.io/library/nginx:latest'],
    ['team/shop', 'index.docker.io/team/shop:latest'],
    ['localhost/shop', 'localhost/shop:latest'],
    ['oci.example.test/shop:1.0', 'oci.example.test/shop:1.0'],
    ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000/a/b/c:latest'],
    ['[::1]:5000/shop:1', '[::1]:5000/shop:1'],
    [`oci.example.test/shop@sha256:${HEX}`, `oci.example.test/shop@sha256:${HEX}`],
    [`oci.example.test/shop:1@sha256:${HEX}`, `oci.example.test/shop:1@sha256:${HEX}`],
    ['quay.io/a__b/c--d.e', 'quay.io/a__b/c--d.e:latest'],
  ])('%s means %s', (text, full) => {
    const parsed = parseImageName(text);
    expect(parsed.kind === 'ok' ? formatImageName(parsed.name) : parsed.reason).toBe(full);
  });

  test.each([
    ['Upper/Case', 'no repository name'],
    ['shop:', 'no tag'],
    ['shop:a b', 'no tag'],
    ['shop@sha256:abc', 'a digest is'],
    ['shop@md5:abc', 'a digest is'],
    ['host:port/shop', 'no host'],
    ['example.test/../shop', 'no repository name'],
    ['example.test/shop?x=y', 'no repository name'],
    ['user:secret@example.test/shop', 'a digest is'],
    ['https://example.test/shop', 'no host'],
    ['a'.repeat(600), 'too long'],
    ['', 'no repository name'],
  ])('%s is refused: %s', (text, reason) => {
    const parsed = parseImageName(text);
    expect(parsed.kind === 'invalid' ? parsed.reason : parsed).toContain(reason);
  });
});

describe('hosts', () => {
  test.each<[string, readonly string[], number, boolean]>([
    ['oci.example.test', ['oci.example.test'], 443, true],
    ['OCI.example.test:443', ['oci.example.test'], 443, true],
    ['oci.example.test', ['oci.example.test:443'], 443, true],
    ['oci.example.test:5000', ['oci.example.test'], 443, false],
    ['oci.example.test:5000', ['oci.example.test:5000'], 443, true],
    ['sub.oci.example.test', ['oci.example.test'], 443, false],
    ['oci.example.test.evil.test', ['oci.example.test'], 443, false],
    ['index.docker.io', ['docker.io'], 443, true],
    ['git.example.test', ['git.example.test'], 22, true],
    ['git.example.test:22', ['git.example.test'], 22, true],
    ['git.example.test', [], 443, false],
  ])('%s with %j at port %i: %s', (host, allowed, port, expected) => {
    expect(isAllowedHost(host, allowed, port)).toBe(expected);
  });

  test.each([
    ['localhost', true],
    ['localhost:5000', true],
    ['127.8.9.1:80', true],
    ['[::1]:80', true],
    ['registry.localhost', true],
    ['127.0.0.1.example.test', false],
    ['localhost.example.test', false],
    ['10.0.0.1', false],
  ])('%s is this machine: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });
});

describe('challenges', () => {
  test.each<[string, unknown]>([
    ['Basic realm="x"', [{ scheme: 'basic', parameters: { realm: 'x' } }]],
    [
      'Bearer realm="https://a.test/t?x=1,2",service="s",scope="repository:a/b:pull,push"',
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://a.test/t?x=1,2',
            service: 's',
            scope: 'repository:a/b:pull,push',
          },
        },
      ],
    ],
    [
      'BEARER realm="a\\"b" , Basic realm=plain',
      [
        { scheme: 'bearer', parameters: { realm: 'a"b' } },
        { scheme: 'basic', parameters: { realm: 'plain' } },
      ],
    ],
    ['Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
    ['', []],
    [',,"', []],
  ])('%s', (header, expected) => {
    expect(parseChallenges(header)).toEqual(expected);
  });
});

describe("Docker's configuration", () => {
  const auth = (pair: string): JsonObject => ({ auth: Buffer.from(pair).toString('base64') });
  const password = (username: string, secret: string): object => ({
    kind: 'password',
    username,
    password: secret,
  });
  const config: JsonObject = {
    auths: {
      'https://index.docker.io/v1/': auth('hub:1:2'),
      'a.test': auth('a:x'),
      'a.test/team/shop': { username: 'shop', password: '' },
      'https://b.test/v2/': { identitytoken: 'i' },
      'c.test:5000': { registrytoken: 'r' },
      'empty.test': {},
      'old.test': auth('old:x\0\0'),
      'broken.test': { auth: 'no colon' },
    },
    credHelpers: { 'd.test': 'ecr' },
    credsStore: 'desktop',
  };
  test.each<[string, string, unknown]>([
    ['index.docker.io', 'library/nginx', password('hub', '1:2')],
    ['a.test', 'other', password('a', 'x')],
    ['a.test', 'team/shop', password('shop', '')],
    ['a.test', 'team/shop/part', password('shop', '')],
    ['a.test', 'team/shopping', password('a', 'x')],
    ['b.test', 'x', { kind: 'identity', token: 'i' }],
    ['c.test:5000', 'x', { kind: 'token', token: 'r' }],
    ['old.test', 'x', password('old', 'x')],
    ['d.test', 'x', { kind: 'helper', program: 'docker-credential-ecr' }],
    ['empty.test', 'x', { kind: 'helper', program: 'docker-credential-desktop' }],
    ['broken.test', 'x', { kind: 'helper', program: 'docker-credential-desktop' }],
  ])('%s/%s', (registry, repository, expected) => {
    expect(findCredentials(config, registry, repository)).toEqual(expected);
  });

  test('a file without anything gives nothing', () => {
    expect(findCredentials({}, 'a.test', 'x')).toBeUndefined();
  });
});
