// The unit tables of Package Operator: the questions they ask, put to what answers them here.
import { expect } from 'vitest';
import { isObject, listAt, objectAt, stringAt } from '../../src/model/json.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { PKO } from '../../src/model/annotations.ts';
import { parseConditionMap } from '../../src/render/package/condition-map.ts';
import { admitConfig } from '../../src/render/package/config.ts';
import {
  environmentContext,
  packageContext,
  testInstanceContext,
} from '../../src/render/package/context.ts';
import type { PackageContext } from '../../src/render/package/context.ts';
import { isObjectFile, isTemplateFile } from '../../src/render/package/file-kind.ts';
import { createConditionSet, createPathFilter } from '../../src/render/package/filter.ts';
import type { ConditionSet } from '../../src/render/package/filter.ts';
import { loadPackage } from '../../src/render/package/load-package.ts';
import { readManifest } from '../../src/render/package/manifest.ts';
import { renderPackage } from '../../src/render/package/render-package.ts';
import { renderTemplates } from '../../src/render/package/templates.ts';
import { formatViolation } from '../../src/render/package/violation.ts';
import { createSchemaValidator, formatFieldError } from '../../src/schema/index.ts';
import { runSuite } from '../support/go-table-suite.ts';
import type { Suite } from '../support/go-table-suite.ts';
import { fromStruct, goName } from '../support/go-tables.ts';
import type { Row } from '../support/go-tables.ts';
import { textFiles } from '../support/package-files.ts';

const validator = createSchemaValidator();

/** Go names of errors, and how the same fault begins here. */
const FAULTS: Readonly<Record<string, string>> = {
  'ErrCELConditionEvaluation.Error(...)': 'CEL condition evaluation failed',
  'celctx.ErrCELConditionEvaluation.Error(...)': 'CEL condition evaluation failed',
  errConstructingCelContext: 'CEL condition evaluation failed',
  'ErrInvalidCELConditionName.Error(...)': 'invalid CEL condition name',
  'ErrDuplicateCELConditionName.Error(...)': 'duplicate CEL condition name',
  'ErrExpressionCompilation.Error(...)': 'CEL expression compilation error',
  'ErrInvalidReturnType.Error(...)': 'invalid return type',
  'ErrInvalidConditionalPathsExpression.Error(...)': 'invalid spec.filter.paths expression',
  ErrInvalidConditionalPathsExpression: 'invalid spec.filter.paths expression',
  'packagetypes.ViolationReasonInvalidCELExpression':
    'The CEL expression in package-operator.run/condition annotation is invalid.',
};

/** What the message must contain; empty where no error is expected. */
function expectedFault(value: Json | undefined): string {
  if (value === undefined || value === null || value === '') return '';
  const fault = FAULTS[goName(value) ?? ''];
  if (fault === undefined) throw new Error(`no counterpart for ${JSON.stringify(value)}`);
  return fault;
}

function objects(list: readonly Json[]): readonly JsonObject[] {
  return list.filter(isObject);
}

function lower(items: readonly Json[]): readonly JsonObject[] {
  return objects(fromStruct(items as Json) as readonly Json[]);
}

/** The context of a row; keys of a configuration are data and stay as they are. */
function contextOf(row: Row): PackageContext {
  const given = objectAt(row, 'tmplCtx');
  return packageContext({
    instance: testInstanceContext({}),
    config: objectAt(given, 'Config'),
    images: {},
    environment: environmentContext(fromStruct(objectAt(given, 'Environment'))),
    dependencies: {},
  });
}

function named(list: readonly Json[]) {
  return lower(list).map((item) => ({
    name: stringAt(item, 'name') ?? '',
    expression: stringAt(item, 'expression') ?? '',
  }));
}

function globs(list: readonly Json[]) {
  return lower(list).map((item) => ({
    glob: stringAt(item, 'glob') ?? '',
    expression: stringAt(item, 'expression') ?? '',
  }));
}

function conditionsOf(row: Row): ConditionSet | string {
  const result = createConditionSet(named(listAt(row, 'conditions')), contextOf(row));
  return result.kind === 'ok' ? result.conditions : result.message;
}

/** A message, or what became of the expression. */
function evaluated(row: Row): boolean | string {
  const conditions = conditionsOf(row);
  if (typeof conditions === 'string') return conditions;
  const verdict = conditions.evaluate(stringAt(row, 'expression') ?? '');
  return verdict.kind === 'value' ? verdict.value : verdict.message;
}

function expression(row: Row): void {
  const fault = expectedFault(row['errContains'] ?? row['err']);
  const result = evaluated(row);
  if (fault === '') expect(result).toBe(row['expected'] ?? true);
  else expect(result).toContain(fault);
}

const HEAD = { apiVersion: 'manifests.package-operator.run/v1alpha1', kind: 'PackageManifest' };

/** Renders objects by path as a package of static files. Every one gets the phase that packages demand. */
function filtered(row: Row, byPath: Readonly<Record<string, readonly Json[]>>, filter: JsonObject) {
  const manifest = {
    ...HEAD,
    metadata: { name: 'table' },
    spec: { scopes: ['Namespaced'], phases: [{ name: 'deploy' }], filter },
  };
  const phased = (object: JsonObject): JsonObject => {
    const metadata = objectAt(object, 'metadata');
    const annotations = { ...objectAt(metadata, 'annotations'), [PKO.phase]: 'deploy' };
    return { ...object, metadata: { ...metadata, annotations } };
  };
  const files = Object.entries(byPath).map(([path, list]) => [
    `${path}.yaml`,
    objects(list)
      .map((object) => JSON.stringify(phased(object)))
      .join('\n---\n'),
  ]);
  const texts = { 'manifest.yaml': JSON.stringify(manifest), ...Object.fromEntries(files) };
  const loaded = loadPackage(textFiles(texts), { validator });
  if (loaded.kind !== 'ok') throw new Error(JSON.stringify(loaded));
  return renderPackage({ package: loaded.package, context: contextOf(row), instance: 'table' });
}

/** Names of the objects that stay, by path, and what was taken out; or the faults. */
function outcome(result: ReturnType<typeof filtered>) {
  if (result.kind === 'invalid') return result.violations.map(formatViolation).join('\n');
  const { objects: kept, filtered: gone, excluded } = result.rendered;
  return {
    kept: kept.map((object) => `${object.path} ${object.manifest.metadata.name ?? ''}`),
    filtered: [...gone].map(([path, indexes]) => [path, [...indexes]]),
    excluded: [...excluded],
  };
}

function filterByAnnotation(row: Row): void {
  const filter = { conditions: named(listAt(row, 'conditions')) as unknown as Json };
  const result = outcome(filtered(row, { a: listAt(row, 'objects') }, filter));
  const fault = expectedFault(row['err']);
  if (fault !== '') {
    expect(result).toContain(fault);
    return;
  }
  const indexes = listAt(row, 'filteredIndexes');
  expect(result).toEqual({
    kept: objects(listAt(row, 'filtered')).map(
      (object) => `a.yaml ${stringAt(objectAt(object, 'metadata'), 'name')}`,
    ),
    filtered: indexes.length === 0 ? [] : [['a.yaml', indexes]],
    excluded: [],
  });
}

function filterByPath(row: Row): void {
  const filtering = objectAt(row, 'condFiltering');
  const paths = globs(listAt(filtering, 'Paths')).map((entry) => ({
    ...entry,
    glob: `${entry.glob}.yaml`,
  }));
  const filter = { conditions: named(listAt(filtering, 'Conditions')), paths } as unknown;
  const map = objectAt(row, 'pathObjectMap') as Readonly<Record<string, readonly Json[]>>;
  const result = outcome(filtered(row, map, filter as JsonObject));
  const fault = expectedFault(row['err']);
  if (fault !== '') {
    expect(result).toContain(fault);
    return;
  }
  expect(result).toEqual({
    kept: Object.entries(objectAt(row, 'filtered')).flatMap(([path, list]) =>
      objects(list as readonly Json[]).map(
        (object) => `${path}.yaml ${stringAt(objectAt(object, 'metadata'), 'name')}`,
      ),
    ),
    filtered: [],
    excluded: Object.keys(objectAt(row, 'pathFilteredIndex')).map((path) => `${path}.yaml`),
  });
}

function ignoredPaths(row: Row): void {
  const conditions = conditionsOf(row);
  if (typeof conditions === 'string') throw new Error(conditions);
  const entries = globs(listAt(row, 'conditionalPaths'));
  const filter = createPathFilter(entries, conditions);
  const fault = expectedFault(row['err']);
  if (fault !== '' || filter.kind === 'invalid') {
    expect(filter).toMatchObject({ kind: 'invalid', message: expect.stringContaining(fault) });
    expect(fault).not.toBe('');
    return;
  }
  // A glob is in force where it takes out a path that it matches.
  const inForce = entries.filter(({ glob }) => filter.excludes(glob.replaceAll('*', 'x')));
  expect(inForce.map(({ glob }) => glob)).toEqual(row['result']);
}

function excludedPath(row: Row): void {
  const entries = listAt(row, 'pathsToExclude').map((glob) => ({
    glob: String(glob),
    expression: 'false',
  }));
  const conditions = conditionsOf(row);
  if (typeof conditions === 'string') throw new Error(conditions);
  const filter = createPathFilter(entries, conditions);
  expect(filter.kind === 'ok' && filter.excludes(stringAt(row, 'path') ?? '')).toBe(row['result']);
}

function celInTemplate(row: Row): void {
  const conditions = conditionsOf(row);
  const fault = expectedFault(row['err']);
  if (fault !== '' || typeof conditions === 'string') {
    expect(conditions).toContain(fault);
    expect(fault).not.toBe('');
    return;
  }
  const files = textFiles({ 'out.txt.gotmpl': stringAt(row, 'template') ?? '' });
  const result = renderTemplates(files, contextOf(row), conditions);
  if (result.kind === 'invalid') throw new Error(result.violations.map(formatViolation).join());
  expect(result.files.get('out.txt')?.content).toBe(row['result']);
}

function conditionMap(row: Row): void {
  const annotations = objectAt(objectAt(objectAt(row, 'object'), 'metadata'), 'annotations');
  // The key of the annotation is a constant of Go's, so it stands there by the constant's name.
  const [text] = Object.values(annotations) as readonly string[];
  expect(parseConditionMap(text)).toEqual({
    kind: 'ok',
    mappings: lower(listAt(row, 'expectedMappings')),
  });
}

function faultyConditionMap(row: Row): void {
  const reason = row['err'];
  expect(parseConditionMap(stringAt(row, 'annotation'))).toEqual({ kind: 'invalid', reason });
}

function configuration(row: Row): void {
  const schema = objectAt(
    fromStruct(objectAt(row, 'packageManifestConfig')) as JsonObject,
    'openAPIV3Schema',
  );
  const config = { test: objectAt(objectAt(row, 'config'), 'test')['$double'] ?? null };
  // Names of properties are data, which happen to be lower case here.
  const result = admitConfig(config, { schema, validator, path: '' });
  const errors = result.kind === 'ok' ? result.errors.map(formatFieldError) : [result.reason];
  expect(errors.toSorted()).toEqual((listAt(row, 'expectedErrors') as string[]).toSorted());
}

function manifestErrors(given: Json): readonly string[] {
  const value = { ...HEAD, ...(fromStruct(given) as JsonObject) };
  const document = { path: 'manifest.yaml', value, positionOf: () => ({ line: 1, column: 1 }) };
  return readManifest(document, '', validator).violations.map(({ details }) => details ?? '');
}

const PACKAGE_OPERATOR: Suite = {
  file: 'pko-units.json',
  checks: {
    Test_newCelCtx: expression,
    Test_celCtx_evaluate: expression,
    TestFilterWithCELAnnotation: filterByAnnotation,
    TestFilterWithCEL: filterByPath,
    TestComputeIgnoredPaths: ignoredPaths,
    TestIsExcluded: excludedPath,
    TestRenderTemplates_CelFunction: celInTemplate,
    Test_parseConditionMap: conditionMap,
    TestParseConditionMap_error: faultyConditionMap,
    TestValidatePackageConfiguration: configuration,
    TestPackageManifest_Validate: (row) => {
      expect(manifestErrors(row['manifest'] ?? {})).toContain(row['errorString']);
    },
    TestValidatePackageManifest: (row) => {
      expect(manifestErrors(row['packageManifest'] ?? {})).toEqual(row['expectedErrors']);
    },
    TestIsYAMLFile: (row) => {
      expect(isObjectFile(stringAt(row, 'path') ?? '')).toBe(row['out']);
    },
    TestIsTemplateFile: (row) => {
      expect(isTemplateFile(stringAt(row, 'path') ?? '')).toBe(row['out']);
    },
  },
  exceptions: {
    'Test_newCelCtx/fail unpack': 'a mock makes reading the context fail',
    'Test_newCelCtx/fail newEnv': 'a mock makes the environment fail',
    'Test_celCtx_evaluate/fail program construction': 'a mock makes the program fail',
    'Test_celCtx_evaluate/fail program evaluation': 'a mock makes the evaluation fail',
  },
};

runSuite(PACKAGE_OPERATOR);
