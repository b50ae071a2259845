// What cannot be read or rendered says so where the user looks, and everything else goes on.
import { describe, expect, test } from 'vitest';
import {
  config,
  configMap,
  deployment,
  documents,
  inPhase,
  packageInstance,
  packageManifest,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

describe('a file that is no YAML', () => {
  test('is named with its line; the rest goes on and nothing is pruned until it is mended', async () => {
    const scenario = await createScenario({
      files: {
        'a/one.yaml': yaml(configMap('one')),
        'b/two.yaml': documents(configMap('two'), configMap('three')),
      },
    });
    await scenario.settle();
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/one',
      'ConfigMap/default/three',
      'ConfigMap/default/two',
    ]);

    await scenario.apply({
      'a/one.yaml': 'apiVersion: v1\nkind: ConfigMap\n  metadata: [\n',
      'b/two.yaml': yaml(configMap('two', { key: 'new' })),
      'c/four.yaml': yaml(configMap('four')),
    });
    const broken = scenario.status(unitId.folder('a'));
    expect(broken).toMatchObject({ ready: 'False', reason: 'YamlInvalid' });
    expect(broken?.diagnostics).toEqual(['YamlInvalid a/one.yaml:3']);
    expect((await scenario.object('ConfigMap/default/two'))?.['data']).toEqual({ key: 'new' });
    expect(scenario.status(unitId.folder('b'))?.removals[0]).toContain(
      'ConfigMap/default/three held: a/one.yaml cannot be read',
    );
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/four',
      'ConfigMap/default/one',
      'ConfigMap/default/three',
      'ConfigMap/default/two',
    ]);

    await scenario.apply({
      'a/one.yaml': yaml(configMap('one')),
      'sluice.yaml': config({ safety: { maxDeletions: 5 } }),
    });
    expect(await scenario.objects()).toEqual([
      'ConfigMap/default/four',
      'ConfigMap/default/one',
      'ConfigMap/default/two',
    ]);
    expect(scenario.status(unitId.folder('b'))).toMatchObject({ ready: 'True', removals: [] });
  });
});
