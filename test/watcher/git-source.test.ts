// The Git source against real repositories: branches that come, go and are rewritten, and trees that mean harm.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGitSource } from '../../src/watcher/index.ts';
import type { Source } from '../../src/watcher/index.ts';
import { contentsOf, pollChanged, sourceContract } from '../contract/source.contract.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  deleteBranch,
  plainGit,
  temporaryFolder,
  testGit,
  testRemote,
} from '../support/git-fixture.ts';

cleanUpAfterwards();

interface Options {
  readonly gitDir?: string;
  readonly branch?: string;
  readonly statusBranch?: string;
}

function sourceOf(bare: string, options: Options = {}): Source {
  const {
    gitDir = path.join(temporaryFolder(), 'source.git'),
    branch = 'main',
    statusBranch,
  } = options;
  return createGitSource({
    git: testGit(),
    remote: testRemote(bare, { branch }),
    gitDir,
    ...(statusBranch === undefined ? {} : { statusBranch }),
  });
}

sourceContract('a Git branch', async () => {
  const bare = bareRepository();
  return {
    source: sourceOf(bare),
    write: async (files) => void commitFiles(bare, { files }),
    destroy: async () => rmSync(bare, { recursive: true }),
  };
});

describe('the source branch', () => {
  it('is missing when it never existed, and is found once it is pushed', async () => {
    const bare = bareRepository();
    const source = sourceOf(bare);
    expect(await source.poll()).toMatchObject({
      kind: 'missing',
      diagnostic: { code: 'SourceBranchMissing', message: `branch main does not exist in ${bare}` },
    });
    commitFiles(bare, { files: { a: '1' } });
    expect((await source.poll()).kind).toBe('changed');
    await source.close();
  });

  it('is missing, in other words, when it was deleted; back at the same commit nothing changed', async () => {
    const bare = bareRepository();
    const tip = commitFiles(bare, { files: { a: '1' } });
    const gitDir = path.join(temporaryFolder(), 'source.git');
    const source = sourceOf(bare, { gitDir });
    await source.poll();
    deleteBranch(bare, 'main');
    const gone = { kind: 'missing', diagnostic: { message: `branch main was deleted in ${bare}` } };
    expect(await source.poll()).toMatchObject(gone);
    expect(await sourceOf(bare, { gitDir }).poll(), 'after a restart too').toMatchObject(gone);
    plainGit(bare, ['update-ref', 'refs/heads/main', tip]);
    expect((await source.poll()).kind).toBe('unchanged');
    await source.close();
  });

  it('is not confused with a branch whose name ends the same way', async () => {
    const bare = bareRepository();
    commitFiles(bare, { branch: 'x/refs/heads/main', files: { a: '1' } });
    expect((await sourceOf(bare).poll()).kind).toBe('missing');
  });

  it('is said to be rewritten after a force push, and the new content is in force', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1', b: '1' } });
    const gitDir = path.join(temporaryFolder(), 'source.git');
    const source = sourceOf(bare, { gitDir });
    const before = await pollChanged(source);
    commitFiles(bare, { files: { a: '2' }, onto: 'none', message: 'Start over' });
    const after = await pollChanged(source);
    expect(after.diagnostics).toMatchObject([{ code: 'SourceRewritten', severity: 'warning' }]);
    expect(after.changedPaths).toEqual(['a', 'b']);
    expect(await contentsOf(after)).toEqual({ a: '2' });
    expect(after.snapshot.roots).not.toEqual(before.snapshot.roots);
    await source.close();
    commitFiles(bare, { files: { a: '3' }, onto: 'none' });
    const restarted = await pollChanged(sourceOf(bare, { gitDir }));
    expect(restarted.diagnostics, 'over a restart').toMatchObject([{ code: 'SourceRewritten' }]);
  });

  it('is not said to be rewritten when it grew, was merged or when another branch is configured', async () => {
    const bare = bareRepository();
    const base = commitFiles(bare, { files: { a: '1' } });
    plainGit(bare, ['update-ref', 'refs/heads/side', base]);
    const gitDir = path.join(temporaryFolder(), 'source.git');
    const source = sourceOf(bare, { gitDir });
    await source.poll();
    commitFiles(bare, { files: { b: '1' } });
    expect((await pollChanged(source)).diagnostics).toEqual([]);
    commitFiles(bare, { branch: 'side', files: { c: '1' } });
    const side = await pollChanged(sourceOf(bare, { gitDir, branch: 'side' }));
    expect(side.diagnostics).toEqual([]);
    await source.close();
  });

  it('tells its commit and the roots of its history, a second root after an unrelated merge', async () => {
    const bare = bareRepository();
    const root = commitFiles(bare, { files: { a: '1' }, message: 'First\n\nbody' });
    const source = sourceOf(bare);
    const first = await pollChanged(source);
    expect(first.snapshot.commit).toEqual({
      id: root,
      author: 'Ada <ada@example.test>',
      time: 1_700_000_000,
      subject: 'First',
    });
    expect(first.snapshot.roots).toEqual([root]);
    const other = commitFiles(bare, { branch: 'other', files: { z: '1' } });
    const tree = plainGit(bare, ['rev-parse', `${other}^{tree}`]);
    const merge = plainGit(bare, ['commit-tree', '-p', root, '-p', other, '-m', 'Merge', tree]);
    plainGit(bare, ['update-ref', 'refs/heads/main', merge]);
    const second = await pollChanged(source);
    expect(second.snapshot.roots).toEqual([root, other].toSorted());
    expect(second.diagnostics).toEqual([]);
    await source.close();
  });
});

describe('the status branch in the same lookup', () => {
  it('is a commit, null when it is not there, and undefined when nobody asked', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    const source = sourceOf(bare, { statusBranch: 'sluice/status' });
    expect(await source.poll()).toMatchObject({ kind: 'changed', statusTip: null });
    const tip = commitFiles(bare, { branch: 'sluice/status', files: { x: '1' } });
    expect(await source.poll()).toEqual({ kind: 'unchanged', statusTip: tip });
    expect(await sourceOf(bare).poll()).toMatchObject({ kind: 'changed', statusTip: undefined });
    await source.close();
  });
});

describe('what a tree may hold', () => {
  it('gives symlinks, submodules and executables as what they are, and follows none', async () => {
    const bare = bareRepository();
    commitFiles(bare, {
      files: {
        'link.yaml': '../../etc/passwd',
        sub: 'a'.repeat(40),
        'run.sh': '#!/bin/sh\n',
        f: 'f',
      },
      modes: { 'link.yaml': '120000', sub: '160000', 'run.sh': '100755' },
    });
    const source = sourceOf(bare);
    const result = await pollChanged(source);
    expect(result.snapshot.files.map(({ path: name, mode }) => [name, mode])).toEqual([
      ['f', 'file'],
      ['link.yaml', 'symlink'],
      ['run.sh', 'executable'],
      ['sub', 'submodule'],
    ]);
    expect((await contentsOf(result))['link.yaml']).toBe('../../etc/passwd');
    expect(result.snapshot.file('sub')?.size).toBe(0);
    await source.close();
  });

  it('reads names with line breaks, spaces, quotes, any script, leading dots and 250 characters', async () => {
    const bare = bareRepository();
    const names = [
      'a\nb',
      'with space',
      '"q"',
      '-rf',
      '.dot',
      'ü/日本/😀',
      'x'.repeat(250),
      'tab\there',
    ];
    commitFiles(bare, { files: Object.fromEntries(names.map((name) => [name, `in ${name}`])) });
    const source = sourceOf(bare);
    const result = await pollChanged(source);
    expect(await contentsOf(result)).toEqual(
      Object.fromEntries(names.map((name) => [name, `in ${name}`])),
    );
    expect(result.snapshot.files.map((file) => file.path)).toEqual(names.toSorted());
    await source.close();
  });

  it('leaves out paths with .. and .git, and says so, although the rest is read', async () => {
    const bare = bareRepository();
    const blob = plainGit(bare, ['hash-object', '-w', '--stdin'], 'evil');
    const entry = (mode: string, oid: string, name: string): Buffer =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
    const tree = (...entries: Buffer[]): string =>
      plainGit(
        bare,
        ['hash-object', '-t', 'tree', '-w', '--literally', '--stdin'],
        Buffer.concat(entries),
      );
    const inner = tree(entry('100644', blob, 'config'));
    const root = tree(
      entry('40000', inner, '..'),
      entry('40000', inner, '.git'),
      entry('100644', blob, 'good.yaml'),
    );
    const commit = plainGit(bare, ['commit-tree', '-m', 'Odd', root]);
    plainGit(bare, ['update-ref', 'refs/heads/main', commit]);
    const source = sourceOf(bare);
    const result = await pollChanged(source);
    expect(result.snapshot.files.map((file) => file.path)).toEqual(['good.yaml']);
    expect(result.diagnostics.map((item) => [item.code, item.severity])).toEqual([
      ['FileSkipped', 'warning'],
      ['FileSkipped', 'warning'],
    ]);
    await source.close();
  });

  it('reads binary content byte for byte, whatever the chunks are', async () => {
    const bare = bareRepository();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    commitFiles(bare, { files: { bin: bytes, empty: '', newline: '\n' } });
    const source = sourceOf(bare);
    const { snapshot } = await pollChanged(source);
    const oid = snapshot.file('bin')?.oid ?? '';
    const read = await snapshot.read(snapshot.files.map((file) => file.oid));
    expect(Buffer.from(read.get(oid) ?? []).equals(bytes)).toBe(true);
    expect(read.size).toBe(3);
    await source.close();
  });
});

describe('trouble', () => {
  it('ends a poll that is aborted, and the next one works', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    const source = sourceOf(bare);
    await expect(source.poll(AbortSignal.abort())).rejects.toMatchObject({ code: 'Interrupted' });
    expect((await source.poll()).kind).toBe('changed');
    await source.close();
  });

  it('goes on over lock files that a killed git has left', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { a: '1' } });
    const gitDir = path.join(temporaryFolder(), 'source.git');
    await sourceOf(bare, { gitDir }).poll();
    const [ref] = plainGit(gitDir, ['for-each-ref', '--format=%(refname)']).split('\n');
    plainGit(gitDir, ['config', 'x.y', 'z']);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(gitDir, `${ref}.lock`), '');
    writeFileSync(path.join(gitDir, 'packed-refs.lock'), '');
    commitFiles(bare, { files: { a: '2' } });
    expect((await sourceOf(bare, { gitDir }).poll()).kind).toBe('changed');
  });
});
