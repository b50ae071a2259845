// Expressions against what is known of their variables: probes by the kind they select, filters by the manifest.
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { checkRepository, parseSource, withoutRepetitions } from '../../src/render/index.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import { repository, shown } from '../support/repository.ts';
import { widgetDefinition } from '../support/manifests.ts';

const validator = createSchemaValidator();
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const CRD = widgetDefinition(`          properties:
            spec: {type: object, properties: {size: {type: integer}}}
            status:
              type: object
              properties:
                ready: {type: boolean}
                phase: {type: string, nullable: true}
                extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
`);

const MANIFEST = (spec: string): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  config:
    openAPIV3Schema:
      type: object
      properties:
        count: {type: integer, default: 1}
        share: {type: number}
        name: {type: string}
        maybe: {type: string, nullable: true}
        enabled: {type: boolean}
        tags: {type: array, items: {type: string}}
        nested: {type: object, properties: {deep: {type: string}}}
        labels: {type: object, additionalProperties: {type: string}}
        free: {type: object, x-kubernetes-preserve-unknown-fields: true}
${spec}`;

const text = (value: string): string => JSON.stringify(value);

/** What a package with this rule is told, as `severity message @ text of the file at the place`. */
function probeFaults(kind: string, rule: string, files: Record<string, string> = {}): string[] {
  const [name = '', ...group] = kind.split('.');
  const selector = `{kind: {kind: ${name}, group: ${text(group.join('.'))}}}`;
  const manifest = MANIFEST(`  availabilityProbes:
    - selector: ${kind === '' ? '{}' : selector}
      probes:
        - cel:
            message: nope
            rule: ${text(rule)}
`);
  const lines = manifest.split('\n');
  return check({ 'manifest.yaml': manifest, ...files }).map(
    ({ line = 0, column = 0, severity, message }) =>
      `${severity} ${message.split('\n')[0]} @ ${lines[line - 1]?.slice(column - 1)}`,
  );
}

function check(files: Record<string, string>): readonly Diagnostic[] {
  const source = {
    folder: 'p',
    files: new Map(Object.entries(files).map(([path, content]) => [path, encode(content)])),
  };
  const { discovery } = repository({});
  const { schemaOf } = discovery;
  return checkRepository(
    { config: undefined, units: [], packages: [source] },
    { validator, schemaOf },
  );
}

function firstLines(found: readonly Diagnostic[]): string[] {
  return found.map(
    ({ line, column, severity, message }) =>
      `${line}:${column} ${severity} ${message.split('\n')[0]}`,
  );
}

describe('probes of well-known kinds', () => {
  test.each([
    ['Deployment.apps', 'self.spec.replica == 1', "undefined field 'replica'", '.replica == 1'],
    [
      'Deployment.apps',
      'has(self.status.readyReplica)',
      "undefined field 'readyReplica'",
      '.readyReplica)',
    ],
    ['Deployment.apps', 'self.metadata.label.a == "b"', "undefined field 'label'", '.label.a =='],
    [
      'Deployment.apps',
      'self.spec.replicas == "1"',
      "overload for '_==_' applied to '(int",
      '== \\"1',
    ],
    [
      'StatefulSet.apps',
      'self.status.readyReplicas.size() == 1',
      "'size' applied to 'int.()'",
      'size() == 1',
    ],
    [
      'Job.batch',
      'self.status.conditions.exists(c, c.type == 1)',
      "'_==_' applied to '(string, int)'",
      '== 1)',
    ],
    ['Pod', 'self.spec.container[0].name == "a"', "undefined field 'container'", '.container[0]'],
    ['ConfigMap', 'self.data.size == 1', "'_==_' applied to '(string, int)'", '== 1'],
    ['Deployment.apps', 'self.spec.paused', 'cel expression must evaluate to a bool', '.paused'],
  ])('%s: %s is refused', (kind, rule, message, place) => {
    const found = probeFaults(kind, rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
    expect(found[0]).toContain('error parsing probe #0: ');
    expect(found[0]).toContain(` @ ${place}`);
  });

  test.each([
    ['Deployment.apps', 'self.spec.replicas == self.status.updatedReplicas'],
    ['Deployment.apps', 'self.metadata.generation == self.status.observedGeneration'],
    ['Deployment.apps', 'self.spec.paused == true'],
    ['Deployment.apps', 'self.status.conditions.exists(c, has(c.observedGeneration))'],
    ['Deployment.apps', 'self.spec.template.metadata.labels["a"] == "b"'],
    ['Deployment.apps', 'self["spec"]["replicas"] == 1 && "status" in self'],
    ['Deployment.apps', 'dyn(self).status.brandNew == 1'],
    ['Deployment.apps', 'self.spec.strategy.rollingUpdate.maxSurge == "25%"'],
    ['Deployment.apps', 'self.spec.template.spec.containers.all(c, c.image.contains("@sha256:"))'],
    ['Deployment.apps', 'self.status.?readyReplicas.orValue(0) >= self.spec.replicas'],
    ['Deployment.apps', 'timestamp(self.metadata.creationTimestamp) > timestamp(0)'],
    ['Pod', 'self.status.containerStatuses.all(s, s.ready)'],
    ['Pod', 'self.spec.volumes.exists(v, has(v.nfs.server))'],
    ['Service', 'self.status.loadBalancer.ingress.size() > 0'],
    ['Secret', 'has(self.data.token)'],
    [
      'PersistentVolumeClaim',
      'quantity(self.status.capacity.storage).isGreaterThan(quantity("1Gi"))',
    ],
    ['Ingress.networking.k8s.io', 'self.spec.rules.exists(r, r.host == "a.b")'],
    [
      'HorizontalPodAutoscaler.autoscaling',
      'self.status.currentReplicas <= self.spec.maxReplicas && self.spec.metrics.size() == 0',
    ],
    ['Deployment.example.com', 'self.spec.whatever == 1'],
    ['', 'self.spec.whatever == 1'],
  ])('%s: %s is taken', (kind, rule) => {
    expect(probeFaults(kind, rule)).toEqual([]);
  });

  test('the nearest name is the hint, with the way around the schema', () => {
    const manifest = MANIFEST(`  availabilityProbes:
    - selector: {kind: {kind: Deployment, group: apps}}
      probes:
        - cel:
            message: nope
            rule: |
              self.status.readyReplicas == 1 &&
                self.spec.replica == 1
`);
    expect(check({ 'manifest.yaml': manifest })).toEqual([
      {
        code: 'CelInvalid',
        severity: 'error',
        file: 'p/manifest.yaml',
        line: 27,
        column: 26,
        message:
          "parsing probe #0: compiling CEL: 2:12: undefined field 'replica'\n" +
          ' |   self.spec.replica == 1\n | ...........^',
        hint: "Did you mean 'replicas'? Where the schema of Deployment.apps is behind, write dyn(x).y for x.y.",
      },
    ]);
  });
});

describe('probes of kinds that CRDs define', () => {
  test.each([
    ['self.status.redy == true', "undefined field 'redy'"],
    ['self.spec.size == "1"', "'_==_' applied to '(int, string)'"],
    ['self.stauts.ready == true', "undefined field 'stauts'"],
  ])('of the same package: %s is refused', (rule, message) => {
    const crd = CRD.replace(
      'metadata: {',
      'metadata: {annotations: {package-operator.run/phase: deploy}, ',
    );
    expect(probeFaults('Widget.example.com', rule)).toEqual([]);
    expect(probeFaults('Widget.example.com', rule, { 'crd.yaml': crd })).toEqual([
      expect.stringContaining(message) as string,
    ]);
  });

  const repo = (rule: string, crds = CRD): Record<string, string> => ({
    'apps/crd.yaml': crds,
    'apps/set.yaml': `apiVersion: package-operator.run/v1alpha1
kind: ObjectDeployment
metadata: {name: set}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec:
      availabilityProbes:
        - selector: {kind: {group: example.com, kind: Widget}}
          probes: [{cel: {message: m, rule: ${text(rule)}}}]
      phases:
        - name: one
          objects: [{object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}]
`,
  });
  const id = 'local:ObjectDeployment.package-operator.run/default/set';

  test.each([
    ['self.status.ready == true', []],
    ['self.status.phase == null', []],
    ['self.status.extra.any == 1', []],
    ['self.status.rady == true', ["apps/set.yaml:11 CelInvalid undefined field 'rady'"]],
  ])('of the snapshot: %s', (rule, expected) => {
    const found = shown(repository(repo(rule)).render(id).diagnostics);
    expect(
      found.map((item) => item.split('\n')[0]?.replace(/parsing probe .*?: \d+:\d+: /, '')),
    ).toEqual(expected);
  });

  test('a version more takes the fields of both', () => {
    const v2 = `    - name: v2
      served: true
      storage: false
      schema: {openAPIV3Schema: {type: object, properties: {state: {type: string}}}}
`;
    const rule = 'self.status.ready == true || self.state == "up"';
    expect(repository(repo(rule)).render(id).kind).toBe('failed');
    expect(repository(repo(rule, CRD + v2)).render(id).kind).toBe('rendered');
    const unserved = v2.replace('served: true', 'served: false');
    expect(repository(repo(rule, CRD + unserved)).render(id).kind).toBe('failed');
  });

  test('a unit with probes is rendered anew when a CRD changes, a folder is not', () => {
    const hashes = (crd: string): readonly string[] =>
      repository({ ...repo('true', crd), 'plain/a.yaml': CONFIG_MAP }).discovery.units.map(
        ({ id: unit, inputHash }) => `${unit} ${inputHash}`,
      );
    const before = hashes(CRD);
    const after = hashes(CRD.replace('size:', 'width:'));
    const changed = after
      .filter((item) => !before.includes(item))
      .map((item) => item.split(' ')[0]);
    expect(changed).toEqual([
      expect.stringContaining('apps') as string,
      expect.stringContaining(id) as string,
    ]);
  });
});

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

/** What is said of an expression in a named condition: its severity and message, or nothing. */
function conditionFaults(expression: string): string[] {
  const manifest = MANIFEST(`  images: []
  filter:
    conditions:
      - {name: one, expression: ${text(expression)}}
`);
  return check({ 'manifest.yaml': manifest }).map(
    ({ severity, message }) =>
      `${severity} ${message.split('\n')[0]?.replace(/^.*?(\d+:\d+: |invalid return)/, '$1')}`,
  );
}

describe('filters', () => {
  test.each([
    ['config.count == 1'],
    ['config.count > 1 && config.count in [1, 2]'],
    ['config.count + 1.0 == 2.0'],
    ['config.share * 2.0 > 1.5'],
    ['[1, 2][config.count] == 1 || true'],
    ['has(config.name) && config.name == "a"'],
    ['"name" in config && size(config) == 2'],
    ['config["name"] == "a" && config["unheard-of"] == "b"'],
    ['config.maybe == null || config.maybe == "a"'],
    ['config.enabled'],
    ['!config.enabled'],
    ['dyn(config.tags).exists(t, t == "a") && "b" in config.tags'],
    ['config.exists(key, key == "name") && ["a"].exists(t, t in config.tags)'],
    ['config.labels.anything == "a"'],
    ['config.free.any.thing == 1'],
    ['.config.count == 1'],
    ['config.nested == {"deep": "x"}'],
    ['environment.kubernetes.version == "v1"'],
    ['has(environment.openShift) && environment.openShift.managed.data.x == 1'],
    ['has(environment.hyperShift.hostedCluster.nodeSelector)'],
    ['images == {}'],
    ['dependencies["a-b"] == "x"'],
  ])('%s is taken without a word', (expression) => {
    expect(conditionFaults(expression)).toEqual([]);
  });

  test.each([
    ['config.nmae == "a"', "warning 1:7: undefined field 'nmae'"],
    ['has(config.nmae)', "warning 1:11: undefined field 'nmae'"],
    [
      'config.name == 1',
      "warning 1:13: found no matching overload for '_==_' applied to '(string, int)'",
    ],
    [
      'config.count + 1 > 2',
      "warning 1:14: found no matching overload for '_+_' applied to '(double, int)'",
    ],
    [
      '-config.count == 1 % config.count',
      "warning 1:20: found no matching overload for '_%_' applied to '(int, double)'",
    ],
    ['environment.openshift.version == ""', "warning 1:12: undefined field 'openshift'"],
    ['config.name', 'warning 1:1: invalid return type: string, expected bool'],
    ['images.web == ""', "warning 1:7: undefined field 'web'"],
    ['true && fals', "error 1:9: undeclared reference to 'fals' (in container '')"],
    ['confg.n == 1', "error 1:1: undeclared reference to 'confg' (in container '')"],
    [
      'config.name.lowerAscii() == "a"',
      "error 1:13: undeclared reference to 'lowerAscii' (in container '')",
    ],
    ['package.metadata.name == "a"', 'error 1:1: reserved identifier: package'],
    [
      'config.name.startsWith(1)',
      "error 1:13: found no matching overload for 'startsWith' applied to 'dyn.(int)'",
    ],
    ['2 + 3', 'error invalid return type: int, expected bool'],
    ['"a"', 'error invalid return type: string, expected bool'],
    ['cond.one', "error 1:1: undeclared reference to 'cond' (in container '')"],
    ['1 +', "error 1:4: Syntax error: unexpected '<EOF>'"],
  ])('%s: %s', (expression, expected) => {
    expect(conditionFaults(expression)).toEqual([expected]);
  });

  test('without a schema nothing is ever in the configuration', () => {
    const manifest = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: shop}
spec:
  scopes: [Namespaced]
  phases: [{name: deploy}]
  conditionalFiltering:
    namedConditions:
      - {name: one, expression: has(config.a)}
    conditionalPaths:
      - {glob: 'a/**', expression: cond.two.x == 1}
      - {glob: '[', expression: cond.one}
`;
    expect(firstLines(check({ 'manifest.yaml': manifest }))).toEqual([
      "9:43 warning condition 'one': 1:11: undefined field 'a'",
      expect.stringMatching(/^11:44 error .*a\/\*\*: .*'bool' does not support field selection/),
      expect.stringMatching(/^12:16 error .*invalid spec\.filter\.paths expression: \[: /),
    ]);
  });
});

describe('what rendering would not reach', () => {
  const object = (name: string, condition: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations:
    package-operator.run/phase: deploy
    package-operator.run/condition: ${condition}
`;
  const filtered = MANIFEST(`  filter:
    paths: [{glob: 'old/**', expression: 'false'}]
`);

  test('the condition of a file that a filter leaves out', () => {
    const files = { 'manifest.yaml': filtered, 'old/a.yaml': object('a', "'config.x =='") };
    const [found] = check(files);
    expect(found).toMatchObject({ file: 'p/old/a.yaml', line: 7, column: 49, severity: 'error' });
  });

  test('conditions and calls of cel in templates, in every branch', () => {
    const template = `{{ if .config.never }}
${object('a', '>-\n      config.name == "a" &&\n      confg.n == 1')}
{{ else if cel "confg.n == 1" }}
${object('b', "'{{ .config.name }} =='")}
{{- end }}
`;
    const files = { 'manifest.yaml': filtered, 'a.yaml.gotmpl': template };
    expect(
      check(files).map(({ file, line, column, severity }) => [file, line, column, severity]),
    ).toEqual([
      ['p/a.yaml.gotmpl', 10, 7, 'error'],
      ['p/a.yaml.gotmpl', 12, 17, 'error'],
    ]);
  });

  test('probes of a deployment inside a package', () => {
    const inner = `apiVersion: package-operator.run/v1alpha1
kind: ObjectDeployment
metadata: {name: inner, annotations: {package-operator.run/phase: deploy}}
spec:
  template:
    spec:
      availabilityProbes:
        - selector: {kind: {group: apps, kind: Deployment}}
          probes: [{cel: {message: m, rule: self.status.nope == 1}}]
      phases: []
`;
    const files = { 'manifest.yaml': filtered, 'inner.yaml': inner };
    expect(firstLines(check(files))).toEqual([
      expect.stringMatching(/^9:56 error .*undefined field 'nope'/),
    ]);
  });

  test('components, templates that do not parse and phases that do not exist', () => {
    const manifest = filtered.replace('spec:\n', 'spec:\n  components: {}\n');
    const files = {
      'manifest.yaml': manifest,
      'components/api/manifest.yaml': filtered,
      'components/api/a.yaml': object('a', "'true && fals'").replace('deploy', 'none'),
      'components/api/b.yaml.gotmpl': 'a: {{ if }}\n',
    };
    expect(shown(check(files)).map((item) => item.split('\n')[0])).toEqual([
      expect.stringMatching(/^p\/components\/api\/a\.yaml:6 PhaseUnknown component "api": /),
      expect.stringMatching(/^p\/components\/api\/a\.yaml:7 CelInvalid component "api": /),
      expect.stringMatching(/^p\/components\/api\/b\.yaml\.gotmpl:1 TemplateInvalid /),
      expect.stringMatching(/^p\/components\/api\/a\.yaml:7 CelInvalid component "api": /),
    ]);
  });
});

describe('health checks', () => {
  const faults = (kind: string, current: string): readonly string[] => {
    const config = parseSource(
      'sluice.yaml',
      encode(`apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  healthChecks:
    - kind: ${kind}
      current: ${text(current)}
`),
    );
    const { discovery } = repository({ 'apps/crd.yaml': CRD });
    const { schemaOf } = discovery;
    return firstLines(
      checkRepository({ config, units: [], packages: [] }, { validator, schemaOf }),
    );
  };

  test.each([
    ['Deployment.apps', 'stats.readyReplicas == 1', "1:1: undeclared reference to 'stats'"],
    ['Deployment.apps', 'status.readyReplica == 1', "1:7: undefined field 'readyReplica'"],
    ['Widget.example.com', 'status.rady == true', "1:7: undefined field 'rady'"],
    ['Widget.example.com', 'self.status.ready == true', "1:1: undeclared reference to 'self'"],
    ['ConfigMap', 'status.x == 1', "1:1: undeclared reference to 'status'"],
  ])('%s: %s is refused', (kind, current, message) => {
    const found = faults(kind, current);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`spec.healthChecks[0].current: ${message}`);
    expect(found[0]).toMatch(/^6:(17|23) error/);
  });

  test.each([
    ['Deployment.apps', 'status.readyReplicas == spec.replicas && metadata.generation > 0'],
    ['Widget.example.com', 'status.ready'],
    ['ConfigMap', 'data.ready == "yes"'],
    ['Gadget.example.com', 'anything.goes == 1'],
    ['Deployment.apps', 'dyn(status).brandNew == 1'],
  ])('%s: %s is taken', (kind, current) => {
    expect(faults(kind, current)).toEqual([]);
  });
});

describe('the same mistake', () => {
  const item = (over: Partial<Diagnostic>): Diagnostic => ({
    code: 'CelInvalid',
    severity: 'error',
    message: 'here: CEL expression compilation error: 1:1: x',
    file: 'a.yaml.gotmpl',
    ...over,
  });
  test('is said once, where it stands', () => {
    const placed = item({ line: 3, column: 5 });
    const vague = item({ message: 'there: CEL expression compilation error: 1:1: x' });
    const executing = item({ code: 'TemplateFailed', line: 3 });
    const warned = item({ severity: 'warning', message: 'w', line: 3, column: 5 });
    const other = item({ file: 'b.yaml.gotmpl' });
    expect(withoutRepetitions([placed, placed, vague, executing, warned, other])).toEqual([
      placed,
      other,
    ]);
  });
});
