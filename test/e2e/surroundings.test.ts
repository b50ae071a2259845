// Where the program is started: directories instead of repositories, a configuration file, clones, pipes, odd folders.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  fileOn,
  plainGit,
  temporaryFolder,
} from '../support/git-fixture.ts';
import { configMap, documents, yaml } from '../support/manifests.ts';
import {
  BIN,
  EXAMPLE,
  runProgram,
  startProgram,
  stopProgramsAfterwards,
} from '../support/program.ts';

cleanUpAfterwards();
stopProgramsAfterwards();

describe('a directory that is watched', () => {
  test('is brought out whenever something in it has settled', async () => {
    const root = temporaryFolder();
    const data = path.join(temporaryFolder(), 'data');
    mkdirSync(path.join(root, 'a'));
    writeFileSync(path.join(root, 'a/x.yaml'), yaml(configMap('one')));
    const daemon = startProgram(['run', '--watch', root, '--data-dir', data, '--log', 'lines']);
    await daemon.says('created   ConfigMap/default/one');
    writeFileSync(path.join(root, 'a/x.yaml'), documents(configMap('one'), configMap('two')));
    await daemon.says('created   ConfigMap/default/two');
    await daemon.says('ready     local:Folder/a: Revision 2 is available');
    daemon.signal('SIGINT');
    expect((await daemon.ended()).code).toBe(0);
    const status = readFileSync(path.join(data, 'status/units/local/_folders/a/unit.yaml'), 'utf8');
    expect(status).toContain('ready: "True"');
    const gone = await runProgram(['run', '--watch', path.join(root, 'nowhere'), '--once']);
    expect(gone.code).toBe(1);
    expect(gone.err).toContain('nowhere');
  });
});

describe("the daemon's file", () => {
  test('says where, as whom and how often; flags say it louder', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('a')) }, branch: 'live' });
    const folder = temporaryFolder();
    const file = path.join(folder, 'daemon.yaml');
    writeFileSync(
      file,
      yaml({
        apiVersion: 'sluice.dev/v1alpha1',
        kind: 'DaemonConfig',
        spec: {
          instance: 'prod-eu',
          dataDir: path.join(folder, 'data'),
          repository: { url: bare, branch: 'live', interval: '200ms' },
          status: { branch: 'state/prod', author: { name: 'Robot', email: 'robot@example.test' } },
          targets: [{ name: 'prod', type: 'embedded' }],
        },
      }),
    );
    const { code, err } = await runProgram(['run', '--config', file, '--once']);
    expect({ code, err: err.includes('prod:Folder/a') }).toEqual({ code: 0, err: true });
    expect(fileOn(bare, 'state/prod', 'instance.json')).toContain('"prod-eu"');
    expect(plainGit(bare, ['log', '-1', '--format=%an <%ae>', 'state/prod'])).toBe(
      'Robot <robot@example.test>',
    );
    const status = await runProgram(['status', '--repo', bare, '--status-branch', 'state/prod']);
    expect(status.out).toContain('1 of 1 units are ready.');

    const other = await runProgram(['run', '--config', file, '--once', '--instance', 'prod-us']);
    expect(other.code).toBe(1);
    expect(other.err).toContain('StatusForeign');

    writeFileSync(
      file,
      'apiVersion: sluice.dev/v1alpha1\nkind: DaemonConfig\nspec: {repozitory: {}}\n',
    );
    const wrong = await runProgram(['run', '--config', file, '--once']);
    expect(wrong.code).not.toBe(0);
    expect(wrong.err).toMatch(/daemon\.yaml:3.*repozitory/);
  });
});

describe('a clone', () => {
  test('is all that status, tree and plan need', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('a')) } });
    const data = ['--data-dir', path.join(temporaryFolder(), 'data')];
    expect((await runProgram(['run', '--repo', bare, ...data, '--once'])).code).toBe(0);
    const first = plainGit(bare, ['rev-parse', 'sluice/status']);
    commitFiles(bare, { files: { 'a/x.yaml': documents(configMap('a'), configMap('b')) } });
    expect((await runProgram(['run', '--repo', bare, ...data, '--once'])).code).toBe(0);

    const clone = path.join(temporaryFolder(), 'clone');
    plainGit(temporaryFolder(), ['clone', '--quiet', bare, clone]);
    writeFileSync(path.join(clone, 'a/x.yaml'), yaml(configMap('a', { key: 'new' })));
    const [now, then, tree, plan] = await Promise.all([
      runProgram(['status'], { cwd: clone }),
      runProgram(['status', 'Folder/a', '--at', first, '-o', 'json'], { cwd: clone }),
      runProgram(['tree', '-o', 'json'], { cwd: clone }),
      runProgram(['plan', '--against', 'status'], { cwd: clone }),
    ]);
    expect(now.out).toMatch(/local:Folder\/a +True +Available +2 /);
    expect(JSON.parse(then.out)).toMatchObject({ units: [{ status: { revision: 1 } }] });
    expect(JSON.parse(tree.out)).toMatchObject({ kind: 'Tree' });
    // Nothing but the clone was asked: one field changes, one object goes.
    expect(plan.out).toMatch(/update +ConfigMap\/default\/a/);
    expect(plan.out).toMatch(/ConfigMap\/default\/b/);
    expect(plan.out).toContain('key');
    const named = await runProgram(['plan', 'clone', '--against', 'status'], {
      cwd: path.dirname(clone),
    });
    expect(named.out).toBe(plan.out);
    for (const against of ['live', 'status', 'empty']) {
      const misspelt = ['plan', '--against', against, '--unit', 'Folder/b', '--exit-code', ...data];
      const { code, out, err } = await runProgram(misspelt, { cwd: clone });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain('no unit Folder/b; write it as Kind.group/namespace/name');
    }
    const gone = await runProgram(['status', '--dir', 'nowhere'], { cwd: clone });
    expect(gone.code).toBe(2);
    expect(gone.err).toContain('nowhere is no folder; name a clone with --dir or --repo');
  });
});

describe('a data directory', () => {
  test('of a newer program, or that is no directory, is refused in a sentence', async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('a')) } });
    const newer = temporaryFolder();
    writeFileSync(path.join(newer, 'format.json'), '{"formatVersion": 99}\n');
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    for (const place of [newer, file]) {
      const { code, err } = await runProgram([
        'run',
        '--repo',
        bare,
        '--data-dir',
        place,
        '--once',
      ]);
      expect(code).toBe(1);
      expect(err).toContain('DataDirInvalid');
      expect(err).toContain(place);
      expect(err).not.toMatch(/^ +at /m);
    }
  });
});

test('a reader that has seen enough ends the program quietly', async () => {
  const command = `"${process.execPath}" "${BIN}" render "${EXAMPLE}" | head -c 20`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', command]);
  expect(stdout).toHaveLength(20);
  expect(stderr).toBe('');
});

test('help is for people who ask, usage for those who are lost', async () => {
  const [help, lost] = await Promise.all([runProgram(['--help']), runProgram([])]);
  expect(help.code).toBe(0);
  expect(help.out).toContain('run the daemon');
  expect(lost.code).toBe(2);
});
