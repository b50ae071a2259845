// The commands of README.md and of the first steps run as they stand there.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, it } from 'vitest';
import { fences, readText, ROOT } from './pages.ts';

const run = promisify(execFile);
const base = mkdtempSync(path.join(tmpdir(), 'sluice-docs-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const bin = programs();

const readme = readText('README.md');
const [first = '', ...blocks] = fences(readme, 'sh');
const { scripts } = JSON.parse(readText('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe.concurrent('README.md', () => {
  it('begins with its title and the two commands', ({ expect }) => {
    const lines = readme.split('\n').filter((line) => line !== '');
    expect(lines.slice(0, 5)).toEqual([
      '# Sluice',
      '```sh',
      'npm ci && npm run demo',
      'npm ci && npm test',
      '```',
    ]);
    expect(first.trim().split('\n')).toHaveLength(2);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test', 'prepare']));
  });

  it('has other commands, and they run', { timeout: 120_000 }, async ({ expect }) => {
    expect(blocks.length).toBeGreaterThan(1);
    const checkout = workspace('readme');
    cpSync(path.join(ROOT, 'examples'), path.join(checkout, 'examples'), { recursive: true });
    const { stdout, stderr } = await shell(blocks.join('\n'), checkout);
    expect(stdout).toContain('7 units, 0 errors, 0 warnings');
    expect(stdout).toContain('Plan: 49 create');
    expect(stdout).toContain('7 of 7 units are ready.');
    expect(stderr).toContain(
      'local:ClusterPackage.package-operator.run/postgres: Revision 1 is available.',
    );
  });
});

describe.concurrent('npm run demo', () => {
  it(
    'shows phases, plan and result, and leaves nothing behind',
    { timeout: 120_000 },
    async ({ expect }) => {
      expect(scripts['demo']).toBe('node dist/demo/main.js');
      const home = workspace('demo');
      const { stdout } = await run(process.execPath, [path.join(ROOT, 'dist', 'demo', 'main.js')], {
        cwd: ROOT,
        env: { ...environment(home), TMPDIR: home },
        timeout: 118_000,
      });
      expect(stdout).toContain('Plan: 0 create, 1 update, 0 replace, 3 prune');
      expect(stdout).toContain('6 of 6 units are ready.');
      const left = await run('ls', ['-A', home]);
      expect(left.stdout.split('\n').filter((name) => name.startsWith('sluice-'))).toEqual([]);
    },
  );
});

describe.concurrent('docs/guides/first-steps.md', () => {
  const guide = readText('docs/guides/first-steps.md');
  const [config = '', web = '', shop = ''] = fences(guide, 'yaml');
  const commands = fences(guide, 'sh');

  it(
    'leads to a ready unit, then to one that waits for it',
    { timeout: 120_000 },
    async ({ expect }) => {
      const place = workspace('guide');
      const [init = '', look = '', start = '', read = '', again = ''] = commands;
      await shell(init, place);
      const repository = path.join(place, 'team-config');
      const put = (file: string, text: string): void => {
        mkdirSync(path.dirname(path.join(repository, file)), { recursive: true });
        writeFileSync(path.join(repository, file), text);
      };
      put('sluice.yaml', config);
      put('clusters/local/web/web.yaml', web);
      const looked = await shell(look, repository);
      expect(looked.stdout).toContain('1 units, 0 errors, 0 warnings');
      expect(looked.stdout).toContain('Plan: 2 create');
      await shell(start, repository);
      const answer = await shell(read, repository);
      expect(answer.stdout).toContain('1 of 1 units are ready.');
      put('clusters/local/web/web.yaml', web.replace('replicas: 2', 'replicas: 3'));
      const changed = await shell(again, repository);
      expect(changed.stdout).toContain('~ .spec.replicas: 2 -> 3');
      expect(changed.stdout).toContain('Plan: 0 create, 1 update, 0 replace, 0 prune, 1 unchanged');
      put('clusters/local/shop/shop.yaml', shop);
      await shell(start.replace('"Hello"', '"Shop"'), repository);
      const both = await shell(read, repository);
      expect(both.stdout).toContain('2 of 2 units are ready.');
      expect(both.stdout).toContain('Revision 2');
    },
  );
});

function workspace(name: string): string {
  const folder = path.join(base, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A shell that stops at the first failure; `npx sluice` and `sluice` are the program of this checkout. */
function shell(script: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  const env = { ...environment(cwd), PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
  return run('bash', ['-euo', 'pipefail', '-c', script], { cwd, env, timeout: 100_000 });
}

/** Written once: a file cannot be written while somebody starts it. */
function programs(): string {
  const folder = path.join(base, 'bin');
  mkdirSync(folder, { recursive: true });
  const program = `exec "${process.execPath}" "${path.join(ROOT, 'bin', 'sluice.js')}" "$@"`;
  for (const [name, text] of [
    ['npx', `#!/bin/sh\nshift\n${program}\n`],
    ['sluice', `#!/bin/sh\n${program}\n`],
  ] as const) {
    writeFileSync(path.join(folder, name), text);
    chmodSync(path.join(folder, name), 0o755);
  }
  return folder;
}

/** Nobody's configuration but the test's own. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'share'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Docs',
    GIT_AUTHOR_EMAIL: 'docs@example.test',
    GIT_COMMITTER_NAME: 'Docs',
    GIT_COMMITTER_EMAIL: 'docs@example.test',
    NO_COLOR: '1',
  };
}
