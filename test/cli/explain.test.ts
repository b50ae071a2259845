// `explain`, `history` and `diff` on a status branch that a session wrote; what people read is in test/golden/cli.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { runSluice } from '../support/run-cli.ts';
import type { Ran } from '../support/run-cli.ts';
import { closeForGood, createScenario } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';

cleanUpAfterwards();

const PACKAGE = `apiVersion: package-operator.run/v1alpha1
kind: Package
metadata:
  name: shop
  namespace: default
  annotations:
    kubernetes.io/change-cause: first try
spec:
  image: ./packages/shop
`;

const MANIFEST = `apiVersion: manifests.package-operator.run/v1alpha1
kind: PackageManifest
metadata:
  name: shop
spec:
  scopes: [Namespaced]
  phases: [{name: configuration}, {name: deploy}, {name: publish}]
  availabilityProbes:
    - selector: {kind: {kind: ConfigMap}}
      probes:
        - cel:
            rule: self.data.ready == "yes" || self.metadata.name == "plain"
            message: the settings are not ready
        - fieldsEqual: {fieldA: .metadata.name, fieldB: .metadata.name}
    - selector: {kind: {kind: Secret}}
      probes:
        - cel: {rule: has(self.data.never), message: the key is not there}
`;

const RULE = 'cel self.data.ready == "yes" || self.metadata.name == "plain"';

const settings = (ready: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations: {package-operator.run/phase: deploy}
data:
  ready: "${ready}"
  size: "3"
`;

const plain = (phase: string, name = 'plain', data = '{a: "1"}'): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations: {package-operator.run/phase: ${phase}}
data: ${data}
`;

const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: key
  annotations: {package-operator.run/phase: deploy}
stringData: {token: hunter2hunter2}
`;

const FILES = {
  'sluice.yaml': `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  sync: [{path: clusters/local, target: local, namespace: default}]
`,
  'clusters/local/shop.yaml': PACKAGE,
  'packages/shop/manifest.yaml': MANIFEST,
  'packages/shop/plain.yaml': plain('configuration'),
  'packages/shop/settings.yaml': settings('no'),
};

const UNIT = 'Package.package-operator.run/default/shop';

describe('the status branch explained', () => {
  let scenario: Scenario;
  let failing: string;
  const sluice = async (...args: readonly string[]): Promise<Ran> => runSluice(scenario.bare, args);

  beforeAll(async () => {
    scenario = await createScenario({ files: FILES });
    await scenario.untilStatus(UNIT, ({ reason }) => reason === 'ProbeFailure');
    await scenario.rest();
    failing = scenario.statusTip() ?? '';
  });

  afterAll(async () => {
    await scenario.stop();
    await closeForGood(scenario.target);
  });

  it('follows the chain from the unit to the values that decided', async () => {
    const { out, code } = await sluice('explain', UNIT);
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot('../golden/cli/explain-not-ready.txt');
  });

  it('says it of one object, found by its name alone', async () => {
    const { out } = await sluice('explain', 'ConfigMap/default/settings');
    await expect(out).toMatchFileSnapshot('../golden/cli/explain-object.txt');
  });

  it('gives the same as data', async () => {
    const { out } = await sluice('explain', UNIT, '-o', 'json');
    const value = JSON.parse(out);
    expect(value).toMatchObject({
      apiVersion: 'sluice.dev/v1alpha1',
      kind: 'ExplanationList',
      explanations: [
        {
          subject: `local:${UNIT}`,
          about: 'unit',
          unit: {
            ready: 'False',
            reason: 'ProbeFailure',
            file: 'clusters/local/shop.yaml',
            line: 1,
            change: { author: 'Ada <ada@example.test>', time: '2023-11-14T22:13:20Z' },
          },
        },
      ],
    });
    const [explanation] = value.explanations;
    const deploy = explanation.unit.phases.find(({ name }: { name: string }) => name === 'deploy');
    expect(deploy).toMatchObject({
      gate: 'closed',
      objects: [
        {
          object: 'ConfigMap/default/settings',
          messages: ['the settings are not ready'],
          probes: [RULE, 'fieldsEqual .metadata.name = .metadata.name'],
          failedProbes: [RULE],
          because: [
            'self.data.ready ("no") == "yes"',
            'self.metadata.name ("settings") == "plain"',
          ],
          file: 'packages/shop/settings.yaml',
          line: 1,
        },
      ],
    });
  });

  it.each(['explain', 'tree', 'history', 'diff', 'status'])(
    '%s names the units that are called so, and else how an id is written',
    async (command) => {
      const named = await sluice(command, 'shop');
      expect(named.code).toBe(2);
      expect(named.err).toMatch(new RegExp(`\\bshop.*; did you mean local:${UNIT}\\?`));
      const unknown = await sluice(command, 'nope');
      expect(unknown.code).toBe(2);
      expect(unknown.err).toMatch(/\bnope.*; write it as Kind\.group\/namespace\/name/);
    },
  );

  it.each([
    ['kind and name, as kubectl takes them', 'history', 'package/shop', `local:${UNIT}`],
    ['an id without its group', 'diff', 'Package/default/shop', `local:${UNIT}`],
    ['a slash at the end', 'status', `${UNIT}/`, `local:${UNIT}`],
    [
      'an object without its namespace',
      'explain',
      'configmap/settings',
      'ConfigMap/default/settings',
    ],
  ])('%s is answered with what was meant', async (_what, command, text, meant) => {
    const { err, code } = await sluice(command, text);
    expect(code).toBe(2);
    expect(err).toContain(`; did you mean ${meant}?`);
  });

  it.each(['status', 'explain'])('%s --at a commit that is not there says so', async (command) => {
    const { err, code } = await sluice(command, UNIT, '--at', 'nowhere');
    expect(code).toBe(2);
    expect(err).toContain('"nowhere" names no commit in');
  });

  it('names what it cannot find, and how it is written', async () => {
    const { err, code } = await sluice('explain', 'ConfigMap/default/nothing');
    expect(code).toBe(2);
    expect(err).toContain('knows no unit and no object ConfigMap/default/nothing');
  });

  describe('once it is ready', () => {
    beforeAll(async () => {
      await scenario.apply({
        'clusters/local/shop.yaml': PACKAGE.replace('first try', 'second try'),
        'packages/shop/settings.yaml': settings('yes'),
        'packages/shop/plain.yaml': plain('publish'),
        'packages/shop/more.yaml': plain('publish', 'more', '{ready: "yes"}'),
      });
      await scenario.untilStatus(UNIT, ({ ready }) => ready === 'True');
      await scenario.rest();
    });

    it('says where everything comes from', async () => {
      const { out } = await sluice('explain', UNIT);
      await expect(out).toMatchFileSnapshot('../golden/cli/explain-ready.txt');
    });

    it('lists the revisions', async () => {
      const { out } = await sluice('history', UNIT);
      await expect(out).toMatchFileSnapshot('../golden/cli/history.txt');
      const { revisions } = JSON.parse((await sluice('history', UNIT, '-o', 'json')).out);
      expect(revisions).toHaveLength(2);
      const [second, first] = revisions;
      expect(second).toMatchObject({ number: 2, state: 'available', changeCause: 'second try' });
      expect(second.begun).toBeDefined();
      expect(first).toMatchObject({ number: 1, state: 'archived' });
    });

    it('shows what differs between two revisions', async () => {
      const { out, err } = await sluice('diff', UNIT, '1', '2');
      await expect(out).toMatchFileSnapshot('../golden/cli/diff.txt');
      expect(err).toBe('');
      expect((await sluice('diff', UNIT)).out).toBe(out);
      expect(JSON.parse((await sluice('diff', UNIT, '2', '1', '-o', 'json')).out)).toMatchObject({
        kind: 'RevisionDifference',
        from: 2,
        to: 1,
        summary: { add: 0, change: 1, move: 1, remove: 1, unchanged: 0 },
      });
    });

    it('names the revisions that there are', async () => {
      const { err, code } = await sluice('diff', UNIT, '1', '7');
      expect(code).toBe(2);
      expect(err).toContain('has no revision 7 on the branch; there are: 1, 2');
    });

    it('answers as it was at an older commit', async () => {
      const { out } = await sluice('explain', UNIT, '--at', failing);
      expect(out).toContain('the settings are not ready');
    });
  });

  it('never shows values of a Secret, not even why its probe fails', async () => {
    scenario.commit({ 'packages/shop/key.yaml': SECRET });
    await scenario.poll();
    await scenario.untilStatus(
      UNIT,
      ({ ready, file }) =>
        ready === 'False' && JSON.stringify(file).includes('the key is not there'),
    );
    await scenario.rest();
    const { out } = await sluice('explain', UNIT);
    expect(out).toContain('the key is not there');
    expect(out).not.toContain('because');
    const everything = scenario
      .statusPaths()
      .map((file) => scenario.statusFile(file))
      .join('\n');
    expect(everything).not.toContain('hunter2');
    expect(everything).not.toContain(Buffer.from('hunter2hunter2').toString('base64'));
    const { err } = await sluice('diff', UNIT);
    expect(err).toContain('The values of Secrets are not recorded');
  });
});
