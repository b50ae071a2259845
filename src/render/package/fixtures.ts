// Template tests of a package against its `.test-fixtures` (package-operator §12.1): the core of `sluice test`.
import { structuredPatch } from 'diff';
import type { PackageTestCase } from '../../api/package-manifest.ts';
import { fromBytes } from '../../lang/template/index.ts';
import { objectAt } from '../../model/json.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import { baseNameOf, isHidden, pathInPackage } from '../repository-path.ts';
import { admitConfig } from './config.ts';
import {
  environmentContext,
  packageContext,
  staticDependencies,
  staticImages,
  testInstanceContext,
} from './context.ts';
import { comparePaths, isObjectFile } from './file-kind.ts';
import type { PackageFiles } from './layout.ts';
import { loadPackage, membersOf } from './load-package.ts';
import type { LoadedPackage, PlacedViolation } from './load-package.ts';
import { renderPackage, staticViolations } from './render-package.ts';
import type { RenderedPackage } from './render-package.ts';
import { joinDocuments, splitDocuments } from './split-documents.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface FixtureMismatch {
  /** Path inside the fixture folder. */
  readonly path: string;
  readonly kind: 'differs' | 'superfluous' | 'missing';
  /** What upstream would print. */
  readonly message: string;
}

export interface CaseOutcome {
  /** Empty for the root package. */
  readonly component: string;
  /** Empty for the objects of a package without cases. */
  readonly name: string;
  /** Folder of the fixtures inside the package. */
  readonly folder: string;
  /** `unwritten`: there are no fixtures yet; `failed`: the package could not be rendered. */
  readonly kind: 'passed' | 'differs' | 'unwritten' | 'failed';
  /** What the fixtures should hold, by path; what `--update` writes. */
  readonly actual: ReadonlyMap<string, string>;
  readonly mismatches: readonly FixtureMismatch[];
  readonly violations: readonly Violation[];
}

export type PackageTestResult =
  | { readonly kind: 'ran'; readonly outcomes: readonly CaseOutcome[] }
  | { readonly kind: 'invalid'; readonly violations: readonly PlacedViolation[] };

/**
 * Runs every test case of a package and its components.
 * @param files everything below the package folder, fixtures included
 */
export function testPackage(files: PackageFiles, validator: SchemaValidator): PackageTestResult {
  const loaded = loadPackage(files, { validator, lock: false });
  if (loaded.kind === 'invalid') return loaded;
  const outcomes = membersOf(loaded).flatMap((member) => {
    const cases = member.manifest.test.template;
    if (cases.length === 0) return staticOutcome(member);
    return cases.map((testCase) => runCase({ member, testCase, files, validator }));
  });
  return { kind: 'ran', outcomes };
}

/** Without a case there is nothing to render, but objects that are no templates can be faulty all the same. */
function staticOutcome(member: LoadedPackage): readonly CaseOutcome[] {
  const violations = staticViolations(member);
  if (violations.length === 0) return [];
  const { component } = member;
  const nothing = { name: '', folder: '', actual: new Map<string, string>(), mismatches: [] };
  return [{ component, ...nothing, kind: 'failed', violations }];
}

interface CaseInput {
  readonly member: LoadedPackage;
  readonly testCase: PackageTestCase;
  readonly files: PackageFiles;
  readonly validator: SchemaValidator;
}

function runCase({ member, testCase, files, validator }: CaseInput): CaseOutcome {
  const { component } = member;
  const folder = pathInPackage({ folder: '', component }, `.test-fixtures/${testCase.name}`);
  const identity = { component, name: testCase.name, folder };
  const rendered = renderCase(member, testCase, validator);
  if (rendered.kind === 'invalid') {
    const { violations } = rendered;
    return { ...identity, kind: 'failed', actual: new Map(), mismatches: [], violations };
  }
  const actual = fixtureFiles(rendered.rendered);
  const fixtures = readFixtures(files, folder);
  if (fixtures.size === 0) {
    return { ...identity, kind: 'unwritten', actual, mismatches: [], violations: [] };
  }
  const mismatches = compareFixtures(testCase.name, fixtures, actual);
  const kind = mismatches.length === 0 ? 'passed' : 'differs';
  return { ...identity, kind, actual, mismatches, violations: [] };
}

/** Renders a package with the context of a test case; a faulty configuration is the manifest's affair. */
export function renderCase(
  member: LoadedPackage,
  testCase: PackageTestCase,
  validator: SchemaValidator,
): ReturnType<typeof renderPackage> {
  const config = admitConfig(testCase.context['config'], {
    schema: member.manifest.configSchema,
    validator,
    path: 'spec.config',
  });
  const instance = testInstanceContext(objectAt(testCase.context, 'package'));
  const name = objectAt(instance, 'metadata')['name'];
  return renderPackage({
    package: member,
    context: packageContext({
      instance,
      config: config.kind === 'ok' ? config.config : {},
      images: staticImages(member.manifest),
      environment: environmentContext(testCase.context['environment']),
      dependencies: staticDependencies(member.manifest),
    }),
    instance: typeof name === 'string' ? name : '',
  });
}

/** YAML files that hold objects, as they stand after filtering; emptied ones are left out. */
function fixtureFiles(rendered: RenderedPackage): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const withObjects = new Set(rendered.objects.map(({ path }) => path));
  for (const [path, { content }] of rendered.files) {
    if (!isObjectFile(path) || !withObjects.has(path)) continue;
    const gone = rendered.filtered.get(path);
    const text = gone === undefined ? content : withoutDocuments(content, gone);
    if (text.trim() !== '') files.set(path, text);
  }
  return new Map([...files].sort(([a], [b]) => comparePaths(a, b)));
}

function withoutDocuments(content: string, gone: ReadonlySet<number>): string {
  const documents = splitDocuments(content);
  return joinDocuments(
    documents.filter((_item, index) => !gone.has(index)).map(({ text }) => text),
  );
}

function readFixtures(files: PackageFiles, folder: string): ReadonlyMap<string, string> {
  const prefix = `${folder}/`;
  const found = new Map<string, string>();
  for (const [path, content] of files) {
    if (!path.startsWith(prefix)) continue;
    const inside = path.slice(prefix.length);
    if (!isHidden(inside)) found.set(inside, fromBytes(content));
  }
  return found;
}

function compareFixtures(
  testCase: string,
  fixtures: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
): readonly FixtureMismatch[] {
  const mismatches: FixtureMismatch[] = [];
  for (const path of [...fixtures.keys()].sort(comparePaths)) {
    if (actual.has(path)) continue;
    const message = `file ${path} should not exist, filtered or empty after template render`;
    mismatches.push({ path, kind: 'superfluous', message });
  }
  for (const [path, text] of actual) {
    const fixture = fixtures.get(path);
    if (fixture === undefined) {
      const message = `file ${path} not found in fixtures folder`;
      mismatches.push({ path, kind: 'missing', message });
    } else if (fixture !== text) {
      const details = `Testcase "${testCase}"\n${unifiedDiff(path, fixture, text)}`;
      const message = `${VIOLATION.fixtureMismatch} in ${path}: ${details}`;
      mismatches.push({ path, kind: 'differs', message });
    }
  }
  return mismatches;
}

/** As `diff -u` prints it, with the labels of upstream. */
function unifiedDiff(path: string, fixture: string, actual: string): string {
  const name = baseNameOf(path);
  const patch = structuredPatch(`FIXTURE/${name}`, `ACTUAL/${name}`, fixture, actual, '', '', {
    context: 3,
  });
  const lines = [`--- FIXTURE/${name}`, `+++ ACTUAL/${name}`];
  for (const hunk of patch.hunks) {
    const from = range(hunk.oldStart, hunk.oldLines);
    const to = range(hunk.newStart, hunk.newLines);
    lines.push(`@@ -${from} +${to} @@`, ...hunk.lines);
  }
  return lines.join('\n');
}

function range(start: number, count: number): string {
  return count === 1 ? String(start) : `${count === 0 ? start - 1 : start},${count}`;
}
