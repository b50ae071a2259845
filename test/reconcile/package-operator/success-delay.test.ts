// `successDelaySeconds`: a revision counts as succeeded only after it stayed available, by a timer of its own.
import { describe, expect, test } from 'vitest';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import { configMap, objectDeployment, unitId, yaml } from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import { conditionsOf, untilCondition } from './read-status.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const UNIT = unitId.deployment('app');

function app(delay: number, version = '1'): string {
  const made = objectDeployment('app', { main: [configMap('a', { version })] });
  const text = yaml(made);
  return text.replace('"phases":', `"successDelaySeconds": ${delay},\n"phases":`);
}

const PENDING =
  'True/LatestRevisionPendingSuccess: Latest Revision is Available: pending success delay period';

describe('a success delay', () => {
  test('keeps a revision pending, and ends without any other event', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': app(2) } });
    const pending = await untilCondition(scenario, UNIT, 'Progressing', PENDING);
    expect(conditionsOf(pending)['Available']).toBe(
      'False/ObjectSetUnready: No ObjectSet is available.',
    );
    const done = await untilCondition(scenario, UNIT, 'Progressing', 'False/Idle');
    expect(conditionsOf(done)['Available']).toBe('True/Available: Latest Revision is Available.');
  });

  test('is not begun anew by a restart', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': app(600) } });
    await untilCondition(scenario, UNIT, 'Progressing', PENDING);
    await scenario.stop();
    const file = scenario.statusPaths().find((name) => name.endsWith('/revision.yaml')) ?? '';
    const since = /availableSince: "?([^"\n]+)/.exec(scenario.statusFile(file) ?? '')?.[1];
    expect(since).toMatch(/^\d{4}-\d\d-\d\dT/);
    await scenario.start();
    await scenario.poll();
    await scenario.rest();
    expect(scenario.statusFile(file)).toContain(since);
    expect(conditionsOf(scenario.status(UNIT)?.file)['Progressing']).toBe(PENDING);
  });

  test('leaves nothing about time behind when it is over', async () => {
    const scenario = await createScenario({ files: { 'app.yaml': app(1) } });
    await untilCondition(scenario, UNIT, 'Progressing', 'False/Idle');
    const file = scenario.statusPaths().find((name) => name.endsWith('/revision.yaml')) ?? '';
    expect(scenario.statusFile(file)).not.toContain('availableSince');
  });
});
