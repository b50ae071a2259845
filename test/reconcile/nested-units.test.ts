// Packages that render Packages: units inside units, through every stage and over restarts (issue: units registry).
import { describe, expect, it } from 'vitest';
import { cleanUpAfterwards, plainGit } from '../support/git-fixture.ts';
import { runSluice } from '../support/run-cli.ts';
import {
  closeForGood,
  createScenario,
  openTarget,
  stopScenariosAfterwards,
} from '../support/scenario.ts';
import type { Files, Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local, namespace: default}]
  safety: {maxDeletions: 100%, maxUnitDeletions: 100%}
`;

const PKG = 'package-operator.run/v1alpha1';
const OUTER = 'Package.package-operator.run/default/outer';
const INNER = 'Package.package-operator.run/default/inner';

const instance = (name: string, image: string, more = ''): string => `apiVersion: ${PKG}
kind: Package
metadata: {name: ${name}, namespace: default}
spec:
  image: ${image}
${more}`;

const manifest = (
  name: string,
  phases: readonly string[],
  probes = '',
): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: ${name}}
spec:
  scopes: [Namespaced]
  phases: [${phases.map((phase) => `{name: ${phase}}`).join(', ')}]
  availabilityProbes:
    - selector: {kind: {group: package-operator.run, kind: Package}}
      probes: [{condition: {type: Available, status: "True"}}]
    - selector: {kind: {kind: ConfigMap}}
      probes: [{cel: {rule: 'self.data.ready == "yes"', message: not ready}}]
${probes}`;

const map = (name: string, phase: string, data = 'ready: "yes"'): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}}
data: {${data}}
`;

const nested = (name: string, image: string, more = ''): string => `apiVersion: ${PKG}
kind: Package
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: inner}
spec:
  image: ${image}
${more}`;

/** An outer package of three phases with an inner one in the middle. */
const FILES: Files = {
  'sluice.yaml': CONFIG,
  'clusters/local/outer.yaml': instance('outer', './packages/outer'),
  'packages/outer/manifest.yaml': manifest('outer', ['first', 'inner', 'last']),
  'packages/outer/first.yaml': map('first', 'first'),
  'packages/outer/inner.yaml': nested('inner', './packages/inner', '  config: {ready: "yes"}\n'),
  'packages/outer/last.yaml': map('last', 'last'),
  'packages/inner/manifest.yaml': `${manifest('inner', ['only'])}  config:
    openAPIV3Schema:
      type: object
      properties: {ready: {type: string, default: "yes"}}
`,
  'packages/inner/inside.yaml.gotmpl': map('inside', 'only', 'ready: "{{ .config.ready }}"'),
};

const isReady = ({ ready }: { readonly ready: string }): boolean => ready === 'True';

async function start(files: Files = FILES): Promise<Scenario> {
  return createScenario({ files });
}

describe('a package that renders a package', () => {
  it('opens its phases through the inner one', async () => {
    const scenario = await start();
    await scenario.settle();
    const outer = await scenario.untilStatus(OUTER, isReady);
    expect(outer.phases).toEqual(['first open', 'inner open', 'last open']);
    const inner = scenario.status(INNER);
    expect(inner?.ready).toBe('True');
    expect(inner?.file['sluice']).toMatchObject({ source: 'packages/outer/inner.yaml:1' });
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/first',
      'ConfigMap/default/inside',
      'ConfigMap/default/last',
    ]);
  });

  it('waits at the gate for the inner one, and says so in one chain', async () => {
    const scenario = await start(withInner('no'));
    const outer = await scenario.untilStatus(OUTER, ({ message }) =>
      message.includes('Phase "inner"'),
    );
    expect(outer.phases).toEqual(['first open', 'inner closed', 'last waiting']);
    const inner = await scenario.untilStatus(INNER, ({ message }) => message.includes('not ready'));
    expect(inner.message).toBe('Phase "only" failed:  ConfigMap default/inside: not ready');
    expect(await scenario.object('ConfigMap/default/last')).toBeUndefined();
    await scenario.apply(withInner('yes'));
    await scenario.untilStatus(OUTER, isReady);
    expect((await scenario.object('ConfigMap/default/inside'))?.['data']).toEqual({ ready: 'yes' });
  });

  it('takes a stale answer of the inner one for none', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    scenario.commit(withInner('no'));
    await scenario.poll();
    const outer = await scenario.untilStatus(
      OUTER,
      ({ ready, revision }) => revision === 2 && ready === 'False',
    );
    expect(outer.phases[1]).toBe('inner closed');
    await scenario.untilStatus(INNER, ({ ready }) => ready === 'False');
  });

  it('follows files of the inner package without a new revision of the outer one', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    await scenario.apply({ 'packages/inner/more.yaml': map('more', 'only') });
    const inner = await scenario.untilStatus(
      INNER,
      ({ revision, ready }) => revision === 2 && ready === 'True',
    );
    expect(inner.phases).toEqual(['only open']);
    expect(scenario.status(OUTER)?.revision).toBe(1);
    expect(await scenario.object('ConfigMap/default/more')).toBeDefined();
  });

  it('says on the status branch what it is made of, and nothing else changes on a second look', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    await scenario.rest();
    const folder = 'units/local/default/Package.package-operator.run';
    expect(scenario.statusFile(`${folder}/outer/inventory.yaml`)).toContain('place: local+units');
    expect(scenario.statusFile(`${folder}/inner/object.yaml`)).toContain(
      `sluice:\n  parent: local:${OUTER}\n  source: packages/outer/inner.yaml:1`,
    );
    const tip = scenario.statusTip();
    scenario.commit({ 'README.md': 'nothing of ours' });
    await scenario.settle();
    await scenario.rest();
    expect(scenario.statusTip()).toBe(tip);
  });

  it('goes in reverse order when the outer one goes', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    scenario.forgetEvents();
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await gone(scenario, OUTER);
    expect(await scenario.objects()).toEqual([]);
    expect(removed(scenario)).toEqual(['last', 'inside', 'inner', 'first']);
    expect(scenario.statusPaths().filter((path) => path.startsWith('units/'))).toEqual([]);
  });

  it('goes when the outer package does not ask for it any more', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    scenario.commit({ 'packages/outer/inner.yaml': null });
    await scenario.poll();
    await gone(scenario, INNER);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/first', 'ConfigMap/default/last']);
    await scenario.untilStatus(OUTER, (status) => isReady(status) && status.revision === 2);
  });

  it('stays away while its objects are held, and the outer one waits', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    const live = await scenario.object('ConfigMap/default/inside');
    await scenario.write({
      verb: 'patch',
      ref: { apiVersion: 'v1', group: '', kind: 'ConfigMap', namespace: 'default', name: 'inside' },
      patch: { metadata: { finalizers: ['example.com/hold'] } },
      manager: 'somebody',
      expect: {
        uid: String(live?.metadata['uid']),
        version: String(live?.metadata['resourceVersion']),
      },
    });
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    const outer = await scenario.untilStatus(
      OUTER,
      ({ removals }) => removals.length > 0 && !removals.some((text) => text.includes('last')),
    );
    expect(outer.removals).toContain(`local+units:${INNER} deleting: waiting until it is gone`);
    expect(await scenario.object('ConfigMap/default/first')).toBeDefined();
    const held = await scenario.object('ConfigMap/default/inside');
    await scenario.write({
      verb: 'patch',
      ref: { apiVersion: 'v1', group: '', kind: 'ConfigMap', namespace: 'default', name: 'inside' },
      patch: { metadata: { finalizers: null } },
      manager: 'somebody',
      expect: {
        uid: String(held?.metadata['uid']),
        version: String(held?.metadata['resourceVersion']),
      },
    });
    await gone(scenario, OUTER);
    expect(await scenario.objects()).toEqual([]);
  });

  it('leaves everything behind when the outer one is detached', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    const detached = instance('outer', './packages/outer').replace(
      'namespace: default}',
      'namespace: default, annotations: {sluice.dev/detach: "true"}}',
    );
    await scenario.apply({ 'clusters/local/outer.yaml': detached });
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await gone(scenario, OUTER);
    await gone(scenario, INNER);
    for (const name of ['first', 'inside', 'last']) {
      expect(await scenario.object(`ConfigMap/default/${name}`)).toBeDefined();
    }
    expect(await scenario.objects()).toEqual([]);
  });
});

describe('a restart', () => {
  it('loses nothing: the inner unit goes on, and changes nothing', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    await scenario.rest();
    const tip = scenario.statusTip();
    scenario.forgetEvents();
    await scenario.restart({ freshDisk: true });
    await scenario.settle();
    await scenario.rest();
    expect(scenario.status(INNER)?.ready).toBe('True');
    expect(scenario.status(OUTER)?.ready).toBe('True');
    expect(
      scenario.events.filter((event) => /^(created|updated|deleting|gone)/u.test(event)),
    ).toEqual([]);
    const changed = plainGit(scenario.bare, [
      'diff',
      '--name-only',
      tip ?? '',
      scenario.statusTip() ?? '',
    ]);
    expect(changed.split('\n').filter((path) => path.startsWith('units/'))).toEqual([]);
  });

  it('keeps the inner unit although an earlier gate has closed meanwhile', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    await scenario.stop();
    scenario.commit({ 'packages/outer/first.yaml': map('first', 'first', 'ready: "no"') });
    await scenario.start({ freshDisk: true });
    await scenario.poll();
    const outer = await scenario.untilStatus(OUTER, ({ revision }) => revision === 2);
    expect(outer.phases[0]).toBe('first closed');
    await scenario.remove('ConfigMap/default/inside');
    await scenario.until(
      'the inner unit to repair',
      async () => (await scenario.object('ConfigMap/default/inside')) !== undefined,
    );
    expect(scenario.status(INNER)?.revision).toBe(1);
  });

  it('in the middle of a removal ends it', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    await scenario.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'inside', namespace: 'default', finalizers: ['example.com/hold'] },
    });
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await scenario.untilStatus(INNER, ({ reason }) => reason === 'Removing');
    await scenario.restart({ freshDisk: true });
    await scenario.poll();
    await scenario.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'inside', namespace: 'default' },
    });
    await gone(scenario, OUTER);
    expect(await scenario.objects()).toEqual([]);
  });
});

describe('units that must not be', () => {
  it('two packages that ask for each other are a diagnostic, and what ran goes on', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    scenario.commit({
      'packages/inner/back.yaml': nested('outer', './packages/outer').replace(
        'phase: inner',
        'phase: only',
      ),
    });
    await scenario.poll();
    const inner = await scenario.untilStatus(INNER, ({ reason }) => reason === 'NestingCycle');
    expect(inner.message).toBe(
      `the units ask for each other: local:${OUTER} → local:${INNER} → local:${OUTER}`,
    );
    expect(inner.diagnostics).toEqual(['NestingCycle packages/inner/back.yaml:1']);
    expect(await scenario.object('ConfigMap/default/inside')).toBeDefined();
  });

  it('a package that asks for itself under another name stops at the limit', async () => {
    const scenario = await start({
      'sluice.yaml': CONFIG,
      'clusters/local/outer.yaml': instance('deep', './packages/deep'),
      'packages/deep/manifest.yaml': manifest('deep', ['inner']),
      'packages/deep/inner.yaml.gotmpl': nested('{{ .package.metadata.name }}x', './packages/deep'),
    });
    const deepest = `Package.package-operator.run/default/deep${'x'.repeat(8)}`;
    const status = await scenario.untilStatus(deepest, ({ reason }) => reason === 'NestingTooDeep');
    expect(status.message).toContain(
      'would be the 9th unit below local:Package.package-operator.run/default/deep; the limit is 8',
    );
    expect(scenario.status(`${deepest}x`)).toBeUndefined();
  });

  it('a unit that Git defines is not asked for as well', async () => {
    const scenario = await start({
      ...FILES,
      'clusters/local/inner.yaml': instance('inner', './packages/inner'),
    });
    const outer = await scenario.untilStatus(OUTER, ({ reason }) => reason === 'ObjectClaimed');
    expect(outer.message).toBe(`local:${INNER} is also defined in clusters/local/inner.yaml:1`);
    await scenario.untilStatus(INNER, isReady);
  });

  it('a broken inner package holds the outer one, and can be dropped', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    scenario.commit({ 'packages/inner/inside.yaml.gotmpl': '{{ fail "on purpose" }}' });
    await scenario.poll();
    await scenario.untilStatus(INNER, ({ ready }) => ready === 'False');
    scenario.commit({ 'packages/outer/inner.yaml': null });
    await scenario.poll();
    await gone(scenario, INNER);
    await scenario.untilStatus(OUTER, (status) => isReady(status) && status.revision === 2);
  });

  it('an object that the API refuses stops the phase before anything of it is applied', async () => {
    const scenario = await start({ ...FILES, 'packages/outer/inner.yaml': nested('inner', '7') });
    const outer = await scenario.untilStatus(OUTER, ({ ready }) => ready === 'False');
    expect(outer.reason).toBe('PreflightError');
    expect(outer.message).toContain('spec.image');
  });
});

describe('a unit that changes hands', () => {
  it('from Git into a package keeps its objects', async () => {
    const { 'packages/outer/inner.yaml': asked, ...before } = FILES;
    const scenario = await start({
      ...before,
      'clusters/local/inner.yaml': instance('inner', './packages/inner'),
    });
    await scenario.untilStatus(INNER, isReady);
    await scenario.untilStatus(OUTER, isReady);
    const uid = (await scenario.object('ConfigMap/default/inside'))?.metadata['uid'];
    await scenario.apply({
      'clusters/local/inner.yaml': null,
      'packages/outer/inner.yaml': asked ?? null,
    });
    await scenario.untilStatus(OUTER, (status) => isReady(status) && status.revision === 2);
    expect((await scenario.object('ConfigMap/default/inside'))?.metadata['uid']).toBe(uid);
    expect(scenario.status(INNER)?.file['sluice']).toMatchObject({
      source: 'packages/outer/inner.yaml:1',
    });
  });

  it('from a package into Git keeps its objects', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    const uid = (await scenario.object('ConfigMap/default/inside'))?.metadata['uid'];
    await scenario.apply({
      'packages/outer/inner.yaml': null,
      'clusters/local/inner.yaml': instance('inner', './packages/inner'),
    });
    await scenario.untilStatus(OUTER, (status) => isReady(status) && status.revision === 2);
    await scenario.untilStatus(INNER, isReady);
    expect((await scenario.object('ConfigMap/default/inside'))?.metadata['uid']).toBe(uid);
    await scenario.rest();
    expect(scenario.statusPaths().filter((path) => path.endsWith('object.yaml'))).toEqual([]);
  });
});

describe('a unit on its way out', () => {
  it('that Git asks for stays, and its parent goes on', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    const held = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'inside', namespace: 'default', finalizers: ['example.com/hold'] },
    };
    await scenario.put(held);
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await scenario.untilStatus(INNER, ({ reason }) => reason === 'Removing');
    scenario.commit({ 'clusters/local/inner.yaml': instance('inner', './packages/inner') });
    await scenario.poll();
    await gone(scenario, OUTER);
    await scenario.put({ ...held, metadata: { name: 'inside', namespace: 'default' } });
    await scenario.untilStatus(INNER, isReady);
    expect(await scenario.objects()).toEqual(['ConfigMap/default/inside']);
  });
});

describe('units that know of each other', () => {
  it('a package waits for a unit of Git that it does not own', async () => {
    const external = nested('inner', './packages/inner').replace(
      'phase: inner',
      'phase: inner, package-operator.run/external: "True"',
    );
    const files: Files = { ...FILES, 'packages/outer/inner.yaml': external };
    const scenario = await start(files);
    const waits = await scenario.untilStatus(OUTER, ({ message }) =>
      message.includes('external resource not found'),
    );
    expect(waits.phases).toEqual(['first open', 'inner closed', 'last waiting']);
    await scenario.apply({ 'clusters/local/inner.yaml': instance('inner', './packages/inner') });
    await scenario.untilStatus(OUTER, isReady);
    await scenario.apply({ 'packages/outer/inner.yaml': null, 'clusters/local/inner.yaml': null });
    await gone(scenario, INNER);
  });

  it('an inner unit depends on a deeper one and on one of Git', async () => {
    const more = nested('more', './packages/inner').replace(
      'phase: inner',
      `phase: inner, sluice.dev/depends-on: "${INNER}, Folder/clusters/local"`,
    );
    const scenario = await start({
      ...FILES,
      'packages/inner/inside.yaml.gotmpl': map('inside-{{ .package.metadata.name }}', 'only'),
      'packages/outer/more.yaml': more,
      'clusters/local/plain.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n',
    });
    await scenario.untilStatus(OUTER, isReady);
    const created = scenario.events.filter((event) => event.startsWith('created'));
    const at = (name: string): number => created.findIndex((event) => event.endsWith(`/${name}`));
    expect(at('inside-inner')).toBeGreaterThanOrEqual(0);
    expect(at('inside-more')).toBeGreaterThan(at('inside-inner'));
  });
});

describe('other kinds inside a package', () => {
  it('an ObjectDeployment with its slice, and an ObjectTemplate, are units too', async () => {
    const scenario = await start({
      'sluice.yaml': CONFIG,
      'clusters/local/outer.yaml': instance('outer', './packages/outer'),
      'packages/outer/manifest.yaml': manifest('outer', ['inner']),
      'packages/outer/deployment.yaml': `apiVersion: ${PKG}
kind: ObjectDeployment
metadata: {name: sliced, annotations: {package-operator.run/phase: inner}}
spec:
  selector: {matchLabels: {app: sliced}}
  template:
    metadata: {labels: {app: sliced}}
    spec:
      phases: [{name: one, slices: [slice]}]
      availabilityProbes: []
---
apiVersion: ${PKG}
kind: ObjectSlice
metadata: {name: slice, annotations: {package-operator.run/phase: inner}}
objects:
  - object: {apiVersion: v1, kind: ConfigMap, metadata: {name: from-slice}, data: {a: "1"}}
---
apiVersion: ${PKG}
kind: ObjectTemplate
metadata: {name: copied, annotations: {package-operator.run/phase: inner}}
spec:
  sources:
    - apiVersion: v1
      kind: ConfigMap
      name: from-slice
      items: [{key: .data.a, destination: .a}]
  template: |
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: from-template}
    data: {a: "{{ .config.a }}"}
`,
    });
    await scenario.until('both objects', async () => (await scenario.objects()).length === 2);
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/from-slice',
      'ConfigMap/default/from-template',
    ]);
    await scenario.untilStatus(OUTER, isReady);
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await gone(scenario, OUTER);
    expect(await scenario.objects()).toEqual([]);
  });
});

describe('a secret that the outer package hands down', () => {
  it('reaches the objects of the inner one and nothing that people read', async () => {
    const token = 'hunter2hunter2';
    const files: Files = {
      'sluice.yaml': CONFIG,
      'clusters/local/outer.yaml': `apiVersion: ${PKG}
kind: ObjectTemplate
metadata: {name: outer, namespace: default}
spec:
  sources:
    - {apiVersion: v1, kind: Secret, name: login, items: [{key: .data.token, destination: .token}]}
  template: |
    apiVersion: ${PKG}
    kind: Package
    metadata: {name: inner}
    spec:
      image: ./packages/inner
      config: {token: "{{ .config.token | b64dec }}"}
`,
      'packages/inner/manifest.yaml': `${manifest('inner', ['only'])}  config:
    openAPIV3Schema:
      type: object
      properties: {token: {type: string}}
`,
      'packages/inner/inside.yaml.gotmpl': map(
        'inside',
        'only',
        'ready: "yes", url: "https://{{ .config.token }}@example.test"',
      ),
    };
    const target = openTarget({});
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'login', namespace: 'default' },
      stringData: { token },
    };
    await target.write({ verb: 'create', object: secret, manager: 'somebody' });
    const scenario = await createScenario({ files, target });
    await scenario.untilStatus(INNER, isReady);
    const url = `https://${token}@example.test`;
    expect((await scenario.object('ConfigMap/default/inside'))?.['data']).toMatchObject({ url });
    await scenario.rest();
    const texts = (): string =>
      scenario
        .statusPaths()
        .map((file) => scenario.statusFile(file))
        .join('\n');
    expect(texts()).toContain('(secret)');
    expect(texts()).not.toContain(token);
    // What the branch cannot say the parent says again, and nothing is written with what it shows instead.
    scenario.forgetEvents();
    await scenario.restart({ freshDisk: true });
    await scenario.settle();
    await scenario.untilStatus(INNER, isReady);
    expect((await scenario.object('ConfigMap/default/inside'))?.['data']).toMatchObject({ url });
    await scenario.rest();
    expect(texts()).not.toContain(token);
    await closeForGood(target);
  });
});

describe('a status branch that is lost', () => {
  it('with the disk as well is rebuilt, and the inner unit keeps its objects', async () => {
    const scenario = await start();
    await scenario.untilStatus(OUTER, isReady);
    const uid = (await scenario.object('ConfigMap/default/inside'))?.metadata['uid'];
    await scenario.stop();
    plainGit(scenario.bare, ['update-ref', '-d', 'refs/heads/sluice/status']);
    await scenario.start({ freshDisk: true });
    await scenario.settle();
    await scenario.untilStatus(OUTER, isReady);
    expect((await scenario.object('ConfigMap/default/inside'))?.metadata['uid']).toBe(uid);
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/first',
      'ConfigMap/default/inside',
      'ConfigMap/default/last',
    ]);
  });
});

describe('a phase that runs elsewhere', () => {
  it('takes the inner units along', async () => {
    const edge = openTarget({ name: 'edge' });
    const outer = String(FILES['packages/outer/manifest.yaml']).replace(
      '{name: inner}',
      '{name: inner, class: edge}',
    );
    const scenario = await createScenario({
      files: { ...FILES, 'packages/outer/manifest.yaml': outer },
      others: [edge],
    });
    await scenario.untilStatus(OUTER, isReady);
    expect(scenario.status(`edge:${INNER}`)?.ready).toBe('True');
    expect(await scenario.objects()).toEqual(['ConfigMap/default/first', 'ConfigMap/default/last']);
    const names: string[] = [];
    for await (const live of edge.find('test')) names.push(live.metadata.name ?? '');
    expect(names).toEqual(['inside']);
    scenario.commit({ 'clusters/local/outer.yaml': null });
    await scenario.poll();
    await gone(scenario, OUTER);
    expect(scenario.statusPaths().filter((path) => path.startsWith('units/'))).toEqual([]);
    await closeForGood(edge);
  });
});

describe('explain', () => {
  it('follows the chain into the inner unit', async () => {
    const scenario = await start(withInner('no'));
    await scenario.untilStatus(OUTER, ({ message }) => message.includes('Phase "inner"'));
    await scenario.untilStatus(INNER, ({ message }) => message.includes('not ready'));
    await scenario.rest();
    const { out } = await runSluice(scenario.bare, ['explain', OUTER]);
    await expect(out).toMatchFileSnapshot('../golden/cli/explain-nested.txt');
    expect((await runSluice(scenario.bare, ['explain', INNER])).out).toContain(
      `asked for by local:${OUTER}`,
    );
  });
});

function withInner(ready: string): Files {
  return {
    ...FILES,
    'packages/outer/inner.yaml': nested(
      'inner',
      './packages/inner',
      `  config: {ready: "${ready}"}\n`,
    ),
  };
}

async function gone(scenario: Scenario, unit: string): Promise<void> {
  await scenario.until(`${unit} to be gone`, async () => {
    await scenario.session().committer.flush();
    return scenario.status(unit) === undefined;
  });
  await scenario.rest();
}

/** Names in the order in which they were seen to be gone. */
function removed(scenario: Scenario): readonly (string | undefined)[] {
  return scenario.events
    .filter((event) => event.startsWith('gone'))
    .map((event) => event.split('/').at(-1));
}
