// Every filter expression of a package: named conditions, paths, annotations of objects, calls of `cel` in templates.
import type { Diagnostic as CelDiagnostic } from '../../lang/cel/index.ts';
import { literalArguments } from '../../lang/template/index.ts';
import { positionAt } from '../../lang/yaml/index.ts';
import type { Position } from '../../lang/yaml/index.ts';
import { compileGlob } from '../../lib/glob.ts';
import { PKO } from '../../model/annotations.ts';
import { diagnostic } from '../../model/diagnostic.ts';
import type { Diagnostic, Location } from '../../model/diagnostic.ts';
import { annotationOf } from '../../model/manifest.ts';
import { conditionFault, conditionNameFault, globFault, pathFault } from '../package/filter.ts';
import { createFilterChecker } from '../package/filter-types.ts';
import type { FilterChecker } from '../package/filter-types.ts';
import { conditionViolation, filterPlace, filterViolation } from '../package/filter-violation.ts';
import type { LoadedPackage } from '../package/load-package.ts';
import type { RenderedObject } from '../package/rendered-object.ts';
import type { ParsedTemplates } from '../package/templates.ts';
import { VIOLATION } from '../package/violation.ts';
import type { PackagePlace } from './package-place.ts';
import { templateConditions } from './template-conditions.ts';

export interface FilterSources {
  readonly member: LoadedPackage;
  readonly place: PackagePlace;
  /** Texts of all files by path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly parsed: ParsedTemplates;
  /** Of the files that are no templates. */
  readonly objects: readonly RenderedObject[];
}

/** Checks them whether or not rendering would get to them. Mistakes are errors, unlikely types warnings. */
export function checkFilters(sources: FilterSources): readonly Diagnostic[] {
  const checker = createFilterChecker(sources.member.manifest);
  return [
    ...checkConditions(sources, checker),
    ...checkPaths(sources, checker),
    ...sources.objects.flatMap((object) => checkObject(object, sources.place, checker)),
    ...sources.parsed.templates.flatMap((path) => checkTemplate(path, sources, checker)),
  ];
}

function checkConditions(
  { member, place }: FilterSources,
  checker: FilterChecker,
): readonly Diagnostic[] {
  const taken: Record<string, true> = {};
  return member.manifest.filter.conditions.flatMap((condition, index) => {
    const wrong = conditionNameFault(condition, index, taken);
    if (wrong) return [place.report(filterViolation(member, 'conditions', wrong))];
    taken[condition.name] = true;
    const { fault, warnings } = checker.check(condition.expression, false);
    if (fault) {
      const entry = conditionFault(condition, index, fault);
      return [place.report(filterViolation(member, 'conditions', entry))];
    }
    const { path } = member.manifestDocument;
    return warnings.map((item) => {
      const at = filterPlace(member, 'conditions', { index, field: 'expression', at: item });
      return warning(`condition '${condition.name}'`, item, place.locate(path, at));
    });
  });
}

function checkPaths(
  { member, place }: FilterSources,
  checker: FilterChecker,
): readonly Diagnostic[] {
  return member.manifest.filter.paths.flatMap((entry, index) => {
    const { fault, warnings } = checker.check(entry.expression, true);
    const glob = compileGlob(entry.glob);
    const faults = [
      ...(fault ? [pathFault(entry, index, fault)] : []),
      ...(glob.kind === 'invalid' ? [globFault(entry, index, glob.reason)] : []),
    ];
    const { path } = member.manifestDocument;
    return [
      ...faults.map((item) => place.report(filterViolation(member, 'paths', item))),
      ...warnings.map((item) => {
        const at = filterPlace(member, 'paths', { index, field: 'expression', at: item });
        return warning(`path ${entry.glob}`, item, place.locate(path, at));
      }),
    ];
  });
}

const CONDITION = ['metadata', 'annotations', PKO.condition] as const;

function checkObject(
  object: RenderedObject,
  place: PackagePlace,
  checker: FilterChecker,
): readonly Diagnostic[] {
  const expression = annotationOf(object.manifest, PKO.condition);
  if (expression === undefined) return [];
  const { fault, warnings } = checker.check(expression, true);
  if (fault) return [place.report(conditionViolation(object, fault))];
  return warnings.map((item) => {
    const where = place.locate(object.sourcePath, object.locate(CONDITION, item));
    return warning(`annotation ${PKO.condition}`, item, where);
  });
}

function checkTemplate(
  path: string,
  { place, texts, parsed }: FilterSources,
  checker: FilterChecker,
): readonly Diagnostic[] {
  const text = texts.get(path) ?? '';
  const inAnnotations = templateConditions(text).flatMap(({ expression, locate }) => {
    const { fault, warnings } = checker.check(expression, true);
    if (fault) {
      const { message: details, at, hint } = fault;
      const { line, column } = locate(at);
      const reason = VIOLATION.invalidCondition;
      return [place.report({ reason, details, path, line, column, code: 'CelInvalid', hint })];
    }
    return warnings.map((item) =>
      warning(`annotation ${PKO.condition}`, item, place.locate(path, locate(item))),
    );
  });
  const calls = literalArguments({ name: path, text }, parsed.set, 'cel').flatMap((literal) => {
    const locate = (at: Position | undefined): Location => {
      const shift = at === undefined || !literal.verbatim ? 0 : offsetOf(literal.text, at);
      return place.locate(path, positionAt(text, literal.offset + shift));
    };
    const { fault, warnings } = checker.check(literal.text, true);
    if (!fault) return warnings.map((item) => warning('function cel', item, locate(item)));
    const { message, at, hint } = fault;
    const details = { ...locate(at), ...(hint === undefined ? {} : { hint }) };
    return [diagnostic('CelInvalid', `function cel in ${path}: ${message}`, details)];
  });
  return [...inAnnotations, ...calls];
}

function offsetOf(text: string, { line, column }: Position): number {
  const lines = text.split('\n').slice(0, line);
  const last = Array.from(lines.pop() ?? '').slice(0, column - 1);
  return [...lines, last.join('')].join('\n').length;
}

/** Upstream's filters are untyped: what may go wrong is said, and nothing is refused for it. */
function warning(what: string, item: CelDiagnostic, where: Location): Diagnostic {
  const { line, column, message, snippet, hint } = item;
  return diagnostic('CelInvalid', `${what}: ${line}:${column}: ${message}\n${snippet}`, {
    ...where,
    severity: 'warning',
    ...(hint === undefined ? {} : { hint }),
  });
}
