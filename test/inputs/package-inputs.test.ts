// Packages from outside as answers: which hosts are allowed, what is final and what is tried again.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExternalSources } from '../../src/api/daemon-config.ts';
import { createRegistryAccess, repositoryAccess } from '../../src/inputs/host-access.ts';
import { openPackages } from '../../src/inputs/open-packages.ts';
import { refusePackages } from '../../src/inputs/package-inputs.ts';
import type { PackageAsk, PackageInputs } from '../../src/inputs/package-inputs.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { cleanUpAfterwards, temporaryFolder, testGit } from '../support/git-fixture.ts';

cleanUpAfterwards();

function inputs(sources: ExternalSources): PackageInputs {
  return openPackages({
    sources,
    git: testGit(),
    clock: createManualClock(),
    random: () => 0,
    environment: { HOME: temporaryFolder() },
    cacheDir: path.join(temporaryFolder(), 'packages'),
    freshMs: 1_000,
  });
}

const image = (reference: string): PackageAsk => ({ kind: 'image', reference });
const git = (reference: string): PackageAsk => ({ kind: 'gitFiles', reference });

describe('what is never asked for', () => {
  test.each([
    ['packages/shop', 'A folder of this repository is written ./packages/shop.'],
    ['oci.example.test/shop', undefined],
    ['docker.io/library/shop', undefined],
    ['localhost/shop', undefined],
  ])('%s may have meant a folder: %s', async (reference, hint) => {
    const answer = await inputs({ hosts: [] }).answer(image(reference));
    const told = answer.kind === 'failed' ? answer.diagnostic.hint : undefined;
    if (hint === undefined) expect(told).not.toContain('A folder');
    else expect(told).toContain(hint);
  });

  test.each<[string, PackageAsk, readonly string[], RegExp]>([
    [
      'an image of Docker Hub',
      image('nginx'),
      ['oci.example.test'],
      /allow images from index\.docker\.io/u,
    ],
    [
      'another port',
      image('oci.example.test:5000/x'),
      ['oci.example.test'],
      /from oci\.example\.test:5000/u,
    ],
    ['this machine', image('127.0.0.1:5000/x'), [], /from 127\.0\.0\.1:5000/u],
    ['no image at all', image('No Image'), ['index.docker.io'], /is no image reference/u],
    [
      'another repository',
      git('git+https://git.example.test/x//p@main'),
      [],
      /from git\.example\.test/u,
    ],
    ['a file', git('git+file:///srv/x//p@main'), ['', 'srv'], /https or ssh only/u],
    [
      'no encryption',
      git('git+http://git.example.test/x'),
      ['git.example.test'],
      /https or ssh only/u,
    ],
    [
      'a path out of it',
      git('git+https://git.example.test/x//..'),
      ['git.example.test'],
      /leaves/u,
    ],
  ])('%s', async (_what, ask, hosts, message) => {
    const answer = await inputs({ hosts }).answer(ask);
    if (answer.kind !== 'failed') throw new Error('it was answered');
    expect(answer.diagnostic.message).toMatch(message);
    // Nothing but another configuration or commit can change it.
    expect(answer.retry).toBeUndefined();
  });

  test('a password in an address is not repeated', async () => {
    const answer = await inputs({ hosts: [] }).answer(git('git+https://u:s3cret@x.test/y'));
    expect(JSON.stringify(answer)).not.toContain('s3cret');
  });

  test('anything, where no sources are configured', async () => {
    const answer = await refusePackages().answer(image('oci.example.test/x'));
    expect(answer).toMatchObject({ kind: 'failed', diagnostic: { code: 'AskUnanswered' } });
    if (answer.kind === 'failed') expect(answer.diagnostic.hint).toContain('sources.hosts');
  });
});

describe('what cannot be had now', () => {
  test.each<[string, PackageAsk, string]>([
    ['an image', image('127.0.0.1:1/shop:1'), '127.0.0.1:1'],
    ['a repository', git('git+https://127.0.0.1:1/shop//p@main'), '127.0.0.1:1'],
  ])('%s is tried again', async (_what, ask, host) => {
    const packages = inputs({ hosts: [host] });
    expect(await packages.answer(ask)).toMatchObject({
      kind: 'failed',
      retry: true,
      diagnostic: { code: 'AskUnanswered' },
    });
    expect(await packages.look(ask)).toMatchObject({ kind: 'unavailable' });
    packages.close();
  });
});

describe('logins', () => {
  const folder = temporaryFolder();
  const secret = path.join(folder, 'secret');
  writeFileSync(secret, 'word\n');
  const docker = (): Promise<{ kind: 'token'; token: string }> =>
    Promise.resolve({ kind: 'token', token: 'of docker' });
  test.each<[string, NonNullable<ExternalSources['credentials']>[number], unknown]>([
    [
      'user and password of the configuration come first',
      { host: 'oci.example.test', usernameFrom: { env: 'NAME' }, passwordFrom: { file: secret } },
      { kind: 'password', username: 'ada', password: 'word' },
    ],
    [
      'a token alone is sent as it is',
      { host: 'oci.example.test', tokenFrom: { file: secret } },
      { kind: 'token', token: 'word' },
    ],
    [
      'an entry for ssh holds nothing for a registry',
      { host: 'oci.example.test', sshKeyFrom: { file: secret } },
      { kind: 'token', token: 'of docker' },
    ],
    [
      "another host's entry does not count",
      { host: 'other.example.test', tokenFrom: { file: secret } },
      { kind: 'token', token: 'of docker' },
    ],
  ])('%s', async (_what, entry, expected) => {
    const lookup = createRegistryAccess([entry], docker, { NAME: 'ada' });
    expect(await lookup('oci.example.test', 'shop')).toEqual(expected);
  });

  test('a repository gets key, known hosts and certificates of its host', () => {
    const entry = {
      host: 'git.example.test',
      sshKeyFrom: { file: '/key' },
      knownHosts: '/hosts',
      caFile: '/ca',
    };
    expect(repositoryAccess([entry], 'git.example.test', 22)).toEqual({
      sshKeyFile: '/key',
      knownHostsFile: '/hosts',
      caFile: '/ca',
    });
    expect(repositoryAccess([entry], 'git.example.test:2222', 22)).toEqual({});
  });
});
