// Objects that change hands between a package and the packages inside it, in one commit and whatever phase comes first.
import { describe, expect, it } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';
import type { Files, Scenario } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const PKG = 'package-operator.run/v1alpha1';
const id = (name: string): string => `Package.package-operator.run/default/${name}`;

const CONFIG = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local, namespace: default}]
  safety: {maxDeletions: 100%, maxUnitDeletions: 100%}
`;

const manifest = (
  name: string,
  more = '',
): string => `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata: {name: ${name}}
spec:
  scopes: [Namespaced]
  phases: [{name: first}, {name: left}, {name: right}, {name: last}]
  availabilityProbes:
    - selector: {kind: {group: package-operator.run, kind: Package}}
      probes: [{condition: {type: Available, status: "True"}}]
    - selector: {kind: {kind: ConfigMap}}
      probes: [{cel: {rule: 'self.data.ready == "yes"', message: not ready}}]
${more}`;

const map = (name: string, phase: string, by: string, ready = 'yes'): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}}
data: {by: "${by}", ready: "${ready}"}
`;

/** A Package in the phase of its name that has the object `moving` or not. */
const inner = (name: string, has: boolean, gate = 'yes'): string => `apiVersion: ${PKG}
kind: Package
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${name}}
spec:
  image: ./packages/inner
  config: {has: ${has}, gate: "${gate}"}
`;

const FILES: Files = {
  'sluice.yaml': CONFIG,
  'clusters/local/outer.yaml': `apiVersion: ${PKG}
kind: Package
metadata: {name: outer, namespace: default}
spec: {image: ./packages/outer}
`,
  'packages/outer/manifest.yaml': manifest('outer'),
  'packages/outer/first.yaml': map('first', 'first', 'outer'),
  'packages/inner/manifest.yaml': manifest(
    'inner',
    `  config:
    openAPIV3Schema:
      type: object
      properties: {has: {type: boolean}, gate: {type: string}}
`,
  ),
  'packages/inner/own.yaml.gotmpl': map(
    '{{ .package.metadata.name }}',
    'first',
    '{{ .package.metadata.name }}',
    '{{ .config.gate }}',
  ),
  'packages/inner/moving.yaml.gotmpl': `{{ if .config.has }}${map('moving', 'last', '{{ .package.metadata.name }}')}{{ end }}`,
};

async function start(
  files: Files,
): Promise<{ readonly scenario: Scenario; readonly uid: unknown }> {
  const scenario = await createScenario({ files: { ...FILES, ...files }, status: 'folder' });
  await ready(scenario, 1);
  const live = await scenario.object('ConfigMap/default/moving');
  expect(live).toBeDefined();
  return { scenario, uid: live?.metadata['uid'] };
}

async function commit(scenario: Scenario, files: Files): Promise<void> {
  scenario.commit(files);
  await scenario.poll();
}

async function ready(scenario: Scenario, revision: number): Promise<void> {
  await scenario.untilStatus(
    id('outer'),
    (status) => status.ready === 'True' && status.revision === revision,
  );
}

async function expectMoved(scenario: Scenario, to: string, uid: unknown): Promise<void> {
  const live = await scenario.object('ConfigMap/default/moving');
  expect(live).toMatchObject({ data: { by: to }, metadata: { uid } });
  const deleted = scenario.events.filter((event) => /^(deleting|gone) .*moving/u.test(event));
  expect(deleted).toEqual([]);
}

const LEFT = 'packages/outer/left.yaml';
const RIGHT = 'packages/outer/right.yaml';
const MOVING = 'packages/outer/moving.yaml';
const PLAIN = 'clusters/local/plain/moving.yaml';
const plain = map('moving', 'first', 'folder').replace(/ {2}annotations: .*\n/u, '');

describe('an object keeps its uid when it moves', () => {
  it.each<readonly [string, Files, Files, string]>([
    [
      'from an inner package into an earlier phase of the outer one',
      { [LEFT]: inner('left', true) },
      { [LEFT]: inner('left', false), [MOVING]: map('moving', 'first', 'outer') },
      'outer',
    ],
    [
      'from an inner package into a later phase of the outer one',
      { [LEFT]: inner('left', true) },
      { [LEFT]: inner('left', false), [MOVING]: map('moving', 'last', 'outer') },
      'outer',
    ],
    [
      'from an inner package that goes into an earlier phase of the outer one',
      { [LEFT]: inner('left', true) },
      { [LEFT]: null, [MOVING]: map('moving', 'first', 'outer') },
      'outer',
    ],
    [
      'to a sibling of an earlier phase',
      { [LEFT]: inner('left', false), [RIGHT]: inner('right', true) },
      { [LEFT]: inner('left', true), [RIGHT]: inner('right', false) },
      'left',
    ],
    [
      'to a sibling of a later phase',
      { [LEFT]: inner('left', true), [RIGHT]: inner('right', false) },
      { [LEFT]: inner('left', false), [RIGHT]: inner('right', true) },
      'right',
    ],
    [
      'from a later phase of the outer package into an inner one',
      { [LEFT]: inner('left', false), [MOVING]: map('moving', 'last', 'outer') },
      { [LEFT]: inner('left', true), [MOVING]: null },
      'left',
    ],
    [
      'from an earlier phase of the outer package into an inner one',
      { [RIGHT]: inner('right', false), [MOVING]: map('moving', 'first', 'outer') },
      { [RIGHT]: inner('right', true), [MOVING]: null },
      'right',
    ],
    [
      'from the outer package into an inner one that has never been there',
      { [MOVING]: map('moving', 'first', 'outer') },
      { [RIGHT]: inner('right', true), [MOVING]: null },
      'right',
    ],
    [
      'from a folder of Git into an inner package',
      { [PLAIN]: plain },
      { [PLAIN]: null, [RIGHT]: inner('right', true) },
      'right',
    ],
  ])('%s', async (_sentence, before, after, owner) => {
    const { scenario, uid } = await start(before);
    await commit(scenario, after);
    await ready(scenario, 2);
    await expectMoved(scenario, owner, uid);
    if (after[LEFT] === null) {
      await scenario.until('the inner one to go', () => scenario.status(id('left')) === undefined);
      await expectMoved(scenario, owner, uid);
    }
  });
});

describe('until its turn comes', () => {
  it('stays with the inner one, and is kept up, until the outer one gets there', async () => {
    const { scenario, uid } = await start({ 'packages/outer/left.yaml': inner('left', true) });
    await commit(scenario, {
      'packages/outer/first.yaml': map('first', 'first', 'outer', 'no'),
      'packages/outer/left.yaml': inner('left', false),
      'packages/outer/moving.yaml': map('moving', 'right', 'outer'),
    });
    await scenario.untilStatus(id('outer'), ({ phases }) => phases[0] === 'first closed');
    await scenario.restart();
    await scenario.poll();
    await scenario.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'moving', namespace: 'default' },
      data: { by: 'somebody', ready: 'yes' },
    } as unknown as Parameters<Scenario['put']>[0]);
    await scenario.until('the inner one to repair', async () => {
      const live = await scenario.object('ConfigMap/default/moving');
      return JSON.stringify(live?.['data']).includes('left');
    });
    await commit(scenario, { 'packages/outer/first.yaml': map('first', 'first', 'outer') });
    await ready(scenario, 3);
    await expectMoved(scenario, 'outer', uid);
  });

  it('stays while the inner one that is to have it cannot be rendered', async () => {
    const { scenario, uid } = await start({
      'packages/outer/moving.yaml': map('moving', 'first', 'outer'),
    });
    await commit(scenario, {
      'packages/outer/right.yaml': inner('right', true),
      'packages/outer/moving.yaml': null,
      'packages/inner/wrong.yaml.gotmpl': '{{ fail "on purpose" }}',
    });
    await scenario.untilStatus(id('right'), ({ ready: isReady }) => isReady === 'False');
    await scenario.untilStatus(id('outer'), ({ removals }) => removals.length > 0);
    expect((await scenario.object('ConfigMap/default/moving'))?.metadata['uid']).toBe(uid);
    await commit(scenario, { 'packages/inner/wrong.yaml.gotmpl': null });
    await ready(scenario, 2);
    await expectMoved(scenario, 'right', uid);
  });

  it('that both go on wanting is told, and whoever has it keeps it', async () => {
    const { scenario, uid } = await start({ 'packages/outer/left.yaml': inner('left', true) });
    await commit(scenario, { 'packages/outer/moving.yaml': map('moving', 'first', 'outer') });
    const outer = await scenario.untilStatus(
      id('outer'),
      ({ reason }) => reason === 'ObjectClaimed',
    );
    expect(outer.message).toContain('left had it before and keeps it');
    await expectMoved(scenario, 'left', uid);
  });
});

describe('a unit inside that is asked for again while it goes', () => {
  const hold = (scenario: Scenario, finalizers: readonly string[]): Promise<unknown> =>
    scenario.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'moving', namespace: 'default', finalizers },
    } as unknown as Parameters<Scenario['put']>[0]);

  /** The unit inside is on its way out: the object of its last phase cannot go yet, that of its first is still there. */
  async function startToRemove(): Promise<{ readonly scenario: Scenario; readonly kept: unknown }> {
    const { scenario } = await start({ 'packages/outer/left.yaml': inner('left', true) });
    const kept = (await scenario.object('ConfigMap/default/left'))?.metadata['uid'];
    await hold(scenario, ['example.com/hold']);
    await commit(scenario, { 'packages/outer/left.yaml': null });
    await scenario.until('the last object to be on its way out', async () => {
      const live = await scenario.object('ConfigMap/default/moving');
      return live?.metadata['deletionTimestamp'] !== undefined;
    });
    return { scenario, kept };
  }

  const SUSPENDED =
    'metadata: {name: outer, namespace: default, annotations: {sluice.dev/suspend: "true"}}';
  const outer = String(FILES['clusters/local/outer.yaml']);
  it.each<[string, Files, boolean]>([
    ['at once', {}, false],
    [
      'while its parent is not there yet',
      { 'packages/outer/first.yaml': map('first', 'first', 'outer', 'no') },
      false,
    ],
    [
      'while its parent is suspended',
      { 'clusters/local/outer.yaml': outer.replace(/metadata: .*/u, SUSPENDED) },
      false,
    ],
    [
      'over a restart, too',
      { 'packages/outer/first.yaml': map('first', 'first', 'outer', 'no') },
      true,
    ],
  ])('keeps what it still has, %s', async (_what, files, restarts) => {
    const { scenario, kept } = await startToRemove();
    await commit(scenario, { 'packages/outer/left.yaml': inner('left', true), ...files });
    if (restarts) {
      await scenario.restart();
      await scenario.poll();
    }
    await hold(scenario, []);
    await scenario.until('what was on its way out to be gone or new', async () => {
      const live = await scenario.object('ConfigMap/default/moving');
      return live?.metadata['deletionTimestamp'] === undefined;
    });
    await scenario.rest();
    expect((await scenario.object('ConfigMap/default/left'))?.metadata['uid']).toBe(kept);
    await commit(scenario, {
      'packages/outer/first.yaml': map('first', 'first', 'outer'),
      'clusters/local/outer.yaml': outer,
    });
    await scenario.until('what had to go to be there again', async () => {
      return (await scenario.object('ConfigMap/default/moving')) !== undefined;
    });
    await scenario.untilStatus(id('outer'), ({ ready: isReady }) => isReady === 'True');
    expect((await scenario.object('ConfigMap/default/left'))?.metadata['uid']).toBe(kept);
    const deleted = scenario.events.filter((event) =>
      /^(deleting|gone) .*ConfigMap.*left/u.test(event),
    );
    expect(deleted).toEqual([]);
  });

  it('does not come back for a revision that nobody asks for any more', async () => {
    const { scenario } = await startToRemove();
    // While the newest revision is not there yet, older ones serve.
    await commit(scenario, { 'packages/outer/last.yaml': map('last', 'last', 'outer', 'no') });
    await scenario.untilStatus(id('outer'), ({ phases }) => phases.at(-1) === 'last closed');
    await scenario.rest();
    expect(scenario.status(id('left'))?.reason).toBe('Removing');
    await hold(scenario, []);
    await scenario.until('all of it to be gone', async () => {
      return (await scenario.object('ConfigMap/default/left')) === undefined;
    });
  });
});
