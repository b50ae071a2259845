// The validation and comparator tables of boxcutter: what our sets of objects and our diffs say to the same rows.
import { expect } from 'vitest';
import { createObjectEngine } from '../../src/apply/object-engine.ts';
import { preflightPhase } from '../../src/apply/preflight.ts';
import { findApiKind } from '../../src/api/index.ts';
import { createSystemClock } from '../../src/lib/clock.ts';
import { createSlots } from '../../src/lib/slots.ts';
import type { DesiredPhase } from '../../src/model/desired.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { isObject, listAt, objectAt, stringAt } from '../../src/model/json.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { groupOf } from '../../src/model/manifest.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import type { UnitId } from '../../src/model/unit-id.ts';
import { compareObjects } from '../../src/plan/object-change.ts';
import { situationOf } from '../../src/plan/situation.ts';
import type { OwnerContext } from '../../src/plan/situation.ts';
import { builtinKind, builtinType } from '../../src/schema/index.ts';
import { withKey } from '../../src/schema/plain-object.ts';
import { createEmbeddedTarget } from '../../src/targets/embedded/index.ts';
import { createKinds } from '../../src/targets/embedded/kinds.ts';
import type { LiveObject } from '../../src/targets/target.ts';
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

function renderSet(phases: readonly Phase[], namespace: string) {
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
  return { id, result: repository({ 'set.yaml': JSON.stringify(set) }).render(id) };
}

/** `CODE message` of all that rendering a set of these phases, and the check before it is applied, object to. */
async function faultsOf(
  phases: readonly Phase[],
  { namespace = 'default', rehearse }: Setting = {},
): Promise<readonly string[]> {
  const { id, result } = renderSet(phases, namespace);
  // Warnings count: a spelling that Package Operator's API takes is told as one.
  const found: Diagnostic[] = [...result.diagnostics];
  if (result.kind === 'rendered') {
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
  const refused = expected.filter(([, field = '']) => !Object.hasOwn(ACCEPTED, field));
  valid(faults, refused.length > 0);
  for (const [, field = ''] of expected) {
    const answer = ACCEPTED[field];
    if (answer !== undefined) expect(renderedMetadata(field)[field]).toEqual(answer.becomes);
  }
  for (const path of refused) {
    const field = path.at(-1);
    const words = field === 'ownerReferences' ? 'owner reference' : String(field);
    expect(faults.join('\n')).toContain(words);
  }
}

/**
 * Deliberate differences: what exports of live objects bring along is dropped, and finalizers are the
 * author's business.
 */
const ACCEPTED: Readonly<Record<string, { readonly becomes: Json | undefined }>> = {
  generation: { becomes: undefined },
  finalizers: { becomes: SAMPLES['finalizers'] },
};

/** What becomes of an object that brings one such field. */
function renderedMetadata(field: string): JsonObject {
  const object = { ...SOUND, metadata: withKey(SOUND.metadata, field, SAMPLES[field]) };
  const { result } = renderSet([{ name: 'deploy', objects: [object] }], 'default');
  if (result.kind !== 'rendered') throw new Error(JSON.stringify(result));
  return result.desired.phases[0]?.objects[0]?.manifest.metadata as JsonObject;
}

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
    'TestPhaseValidator_Validate/object validation error from mock': MOCK,
    'TestPhaseValidator_Validate/unknown error during object validation': MOCK,
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

const OWNER: OwnerContext = {
  instance: 'test',
  unit: 'local:ObjectSet.package-operator.run/test/owner',
  revision: { number: 1, hash: 'a' },
  transferredFrom: () => [],
  claimOf: () => undefined,
  manager: MANAGER,
};

/** Lets every manager of the table apply what it owns, then rehearses our application of another value. */
async function compare(row: Row): Promise<void> {
  const actual = fromStruct(row['actual'] ?? null);
  const desired = fromStruct(row['desired'] ?? null);
  if (!isObject(actual) || !isObject(desired)) throw new Error('the row carries no objects');
  expect(compareObjects(actual, desired, () => undefined)).toEqual([]);
  const report = stringAt(row, 'expectedReport') ?? '';
  // Whose an object is stands in an annotation here; that it is missing is found before fields are compared.
  if (report.includes('ownerReferences')) {
    const key = refOf(content(actual));
    expect(situationOf(actual, key, OWNER)).toEqual({ kind: 'unowned' });
  }

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
  expect(found).toEqual(conflictsIn(report));
  await target.close();
}

/** `io.k8s.api.apps.v1.Deployment`: the schema that describes a kind, which here are our tables and API kinds. */
function described(row: Row): void {
  const { apiVersion, kind } = objectAt(row, 'obj') as { apiVersion: string; kind: string };
  const [version, name] = (stringAt(row, 'cn') ?? '').split('.').slice(-2);
  const own = findApiKind(apiVersion, kind);
  const builtin = builtinType(apiVersion, kind) && builtinKind(groupOf(apiVersion), kind);
  expect(own?.kind ?? builtin?.kind).toBe(name);
  expect(builtin?.versions ?? [own?.version]).toContain(version);
}

/** What OpenAPI paths say of a kind is said by its CRD here. */
function statusSubresource(row: Row): void {
  const paths = Object.keys(objectAt(objectAt(objectAt(row, 'openAPI'), 'Paths'), 'Paths'));
  const kinds = createKinds();
  const crd = tableCrd(paths.some((path) => path.endsWith('/status')));
  kinds.updateCrd(String(crd.metadata.name), crd as unknown as LiveObject);
  expect(kinds.find('example.com/v1', 'Table')?.status).toBe(row['expected']);
}

function tableCrd(status: boolean): Manifest {
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: {
      openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
    ...(status ? { subresources: { status: {} } } : {}),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'tables.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Cluster',
      names: { kind: 'Table', plural: 'tables', singular: 'table', listKind: 'TableList' },
      versions: [version],
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
}

const NO_DATA = 'the objects are made by Go code that the table does not hold';

runSuite({
  file: 'boxcutter-comparator.json',
  checks: {
    TestComparator_Unstructured: compare,
    TestComparator_Structured: compare,
    Test_openAPICanonicalName: described,
    Test_hasStatusSubresource: statusSubresource,
  },
  exceptions: {
    'TestComparator_Unstructured/Pod Compare': NO_DATA,
    'TestComparator_Unstructured/Pod Compare - no owner': NO_DATA,
    'TestComparator_Structured/Pod no update': NO_DATA,
  },
});
