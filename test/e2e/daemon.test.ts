// The daemon as people run it: the example repository over several commits, read back with plain git.
import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { exampleFiles, exampleRepository } from '../support/example-repository.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  fileOn,
  plainGit,
  subjectsOn,
  temporaryFolder,
  tipOf,
} from '../support/git-fixture.ts';
import { config, configMap, deployment, yaml } from '../support/manifests.ts';
import { runProgram, startProgram, stopProgramsAfterwards } from '../support/program.ts';
import { readDocument } from '../support/yaml-document.ts';

cleanUpAfterwards();
stopProgramsAfterwards();

const STATUS = 'sluice/status';
const UNITS = [
  'local/_cluster/ClusterPackage.package-operator.run/postgres',
  'local/_folders/clusters/local/base',
  'local/_folders/clusters/local/monitoring',
  'local/edge/ObjectDeployment.package-operator.run/proxy',
  'local/guestbook-preview/Package.package-operator.run/preview',
  'local/guestbook-production/Package.package-operator.run/guestbook',
  'local/guestbook-staging/Package.package-operator.run/guestbook',
];
const PRODUCTION = 'clusters/local/guestbook/production.yaml';
const production = `units/${UNITS[5]}`;

function unitFile(bare: string, unit: string): JsonObject {
  return readDocument(fileOn(bare, STATUS, `${unit}/unit.yaml`));
}

function readyUnits(bare: string): readonly string[] {
  return UNITS.filter((unit) => {
    const block = unitFile(bare, `units/${unit}`)['sluice'] as JsonObject;
    return block['ready'] === 'True';
  });
}

async function until(what: string, check: () => boolean): Promise<void> {
  const end = Date.now() + 45_000;
  while (!check()) {
    if (Date.now() > end) throw new Error(`still waiting: ${what}`);
    await sleep(50);
  }
}

describe('the example repository', { timeout: 120_000 }, () => {
  let bare: string;
  let data: string;
  let args: readonly string[];
  beforeAll(() => {
    bare = exampleRepository();
    data = path.join(temporaryFolder(), 'data');
    args = ['--repo', bare, '--data-dir', data];
  });

  test('is brought out by run --once, and its status is on the branch', async () => {
    const plan = await runProgram(['plan', ...args, '--exit-code']);
    expect(plan.code).toBe(1);
    expect(plan.out).toMatch(/^Plan: 49 create, 0 update, 0 replace, 0 prune, 0 unchanged$/m);
    expect(tipOf(bare, STATUS)).toBeUndefined();

    const { code, err, out } = await runProgram(['run', ...args, '--once']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err).not.toContain('Warning');
    expect(readyUnits(bare)).toEqual(UNITS);
    expect(fileOn(bare, STATUS, 'README.md')).toContain('7 of 7 units are ready');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    // Phases opened in their order, each behind its gate.
    const lines = err.split('\n').filter((line) => line.includes('guestbook-production/'));
    const at = (text: string): number => lines.findIndex((line) => line.includes(text));
    expect(at('[config]')).toBeGreaterThan(-1);
    expect(at('[config]')).toBeLessThan(at('[database]'));
    expect(at('[database]')).toBeLessThan(at('[web]'));
    expect(at('[web]')).toBeLessThan(at('[publish]'));

    const again = await runProgram(['plan', ...args, '--exit-code']);
    expect(again.code).toBe(0);
    expect(again.out).toContain('Plan: 0 create, 0 update, 0 replace, 0 prune, 49 unchanged');
  });

  test('is told by status and tree', async () => {
    const unit = 'Package.package-operator.run/guestbook-production/guestbook';
    const [all, one, tree] = await Promise.all([
      runProgram(['status', '--repo', bare]),
      runProgram(['status', unit, '--repo', bare, '-o', 'json']),
      runProgram(['tree', '--repo', bare]),
    ]);
    expect(all.code).toBe(0);
    expect(all.out).toContain('7 of 7 units are ready.');
    expect(JSON.parse(one.out)).toMatchObject({
      kind: 'StatusList',
      units: [{ metadata: { name: 'guestbook' } }],
    });
    expect(tree.out).toMatch(/local:Folder\/clusters\/local\/base {2}ready/);
    expect(tree.out).toContain('Deployment.apps/guestbook-production/guestbook');
  });

  test('is planned in every form before a second commit is brought out', async () => {
    const text = exampleFiles()[PRODUCTION] ?? '';
    commitFiles(bare, {
      message: 'A new title; the settings of the agent go',
      files: {
        [PRODUCTION]: text.replace('The Lighthouse Guestbook', 'A new title'),
        'clusters/local/monitoring/settings.yaml': null,
      },
    });
    const only = ['--unit', 'Folder/clusters/local/monitoring'];
    const [live, status, json, markdown, empty] = await Promise.all([
      runProgram(['plan', ...args, '--exit-code']),
      runProgram(['plan', ...args, '--against', 'status', '--exit-code'], { cwd: bare }),
      runProgram(['plan', ...args, '-o', 'json']),
      runProgram(['plan', ...args, '-o', 'markdown', ...only]),
      runProgram(['plan', ...args, '--against', 'empty']),
    ]);
    expect(live.code).toBe(1);
    expect(live.out).toMatch(/Op +Object +Phase +Wait for/);
    expect(live.out).toContain('A new title');
    expect(live.out).toMatch(/prune +ConfigMap\/monitoring\/agent/);
    expect(live.out).toMatch(/^Plan: 0 create, 2 update, 0 replace, 1 prune, 46 unchanged$/m);
    expect(status.code).toBe(1);
    expect(status.out).toContain('A new title');
    // Levers, which the branch does not record, are no changes.
    expect(status.out).toMatch(/^Plan: 0 create, 2 update, 0 replace, 1 prune, 46 unchanged$/m);
    expect(JSON.parse(json.out)).toMatchObject({ apiVersion: 'sluice.dev/v1alpha1', kind: 'Plan' });
    expect(markdown.out).toContain('ConfigMap/monitoring/agent');
    expect(markdown.out).not.toContain('guestbook-production');
    expect(empty.code).toBe(0);
    expect(empty.out).toMatch(/^Plan: 48 create/m);
    // Nothing of it has happened.
    expect(subjectsOn(bare, STATUS).join('\n')).not.toContain('revision 2');
  });

  test('is kept up by a daemon that answers over HTTP and ends with 0 on SIGTERM', async () => {
    const log = ['--log', 'json', '--listen', '127.0.0.1:0', '--interval', '200ms'];
    const daemon = startProgram(['run', ...args, ...log]);
    await daemon.says('"listening"');
    const address = /"address":"(http:\/\/127\.0\.0\.1:\d+)"/.exec(daemon.err())?.[1] ?? '';
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    await until(
      'revision 2',
      () =>
        JSON.stringify(unitFile(bare, production)).includes('"revision":2') &&
        readyUnits(bare).length === 7,
    );
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/^sluice_\w+/m);
    expect((await fetch(`${address}/other`)).status).toBe(404);
    expect((await fetch(`${address}/healthz`, { method: 'POST' })).status).toBe(405);

    const second = await runProgram(['run', ...args, '--once']);
    expect(second.code).toBe(1);
    expect(second.err).toContain('is in use by the daemon with process id');

    // A third commit while it runs. Then its own status commits wake nobody.
    commitFiles(bare, { files: { 'clusters/local/base/more.yaml': yaml(configMap('more')) } });
    await until('the third commit', () =>
      plainGit(bare, ['ls-tree', '-r', '--name-only', STATUS]).includes('base/revisions/2/'),
    );
    await until('all ready', () => fileOn(bare, STATUS, 'README.md').includes('7 of 7'));
    await sleep(700);
    const tip = tipOf(bare, STATUS);
    await sleep(700);
    expect(tipOf(bare, STATUS)).toBe(tip);

    daemon.signal('SIGTERM');
    const { code, err } = await daemon.ended();
    expect(code).toBe(0);
    expect(err).not.toContain('Warning');
    for (const line of err.trim().split('\n'))
      expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  });

  test('goes on where a SIGTERM stopped a rollout', async () => {
    const late = { annotations: { 'embedded.sluice.dev/ready-after': '2s' } };
    commitFiles(bare, {
      files: {
        'clusters/local/slow/x.yaml': yaml(deployment('slow', late)),
        'clusters/local/slow/y.yaml': yaml({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name: 'after' },
          spec: { defaultBackend: { service: { name: 'slow', port: { number: 80 } } } },
        }),
      },
    });
    const daemon = startProgram(['run', ...args, '--interval', '200ms', '--log', 'lines']);
    await daemon.says('created   Deployment.apps/default/slow');
    daemon.signal('SIGTERM');
    const ended = await daemon.ended();
    expect(ended.code).toBe(0);
    expect(ended.err).not.toContain('created   Ingress');
    const slow = 'units/local/_folders/clusters/local/slow';
    expect(fileOn(bare, STATUS, `${slow}/inventory.yaml`)).toContain('Ingress');

    const { code, err } = await runProgram(['run', ...args, '--once']);
    expect({ code, again: err.includes('created   Deployment') }).toEqual({
      code: 0,
      again: false,
    });
    expect(err).toContain('created   Ingress.networking.k8s.io/default/after');
    expect(unitFile(bare, slow)).toMatchObject({ status: { revision: 1 } });
  });
});

describe('run --once', { timeout: 120_000 }, () => {
  test('ends with 1 where something cannot be done, and says what', async () => {
    const bare = bareRepository();
    const never = { 'embedded.sluice.dev/hold': 'true', 'sluice.dev/timeout': '500ms' };
    commitFiles(bare, {
      files: {
        'a/x.yaml': 'kind: [\n',
        'b/x.yaml': yaml(configMap('b')),
        'c/x.yaml': yaml(deployment('c', { annotations: never })),
      },
    });
    const data = path.join(temporaryFolder(), 'data');
    const { code, err } = await runProgram(['run', '--repo', bare, '--data-dir', data, '--once']);
    expect(code).toBe(1);
    expect(err).toMatch(/local:Folder\/a.*YamlInvalid/);
    expect(err).toMatch(/local:Folder\/c.*ProgressDeadlineExceeded/);
    expect(fileOn(bare, STATUS, 'README.md')).toContain('1 of 3 units are ready');
  });

  test('holds what would delete too much, and goes on once it is approved', async () => {
    const bare = bareRepository();
    const names = ['one', 'two', 'three', 'four'];
    commitFiles(bare, {
      files: Object.fromEntries(names.map((name) => [`a/${name}.yaml`, yaml(configMap(name))])),
    });
    const args = ['--repo', bare, '--data-dir', path.join(temporaryFolder(), 'data')];
    expect((await runProgram(['run', ...args, '--once'])).code).toBe(0);
    commitFiles(bare, { files: { 'a/one.yaml': null, 'a/two.yaml': null } });
    const plan = await runProgram(['plan', ...args]);
    expect(plan.out).toContain('2 prune (2 held)');
    const hash = /sha256:[0-9a-f]{64}/.exec(plan.out)?.[0] ?? '';
    const held = await runProgram(['run', ...args, '--once']);
    expect(held.code).toBe(1);
    const told = held.err.split('\n').filter((line) => line.startsWith('local:Folder/a: '));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(': RemovalHeld: ConfigMap/default/one, ConfigMap/default/two: ');
    expect(told[0]).toContain(hash);
    expect(fileOn(bare, STATUS, 'units/local/_folders/a/unit.yaml')).toContain(hash);
    commitFiles(bare, { files: { 'sluice.yaml': config({ approvals: [{ plan: hash }] }) } });
    expect((await runProgram(['run', ...args, '--once'])).code).toBe(0);
    const inventory = fileOn(bare, STATUS, 'units/local/_folders/a/inventory.yaml');
    expect(inventory).not.toContain('name: one');
    expect(inventory).toContain('name: three');
  });

  test('that cannot reach the remote ends with 1 and a sentence', async () => {
    const away = path.join(temporaryFolder(), 'nothing.git');
    const data = path.join(temporaryFolder(), 'data');
    const { code, err } = await runProgram(['run', '--repo', away, '--data-dir', data, '--once']);
    expect(code).toBe(1);
    expect(err).toContain('nothing.git');
    expect(err).not.toMatch(/^ +at /m);
  });
});

test(
  'of two daemons on one repository the later one goes on, and the other stops changing things',
  { timeout: 120_000 },
  async () => {
    const bare = bareRepository();
    commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('a')) } });
    const folder = temporaryFolder();
    const flags = (name: string): readonly string[] => [
      'run',
      ...['--repo', bare, '--data-dir', path.join(folder, name), '--interval', '200ms'],
      ...['--log', 'lines'],
    ];
    const first = startProgram(flags('first'));
    await first.says('ready     local:Folder/a');
    const other = await runProgram([...flags('other'), '--instance', 'other', '--once']);
    expect(other).toMatchObject({ code: 1 });
    expect(other.err).toContain('StatusForeign');

    const second = startProgram([...flags('second'), '--takeover']);
    const stopped = await first.ended();
    expect(stopped.code).toBe(1);
    expect(stopped.err).toContain('Fenced');
    commitFiles(bare, { files: { 'b/x.yaml': yaml(configMap('b')) } });
    await second.says('ready     local:Folder/b');
    second.signal('SIGTERM');
    expect((await second.ended()).code).toBe(0);
    // The first one, started again, leaves the branch alone; only --takeover takes it back.
    const again = await runProgram([...flags('first'), '--once']);
    expect(again).toMatchObject({ code: 1 });
    expect(again.err).toContain('Fenced');
    expect((await runProgram([...flags('first'), '--once', '--takeover'])).code).toBe(0);
  },
);
