// The whole loop on 10,000 manifests in 1,000 units: cold reconcile, restart, one-file commits, memory.
//
//   npx tsc -p bench/tsconfig.json && node dist/measured/bench/reconcile.js
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeRepository } from './support/generate-repository.ts';

const UNITS = Number(process.env['BENCH_UNITS'] ?? 1_000);
const COMMITS = 7;
const PROGRAM = fileURLToPath(new URL('../../../bin/sluice.js', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-bench-'));
const work = path.join(folder, 'work');
const bare = path.join(folder, 'repo.git');
const data = path.join(folder, 'data');

interface LogLine {
  readonly time: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

try {
  const files = writeRepository(work, { units: UNITS });
  git('init', '--quiet', '--initial-branch=main', work);
  commit('first');
  git('clone', '--quiet', '--bare', work, bare);
  console.log(
    `${files} files, ${UNITS} units, ${os.cpus().length} cores, Node ${process.version}\n`,
  );

  const cold = await run(['--once']);
  report('cold reconcile, pushes batched', cold.ms, 60_000);
  console.log(
    `  pushes ${count(cold.lines, 'status pushed')}, objects created ${created(cold.lines)}`,
  );
  report('peak resident memory, git children included', cold.peakMb, 500, 'MB');

  const restart = await run(['--once']);
  report('restart, nothing changed', restart.ms);
  console.log(`  objects written ${created(restart.lines)}, peak ${restart.peakMb.toFixed(0)} MB`);

  await measureCommits();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A long-running daemon sees one-file commits: from the poll that sees one to the push of its status. */
async function measureCommits(): Promise<void> {
  const daemon = start(['--interval', '100ms']);
  await quiet(daemon.lines);
  const times: number[] = [];
  const touched: number[] = [];
  for (let round = 0; round < COMMITS; round += 1) {
    const file = path.join(work, 'clusters/local/team-0007/03-configmap.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(/LOG_LEVEL: .*/, `LOG_LEVEL: level-${round}`),
    );
    commit(`change ${round}`);
    const before = daemon.lines.length;
    git('-C', work, 'push', '--quiet', bare, 'main');
    await quiet(daemon.lines, before + 1);
    const lines = daemon.lines.slice(before);
    const poll = lines.find((line) => line.msg === 'poll' && line['result'] === 'changed');
    const pushed = lines.findLast((line) => line.msg === 'status pushed');
    if (poll && pushed) times.push(pushed.time - poll.time + Number(poll['ms']));
    touched.push(
      new Set(lines.filter((line) => line.msg === 'object').map((line) => line['unit'])).size,
    );
  }
  daemon.child.kill('SIGTERM');
  await daemon.ended;
  times.sort((a, b) => a - b);
  report(
    `one-file commit, start of its poll to pushed status, median of ${times.length}`,
    times[times.length >> 1] ?? Number.NaN,
    500,
  );
  console.log(`  all: ${times.join(', ')} ms; units touched per commit: ${Math.max(...touched)}`);
}

interface Running {
  readonly child: ChildProcess;
  readonly lines: LogLine[];
  readonly ended: Promise<void>;
  readonly peakMb: () => number;
}

function start(flags: readonly string[]): Running {
  const args = ['run', '--repo', `file://${bare}`, '--data-dir', data, '--log', 'json', ...flags];
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: LogLine[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (line.startsWith('{')) lines.push(JSON.parse(line) as LogLine);
    });
  }
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMb(child.pid ?? 0));
  }, 100);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
  return { child, lines, ended, peakMb: () => peak };
}

async function run(
  flags: readonly string[],
): Promise<{ ms: number; peakMb: number; lines: readonly LogLine[] }> {
  const begun = performance.now();
  const running = start(flags);
  await running.ended;
  return { ms: performance.now() - begun, peakMb: running.peakMb(), lines: running.lines };
}

/** Waits until more than `least` lines are there and none has come for a while. */
async function quiet(lines: readonly LogLine[], least = 1): Promise<void> {
  let seen = -1;
  while (lines.length < least || lines.length !== seen) {
    seen = lines.length;
    await sleep(1_500);
  }
}

/** Resident memory of a process and its children, in MB; 0 where the system does not tell. */
function residentMb(pid: number): number {
  try {
    return [pid, ...childrenOf(pid)].reduce((sum, id) => {
      const status = readFileSync(`/proc/${id}/status`, 'utf8');
      return sum + Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
    }, 0);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}

function created(lines: readonly LogLine[]): number {
  return lines.filter((line) => line.msg === 'object').length;
}

function count(lines: readonly LogLine[], msg: string): number {
  return lines.filter((line) => line.msg === msg).length;
}

function report(what: string, value: number, target?: number, unit = 'ms'): void {
  const goal =
    target === undefined ? '' : `  target ${target} ${unit}, ratio ${(value / target).toFixed(2)}`;
  console.log(`${what}: ${value.toFixed(0)} ${unit}${goal}`);
}

function commit(message: string): void {
  git('-C', work, 'add', '--all');
  git(
    '-C',
    work,
    '-c',
    'user.name=bench',
    '-c',
    'user.email=bench@example.test',
    'commit',
    '--quiet',
    '-m',
    message,
  );
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
