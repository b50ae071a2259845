// `npm run demo`: the whole loop on examples/repo in a temporary directory that is removed at the end.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createGit } from '../git/index.ts';
import type { Git } from '../git/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PROGRAM = path.join(ROOT, 'bin', 'sluice.js');
const STATUS_BRANCH = 'sluice/status';
/** One rollout may take this long before the demo gives up, in milliseconds. */
const PATIENCE_MS = 60_000;

interface Demo {
  readonly git: Git;
  readonly work: string;
  readonly bare: string;
  readonly data: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const base = await mkdtemp(path.join(tmpdir(), 'sluice-demo-'));
  let daemon: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    if (daemon && daemon.exitCode === null) {
      const ended = new Promise((resolve) => daemon?.once('exit', resolve));
      daemon.kill('SIGTERM');
      await ended;
    }
    await rm(base, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void stop().then(() => process.exit(130)));
  try {
    const demo: Demo = {
      git: createGit(),
      work: path.join(base, 'team-config'),
      bare: path.join(base, 'team-config.git'),
      data: path.join(base, 'data'),
    };
    title('1. A team’s repository: two packages, three instances, a proxy, plain manifests');
    await createRepository(demo);
    await show('git', ['-C', demo.work, 'log', '--oneline']);

    title('2. The daemon polls it, renders, and opens phase after phase behind its probes');
    daemon = startDaemon(demo);
    await waitForStatus(demo, (status) => status.every((unit) => unit.ready) && status.length >= 7);

    title('3. A change: staging gets more replicas, the preview goes away. What would it do?');
    await change(demo);
    await sluice(['plan', demo.work, '--data-dir', demo.data, '--instance', 'demo']);

    title('4. Pushed: the new revision takes over, what is not wanted any more is removed');
    await commitAndPush(demo, 'Staging to three replicas, preview is done');
    await waitForStatus(
      demo,
      (status) => status.length === 6 && status.every((unit) => unit.ready),
      '"revision":2',
    );

    title('5. What came back, read with plain git');
    await show('git', ['-C', demo.bare, 'log', '--oneline', '-6', STATUS_BRANCH]);
    await sluice(['status', '--repo', demo.bare]);
    await sluice([
      'tree',
      'Package.package-operator.run/guestbook-staging/guestbook',
      '--repo',
      demo.bare,
    ]);
    return 0;
  } catch (error) {
    process.stderr.write(
      `\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  } finally {
    await stop();
    if (process.exitCode === undefined || process.exitCode === 0) farewell();
  }
}

async function createRepository({ git, work, bare }: Demo): Promise<void> {
  await cp(path.join(ROOT, 'examples', 'repo'), work, { recursive: true });
  await git.succeed({ args: ['init', '--quiet', '--initial-branch=main', '--', work] });
  await commit(git, work, 'Our configuration');
  await git.succeed({ args: ['clone', '--quiet', '--bare', '--', work, bare] });
}

async function commit(git: Git, work: string, message: string): Promise<void> {
  const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.test'];
  await git.succeed({ args: ['-C', work, 'add', '--all'] });
  await git.succeed({ args: ['-C', work, ...author, 'commit', '--quiet', '-m', message] });
}

async function change({ work }: Demo): Promise<void> {
  const folder = path.join(work, 'clusters', 'local', 'guestbook');
  const file = path.join(folder, 'staging.yaml');
  const before = await readFile(file, 'utf8');
  const after = before.replace(/replicas: \d+/, 'replicas: 3');
  if (after === before) throw new Error('the example has no replicas to change');
  await writeFile(file, after);
  await rm(path.join(folder, 'preview.yaml'));
}

async function commitAndPush(demo: Demo, message: string): Promise<void> {
  await commit(demo.git, demo.work, message);
  await demo.git.succeed({ args: ['-C', demo.work, 'push', '--quiet', demo.bare, 'main'] });
}

function startDaemon({ bare, data }: Demo): ChildProcess {
  return spawn(
    process.execPath,
    [
      PROGRAM,
      'run',
      '--repo',
      bare,
      '--data-dir',
      data,
      '--instance',
      'demo',
      '--interval',
      '500ms',
      '--log',
      'lines',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

interface UnitLine {
  readonly id: string;
  readonly ready: boolean;
}

/** Waits until the index on the status branch says what is expected, as anybody could with git. */
async function waitForStatus(
  { git, bare }: Demo,
  done: (units: readonly UnitLine[]) => boolean,
  contains = '',
): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const listed = await git.run({
      args: ['-C', bare, 'grep', '--no-color', '-h', '-e', '"id":', STATUS_BRANCH, '--', 'index'],
    });
    const text = listed.stdout.toString('utf8');
    const units = text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => ({ id: line, ready: line.includes('"ready":"True"') }));
    if (units.length > 0 && done(units) && text.includes(contains)) return;
    await sleep(150);
  }
  throw new Error('the units did not become ready in time');
}

async function sluice(args: readonly string[]): Promise<void> {
  await show(process.execPath, [PROGRAM, ...args], `sluice ${args.map(shorten).join(' ')}`);
}

/** Runs a command and shows it with its output. */
async function show(command: string, args: readonly string[], label?: string): Promise<void> {
  process.stdout.write(`\n$ ${label ?? [command, ...args].map(shorten).join(' ')}\n`);
  const child = spawn(command, args, { stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${label ?? command} ended with exit code ${code}`);
}

function shorten(arg: string): string {
  return arg.includes('sluice-demo-') ? path.basename(arg) : arg;
}

function title(text: string): void {
  process.stdout.write(`\n── ${text}\n`);
}

function farewell(): void {
  process.stdout.write(`
Everything ran in a temporary directory, which is removed now. Where to go from here:
  examples/repo             the repository that you saw
  docs/guides/first-steps.md  the same with a repository of your own
  npx sluice --help         all commands
`);
}
