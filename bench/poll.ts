// Git: what a poll, a cold read, a one-file change, a status commit and a push cost, beside bare git in the same run.
//
//   npx tsc -p bench/tsconfig.json && node dist/measured/bench/poll.js
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { checkGitVersion, createGit, createRemote } from '../src/git/index.ts';
import { createSystemClock } from '../src/lib/clock.ts';
import { createGitStatusStore } from '../src/status/git-store.ts';
import { createGitSource } from '../src/watcher/index.ts';
import { generateRepository } from './support/generate-repository.ts';

const run = promisify(execFile);
const ROUNDS = 15;
const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-bench-'));
const bare = path.join(folder, 'remote.git');
const url = `file://${bare}`;

try {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare]);
  const files = [...generateRepository()].map((file) => [file.path, file.text] as const);
  commit(files);
  await measureSource(files);
  await measureStatus();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureSource(files: readonly (readonly [string, string])[]): Promise<void> {
  const git = createGit();
  const gitDir = path.join(folder, 'source.git');
  const remote = createRemote({ url, branch: 'main' }, process.env);
  const source = createGitSource({ git, remote, gitDir, statusBranch: 'sluice/status' });
  console.log(`${files.length} files; medians of ${ROUNDS} rounds, ms\n`);
  const bareLookup = await median('git ls-remote, bare', async () => {
    await run('git', ['ls-remote', url, 'refs/heads/main', 'refs/heads/sluice/status']);
  });
  const started = performance.now();
  const first = await source.poll();
  if (first.kind !== 'changed') throw new Error(first.kind);
  show('first poll: fetch, list, roots', performance.now() - started);
  const { snapshot } = first;
  const read = await median(`read ${snapshot.files.length} files by id`, async () => {
    await snapshot.read(snapshot.files.map((file) => file.oid));
  });
  await median('read one file by id', async () => {
    await snapshot.read([snapshot.files[0]?.oid ?? '']);
  });
  const poll = await median('poll, nothing changed', async () => {
    await source.poll();
  });
  let round = 0;
  const name = files[0]?.[0] ?? '';
  const changes: number[] = [];
  for (; round < ROUNDS; round++) {
    commit([[name, `kind: Changed\nround: ${round}\n`]]);
    const before = performance.now();
    const result = await source.poll();
    changes.push(performance.now() - before);
    if (result.kind !== 'changed' || result.changedPaths?.length !== 1)
      throw new Error(result.kind);
  }
  show('poll that sees a one-file commit', middle(changes));
  await source.close();
  verdict('poll : bare ls-remote <= 2', poll / bareLookup, 2);
  verdict('read of all files <= 300 ms', read, 300);
}

async function measureStatus(): Promise<void> {
  const git = createGit();
  const remote = createRemote({ url, branch: 'sluice/status' }, process.env);
  const store = createGitStatusStore({
    git,
    version: await checkGitVersion(git),
    gitDir: path.join(folder, 'status.git'),
    branch: 'sluice/status',
    remote,
    instance: 'bench',
    repository: url,
    clock: createSystemClock(),
  });
  console.log();
  const started = performance.now();
  await store.open({ takeover: false });
  show('open a fresh store', performance.now() - started);
  let round = 0;
  const change = (count: number) => {
    round += 1;
    return Array.from({ length: count }, (_, index) => ({
      path: `units/local/web/Package.x/unit-${index}/unit.yaml`,
      content: `round: ${round}\n${'status: of some length\n'.repeat(40)}`,
    }));
  };
  const many = await median('commit 500 status files', async () => {
    await store.commit(change(500), 'Status');
  });
  await median('commit 1 status file', async () => {
    await store.commit(change(1), 'Status');
  });
  await store.push();
  await median('commit 1 status file and push it', async () => {
    await store.commit(change(1), 'Status');
    await store.push();
  });
  const same = change(500);
  await store.commit(same, 'Status');
  await median('commit of 500 files that changes nothing', async () => {
    await store.commit(same, 'Status');
  });
  await store.close();
  verdict('commit of 500 files <= 40 ms', many, 40);
}

function commit(files: readonly (readonly [string, string])[]): void {
  const ref = 'refs/heads/main';
  const parts = [`commit ${ref}\ncommitter Ada <ada@example.test> 1700000000 +0000\ndata 1\nx\n`];
  const tip = execFileSync('git', ['-C', bare, 'for-each-ref', '--format=%(objectname)', ref]);
  if (tip.length > 0) parts.push(`from ${tip.toString().trim()}\n`);
  for (const [name, text] of files) {
    parts.push(
      `M 100644 inline ${JSON.stringify(name)}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
  }
  execFileSync('git', ['-C', bare, 'fast-import', '--quiet'], { input: parts.join('') });
}

async function median(what: string, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  const value = middle(times);
  show(what, value);
  return value;
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

function show(what: string, ms: number): void {
  console.log(`${what.padEnd(44)} ${ms.toFixed(1).padStart(8)}`);
}

function verdict(what: string, value: number, limit: number): void {
  console.log(
    `  target: ${what.padEnd(34)} ${value.toFixed(2)} ${value <= limit ? 'met' : 'MISSED'}`,
  );
}
