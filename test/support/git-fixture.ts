// Real git repositories in temporary folders, driven by the plain git program as other people would.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createGit, createRemote } from '../../src/git/index.ts';
import type { Git, GitVersion, Remote, RemoteOptions } from '../../src/git/index.ts';

export const GIT_VERSION: GitVersion = readVersion();

const PERSON = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

const folders: string[] = [];

/** Call once per test file: temporary folders go when it is done. */
export function cleanUpAfterwards(): void {
  afterAll(() => {
    for (const folder of folders.splice(0)) {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-test-'));
  folders.push(folder);
  return folder;
}

/** Runs plain git and returns what it prints. */
export function plainGit(
  directory: string,
  args: readonly string[],
  input?: string | Buffer,
): string {
  return execFileSync('git', ['-C', directory, ...args], {
    env: { PATH: process.env['PATH'], HOME: directory, ...PERSON },
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  }).trimEnd();
}

/** An empty bare repository, as a server has it. */
export function bareRepository(): string {
  const folder = path.join(temporaryFolder(), 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', folder]);
  plainGit(folder, ['config', 'http.receivepack', 'true']);
  return folder;
}

export interface PersonsCommit {
  readonly branch?: string;
  /** `null` removes. */
  readonly files: Readonly<Record<string, string | Buffer | null>>;
  readonly message?: string;
  /** `none` starts a new history and moves the branch there by force. */
  readonly onto?: 'tip' | 'none';
  /** Octal modes other than 100644, by path. */
  readonly modes?: Readonly<Record<string, string>>;
}

/** Commits to a bare repository as a person would push, and returns the commit's id. */
export function commitFiles(bare: string, commit: PersonsCommit): string {
  const branch = commit.branch ?? 'main';
  const ref = `refs/heads/${branch}`;
  const tip = commit.onto === 'none' ? undefined : tipOf(bare, branch);
  const parts: Buffer[] = [];
  const line = (text: string): number => parts.push(Buffer.from(`${text}\n`));
  const data = (content: string | Buffer): void => {
    const bytes = Buffer.from(content);
    line(`data ${bytes.length}`);
    parts.push(bytes, Buffer.from('\n'));
  };
  // Without a `from`, fast-import would go on from where the branch is.
  if (commit.onto === 'none') parts.push(Buffer.from(`reset ${ref}\n\n`));
  line(`commit ${ref}`);
  line('author Ada <ada@example.test> 1700000000 +0000');
  line('committer Ada <ada@example.test> 1700000000 +0000');
  data(commit.message ?? 'Change');
  if (tip !== undefined) line(`from ${tip}`);
  for (const [name, content] of Object.entries(commit.files)) {
    if (content === null) line(`D ${JSON.stringify(name)}`);
    else if (commit.modes?.[name] === '160000') {
      line(`M 160000 ${content.toString()} ${JSON.stringify(name)}`);
    } else {
      line(`M ${commit.modes?.[name] ?? '100644'} inline ${JSON.stringify(name)}`);
      data(content);
    }
  }
  const force = commit.onto === 'none' ? ['--force'] : [];
  plainGit(bare, ['fast-import', '--quiet', ...force], Buffer.concat(parts));
  return tipOf(bare, branch) ?? '';
}

/** Where a branch is, or undefined. */
export function tipOf(repository: string, branch: string): string | undefined {
  const listed = plainGit(repository, [
    'for-each-ref',
    '--format=%(objectname)',
    `refs/heads/${branch}`,
  ]);
  return listed === '' ? undefined : listed;
}

export function moveBranch(repository: string, branch: string, commit: string): void {
  plainGit(repository, ['update-ref', `refs/heads/${branch}`, commit]);
}

export function deleteBranch(repository: string, branch: string): void {
  plainGit(repository, ['update-ref', '-d', `refs/heads/${branch}`]);
}

/** A file on a branch as plain git shows it. */
export function fileOn(repository: string, branch: string, file: string): string {
  return plainGit(repository, ['show', `refs/heads/${branch}:${file}`]);
}

export function subjectsOn(repository: string, branch: string): readonly string[] {
  return plainGit(repository, ['log', '--format=%s', `refs/heads/${branch}`]).split('\n');
}

export function testGit(): Git {
  return createGit({ environment: { PATH: process.env['PATH'], HOME: os.tmpdir() } });
}

export function testRemote(url: string, options: Partial<RemoteOptions> = {}): Remote {
  return createRemote({ branch: 'main', url, ...options }, process.env, '/');
}

function readVersion(): GitVersion {
  const text = execFileSync('git', ['version'], { encoding: 'utf8' }).trim();
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  return { major: Number(major), minor: Number(minor), text };
}
