// The directory source: settled writes, cheap rescans, links that lead nowhere we go.
import { appendFile, chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobHash } from '../../src/git/index.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import {
  createCommitSnapshot,
  createDirectorySource,
  createWorkingTreeSnapshot,
} from '../../src/watcher/index.ts';
import type { Source } from '../../src/watcher/index.ts';
import { contentsOf, pollChanged, sourceContract } from '../contract/source.contract.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
  testGit,
} from '../support/git-fixture.ts';

cleanUpAfterwards();

function sourceOf(directory: string, settleMs = 10): Source {
  return createDirectorySource({ directory, clock: createSystemClock(), settleMs });
}

async function writeFiles(
  directory: string,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await (content === null ? rm(file) : writeFile(file, content));
  }
}

sourceContract('a directory', async () => {
  const directory = temporaryFolder();
  return {
    source: sourceOf(directory),
    write: (files) => writeFiles(directory, files),
    destroy: () => rm(directory, { recursive: true }),
  };
});

describe('a directory', () => {
  it('is read as git would record it: links and nested repositories are entries, .git is not there', async () => {
    const directory = temporaryFolder();
    await writeFiles(directory, {
      '.git/config': 'x',
      '.gitignore': 'ignored\n',
      ignored: 'i',
      'sub/.git/HEAD': 'x',
      'sub/a.yaml': 'a',
      'run.sh': 's',
    });
    await chmod(path.join(directory, 'run.sh'), 0o755);
    await symlink('/etc', path.join(directory, 'etc'));
    await symlink('.', path.join(directory, 'self'));
    const { files, commit, roots } = await createWorkingTreeSnapshot(directory);
    expect(files.map((file) => [file.path, file.mode])).toEqual([
      ['.gitignore', 'file'],
      ['etc', 'symlink'],
      ['ignored', 'file'],
      ['run.sh', 'executable'],
      ['self', 'symlink'],
      ['sub', 'submodule'],
    ]);
    expect(files.find((file) => file.path === 'ignored')?.oid).toBe(blobHash('i'));
    expect([commit, roots]).toEqual([undefined, []]);
  });

  it('has the same blob ids as the commit of it', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { 'a/b.yaml': 'b\n', c: '' } });
    const work = path.join(temporaryFolder(), 'work');
    plainGit(bare, ['clone', '--quiet', bare, work]);
    const committed = await createCommitSnapshot(testGit(), path.join(work, 'a'), 'HEAD');
    const working = await createWorkingTreeSnapshot(work);
    expect(working.files).toEqual(committed.files);
    expect(committed.commit?.subject).toBe('Change');
  });

  it('is not taken while a file is still being written', async () => {
    const directory = temporaryFolder();
    await writeFiles(directory, { 'a.yaml': 'start\n' });
    const source = sourceOf(directory, 60);
    await source.poll();
    const writing = (async () => {
      for (let line = 0; line < 6; line++) {
        await appendFile(path.join(directory, 'a.yaml'), `line ${line}\n`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await new Promise((resolve) => setTimeout(resolve, 10));
    const contents = await contentsOf(await pollChanged(source));
    await writing;
    expect(contents['a.yaml']?.split('\n')).toHaveLength(8);
    await source.close();
  });

  it('sees a change that keeps size and modification time', async () => {
    const directory = temporaryFolder();
    const file = path.join(directory, 'a.yaml');
    await writeFile(file, 'one');
    await utimes(file, 1000, 1000);
    const source = sourceOf(directory);
    await source.poll();
    await writeFile(file, 'two');
    await utimes(file, 1000, 1000);
    expect(await contentsOf(await pollChanged(source))).toEqual({ 'a.yaml': 'two' });
    await source.close();
  });

  it('hints after a change has settled, and not for .git', async () => {
    const directory = temporaryFolder();
    await writeFiles(directory, { 'a.yaml': 'a', '.git/HEAD': 'x' });
    const source = sourceOf(directory, 30);
    let hints = 0;
    const first = new Promise<void>((resolve) => {
      source.onHint(() => {
        hints += 1;
        resolve();
      });
    });
    await first;
    hints = 0;
    await writeFiles(directory, { '.git/HEAD': 'y' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(hints).toBe(0);
    const next = new Promise<void>((resolve) => source.onHint(resolve));
    await writeFiles(directory, { 'b.yaml': 'b' });
    await next;
    expect(hints).toBe(1);
    await source.close();
  });

  it('does not serve other content under the id of a large file that has changed since', async () => {
    const directory = temporaryFolder();
    const file = path.join(directory, 'large');
    await writeFile(file, 'x'.repeat(2_000_000));
    const snapshot = await createWorkingTreeSnapshot(directory);
    const oid = snapshot.file('large')?.oid ?? '';
    expect((await snapshot.read([oid])).get(oid)?.length).toBe(2_000_000);
    await writeFile(file, 'y'.repeat(2_000_000));
    expect((await snapshot.read([oid])).size).toBe(0);
  });

  it('that does not exist is a fault of whoever named it', async () => {
    await expect(createWorkingTreeSnapshot('/nowhere/at/all')).rejects.toMatchObject({
      code: 'UsageInvalid',
    });
  });
});

describe('a revision of a repository', () => {
  it.each(['HEAD', 'main', 'main^{commit}', 'refs/heads/main'])(
    'is found as %s',
    async (revision) => {
      const bare = bareRepository();
      const tip = commitFiles(bare, { files: { a: '1' } });
      expect((await createCommitSnapshot(testGit(), bare, revision)).id).toBe(tip);
    },
  );

  it.each(['none', '--all', 'main\nmain', '', 'main:a'])('is refused as %j', async (revision) => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    await expect(createCommitSnapshot(testGit(), bare, revision)).rejects.toMatchObject({
      code: 'UsageInvalid',
    });
  });

  it('outside of a repository is an error that repeats what git said', async () => {
    await expect(createCommitSnapshot(testGit(), temporaryFolder(), 'HEAD')).rejects.toMatchObject({
      code: 'GitFailed',
      message: expect.stringContaining('not a git repository'),
    });
  });
});
