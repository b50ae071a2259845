// A secret value is in the target and nowhere else: no blob of the status branch, no event, no message.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cleanUpAfterwards, plainGit } from '../support/git-fixture.ts';
import {
  configMap,
  documents,
  objectDeployment,
  secret,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const VALUE = 'hunter2-correct-horse';
const ENCODED = Buffer.from(VALUE).toString('base64');

/** Everything that was ever pushed: blobs, trees and commits, also of history that is not reachable any more. */
function everything(bare: string): string {
  const ids = plainGit(bare, [
    'cat-file',
    '--batch-all-objects',
    '--batch-check=%(objectname) %(objecttype)',
  ])
    .split('\n')
    .filter((line) => !line.endsWith(' tree'));
  return execFileSync('git', ['-C', bare, 'cat-file', '--batch'], {
    input: `${ids.map((line) => line.split(' ')[0]).join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
}

test('nothing of a Secret reaches the status branch, whatever becomes of it', async () => {
  const files = { 'README.md': 'empty\n' };
  // The source is a repository of its own here, so that the status can be searched alone.
  const scenario = await createScenario({ files, status: 'apart' });
  scenario.commit({
    'a/x.yaml': documents(
      secret('plain', { password: VALUE, other: `x${VALUE}x` }),
      { ...secret('encoded', {}), stringData: undefined, data: { password: ENCODED } } as never,
      configMap('a'),
    ),
    // Trouble is where values slip out: broken YAML, a wrong type, an object that the target refuses.
    'broken/x.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: "${VALUE}\n  other: [\n`,
    'duplicate/x.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: d}\nstringData:\n  password: ${VALUE}\n  password: ${VALUE}\n`,
    'wrong/x.yaml': yaml({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'w' },
      data: { password: `${VALUE}!` },
    }),
    'type/x.yaml': yaml({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 't' },
      data: [VALUE] as never,
    }),
    // A probe that fails says what it saw, but not of a Secret.
    'probed.yaml': yaml(
      objectDeployment(
        'probed',
        { all: [secret('probed', { password: VALUE, other: `${VALUE}?` })] },
        {
          probes: [
            {
              selector: { kind: { kind: 'Secret' } },
              probes: [
                { fieldsEqual: { fieldA: '.data.password', fieldB: '.data.other' } },
                { cel: { rule: 'self.data.password == self.data.other', message: 'differ' } },
              ],
            },
          ],
        },
      ),
    ),
    'immutable/x.yaml': yaml({ ...secret('i', { password: VALUE }), immutable: true }),
  });
  await scenario.poll();
  await scenario.untilStatus(unitId.folder('a'), ({ ready }) => ready === 'True');
  await scenario.untilStatus(unitId.folder('immutable'), ({ ready }) => ready === 'True');
  for (const folder of ['broken', 'duplicate', 'wrong', 'type']) {
    await scenario.untilStatus(unitId.folder(folder), ({ ready }) => ready === 'False');
  }
  const probed = await scenario.untilStatus(
    unitId.deployment('probed'),
    ({ phases }) => phases[0] === 'all closed',
  );
  expect(probed.message).toContain('.data.password');
  scenario.commit({
    'immutable/x.yaml': yaml({ ...secret('i', { password: `${VALUE}-new` }), immutable: true }),
    'a/x.yaml': documents(secret('plain', { password: `${VALUE}-new` }), configMap('a')),
  });
  await scenario.poll();
  await scenario.untilStatus(unitId.folder('immutable'), ({ ready }) => ready === 'False');
  await scenario.untilStatus(unitId.folder('a'), ({ revision }) => revision === 2);
  await scenario.rest();
  expect(JSON.stringify(await scenario.object('Secret/default/plain'))).toContain(
    Buffer.from(`${VALUE}-new`).toString('base64'),
  );
  const pushed = everything(scenario.statusBare);
  expect(pushed).toContain('Secret');
  for (const text of [VALUE, ENCODED.slice(0, 16)]) {
    expect(pushed.includes(text), text).toBe(false);
    expect(
      JSON.stringify([scenario.events, scenario.troubles, scenario.session().diagnostics()]),
    ).not.toContain(text);
  }
});

const PASSWORD = 'Sup3rS3cretValue';

/** What would tell the value: itself in any case, its base64, its beginning. */
function traces(text: string): readonly string[] {
  const lower = text.toLowerCase();
  const encoded = Buffer.from(PASSWORD).toString('base64');
  return [PASSWORD.toLowerCase(), PASSWORD.slice(0, 8).toLowerCase()]
    .filter((form) => lower.includes(form))
    .concat(text.includes(encoded.slice(0, 12)) ? [encoded] : []);
}

/** A scenario with Secrets on its target, each with one value `pw`, and its status where it can be searched alone. */
async function withSecrets(values: Readonly<Record<string, string>>): Promise<Scenario> {
  const scenario = await createScenario({ files: { 'README.md': 'empty\n' }, status: 'apart' });
  for (const [name, value] of Object.entries(values)) {
    await scenario.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'default' },
      data: { pw: Buffer.from(value).toString('base64') },
    });
  }
  return scenario;
}

const TEMPLATES: Readonly<Record<string, string>> = {
  value: 'metadata: {name: made-value}\ndata: {a: "{{ .config.pw | b64dec }}"}',
  lower: 'metadata: {name: made-lower}\ndata: {a: "{{ .config.pw | b64dec | lower }}"}',
  upper: 'metadata: {name: made-upper}\ndata: {a: "x {{ .config.pw | b64dec | upper }} y"}',
  part: 'metadata: {name: made-part}\ndata: {a: "{{ .config.pw | b64dec | trunc 10 }}"}',
  replaced:
    'metadata: {name: made-replaced}\ndata: {a: "{{ regexReplaceAll "V" (.config.pw | b64dec) "-" }}"}',
  quoted: 'metadata: {name: made-quoted}\ndata: {a: {{ .config.pw | b64dec | quote }}}',
  json: 'metadata: {name: made-json}\ndata: {a: {{ dict "k" (.config.pw | b64dec) | toJson | quote }}}',
  key: 'metadata: {name: made-key}\ndata: {"{{ .config.pw | b64dec }}": a}',
  label: 'metadata: {name: made-label, labels: {"{{ .config.pw | b64dec }}/x y": a}}',
  labelLower:
    'metadata: {name: made-label-lower, labels: {a: "{{ .config.pw | b64dec | lower }}"}}',
  badLabel: 'metadata: {name: made-bad-label, labels: {a: "{{ .config.pw | b64dec | upper }}!"}}',
  name: 'metadata: {name: "db-{{ .config.pw | b64dec | lower }}"}',
  badName: 'metadata: {name: "{{ .config.pw | b64dec | upper }}"}',
  namespace: 'metadata: {name: made-namespace, namespace: "{{ .config.pw | b64dec | lower }}"}',
  fails: 'metadata: {name: made-fails}\ndata: {a: "{{ fail (.config.pw | b64dec | upper) }}"}',
  failsShort:
    'metadata: {name: made-fails-short}\ndata: {a: "{{ fail (trunc 10 (.config.pw | b64dec)) }}"}',
  matches:
    'metadata: {name: made-matches}\ndata: {a: "{{ mustRegexMatch (printf "(%s" (.config.pw | b64dec | lower)) "x" }}"}',
  compares:
    'metadata: {name: made-compares}\ndata: {a: "{{ semverCompare (.config.pw | b64dec | lower) "1.0.0" }}"}',
  includes:
    'metadata: {name: made-includes}\ndata: {a: "{{ include (.config.pw | b64dec | lower) . }}"}',
  number: 'metadata: {name: made-number}\ndata: {a: {{ .config.pw | b64dec | toJson }}, b: 7}',
  yaml: 'metadata: {name: made-yaml}\ndata: {a: [{{ .config.pw | b64dec }}',
};

const WHOLE: Readonly<Record<string, string>> = {
  kind: 'apiVersion: v1\nkind: {{ .config.pw | b64dec }}\nmetadata: {name: made-kind}',
  kindLower:
    'apiVersion: v1\nkind: {{ .config.pw | b64dec | lower }}\nmetadata: {name: made-kind-lower}',
  version:
    'apiVersion: {{ .config.pw | b64dec | lower }}/v1\nkind: Thing\nmetadata: {name: made-version}',
  inner:
    'apiVersion: package-operator.run/v1alpha1\nkind: Package\nmetadata: {name: made-inner}\nspec: {image: "./{{ .config.pw | b64dec | lower }}"}',
};

test('whatever a template makes of a value of a Secret, the status branch and the events do not tell it', async () => {
  const all = {
    ...Object.fromEntries(
      Object.entries(TEMPLATES).map(([name, text]) => [
        name,
        `apiVersion: v1\nkind: ConfigMap\n${text}`,
      ]),
    ),
    ...WHOLE,
  };
  const names = Object.keys(all);
  const scenario = await withSecrets({ sec: PASSWORD });
  scenario.commit(
    Object.fromEntries(
      Object.entries(all).map(([name, template]) => [
        `templates/${name}.yaml`,
        yaml({
          apiVersion: 'package-operator.run/v1alpha1',
          kind: 'ObjectTemplate',
          metadata: { name: name.toLowerCase(), namespace: 'default' },
          spec: {
            sources: [
              {
                apiVersion: 'v1',
                kind: 'Secret',
                name: 'sec',
                items: [{ key: '.data.pw', destination: '.pw' }],
              },
            ],
            template,
          },
        }),
      ]),
    ),
  );
  await scenario.poll();
  const told: Record<string, string> = {};
  for (const name of names) {
    const unit = `local:ObjectTemplate.package-operator.run/default/${name.toLowerCase()}`;
    const status = await scenario.untilStatus(unit, ({ ready }) => ready !== 'Unknown');
    told[name] = status.ready;
  }
  await scenario.rest();
  expect(traces(everything(scenario.statusBare))).toEqual([]);
  expect(traces(scenario.events.join('\n'))).toEqual([]);
  // Those that may be made are made, with the value in them.
  for (const name of ['value', 'lower', 'upper', 'part', 'replaced', 'quoted', 'json', 'key']) {
    expect([name, told[name]]).toEqual([name, 'True']);
  }
  expect((await scenario.object('ConfigMap/default/made-value'))?.['data']).toEqual({
    a: PASSWORD,
  });
  for (const name of ['name', 'badName', 'kind', 'kindLower', 'version', 'fails', 'failsShort']) {
    expect([name, told[name]]).toEqual([name, 'False']);
  }
});

const OWN = 'Ow8nSeCr3tVaLu31';

/** An object set inside, with a value where its unit keeps what it is told. */
function innerSet(name: string, metadata: string, phase: string, probe: string): string {
  const object = `{apiVersion: v1, kind: ConfigMap, metadata: {name: of-${name}}, data: {a: b}}`;
  return `apiVersion: package-operator.run/v1alpha1
kind: ObjectSet
metadata: {name: ${name}${metadata}}
spec:
  phases: [{name: "${phase}", objects: [{object: ${object}}]}]
  availabilityProbes:
    - selector: {kind: {kind: ConfigMap}}
      probes: [{cel: {rule: 'self.data.a == "b"', message: "${probe}"}}]
`;
}

function innerUnit(kind: string, name: string, spec: string): string {
  return `apiVersion: package-operator.run/v1alpha1
kind: ${kind}
metadata: {name: ${name}}
spec: ${spec}
`;
}

const LOWER = '{{ .config.pw | b64dec | lower }}';

/** Units inside whose object was made with a value, by name. */
const INNER: Readonly<Record<string, string>> = {
  cause: innerSet('cause', `, annotations: {kubernetes.io/change-cause: "${LOWER}"}`, 'p', 'm'),
  phase: innerSet('phase', '', `p${LOWER}`, 'm'),
  probe: innerSet('probe', '', 'p', LOWER),
  fine: innerSet('fine', '', 'p', 'm').replace('data: {a: b}', `data: {a: b, c: "${LOWER}"}`),
};

function templateOver(name: string, source: string, template: string): string {
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectTemplate',
    metadata: { name, namespace: 'default' },
    spec: {
      sources: [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          name: source,
          items: [{ key: '.data.pw', destination: '.pw' }],
        },
      ],
      template,
    },
  });
}

test('a unit inside keeps no value of a Secret in its records, neither of its parent nor of its own', async () => {
  const scenario = await withSecrets({ sec: PASSWORD, own: OWN });
  // A template inside a template: what it makes rests on a value of each.
  const both = templateOver(
    'both',
    'own',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: both}\ndata: {a: "INHERITED", b: "{{ .config.pw | b64dec | upper }}"}\n',
  )
    .replace('{{', '{{ "{{" }}')
    .replace(' }}"}', ' {{ "}}" }}"}')
    .replace('INHERITED', '{{ .config.pw | b64dec }}');
  const all = { ...INNER, both };
  scenario.commit(
    Object.fromEntries(
      Object.entries(all).map(([name, template]) => [
        `templates/${name}.yaml`,
        templateOver(`outer-${name}`, 'sec', template),
      ]),
    ),
  );
  await scenario.poll();
  const inner = (kind: string, name: string): string =>
    `local:${kind}.package-operator.run/default/${name}`;
  for (const name of ['cause', 'phase', 'probe']) {
    const { file } = await scenario.untilStatus(
      inner('ObjectSet', name),
      ({ ready }) => ready === 'False',
    );
    expect(JSON.stringify(file)).toContain('rest on a value of a Secret');
  }
  await scenario.untilStatus(inner('ObjectSet', 'fine'), ({ ready }) => ready === 'True');
  await scenario.untilStatus(inner('ObjectTemplate', 'both'), ({ ready }) => ready === 'True');
  await scenario.rest();
  expect((await scenario.object('ConfigMap/default/both'))?.['data']).toEqual({
    a: PASSWORD,
    b: OWN.toUpperCase(),
  });
  const pushed = everything(scenario.statusBare);
  expect(traces(pushed)).toEqual([]);
  expect(pushed.toLowerCase()).not.toContain(OWN.slice(0, 8).toLowerCase());
});

/** An ObjectTemplate over the Secret `sec` that makes an ObjectSet with one phase. */
function makesSet(name: string, phase: string): string {
  const template = `apiVersion: package-operator.run/v1alpha1
kind: ObjectSet
metadata: {name: ${name}-set}
spec:
  phases:
    - ${phase}
      objects:
        - object:
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: ${name}-map}
            data: {a: "{{ .config.pw | b64dec | upper }}", b: "{{ .config.pw | b64dec | lower }}"}
  availabilityProbes:
    - selector: {kind: {group: "", kind: ConfigMap}}
      probes:
        - fieldsEqual: {fieldA: .data.a, fieldB: .data.b}
        - cel: {rule: self.data.a == self.data.b, message: differ}
`;
  const items = [{ key: '.data.pw', destination: '.pw' }];
  return yaml({
    apiVersion: 'package-operator.run/v1alpha1',
    kind: 'ObjectTemplate',
    metadata: { name, namespace: 'default' },
    spec: { sources: [{ apiVersion: 'v1', kind: 'Secret', name: 'sec', items }], template },
  });
}

test('an inner set that runs elsewhere, or is only remembered after a restart, does not tell it either', async () => {
  const scenario = await withSecrets({ sec: PASSWORD });
  scenario.commit({
    't/here.yaml': makesSet('here', 'name: all'),
    't/hosted.yaml': makesSet('hosted', 'name: all\n      class: hosted'),
  });
  await scenario.poll();
  const set = (name: string): string => `local:ObjectSet.package-operator.run/default/${name}-set`;
  await scenario.untilStatus(set('here'), ({ reason }) => reason === 'ProbeFailure');
  await scenario.untilStatus(set('hosted'), ({ reason }) => reason === 'PreflightError');
  // Its parent cannot be rendered any more, so what was recorded is all that is known of the set.
  await scenario.stop();
  scenario.commit({ 't/here.yaml': makesSet('here', '{{ fail "on purpose" }}') });
  await scenario.start({ freshDisk: true });
  await scenario.poll();
  await scenario.untilStatus(set('here'), ({ reason }) => reason === 'NestingWaits');
  await scenario.rest();
  expect(traces(everything(scenario.statusBare))).toEqual([]);
});

test('what a unit inside is told by its annotations, and what is wrong with it, does not tell it either', async () => {
  const scenario = await withSecrets({ sec: PASSWORD });
  const values: Readonly<Record<string, string>> = {
    value: '{{ .config.pw | b64dec }}',
    lower: LOWER,
    part: '{{ .config.pw | b64dec | trunc 10 }}',
  };
  const places: Readonly<Record<string, (value: string) => string>> = {
    timeout: (value) => `, annotations: {sluice.dev/timeout: "${value}"}`,
    depends: (value) => `, annotations: {sluice.dev/depends-on: "${value}"}`,
    unknown: (value) => `, annotations: {sluice.dev/${value}: "true"}`,
    drift: (value) => `, annotations: {sluice.dev/drift: "${value}"}`,
    suspend: (value) =>
      `, annotations: {sluice.dev/suspend: "true", package-operator.run/pause-message: "${value}"}`,
    label: (value) => `, labels: {a: "${value} !"}`,
  };
  /** Fields of other kinds of units that say where something is. */
  const fields: Readonly<Record<string, (name: string, value: string) => string>> = {
    image: (name, value) => innerUnit('Package', name, `{image: "./folder-${value}"}`),
    registry: (name, value) =>
      innerUnit('Package', name, `{image: "oci.example.test/${value}/x:1"}`),
    component: (name, value) =>
      innerUnit('Package', name, `{image: ./packages/none, component: "${value}"}`),
    source: (name, value) =>
      innerUnit(
        'ObjectTemplate',
        name,
        `{sources: [{apiVersion: v1, kind: ConfigMap, name: "${value}", items: [{key: "${value}", destination: .x}]}], template: "a"}`,
      ),
  };
  const sets = [...Object.keys(places), ...Object.keys(fields)].flatMap((place) =>
    Object.keys(values).map((value) => ({ name: `${place}-${value}`, place, value })),
  );
  scenario.commit(
    Object.fromEntries(
      sets.map(({ name, place, value }) => [
        `templates/${name}.yaml`,
        templateOver(
          `outer-${name}`,
          'sec',
          fields[place]?.(name, values[value] ?? '') ??
            innerSet(name, places[place]?.(values[value] ?? '') ?? '', 'p', 'm'),
        ),
      ]),
    ),
  );
  await scenario.poll();
  const kinds: Readonly<Record<string, string>> = {
    label: 'ObjectSet',
    image: 'Package',
    registry: 'Package',
    component: 'Package',
    source: 'ObjectTemplate',
  };
  for (const { name, place } of sets) {
    const outer = `local:ObjectTemplate.package-operator.run/default/outer-${name}`;
    const kind = kinds[place];
    // What steers a unit is refused where it is made; the others are made, and say what is wrong with them.
    const judged =
      kind === undefined ? outer : `local:${kind}.package-operator.run/default/${name}`;
    const { ready } = await scenario.untilStatus(judged, (status) => status.ready !== 'Unknown');
    expect([name, ready]).toEqual([name, place === 'label' ? 'True' : 'False']);
  }
  await scenario.rest();
  expect(traces(everything(scenario.statusBare))).toEqual([]);
  expect(traces([...scenario.events, ...scenario.said].join('\n'))).toEqual([]);
});
