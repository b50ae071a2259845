// sluice.yaml: defaults, units of values, and every mistake with its line.
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/render/sluice-config.ts';
import type { KnownTarget } from '../../src/render/sluice-config.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { shown } from '../support/repository.ts';

const validator = createSchemaValidator();
const HEAD = 'apiVersion: sluice.dev/v1alpha1\nkind: Config\n';

function read(text: string | undefined, targets: readonly KnownTarget[] = []) {
  const bytes = text === undefined ? undefined : new TextEncoder().encode(text);
  return readConfig(bytes, { file: 'sluice.yaml', targets, validator });
}

function config(text: string | undefined, targets: readonly KnownTarget[] = []) {
  const result = read(text, targets);
  if (result.kind === 'invalid') throw new Error(shown(result.diagnostics).join('\n'));
  return result.config;
}

function problems(text: string, targets: readonly KnownTarget[] = []): readonly string[] {
  const result = read(text, targets);
  return result.kind === 'invalid' ? shown(result.diagnostics) : [];
}

describe('without a file', () => {
  test('the whole repository goes to the only target', () => {
    expect(config(undefined)).toMatchObject({
      present: false,
      targets: [{ name: 'local', environment: undefined }],
      sync: [{ path: '', target: 'local', namespace: 'default' }],
      safety: {
        maxDeletions: { kind: 'share', percent: 20 },
        maxUnitDeletions: { kind: 'share', percent: 10 },
        allowEmpty: false,
      },
      defaults: { collisionProtection: 'Prevent', builtinProbes: false, timeoutMs: 600_000 },
    });
  });

  test('a target of the daemon takes the place of the embedded one', () => {
    expect(config(undefined, [{ name: 'prod' }]).sync).toMatchObject([{ target: 'prod' }]);
  });

  test('several targets of the daemon need one', () => {
    const result = read(undefined, [{ name: 'a' }, { name: 'b' }]);
    expect(result.kind === 'invalid' && shown(result.diagnostics)).toEqual([
      ': TargetUnknown there is more than one target (a, b), so sluice.yaml must say which folder goes where',
    ]);
  });
});

describe('with a file', () => {
  test('an empty spec means the same as none', () => {
    expect({ ...config(`${HEAD}spec: {}\n`), present: false }).toEqual({
      ...config(undefined),
      sync: [{ ...config(undefined).sync[0], line: 3 }],
    });
  });

  test('everything of the design page is read', () => {
    const found = config(
      `${HEAD}spec:
  targets: [{name: local, type: embedded, environment: {kubernetes: {version: v1.31.0}}}]
  sync: [{path: ./clusters//local/, target: local, namespace: team}]
  safety: {maxDeletions: 3, maxUnitDeletions: 0%, allowEmpty: true}
  approvals: [{plan: "sha256:0123456789abcdef"}]
  defaults: {collisionProtection: IfNoController, builtinProbes: true, timeout: 1h30m}
  ignoreDifferences: [{kind: Deployment.apps, fields: [.spec.replicas]}]
  healthChecks: [{kind: Cluster.postgresql.cnpg.io, current: "status.ready == true", failed: "has(status.error)"}]
`,
    );
    expect(found).toMatchObject({
      present: true,
      targets: [{ name: 'local', environment: { kubernetes: { version: 'v1.31.0' } } }],
      sync: [{ path: 'clusters/local', namespace: 'team', line: 5 }],
      safety: {
        maxDeletions: { kind: 'count', count: 3 },
        maxUnitDeletions: { kind: 'share', percent: 0 },
        allowEmpty: true,
      },
      approvals: ['sha256:0123456789abcdef'],
      defaults: {
        collisionProtection: 'IfNoController',
        builtinProbes: true,
        timeoutMs: 5_400_000,
      },
      ignoreDifferences: [{ kind: 'Deployment', group: 'apps', fields: ['.spec.replicas'] }],
      healthChecks: [
        {
          kind: 'Cluster',
          group: 'postgresql.cnpg.io',
          current: 'status.ready == true',
          failed: 'has(status.error)',
        },
      ],
    });
  });

  test.each<[name: string, spec: string, expected: readonly string[]]>([
    ['a misspelt field', '  snyc: []\n', ['sluice.yaml:4 ConfigInvalid spec.snyc: unknown field']],
    [
      'a value of the wrong type, and another one',
      '  sync: [{path: 1}]\n  safety: {maxDeletions: lots}\n',
      [
        'sluice.yaml:4 ConfigInvalid spec.sync[0].path: Invalid value: "integer": spec.sync[0].path in body must be of type string: "integer"',
        `sluice.yaml:5 ConfigInvalid spec.safety.maxDeletions: Invalid value: "lots": spec.safety.maxDeletions in body should match '^(100|[0-9]{1,2})%$'`,
      ],
    ],
    [
      'a target that nobody defines',
      '  sync:\n  - path: a\n    target: prod\n',
      ['sluice.yaml:6 TargetUnknown spec.sync[0].target: there is no target "prod"; known: local'],
    ],
    [
      'a target of another type than embedded',
      '  targets: [{name: prod, type: kubernetes}]\n',
      [
        'sluice.yaml:4 ConfigInvalid spec.targets[0].type: Unsupported value: "kubernetes": supported values: "embedded"',
      ],
    ],
    [
      'a target that only the daemon could define',
      '  targets: [{name: prod}]\n',
      [
        'sluice.yaml:4 TargetUnknown spec.targets[0]: the daemon defines no target "prod"; only targets of type embedded may be defined here',
      ],
    ],
    [
      'two targets and an entry that names none',
      '  targets: [{name: a, type: embedded}, {name: b, type: embedded}]\n  sync: [{path: x}]\n',
      [
        'sluice.yaml:5 TargetUnknown spec.sync[0].target: Required value: there is more than one target (a, b)',
      ],
    ],
    [
      'a folder outside the repository',
      '  sync: [{path: ../x}]\n',
      ['sluice.yaml:4 ConfigInvalid spec.sync[0].path: "../x" is no folder of this repository'],
    ],
    [
      'a folder twice for one target',
      '  sync: [{path: x}, {path: ./x}]\n',
      ['sluice.yaml:4 ConfigInvalid spec.sync[1]: x goes to local twice'],
    ],
    [
      'a health check that is no CEL',
      '  healthChecks:\n  - kind: A.b\n    current: "status.x =="\n',
      ['sluice.yaml:6 CelInvalid spec.healthChecks[0].current: '],
    ],
    [
      'a health check that is wrong in the second line of its text',
      '  healthChecks:\n  - kind: A.b\n    current: |\n      status.x == 1 &&\n        nope(1)\n',
      [
        "sluice.yaml:8 CelInvalid spec.healthChecks[0].current: 2:3: undeclared reference to 'nope' (in container '')\n |   nope(1)\n | ..^",
      ],
    ],
    [
      'two health checks of one kind, of which neither would count',
      '  healthChecks:\n  - {kind: A.b, current: "true"}\n  - {kind: A.b, current: "false"}\n',
      ['sluice.yaml:6 CelInvalid spec.healthChecks[1].kind: has two checks'],
    ],
  ])('%s is named with its line', (_name, spec, expected) => {
    const found = problems(`${HEAD}spec:\n${spec}`);
    expect(
      found.map((text, index) =>
        expected[index]?.endsWith(': ') ? text.slice(0, expected[index]?.length) : text,
      ),
    ).toEqual(expected);
  });

  test('another kind is refused', () => {
    expect(problems('apiVersion: v1\nkind: ConfigMap\n')).toEqual([
      'sluice.yaml:1 ConfigInvalid the file must hold a Config of sluice.dev/v1alpha1, not ConfigMap of v1',
    ]);
  });

  test('broken YAML is refused with its line', () => {
    expect(problems(`${HEAD}spec: [\n`)[0]).toMatch(/^sluice\.yaml:[0-9]+ YamlInvalid /);
  });

  test('an environment of sluice.yaml goes before that of the daemon', () => {
    const found = config(
      `${HEAD}spec: {targets: [{name: a, environment: {x: 1}}], sync: [{path: p, target: b}]}\n`,
      [
        { name: 'a', environment: { x: 2 } },
        { name: 'b', environment: { x: 3 } },
      ],
    );
    expect(found.targets).toEqual([
      { name: 'a', environment: { x: 1 } },
      { name: 'b', environment: { x: 3 } },
    ]);
  });
});
