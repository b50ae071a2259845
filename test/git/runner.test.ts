// The runner: a fixed environment, limits that hold, errors fit for people.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkGitVersion,
  createGit,
  createObjectReader,
  packRepository,
  scrub,
} from '../../src/git/index.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
  testGit,
} from '../support/git-fixture.ts';

cleanUpAfterwards();

/** A program that stands in for git. */
function script(body: string): string {
  const file = path.join(temporaryFolder(), 'git');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('running git', () => {
  it('keeps the machine’s git settings and variables out', async () => {
    const home = temporaryFolder();
    writeFileSync(path.join(home, '.gitconfig'), '[user]\n\tname = Mallory\n');
    const git = createGit({
      environment: { ...process.env, HOME: home, GIT_DIR: '/nowhere', GIT_CONFIG_COUNT: '1' },
    });
    const { code } = await git.run({ args: ['config', '--global', 'user.name'] });
    expect(code).not.toBe(0);
    const { stdout } = await git.succeed({ args: ['config', 'protocol.ext.allow'] });
    expect(stdout.toString()).toBe('never\n');
  });

  it('ends a process that takes too long, with the processes that it started', async () => {
    const marker = path.join(temporaryFolder(), 'alive');
    const git = createGit({ executable: script(`(sleep 0.4; touch ${marker}) & wait`) });
    const failure = { code: 'GitFailed', message: expect.stringContaining('took longer than') };
    await expect(git.run({ args: ['fetch'], timeoutMs: 100 })).rejects.toMatchObject(failure);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(existsSync(marker)).toBe(false);
  });

  it('ends a process when the caller gives up', async () => {
    const git = createGit({ executable: script('sleep 10') });
    const running = git.run({ args: ['fetch'], signal: AbortSignal.timeout(50) });
    await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
  });

  it('says the exit code and the end of what git said, without credentials', async () => {
    const git = createGit({
      executable: script('echo "fatal: https://ada:s3cr3t@host/x and tok+en" >&2; exit 128'),
    });
    await expect(git.succeed({ args: ['fetch'], secrets: ['tok+en'] })).rejects.toMatchObject({
      code: 'GitFailed',
      message: 'git fetch ended with exit code 128: fatal: https://***@host/x and ***',
    });
  });

  it('knows that there is no git', async () => {
    const git = createGit({ executable: '/nowhere/git' });
    await expect(checkGitVersion(git)).rejects.toMatchObject({ code: 'GitMissing' });
  });

  it.each([
    ['git version 2.29.2', 'is refused'],
    ['git version 1.9', 'is refused'],
    ['something else', 'is refused'],
    ['git version 2.30.0', 'is taken'],
    ['git version 2.39.3 (Apple Git-146)', 'is taken'],
    ['git version 3.0.1.windows.1', 'is taken'],
  ])('%s %s', async (text, verdict) => {
    const check = checkGitVersion(createGit({ executable: script(`echo "${text}"`) }));
    if (verdict === 'is taken') expect((await check).text).toBe(text);
    else await expect(check).rejects.toMatchObject({ code: 'GitMissing' });
  });
});

describe('scrubbing', () => {
  it.each([
    ['https://user:pass@host/x', 'https://***@host/x'],
    ['http://token@host', 'http://***@host'],
    ['ssh://git@host/x', 'ssh://git@host/x'],
    ['ssh://git:pw@host/x', 'ssh://***@host/x'],
    ['Authorization: Basic abcdef==', 'Authorization: Basic ***'],
    ['the password is p@ss/word', 'the password is ***'],
    ['escaped p%40ss%2Fword', 'escaped ***'],
    ['git@host:path stays', 'git@host:path stays'],
  ])('%s', (text, expected) => {
    expect(scrub(text, ['p@ss/word'])).toBe(expected);
  });
});

describe('maintenance', () => {
  it('packs beside a reader that is open, which goes on reading', async () => {
    const bare = bareRepository();
    for (let round = 0; round < 5; round++) commitFiles(bare, { files: { a: `round ${round}` } });
    const reader = createObjectReader(testGit(), { gitDir: bare });
    await reader.resolve('HEAD');
    await packRepository(testGit(), bare);
    expect(plainGit(bare, ['count-objects'])).toMatch(/^0 objects/u);
    commitFiles(bare, { files: { a: 'after' } });
    expect(Buffer.from((await reader.resolve('HEAD:a'))?.content ?? []).toString()).toBe('after');
    expect(Buffer.from((await reader.resolve('HEAD~2:a'))?.content ?? []).toString()).toBe(
      'round 3',
    );
    reader.close();
  });
});

describe('the object reader', () => {
  it('serves overlapping reads from one process and starts another after it was closed', async () => {
    const bare = bareRepository();
    commitFiles(bare, {
      files: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, `c${i}`])),
    });
    const reader = createObjectReader(testGit(), { gitDir: bare });
    const names = await Promise.all(
      Array.from({ length: 50 }, (_, i) => reader.resolve(`HEAD:f${i}`)),
    );
    const read = await Promise.all(names.map((object) => reader.readBlobs([object?.oid ?? ''])));
    expect(read.map((map) => Buffer.from([...map.values()][0] ?? []).toString())).toEqual(
      Array.from({ length: 50 }, (_, i) => `c${i}`),
    );
    reader.close();
    expect((await reader.resolve('HEAD'))?.type).toBe('commit');
    reader.close();
  });

  it('does not count a commit or a tree as a file', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { files: { a: '1' } });
    const reader = createObjectReader(testGit(), { gitDir: bare });
    expect((await reader.readBlobs([tip])).size).toBe(0);
    reader.close();
  });

  it('fails its reads when git ends under it, and works again afterwards', async () => {
    const bare = bareRepository();
    const reader = createObjectReader(createGit({ executable: script('read line; exit 3') }), {
      gitDir: bare,
    });
    await expect(reader.resolve('HEAD')).rejects.toMatchObject({ code: 'GitFailed' });
    await expect(reader.resolve('HEAD')).rejects.toMatchObject({ code: 'GitFailed' });
  });

  it('gives up a read when the caller does, and keeps the order of the others', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    const reader = createObjectReader(testGit(), { gitDir: bare });
    const given = reader.resolve('HEAD:a', AbortSignal.abort());
    const kept = reader.resolve('HEAD^{tree}');
    await expect(given).rejects.toMatchObject({ code: 'Interrupted' });
    expect((await kept)?.type).toBe('tree');
    reader.close();
  });
});
