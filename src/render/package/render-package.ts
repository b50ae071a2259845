// One package with one configuration: templates, objects, rules, filters (package-operator §2, §4).
import type { PackageManifest } from '../../api/package-manifest.ts';
import { fromBytes } from '../../lang/template/index.ts';
import { PKO } from '../../model/annotations.ts';
import { annotationOf } from '../../model/manifest.ts';
import type { PackageContext } from './context.ts';
import { isTemplateFile } from './file-kind.ts';
import { createConditionSet, createPathFilter } from './filter.ts';
import type { ConditionSet } from './filter.ts';
import { createFilterChecker } from './filter-types.ts';
import { conditionViolation, filterViolation } from './filter-violation.ts';
import type { LoadedPackage } from './load-package.ts';
import { objectViolations } from './object-rules.ts';
import { parseObjects } from './parse-objects.ts';
import type { ParsedObjects, RenderedFile } from './parse-objects.ts';
import type { RenderedObject } from './rendered-object.ts';
import { renderTemplates } from './templates.ts';
import type { Violation } from './violation.ts';

export interface RenderedPackage {
  /** In path order, then document order; filtered ones are gone. */
  readonly objects: readonly RenderedObject[];
  /** Every file after templating, `.gotmpl` files themselves left out. */
  readonly files: ReadonlyMap<string, RenderedFile>;
  /** Documents that a condition took out, by path. */
  readonly filtered: ReadonlyMap<string, ReadonlySet<number>>;
  /** Paths that a conditional path took out. */
  readonly excluded: ReadonlySet<string>;
}

export type PackageResult =
  | { readonly kind: 'ok'; readonly rendered: RenderedPackage }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

export interface RenderPackageInput {
  readonly package: LoadedPackage;
  readonly context: PackageContext;
  /** Name of the instance, for the label. */
  readonly instance: string;
}

/** Renders a package; every violation of a stage is reported, and a faulty stage ends it. */
export function renderPackage(input: RenderPackageInput): PackageResult {
  const { manifest, files } = input.package;
  const named = createConditionSet(manifest.filter.conditions, input.context);
  if (named.kind === 'invalid') {
    return invalid([filterViolation(input.package, 'conditions', named)]);
  }
  const { conditions } = named;
  const templated = renderTemplates(files, input.context, conditions);
  if (templated.kind === 'invalid') return templated;
  const labels = { packageName: manifest.name, instance: input.instance };
  const parsed = parseObjects(templated.files, labels);
  const violations = [
    ...parsed.violations,
    ...objectViolations(parsed.objects, phaseNames(manifest)),
  ];
  if (violations.length > 0) return invalid(violations);
  const paths = createPathFilter(manifest.filter.paths, conditions);
  if (paths.kind === 'invalid') return invalid([filterViolation(input.package, 'paths', paths)]);
  const excluded = new Set([...templated.files.keys()].filter(paths.excludes));
  const kept = parsed.objects.filter((object) => !excluded.has(object.path));
  const result = filterObjects(kept, conditions);
  if (result.kind === 'invalid') return result;
  const { objects, filtered } = result;
  return { kind: 'ok', rendered: { objects, files: templated.files, filtered, excluded } };
}

/** Rules that static objects break: for packages without test cases, what `validate` can still look at. */
export function staticViolations(loaded: LoadedPackage): readonly Violation[] {
  const { manifest } = loaded;
  const parsed = staticObjects(loaded);
  const broken = [...parsed.violations, ...objectViolations(parsed.objects, phaseNames(manifest))];
  const checker = createFilterChecker(manifest);
  // What a condition comes to depends on an instance; whether it can be compiled does not.
  const conditions = parsed.objects.flatMap((object) => {
    const expression = annotationOf(object.manifest, PKO.condition);
    const fault = expression === undefined ? undefined : checker.check(expression, true).fault;
    return fault === undefined ? [] : [conditionViolation(object, fault)];
  });
  return [...broken, ...conditions];
}

/** What files that are no templates hold, as they stand. */
export function staticObjects(
  loaded: LoadedPackage,
): ParsedObjects & { readonly files: ReadonlyMap<string, RenderedFile> } {
  const statics = [...loaded.files].filter(([path]) => !isTemplateFile(path));
  const files = new Map(
    statics.map(
      ([path, bytes]) => [path, { content: fromBytes(bytes), sourcePath: path }] as const,
    ),
  );
  const labels = { packageName: loaded.manifest.name, instance: '' };
  return { ...parseObjects(files, labels), files };
}

export function phaseNames(manifest: PackageManifest): readonly string[] {
  return manifest.phases.map(({ name }) => name);
}

type FilterResult =
  | {
      readonly kind: 'ok';
      readonly objects: readonly RenderedObject[];
      readonly filtered: ReadonlyMap<string, ReadonlySet<number>>;
    }
  | { readonly kind: 'invalid'; readonly violations: readonly Violation[] };

function filterObjects(objects: readonly RenderedObject[], conditions: ConditionSet): FilterResult {
  const kept: RenderedObject[] = [];
  const filtered = new Map<string, Set<number>>();
  const violations: Violation[] = [];
  for (const object of objects) {
    const expression = annotationOf(object.manifest, PKO.condition);
    if (expression === undefined) {
      kept.push(object);
      continue;
    }
    const verdict = conditions.evaluate(expression);
    if (verdict.kind === 'error') {
      violations.push(conditionViolation(object, verdict));
    } else if (verdict.value) kept.push(object);
    else {
      const indexes = filtered.get(object.path) ?? new Set<number>();
      filtered.set(object.path, indexes.add(object.index));
    }
  }
  if (violations.length > 0) return invalid(violations);
  return { kind: 'ok', objects: kept, filtered };
}

function invalid(violations: readonly Violation[]): {
  readonly kind: 'invalid';
  readonly violations: readonly Violation[];
} {
  return { kind: 'invalid', violations };
}
