// The validation and comparator tables of boxcutter: what our sets of objects and our diffs say to the same rows.
import { expect } from 'vitest';
import { createObjectEngine } from '../../src/apply/object-engine.ts';
import { preflightPhase } from '../../src/apply/preflight.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import { createSlots } from '../../src/lib/slots.ts';
import type { DesiredPhase } from '../../src/model/desired.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { isObject, listAt, objectAt, stringAt } from '../../src/model/json.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import type { UnitId } from '../../src/model/unit-id.ts';
import { compareObjects } from '../../src/plan/object-change.ts';
import { createEmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { runSuite } from '../support/go-table-suite.ts';
import { fromStruct, goArguments } from '../support/go-tables.ts';
import type { Row } from '../support/go-tables.ts';
import { repository } from '../support/repository.ts';

const MANAGER = 'test.testy';

interface Phase {
  readonly name: string;
  readonly objects: readonly Json[];
}

/** `types.NewPhase(name, objects)` */
function phaseOf(call: Json): Phase {
  const [name, list] = goArguments(call);
  return { name: String(name), objects: Array.isArray(list) ? (list as readonly Json[]) : [] };
}

interface Setting {
  /** Of the set; empty for a cluster's. Default: `default`. */
  readonly namespace?: string;
  /** Whether the target is asked to rehearse the writes. */
  readonly rehearse?: true;
}

/** `CODE message` of all that rendering a set of these phases, and the check before it is applied, object to. */
async function faultsOf(
  phases: readonly Phase[],
  { namespace = 'default', rehearse }: Setting = {},
): Promise<readonly string[]> {
  const kind = namespace === '' ? 'ClusterObjectSet' : 'ObjectSet';
  const set = {
    apiVersion: 'package-operator.run/v1alpha1',
    kind,
    metadata: { name: 'table', ...(namespace === '' ? {} : { namespace }) },
    spec: {
      availabilityProbes: [],
      phases: phases.map(({ name, objects }) => ({
        name,
        objects: objects.map((object) => ({ object })),
      })),
    },
  };
  const id = `local:${kind}.package-operator.run/${namespace === '' ? '' : `${namespace}/`}table`;
  const result = repository({ 'set.yaml': JSON.stringify(set) }).render(id);
  const found: Diagnostic[] = [];
  if (result.kind === 'failed') found.push(...result.diagnostics);
  else {
    for (const phase of result.desired.phases) {
      found.push(...(await preflight(phase, id, rehearse === true)));
    }
  }
  return found.map(({ code, message }) => `${code} ${message}`);
}

async function preflight(
  phase: DesiredPhase,
  unit: UnitId,
  rehearse: boolean,
): Promise<readonly Diagnostic[]> {
  const target = createEmbeddedTarget({ name: 'local', controllers: 'off' });
  const objects = createObjectEngine({ target, clock: createSystemClock(), manager: MANAGER });
  const place = { target, identity: 'local', objects, slots: createSlots(1) };
  const owner = {
    instance: 'test',
    unit,
    revision: { number: 1, hash: 'a' },
    transferredFrom: () => [],
    claimOf: () => undefined,
    manager: MANAGER,
  };
  const { signal } = new AbortController();
  try {
    return await preflightPhase(
      phase,
      { places: { of: () => place }, manager: MANAGER },
      { owner, rehearse, signal },
    );
  } finally {
    await target.close();
  }
}

async function duplicatesOf(phases: readonly Phase[]): Promise<number> {
  const faults = await faultsOf(phases);
  return faults.filter((fault) => fault.startsWith('ObjectDuplicate')).length;
}

function valid(faults: readonly string[], expectError: Json | undefined): void {
  if (expectError === true) expect(faults).not.toEqual([]);
  else expect(faults).toEqual([]);
}

const SOUND = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'test' } };

const SAMPLES: JsonObject = {
  uid: 'a-uid',
  generation: 1,
  generateName: 'test-',
  finalizers: ['example.com/a'],
  ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: 'b' }],
  resourceVersion: '1',
};

/** `field.Forbidden(field.NewPath("metadata", "uid"), …)`: metadata, uid. */
function fieldOf(call: Json): readonly string[] {
  return goArguments(goArguments(call)[0]).map(String);
}

/** Where Go makes the object, it is one with the very fields that the row forbids. */
function metadataObject(row: Row): JsonObject {
  const object = objectAt(row, 'obj');
  if (object['$go'] === undefined) return object;
  const forbidden = listAt(row, 'expected').map((call) => fieldOf(call)[1] ?? '');
  const fields = Object.fromEntries(forbidden.map((field) => [field, SAMPLES[field]]));
  return { ...SOUND, metadata: { ...SOUND.metadata, ...fields } };
}

async function metadata(row: Row): Promise<void> {
  const faults = await faultsOf([{ name: 'deploy', objects: [metadataObject(row)] }]);
  const expected = listAt(row, 'expected').map(fieldOf);
  valid(faults, expected.length > 0);
  for (const path of expected) {
    if (path.length === 2 && ACCEPTED.has(path[1] ?? '')) continue;
    const field = path.at(-1);
    const words = field === 'ownerReferences' ? 'owner reference' : String(field);
    expect(faults.join('\n')).toContain(words);
  }
}

/** What exports of live objects bring along is dropped, and finalizers are the author's business. */
const ACCEPTED: ReadonlySet<string> = new Set(['generation', 'finalizers']);

const NAMES = 'package-operator §1.5 has no rule for how a phase is spelt, and neither have we';
const MOCK = 'the fault is that of a mock';

runSuite({
  file: 'boxcutter-validation.json',
  checks: {
    TestObjectValidator_Validate: async (row) => {
      const escalates = row['allowNamespaceEscalation'] === true;
      const faults = await faultsOf(
        [{ name: 'deploy', objects: [row['obj'] ?? {}] }],
        escalates ? { namespace: '' } : {},
      );
      valid(faults, row['expectError']);
    },
    TestValidateNamespace: async (row) => {
      const phases = [{ name: 'deploy', objects: [row['obj'] ?? {}] }];
      valid(
        await faultsOf(phases, { namespace: stringAt(row, 'namespace') ?? '' }),
        row['expectNoError'] !== true,
      );
    },
    TestValidateDryRun: async (row) => {
      const phases = [{ name: 'deploy', objects: [row['obj'] ?? {}] }];
      valid(await faultsOf(phases, { rehearse: true }), row['expectError']);
    },
    TestValidateObjectMetadata: metadata,
    TestPhaseValidator_Validate: async (row) => {
      valid(await faultsOf([phaseOf(row['phase'] ?? {})]), row['expectError']);
    },
    TestValidatePhaseName: async (row) => {
      valid(await faultsOf([withObject(phaseOf(row['phase'] ?? {}))]), row['expectError']);
    },
    TestPhaseNameValid: async (row) => {
      const name = stringAt(row, 'phaseName') ?? '';
      valid(await faultsOf([withObject({ name, objects: [] })]), row['expectErr']);
    },
    TestCheckForObjectDuplicates: async (row) => {
      expect(await duplicatesOf(listAt(row, 'phases').map(phaseOf))).toBe(row['expectedConflicts']);
    },
    TestRevisionValidator_Validate: async (row) => {
      const phases = goArguments(row['revision'])[2];
      const list = Array.isArray(phases) ? (phases as readonly Json[]) : [];
      valid(await faultsOf(list.map(phaseOf)), row['expectError']);
    },
    // How many phases share a fault is counted otherwise: we report a duplicate once, where it is the second.
    TestStaticValidateMultiplePhases: async (row) => {
      const phases = listAt(row, 'phases').map(phaseOf);
      valid(await faultsOf(phases), row['expectedPhaseErrorCount'] !== 0);
    },
  },
  exceptions: {
    'TestObjectValidator_Validate/dry run validation fails': MOCK,
    'TestValidateDryRun/validation error': MOCK,
    'TestValidateDryRun/unauthorized error': MOCK,
    'TestValidateDryRun/empty reason with typed patch error': MOCK,
    'TestValidateDryRun/non-API status error': MOCK,
    'TestValidateObjectMetadata/generation present':
      'exports of live objects bring it along, so it is dropped as other bookkeeping is',
    'TestValidateObjectMetadata/finalizers present':
      'an object may bring finalizers, as it may on any API server',
    'TestPhaseValidator_Validate/invalid phase name': NAMES,
    'TestPhaseValidator_Validate/object validation error from mock': MOCK,
    'TestPhaseValidator_Validate/unknown error during object validation': MOCK,
    'TestValidatePhaseName/invalid phase name with uppercase': NAMES,
    'TestValidatePhaseName/invalid phase name with underscores': NAMES,
    'TestValidatePhaseName/invalid phase name too long': NAMES,
    'TestValidatePhaseName/empty phase name': NAMES,
    'TestPhaseNameValid/invalid name with uppercase': NAMES,
    'TestPhaseNameValid/invalid name with underscores': NAMES,
    'TestPhaseNameValid/empty name': NAMES,
    'TestRevisionValidator_Validate/revision with invalid phase name': NAMES,
    'TestStaticValidateMultiplePhases/phase with invalid name': NAMES,
  },
});

function withObject(phase: Phase): Phase {
  return { ...phase, objects: [SOUND] };
}

/** The Secret without what says who wrote it, its values in base64, as an API server demands. */
function content(object: JsonObject): Manifest {
  const { managedFields: _managers, ...rest } = objectAt(object, 'metadata');
  const { name, namespace } = rest as { name: string; namespace: string };
  const data = Object.entries(objectAt(object, 'data')).map(([key, value]) => {
    return [key, Buffer.from(String(value)).toString('base64')] as const;
  });
  return {
    ...object,
    metadata: { name, namespace },
    data: Object.fromEntries(data),
  } as unknown as Manifest;
}

/** `"Hans" .data.test` of each conflict of a report. */
function conflictsIn(report: string): readonly string[] {
  const [, part = ''] = /^Conflicts:\n((?:(?:- | {2}).*\n)*)/.exec(report) ?? [];
  let manager = '';
  return part.split('\n').flatMap((line) => {
    if (line.startsWith('- ')) manager = JSON.parse(line.slice(2)) as string;
    return line.startsWith('  ') ? [`${manager} ${line.trim()}`] : [];
  });
}

/** Lets every manager of the table apply what it owns, then rehearses our application of another value. */
async function compare(row: Row): Promise<void> {
  const actual = fromStruct(row['actual'] ?? null);
  const desired = fromStruct(row['desired'] ?? null);
  if (!isObject(actual) || !isObject(desired)) throw new Error('the row carries no objects');
  expect(compareObjects(actual, desired, () => undefined)).toEqual([]);

  const target = createEmbeddedTarget({ name: 'local', controllers: 'off' });
  const namespace = String(objectAt(actual, 'metadata')['namespace']);
  const place = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await target.write({ verb: 'create', object: place as Manifest, manager: 'test' });
  await target.write({ verb: 'create', object: content(actual), manager: 'Hans' });
  const [read] = await target.read([refOf(content(actual))]);
  if (read === undefined || !('object' in read)) throw new Error('the object was not made');
  const expected = {
    uid: String(read.object.metadata['uid']),
    version: String(read.object.metadata['resourceVersion']),
  };
  const rehearse = (object: Manifest) =>
    target.write(
      { verb: 'apply', object, manager: MANAGER, force: false, expect: expected },
      { dryRun: true },
    );
  // A value that both want is shared, as server-side apply has it; boxcutter reports it all the same.
  expect((await rehearse(content(desired))).kind).toBe('done');
  const other = { ...content(desired), data: { test: 'b3RoZXI=' } } as unknown as Manifest;
  const result = await rehearse(other);
  if (result.kind !== 'conflict') throw new Error(`no conflict but ${result.kind}`);
  const found = result.conflicts.map(({ manager, field }) => `${manager} ${field}`);
  expect(found).toEqual(conflictsIn(stringAt(row, 'expectedReport') ?? ''));
  await target.close();
}

const NO_DATA = 'the objects are made by Go code that the table does not hold';

runSuite({
  file: 'boxcutter-comparator.json',
  checks: { TestComparator_Unstructured: compare, TestComparator_Structured: compare },
  exceptions: {
    'TestComparator_Unstructured/Hans updated .data.test - no owner':
      'owners are markers here, not ownerReferences that a comparison could miss',
    'TestComparator_Unstructured/Pod Compare': NO_DATA,
    'TestComparator_Unstructured/Pod Compare - no owner': NO_DATA,
    'TestComparator_Structured/Pod no update': NO_DATA,
    Test_openAPICanonicalName: 'kinds are found by group and name, no OpenAPI document is searched',
    Test_hasStatusSubresource: 'what a kind has comes from our tables or its CRD, not from paths',
  },
});
