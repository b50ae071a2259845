// Addresses, branch names, credentials and transports: what reaches git, and what must never be seen.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createGit, isBranchName, lookUpDefaultBranch, lookUpRefs } from '../../src/git/index.ts';
import type { RemoteOptions } from '../../src/git/index.ts';
import { parseRemoteAddress } from '../../src/git/remote-address.ts';
import { sshCommand } from '../../src/git/ssh-command.ts';
import { createGitSource } from '../../src/watcher/index.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  temporaryFolder,
  testGit,
  testRemote,
} from '../support/git-fixture.ts';
import { startGitHttpServer } from '../support/git-http-server.ts';
import type { GitHttpServer } from '../support/git-http-server.ts';

cleanUpAfterwards();

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(bare: string, password?: string): Promise<GitHttpServer> {
  const access = password === undefined ? {} : { user: 'ada', password };
  const server = await startGitHttpServer({ root: path.dirname(bare), ...access });
  servers.push(server);
  return server;
}

describe('an address', () => {
  it.each([
    ['/srv/x.git', 'file', '/srv/x.git', '/srv/x.git'],
    ['x.git', 'file', '/base/x.git', '/base/x.git'],
    ['file:///srv/x.git', 'file', 'file:///srv/x.git', 'file:///srv/x.git'],
    ['https://host/x.git', 'http', 'https://host/x.git', 'https://host/x.git'],
    ['https://ada:pw@host/x.git', 'http', 'https://host/x.git', 'https://host/x.git'],
    ['https://host/x.git?token=t', 'http', 'https://host/x.git?token=t', 'https://host/x.git'],
    ['ssh://git:pw@host:22/x', 'ssh', 'ssh://git@host:22/x', 'ssh://git@host:22/x'],
    ['git@host:team/x.git', 'ssh', 'git@host:team/x.git', 'git@host:team/x.git'],
  ])('%s is read', (text, transport, url, display) => {
    expect(parseRemoteAddress(text, '/base')).toMatchObject({ transport, url, display });
  });

  it.each([
    '',
    '-x',
    '--upload-pack=touch x',
    'ext::sh -c id',
    'fd::17',
    'git://host/x',
    'ftp://host/x',
    'ssh://-oProxyCommand=id/x',
    'ssh://-oProxyCommand=id@host/x',
    '-oProxyCommand=id:x',
    'https://host/x\n--upload-pack=id',
    'https://',
  ])('%j is refused', (text) => {
    expect(() => parseRemoteAddress(text, '/base')).toThrow(/refused/);
  });

  it('with a password in it is never repeated by the refusal', () => {
    expect(() => testRemote('ftp://ada:s3cr3t@host/')).toThrow(/^(?!.*s3cr3t)/);
  });
});

describe('a branch name', () => {
  it.each(['main', 'sluice/status', 'a.b', 'ü', 'feature/x-1', 'a@b', '日本'])(
    '%j is one',
    (name) => {
      expect(isBranchName(name)).toBe(true);
    },
  );

  it.each([
    '',
    '-x',
    '/a',
    'a/',
    'a//b',
    'a..b',
    'a b',
    'a\nb',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    '[a',
    'a\\b',
    '@',
    'a@{1}',
    '.a',
    'b/.a',
    'a.lock',
    'a.lock/b',
    'a.',
  ])('%j is none', (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});

describe('ssh', () => {
  it('never asks, and uses only the key and the hosts that were named', () => {
    const command = sshCommand({ sshKeyFile: "/keys/it's", knownHostsFile: '/etc/known hosts' });
    expect(command).toContain('-o BatchMode=yes');
    expect(command).toContain(`-i '/keys/it'\\''s'`);
    expect(command).toContain(`'UserKnownHostsFile="/etc/known hosts"'`);
    expect(command).toContain('StrictHostKeyChecking=yes');
  });
});

describe('over ssh', () => {
  it('polls and reads with the key and the hosts that were named', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { files: { a: '1' } });
    const folder = temporaryFolder();
    const log = path.join(folder, 'calls');
    // Stands in for ssh and the machine behind it: notes how it was called and runs the command here.
    const ssh = path.join(folder, 'ssh');
    writeFileSync(
      ssh,
      `#!/bin/sh\nfor w; do last="$w"; done\necho "$*" >> ${log}\nexec sh -c "$last"\n`,
    );
    chmodSync(ssh, 0o755);
    const source = createGitSource({
      git: createGit({ environment: { PATH: `${folder}:${process.env['PATH']}` } }),
      remote: testRemote(`git@git.example.test:${bare}`, {
        sshKeyFile: '/keys/deploy',
        knownHostsFile: '/keys/known hosts',
      }),
      gitDir: path.join(folder, 'source.git'),
    });
    expect(await source.poll()).toMatchObject({ kind: 'changed', snapshot: { id: tip } });
    await source.close();
    const [lookup, fetch] = readFileSync(log, 'utf8').trim().split('\n');
    for (const call of [lookup, fetch]) {
      expect(call).toContain('BatchMode=yes');
      expect(call).toContain('-i /keys/deploy');
      expect(call).toContain('UserKnownHostsFile="/keys/known hosts"');
      expect(call).toMatch(/ git@git\.example\.test git-upload-pack /);
    }
  });
});

describe('over https', () => {
  it('trusts the certificates of the file that was named, and no others', async () => {
    const folder = temporaryFolder();
    const [key, ca] = [path.join(folder, 'key.pem'), path.join(folder, 'ca.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', key, '-out', ca, '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1'],
      ],
      { stdio: 'ignore' },
    );
    const server = createHttpsServer(
      { key: readFileSync(key), cert: readFileSync(ca) },
      (_request, response) => void response.writeHead(404).end(),
    );
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    servers.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
    const { port } = server.address() as AddressInfo;
    const look = (options: Partial<RemoteOptions>) =>
      lookUpRefs(testGit(), testRemote(`https://127.0.0.1:${port}/x.git`, options), [
        'refs/heads/main',
      ]);
    await expect(look({})).rejects.toThrow(/certificate/i);
    await expect(look({ caFile: ca })).rejects.toThrow(/not found/i);
  });
});

describe('http with a password', () => {
  const open = (url: string, options: Partial<RemoteOptions>) =>
    lookUpRefs(testGit(), testRemote(url, options), ['refs/heads/main']);

  it('is given from a file, read afresh each time', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { files: { a: '1' } });
    const server = await serve(bare, 'new p@ss"$`word');
    const file = path.join(temporaryFolder(), 'password');
    const remote = testRemote(`${server.url}/remote.git`, {
      credentials: { usernameFrom: { value: 'ada' }, passwordFrom: { file } },
    });
    const look = () => lookUpRefs(testGit(), remote, ['refs/heads/main']);
    writeFileSync(file, 'old\n');
    await expect(look()).rejects.toMatchObject({ code: 'GitFailed' });
    writeFileSync(file, 'new p@ss"$`word\n');
    expect((await look()).get('refs/heads/main')).toBe(tip);
  });

  it('is given from the address, which is shown without it', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { files: { a: '1' } });
    const server = await serve(bare, 's3cr3t');
    const url = `${server.url.replace('//', '//ada:s3cr3t@')}/remote.git`;
    expect((await open(url, {})).get('refs/heads/main')).toBe(tip);
    expect(testRemote(url).display).toBe(`${server.url}/remote.git`);
  });

  it('that is wrong or missing is an error without the password', async () => {
    const bare = bareRepository();
    const server = await serve(bare, 's3cr3t');
    const url = `${server.url}/remote.git`;
    const source = createGitSource({
      git: testGit(),
      remote: testRemote(url, {
        credentials: { usernameFrom: { value: 'ada' }, passwordFrom: { value: 'wr0ng-one' } },
      }),
      gitDir: path.join(temporaryFolder(), 'source.git'),
    });
    const result = await source.poll();
    expect(result).toMatchObject({
      kind: 'unreachable',
      diagnostic: { code: 'SourceUnreachable' },
    });
    expect(JSON.stringify(result)).toContain(url);
    expect(JSON.stringify(result)).not.toContain('wr0ng-one');
    await expect(
      open(url, { credentials: { passwordFrom: { env: 'SLUICE_TEST_UNSET' } } }),
    ).rejects.toThrow('SLUICE_TEST_UNSET is not set');
    await expect(
      open(url, { credentials: { passwordFrom: { value: 'a\nhost=evil' } } }),
    ).rejects.toThrow('line break');
  });

  it('is not sent to another host that the server points to', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    const other = await serve(bare, 's3cr3t');
    const redirecting = createServer((request, response) => {
      response.writeHead(302, { Location: `${other.url}${request.url}` }).end();
    });
    await new Promise<void>((resolve) => {
      redirecting.listen(0, '127.0.0.1', resolve);
    });
    servers.push({
      close: () => new Promise((resolve) => void redirecting.close(() => resolve())),
    });
    const { port } = redirecting.address() as AddressInfo;
    await expect(
      open(`http://127.0.0.1:${port}/remote.git`, {
        credentials: { usernameFrom: { value: 'ada' }, passwordFrom: { value: 's3cr3t' } },
      }),
    ).rejects.toMatchObject({ code: 'GitFailed' });
    expect(other.requests.length).toBeGreaterThan(0);
    expect(other.requests.filter((request) => !request.endsWith(' -'))).toEqual([]);
  });

  it('reaches the server through the proxy that was named', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization'] ?? '-'}`);
      const known = request.headers['proxy-authorization'] !== undefined;
      response.writeHead(known ? 502 : 407, { 'Proxy-Authenticate': 'Basic realm="p"' }).end();
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    servers.push({ close: () => new Promise((resolve) => void proxy.close(() => resolve())) });
    const { port } = proxy.address() as AddressInfo;
    const failure = open('http://git.example.test/x.git', {
      proxy: `http://u:pr0xypw@127.0.0.1:${port}`,
    });
    await expect(failure).rejects.toThrow(/^(?!.*pr0xypw)/);
    expect(seen.at(-1)).toMatch(/^http:\/\/git\.example\.test\/x\.git\/info\/refs.* Basic /);
  });
});

describe('the default branch', () => {
  it('is what HEAD names, and nothing in an empty repository', async () => {
    const bare = bareRepository();
    const remote = testRemote(bare);
    expect(await lookUpDefaultBranch(testGit(), remote)).toBeUndefined();
    commitFiles(bare, { files: { a: '1' } });
    expect(await lookUpDefaultBranch(testGit(), remote)).toBe('main');
  });
});
