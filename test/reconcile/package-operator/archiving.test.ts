// The rollout of package-operator §16.3, row by row: commits in, status branch out.
import { beforeAll, describe, expect, test } from 'vitest';
import { isObject, listAt, objectAt } from '../../../src/model/json.ts';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { cleanUpAfterwards } from '../../support/git-fixture.ts';
import {
  AVAILABLE,
  config,
  configMap,
  deployment,
  objectDeployment,
  secret,
  unitId,
  yaml,
} from '../../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../../support/scenario.ts';
import type { Scenario } from '../../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

/** A ConfigMap is good when its data names it, as in upstream's integration test. */
const NAMES_ITSELF: Json = {
  selector: { kind: { group: '', kind: 'ConfigMap' } },
  probes: [{ fieldsEqual: { fieldA: '.metadata.name', fieldB: '.data.name' } }],
};
const ALL_UPDATED: Json = {
  selector: { kind: { group: 'apps', kind: 'Deployment' } },
  probes: [
    { fieldsEqual: { fieldA: '.status.updatedReplicas', fieldB: '.status.replicas' } },
    ...listAt(AVAILABLE as JsonObject, 'probes'),
  ],
};

const map = (name: string, good: boolean): JsonObject =>
  configMap(name, { name: good ? name : 'something else' });
const nginx = (number: number, works = true): JsonObject =>
  deployment(`nginx-${number}`, {
    annotations: works ? {} : { 'embedded.sluice.dev/hold': 'true' },
  });
const hidden = (): JsonObject => secret('secret-1', { password: 'hunter22' });

const UNIT = unitId.deployment('test-stub');

interface Row {
  readonly step: number;
  readonly phases: Readonly<Record<string, readonly JsonObject[]>>;
  /** Status of the conditions. */
  readonly available: string;
  readonly progressing: string;
  readonly archived: readonly number[];
  /** Revision named by the Available condition; the current one unless another. */
  readonly serving: number | undefined;
}

const ROWS: readonly Row[] = [
  {
    step: 1,
    phases: { 'phase-1': [map('cm1', false)], 'phase-2': [nginx(1)] },
    available: 'False/ObjectSetUnready',
    progressing: 'True/LatestRevisionPendingSuccess',
    archived: [],
    serving: undefined,
  },
  {
    step: 2,
    phases: { 'phase-1': [map('cm1', true)], 'phase-2': [nginx(1)] },
    available: 'True/Available',
    progressing: 'False/Idle',
    archived: [1],
    serving: 2,
  },
  {
    step: 3,
    phases: { 'phase-1': [map('cm2', true)], 'phase-2': [nginx(2, false)] },
    available: 'True/Available',
    progressing: 'True/LatestRevisionPendingSuccess',
    archived: [1],
    serving: 2,
  },
  {
    step: 4,
    phases: { 'phase-1': [hidden()], 'phase-2': [map('cm3', false)] },
    available: 'True/Available',
    progressing: 'True/LatestRevisionPendingSuccess',
    archived: [1, 3],
    serving: 2,
  },
  {
    step: 5,
    phases: { 'phase-1': [map('cm4', false)], 'phase-2': [nginx(3), hidden()] },
    available: 'True/Available',
    progressing: 'True/LatestRevisionPendingSuccess',
    archived: [1, 3],
    serving: 2,
  },
  {
    step: 6,
    phases: { 'phase-1': [map('cm4', true)], 'phase-2': [nginx(3), hidden()] },
    available: 'True/Available',
    progressing: 'False/Idle',
    archived: [1, 2, 3, 4, 5],
    serving: 6,
  },
];

let scenario: Scenario;
const seen: {
  readonly step: number;
  readonly file: JsonObject;
  readonly objects: readonly string[];
}[] = [];

beforeAll(async () => {
  scenario = await createScenario({
    files: { 'sluice.yaml': config({ safety: { maxDeletions: '100%' } }) },
  });
  for (const { step, phases, archived, progressing } of ROWS) {
    const probes = [NAMES_ITSELF, ALL_UPDATED];
    scenario.commit({ 'app.yaml': yaml(objectDeployment('test-stub', phases, { probes })) });
    await scenario.poll();
    await scenario.untilStatus(
      UNIT,
      (found) =>
        found.revision === step &&
        found.conditions['Progressing'] === progressing &&
        archivedRevisions(found.file).length >= archived.length,
    );
    // What happens later than it should must not be missed.
    await scenario.rest();
    seen.push({ step, file: scenario.status(UNIT)?.file ?? {}, objects: await scenario.objects() });
  }
});

describe('§16.3: which revision serves and which are archived', () => {
  test.each(ROWS)('step $step', ({ step, available, progressing, archived, serving }) => {
    const found = seen.find((entry) => entry.step === step);
    const file = found?.file ?? {};
    expect(conditionsOf(file)).toMatchObject({ Available: available, Progressing: progressing });
    expect(archivedRevisions(file)).toEqual(archived);
    expect(servingRevision(file, step)).toBe(serving);
  });
});

describe('what is left on the target', () => {
  const kinds = (step: number): readonly string[] =>
    seen.find((entry) => entry.step === step)?.objects ?? [];

  test('step 1 stops at the closed gate of its first phase', () => {
    expect(kinds(1)).toEqual(['ConfigMap/default/cm1']);
  });

  test('step 3 keeps everything of the revision that still serves', () => {
    expect(kinds(3)).toEqual([
      'ConfigMap/default/cm1',
      'ConfigMap/default/cm2',
      'Deployment.apps/default/nginx-1',
      'Deployment.apps/default/nginx-2',
    ]);
  });

  test('step 4 takes away what only the archived revision 3 had', () => {
    expect(kinds(4)).toEqual([
      'ConfigMap/default/cm1',
      'ConfigMap/default/cm3',
      'Deployment.apps/default/nginx-1',
      'Secret/default/secret-1',
    ]);
  });

  test('step 6 leaves its own objects and no others', () => {
    expect(kinds(6)).toEqual([
      'ConfigMap/default/cm4',
      'Deployment.apps/default/nginx-3',
      'Secret/default/secret-1',
    ]);
  });
});

function conditionsOf(file: JsonObject): Readonly<Record<string, string>> {
  const list = listAt(objectAt(file, 'status'), 'conditions').filter(isObject);
  return Object.fromEntries(
    list.map((item) => [
      String(item['type']),
      `${String(item['status'])}/${String(item['reason'])}`,
    ]),
  );
}

function archivedRevisions(file: JsonObject): readonly number[] {
  return listAt(objectAt(file, 'sluice'), 'revisions')
    .filter(isObject)
    .filter((revision) => revision['state'] === 'archived')
    .map((revision) => Number(revision['number']));
}

/** The revision that Available is about, found by the hash in the name of its ObjectSet. */
function servingRevision(file: JsonObject, current: number): number | undefined {
  const list = listAt(objectAt(file, 'status'), 'conditions').filter(isObject);
  const available = list.find((item) => item['type'] === 'Available');
  if (available?.['status'] !== 'True') return undefined;
  const message = String(available['message']);
  if (message === 'Latest Revision is Available.') return current;
  const name = /^Previous Revision '(.*)' is still Available\.$/.exec(message)?.[1];
  const revisions = listAt(objectAt(file, 'sluice'), 'revisions').filter(isObject);
  const found = revisions.find((revision) => `test-stub-${String(revision['hash'])}` === name);
  return found && Number(found['number']);
}
