// The daemon's configuration: defaults, and every mistake with its line before anything starts.
import { describe, expect, test } from 'vitest';
import { readDaemonConfig } from '../../src/api/read-daemon-config.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';

const validator = createSchemaValidator();
const HEAD = 'apiVersion: sluice.dev/v1alpha1\nkind: DaemonConfig\nspec:\n';

function read(spec: string) {
  return readDaemonConfig(new TextEncoder().encode(HEAD + spec), 'config.yaml', validator);
}

function problems(spec: string): readonly string[] {
  const result = read(spec);
  return result.kind === 'ok'
    ? []
    : result.diagnostics.map(({ file, line, message }) => `${file}:${line} ${message}`);
}

describe('the daemon configuration', () => {
  test('needs nothing but an address', () => {
    const result = read('  repository: {url: "https://git.example.test/a.git"}\n');
    expect(result.kind === 'ok' && result.spec).toEqual({
      repository: { url: 'https://git.example.test/a.git', branch: 'main', interval: '30s' },
      verify: { mode: 'none' },
      status: {
        branch: 'sluice/status',
        push: true,
        pushesPerMinute: 6,
        author: { name: 'Sluice', email: 'sluice@localhost' },
      },
      sources: { hosts: [] },
    });
  });

  test('is read whole as the design page shows it', () => {
    const result = read(`  instance: prod-eu
  repository: {url: "https://git.example.test/team/config.git", branch: main, interval: 30s, credentials: {usernameFrom: {env: GIT_USER}, passwordFrom: {file: /run/secrets/git}}}
  verify: {mode: none, allowedSigners: keys/allowed_signers, pgpKeys: keys/pgp}
  status: {branch: sluice/status, push: true, pushesPerMinute: 6, repository: null, author: {name: Sluice, email: sluice@localhost}}
  targets:
  - {name: prod, type: kubernetes, context: prod}
  - {name: cci, type: kubernetes, server: "https://cci.example.test", tokenHeader: X-Auth-Token, tokenFrom: {env: CCI_TOKEN}}
  - {name: kraken, type: kraken, server: "http://127.0.0.1:8080", errorStarting: settle}
  sync:
  - {path: teams/a, targets: [prod], identity: {impersonate: "system:serviceaccount:team-a:deployer"}, allow: {namespaces: [team-a], kinds: ["*"], clusterScoped: false}}
  sources: {hosts: ["git.example.test"]}
  listen: 127.0.0.1:9440
`);
    expect(result.kind === 'ok' ? result.spec : result.diagnostics).toMatchObject({
      instance: 'prod-eu',
      targets: [{ name: 'prod' }, { name: 'cci' }, { name: 'kraken' }],
      sync: [{ path: 'teams/a', allow: { clusterScoped: false } }],
    });
  });

  test.each<[name: string, spec: string, expected: readonly string[]]>([
    ['a misspelt field', '  repositroy: {}\n', ['config.yaml:4 spec.repositroy: unknown field']],
    [
      'no address',
      '  repository:\n    branch: main\n',
      ['config.yaml:5 spec.repository.url: Required value'],
    ],
    [
      'an interval that is none',
      '  repository: {url: x, interval: soon}\n',
      [
        expect.stringContaining(
          'config.yaml:4 spec.repository.interval: Invalid value: "soon"',
        ) as string,
      ],
    ],
    [
      'a password in the address',
      '  repository: {url: "https://me:secret@git.example.test/a.git"}\n',
      ['config.yaml:4 spec.repository.url: holds a password; use spec.repository.credentials'],
    ],
    [
      'a target twice, and one without a server',
      '  targets:\n  - {name: a}\n  - {name: a}\n  - {name: k, type: kraken}\n',
      [
        'config.yaml:6 spec.targets[1].name: "a" is defined twice',
        'config.yaml:7 spec.targets[2].server: Required value for type kraken',
      ],
    ],
    [
      'a permission for a target that nobody defines',
      '  targets: [{name: a}]\n  sync: [{path: x, targets: [b]}]\n',
      ['config.yaml:5 spec.sync[0].targets[0]: no target is named "b"'],
    ],
    [
      'a secret from two places, and from none',
      '  repository:\n    url: x\n    credentials:\n      usernameFrom: {env: A, file: b}\n      passwordFrom: {}\n',
      [
        'config.yaml:7 spec.repository.credentials.usernameFrom: name either env or file',
        'config.yaml:8 spec.repository.credentials.passwordFrom: name either env or file',
      ],
    ],
  ])('%s is named with its line', (_name, spec, expected) => {
    expect(problems(spec)).toEqual(expected);
  });
});
