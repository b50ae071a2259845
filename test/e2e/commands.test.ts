// Every command that ends by itself: what it prints where, and with which exit code.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
  tipOf,
} from '../support/git-fixture.ts';
import {
  configMap,
  deployment,
  documents,
  inPhase,
  packageInstance,
  packageManifest,
  secret,
  yaml,
} from '../support/manifests.ts';
import { EXAMPLE, runProgram, stopProgramsAfterwards } from '../support/program.ts';

cleanUpAfterwards();
stopProgramsAfterwards();

/** A folder on disk with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

const BROKEN = {
  'a/x.yaml': 'apiVersion: v1\nkind: ConfigMap\n  metadata: [\n',
  'b/x.yaml': documents(configMap('b'), configMap('b')),
  'packages/app/manifest.yaml': yaml(packageManifest(['first'])),
  'packages/app/one.yaml.gotmpl':
    yaml(inPhase('first', configMap('one'))) + '{{ .config.missing }}\n',
  'packages/app/two.yaml': yaml(inPhase('nowhere', configMap('two'))),
  'apps/shop.yaml': yaml(packageInstance('shop')),
  'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {sink: []}\n',
};

describe('validate', () => {
  test('of a good repository ends with 0', async () => {
    const { code, out, err } = await runProgram(['validate', EXAMPLE]);
    expect({ code, out, err }).toEqual({
      code: 0,
      out: '7 units, 0 errors, 0 warnings\n',
      err: '',
    });
  });

  test('of a folder inside a repository says that it is not the repository', async () => {
    const root = folder({
      '.git/HEAD': 'ref: refs/heads/main\n',
      'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {}\n',
      'clusters/a/x.yaml': yaml(configMap('a')),
      'example/sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {}\n',
    });
    const inside = await runProgram(['validate', 'clusters'], { cwd: root });
    expect(inside.code).toBe(0);
    expect(inside.err).toContain(
      `the sluice.yaml of ${root} above it is not read. For that repository name its folder: .\n`,
    );
    const cwd = path.join(root, 'clusters/a');
    expect((await runProgram(['render'], { cwd })).err).toContain('name its folder: ../..\n');
    expect((await runProgram(['validate', '../..'], { cwd })).err).toBe(
      'example/sluice.yaml:1: error KindUnsupported: Config has no effect in this file\n  The configuration of the repository is sluice.yaml in its root.\n',
    );
    // One that has a configuration of its own is a repository inside another.
    expect((await runProgram(['validate', 'example'], { cwd: root })).err).toBe('');
  });

  test('of a broken one ends with 1 and names every file and line', async () => {
    const root = folder(BROKEN);
    const [text, json] = await Promise.all([
      runProgram(['validate', root]),
      runProgram(['validate', '-o', 'json'], { cwd: root }),
    ]);
    expect(text.code).toBe(1);
    for (const place of [
      /sluice\.yaml:3.*ConfigInvalid/,
      /a\/x\.yaml:3.*YamlInvalid/,
      /b\/x\.yaml:\d+.*ObjectDuplicate/,
      /packages\/app\/one\.yaml\.gotmpl:\d+.*TemplateFailed/,
    ]) {
      expect(text.err).toMatch(place);
    }
    expect(text.out).toMatch(/^3 units, \d+ errors, 0 warnings\n$/);
    expect(json.code).toBe(1);
    const value = JSON.parse(json.out) as { kind: string; errors: number; diagnostics: unknown[] };
    expect(value.kind).toBe('Validation');
    expect(value.diagnostics).toHaveLength(value.errors);
  });
});

describe('render', () => {
  test('prints objects in phase order, as YAML, as JSON, or as files', async () => {
    const id = 'Package.package-operator.run/guestbook-production/guestbook';
    const out = path.join(temporaryFolder(), 'out');
    const [text, json, files] = await Promise.all([
      runProgram(['render', EXAMPLE, '--unit', id]),
      runProgram(['render', EXAMPLE, '--unit', id, '-o', 'json']),
      runProgram(['render', EXAMPLE, '--out', out]),
    ]);
    expect([text.code, json.code, files.code]).toEqual([0, 0, 0]);
    const kinds = [...text.out.matchAll(/^kind: (\w+)$/gm)].map((match) => match[1]);
    expect(kinds.indexOf('ConfigMap')).toBeLessThan(kinds.indexOf('Job'));
    expect(kinds.indexOf('Job')).toBeLessThan(kinds.indexOf('Deployment'));
    expect(kinds.indexOf('Deployment')).toBeLessThan(kinds.indexOf('Ingress'));
    // Markers are of the target, not of what is rendered.
    expect(text.out).not.toContain('sluice.dev/owner');
    expect(() => JSON.parse(json.out) as unknown).not.toThrow();
    const written = readdirSync(out, { recursive: true, encoding: 'utf8' });
    expect(written.filter((file) => file.endsWith('.yaml')).length).toBeGreaterThan(10);
    const inTheWay = await runProgram([
      'render',
      EXAMPLE,
      '--out',
      path.join(EXAMPLE, 'README.md'),
    ]);
    expect(inTheWay.code).toBe(2);
    expect(inTheWay.err).toMatch(/--out .*README\.md cannot be written: ENOTDIR/);
    // The same input gives the same bytes.
    expect((await runProgram(['render', EXAMPLE, '--unit', id])).out).toBe(text.out);
  });
});

describe('apply', () => {
  test('shows the plan, asks, and with --yes brings a directory out once', async () => {
    const root = folder({ 'a/x.yaml': documents(configMap('a'), deployment('web')) });
    const data = path.join(temporaryFolder(), 'data');
    const asked = await runProgram(['apply', root, '--data-dir', data]);
    expect(asked).toMatchObject({ code: 1 });
    expect(asked.err).toContain('Nothing was changed.');
    const done = await runProgram(['apply', root, '--data-dir', data, '--yes']);
    expect(done.code).toBe(0);
    expect(done.out).toMatch(/^Plan: 2 create/m);
    expect(done.err).toContain('created   Deployment.apps/default/web');
    const again = await runProgram(['apply', root, '--data-dir', data, '--yes']);
    expect(again).toMatchObject({ code: 0 });
    expect(again.err).toContain('Nothing to do.');
    expect(again.out).toMatch(/^Plan: 0 create, 0 update, 0 replace, 0 prune, 2 unchanged$/m);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    const file = path.join(data, 'status/units/local/_folders/a/unit.yaml');
    expect(readFileSync(file, 'utf8')).toContain('ready: "True"');
  });
});

describe('plan', () => {
  test('--exit-code: 0 without changes, 1 with changes, 2 when it fails', async () => {
    const data = path.join(temporaryFolder(), 'data');
    const run = (files: Readonly<Record<string, string>>): Promise<{ code: number | null }> =>
      runProgram(['plan', folder(files), '--data-dir', data, '--exit-code']);
    expect((await run({ 'README.md': 'nothing' })).code).toBe(0);
    expect((await run({ 'a/x.yaml': yaml(configMap('a')) })).code).toBe(1);
    expect((await run({ 'a/x.yaml': 'kind: [\n' })).code).toBe(2);
    expect((await runProgram(['plan', '--exit-code', '--repo', '/nowhere.git'])).code).toBe(2);
  });

  test('of a directory whose sluice.yaml is wrong is not made, and nothing is applied', async () => {
    const data = path.join(temporaryFolder(), 'data');
    const root = folder({
      'sluice.yaml': 'apiVersion: sluice.dev/v1alpha1\nkind: Config\nspec: {safty: {}}\n',
      'a/x.yaml': yaml(configMap('a')),
    });
    for (const command of [['plan'], ['plan', '--exit-code'], ['apply', '--yes']]) {
      const [name = '', ...more] = command;
      const result = await runProgram([name, root, '--data-dir', data, ...more]);
      expect(result.code).toBe(more.includes('--exit-code') ? 2 : 1);
      expect(result.out).toBe('');
      expect(result.err).toContain('No plan: what sluice.yaml asks for is not known.');
      expect(result.err).toContain('sluice.yaml:3:');
    }
  });

  test('of objects that another instance has names that instance', async () => {
    const root = folder({ 'a/x.yaml': yaml(configMap('a')) });
    const where = [root, '--data-dir', path.join(temporaryFolder(), 'data')];
    expect((await runProgram(['apply', ...where, '--instance', 'theirs', '--yes'])).code).toBe(0);
    const ours = await runProgram(['plan', ...where, '--instance', 'ours']);
    expect(ours.out).toContain('blocked  ConfigMap/default/a');
    expect(ours.err).toContain('one object belongs to the instance theirs; this plan is for ours');
    expect(ours.err).toContain('--instance theirs');
    const theirs = await runProgram(['plan', ...where, '--instance', 'theirs']);
    expect([theirs.err, theirs.out]).toEqual(['', expect.stringContaining('1 unchanged')]);
  });

  test('reads one commit or branch of a repository', async () => {
    const bare = bareRepository();
    const first = commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('first')) } });
    commitFiles(bare, { files: { 'a/x.yaml': yaml(configMap('second')) } });
    const data = ['--data-dir', path.join(temporaryFolder(), 'data')];
    const old = await runProgram(['plan', '--repo', bare, '--ref', first, ...data]);
    expect(old.out).toContain('ConfigMap/default/first');
    const now = await runProgram(['plan', '--repo', bare, ...data, '--show-created']);
    expect(now.out).toContain('ConfigMap/default/second');
    expect(plainGit(bare, ['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
    expect(tipOf(bare, 'sluice/status')).toBeUndefined();
  });

  test('of a template that does not use a Secret any more keeps what it used to make of it to itself', async () => {
    const value = 'hunter2-correct-horse';
    const data = path.join(temporaryFolder(), 'data');
    const template = (url: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\ndata: {url: "${url}", open: "yes"}\n`;
    const source = { apiVersion: 'v1', name: 's', optional: true };
    const object = (url: string, kind: string): string =>
      yaml({
        apiVersion: 'package-operator.run/v1alpha1',
        kind: 'ObjectTemplate',
        metadata: { name: 't', namespace: 'default' },
        spec: {
          sources: [{ ...source, kind, items: [{ key: '.data.password', destination: '.pw' }] }],
          template: template(url),
        },
      });
    const root = folder({
      's/x.yaml': yaml(secret('s', { password: value })),
      't.yaml': object('db://{{ .config.pw | b64dec }}@host', 'Secret'),
    });
    const run = (...argv: string[]): ReturnType<typeof runProgram> =>
      runProgram([...argv, root, '--data-dir', data]);
    await run('apply', '--yes');
    await run('apply', '--yes');
    writeFileSync(path.join(root, 't.yaml'), object('db://host', 'ConfigMap'));
    const before = await run('plan');
    expect(before.out).toContain('~ .data.url: "(secret)" -> "(secret)"');
    expect(before.out + before.err).not.toContain(value);
    await run('apply', '--yes');
    // What rests on no Secret any more is shown as everything else is.
    writeFileSync(path.join(root, 't.yaml'), object('db://other', 'ConfigMap'));
    expect((await run('plan')).out).toContain('~ .data.url: "db://host" -> "db://other"');
  });

  test('and everything else keeps secrets to itself', async () => {
    const value = 'hunter2-correct-horse';
    const root = folder({
      'a/x.yaml': documents(secret('s', { password: value }), configMap('a')),
      'b/x.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: t}\nstringData:\n  password: "${value}\n`,
    });
    const data = ['--data-dir', path.join(temporaryFolder(), 'data')];
    const plans = await Promise.all(
      ['text', 'json', 'markdown'].map((form) =>
        runProgram(['plan', root, ...data, '-o', form, '--show-created']),
      ),
    );
    const applied = await runProgram(['apply', root, ...data, '--yes', '--show-created']);
    writeFileSync(path.join(root, 'a/x.yaml'), documents(secret('s', { password: `${value}2` })));
    const changed = await runProgram(['plan', root, ...data]);
    expect(changed.out).toContain('Secret/default/s');
    const logged = await runProgram(['run', '--watch', root, ...data, '--once', '--log', 'json']);
    for (const { out, err } of [...plans, applied, changed, logged]) {
      expect(out + err).not.toContain(value);
      expect(out + err).not.toContain(Buffer.from(value).toString('base64').slice(0, 16));
    }
  });
});

describe('what is said to people', () => {
  test('has no colour without a terminal, and never with NO_COLOR', async () => {
    const root = folder(BROKEN);
    const plain = await runProgram(['validate', root]);
    const forced = await runProgram(['validate', root], {
      env: { FORCE_COLOR: '1', NO_COLOR: '1' },
    });
    expect(plain.err + forced.err).not.toContain('\u001b');
  });

  test('shows control characters instead of sending them', async () => {
    const nasty = 'bell\u0007 escape\u001b[31m';
    const root = folder({ 'a/x.yaml': yaml({ ...configMap('a'), data: { [nasty]: nasty } }) });
    const data = ['--data-dir', path.join(temporaryFolder(), 'data')];
    const { out, err } = await runProgram(['plan', root, ...data, '--show-created']);
    expect(out + err).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    const name = folder({ 'a\u001b[2J/x.yaml': 'kind: [\n' });
    const said = await runProgram(['validate', name]);
    expect(said.err).toContain('YamlInvalid');
    expect(said.out + said.err).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });

  test('says the version, and completes in every shell', async () => {
    const [text, json, bash, zsh, fish] = await Promise.all([
      runProgram(['version']),
      runProgram(['version', '-o', 'json']),
      ...['bash', 'zsh', 'fish'].map((shell) => runProgram(['completion', shell])),
    ]);
    expect(await runProgram(['--version'])).toEqual(text);
    expect(text?.out).toMatch(/^sluice \d+\.\d+\.\d+/);
    expect(JSON.parse(json?.out ?? '')).toHaveProperty('version');
    for (const { code, out } of [bash, zsh, fish].flatMap((result) => result ?? [])) {
      expect(code).toBe(0);
      expect(out).toContain('validate');
    }
  });
});

describe('wrong usage ends with 2 and says what is right', () => {
  const rows: readonly (readonly [string, readonly string[], string])[] = [
    ['an unknown command', ['rnu'], "unknown command 'rnu'"],
    ['an unknown flag', ['run', '--wacth', 'x'], "unknown option '--wacth'"],
    ['nothing to watch', ['run'], 'give --repo URL, --watch DIR, or --config FILE'],
    [
      'an interval that is none',
      ['run', '--repo', 'x', '--interval', 'soon'],
      '"soon" is no interval',
    ],
    [
      'an address that is none',
      ['run', '--watch', '.', '--listen', 'here', '--once'],
      '"here" is no address',
    ],
    ['an unknown form', ['plan', '-o', 'xml'], 'text, json, markdown'],
    [
      'a unit that is none',
      ['plan', EXAMPLE, '--unit', 'x'],
      'no unit x; write it as Kind.group/namespace/name',
    ],
    [
      'the bare name of a unit',
      ['plan', EXAMPLE, '--unit', 'proxy'],
      'no unit proxy; did you mean local:ObjectDeployment.package-operator.run/edge/proxy?',
    ],
    [
      'a unit without its group',
      ['render', EXAMPLE, '--unit', 'ObjectDeployment/edge/proxy'],
      'did you mean local:ObjectDeployment.package-operator.run/edge/proxy?',
    ],
    ['a shell without completion', ['completion', 'tcsh'], 'there is bash, zsh and fish'],
    ['no clone to read the status from', ['status'], 'is no git repository; name a clone'],
  ];
  test.each(rows)('%s', async (_what, args, says) => {
    const { code, out, err } = await runProgram(args);
    expect(err).toContain(says);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).not.toMatch(/^ +at /m);
  });
});
