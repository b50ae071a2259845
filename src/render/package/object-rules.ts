// The rules every object of a package must keep, checked on all of them before any is filtered out
// (package-operator §1.6).
import { COLLISION_PROTECTIONS } from '../../api/object-set-object.ts';
import { PKO } from '../../model/annotations.ts';
import { isObject, objectAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import { parseConditionMap } from './condition-map.ts';
import { labelProblems } from './label-syntax.ts';
import type { RenderedObject } from './rendered-object.ts';
import { VIOLATION } from './violation.ts';
import type { Violation, ViolationReason } from './violation.ts';

/**
 * All violations, in the order of the objects.
 * @param phases the phases that the manifest lists
 */
export function objectViolations(
  objects: readonly RenderedObject[],
  phases: readonly string[],
): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Map<string, RenderedObject>();
  for (const object of objects) {
    const report: Report = (reason, at = [], details) => {
      violations.push(violationAt(object, reason, at, details));
    };
    const key = identity(object.manifest);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, object);
    else report(VIOLATION.duplicateObject, [], `${nameOf(object)} is also ${placeOf(before)}`);
    const { apiVersion } = object.manifest as JsonObject;
    if (typeof apiVersion !== 'string' || !/[^/]$/.test(apiVersion)) {
      report(VIOLATION.missingGvk, ['apiVersion'], `${nameOf(object)} has no apiVersion`);
    }
    checkLabels(object, report);
    checkAnnotations(object, phases, report);
  }
  return violations;
}

/** `ConfigMap web/a`, as written. */
function nameOf({ manifest }: RenderedObject): string {
  const metadata = objectAt(manifest as JsonObject, 'metadata');
  const { namespace, name } = metadata;
  const parts = [namespace, name].filter((part) => typeof part === 'string' && part !== '');
  return parts.length === 0
    ? `a ${manifest.kind} without a name`
    : `${manifest.kind} ${parts.join('/')}`;
}

function placeOf({ sourcePath, line, index }: RenderedObject): string {
  return line === undefined ? `in ${sourcePath} idx ${index}` : `in ${sourcePath} line ${line}`;
}

type Report = (reason: ViolationReason, at?: readonly string[], details?: string) => void;

function violationAt(
  object: RenderedObject,
  reason: ViolationReason,
  at: readonly string[],
  details: string | undefined,
): Violation {
  const place = at.length === 0 ? {} : object.locate(at);
  const code = reason === VIOLATION.phaseNotFound ? 'PhaseUnknown' : undefined;
  return {
    reason,
    details,
    path: object.sourcePath,
    index: object.index,
    line: place.line ?? object.line,
    column: place.column,
    code: reason === VIOLATION.duplicateObject ? 'ObjectDuplicate' : code,
  };
}

/** The version does not matter, and the namespace is the written one. */
function identity(manifest: JsonObject): string {
  const metadata = objectAt(manifest, 'metadata');
  const apiVersion = typeof manifest['apiVersion'] === 'string' ? manifest['apiVersion'] : '';
  return JSON.stringify([
    groupOf(apiVersion),
    manifest['kind'],
    metadata['namespace'] ?? '',
    metadata['name'] ?? '',
  ]);
}

function checkLabels(object: RenderedObject, report: Report): void {
  const labels = objectAt(objectAt(object.manifest, 'metadata'), 'labels');
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value === 'string') texts[key] = value;
    else {
      const shown = JSON.stringify(value);
      const details = `metadata.labels: Invalid value: ${shown}: the value of "${key}" must be a string`;
      report(VIOLATION.labelsInvalid, ['metadata', 'labels', key], details);
    }
  }
  for (const { key, message } of labelProblems(texts)) {
    report(VIOLATION.labelsInvalid, ['metadata', 'labels', key], message);
  }
}

function checkAnnotations(object: RenderedObject, phases: readonly string[], report: Report): void {
  const metadata = objectAt(object.manifest, 'metadata');
  const annotations = metadata['annotations'];
  const map = isObject(annotations) ? annotations : {};
  // One value that is no string makes the API drop them all; say which ones they are.
  const odd = Object.keys(map).filter((key) => typeof map[key] !== 'string');
  for (const key of odd) {
    const details = `the annotation "${key}" is no string; put it in quotes`;
    report(VIOLATION.missingPhase, ['metadata', 'annotations', key], details);
  }
  if (odd.length > 0) return;
  const phase = map[PKO.phase];
  const at = ['metadata', 'annotations'];
  if (typeof phase !== 'string' || phase === '') {
    report(VIOLATION.missingPhase, [], nameOf(object));
  } else if (!phases.includes(phase)) {
    const details = `"${phase}"; the manifest lists ${phases.join(', ')}`;
    report(VIOLATION.phaseNotFound, [...at, PKO.phase], details);
  }
  const conditionMap = parseConditionMap(map[PKO.conditionMap] as string | undefined);
  if (conditionMap.kind === 'invalid') {
    report(VIOLATION.conditionMapInvalid, [...at, PKO.conditionMap], conditionMap.reason);
  }
  const protection = map[PKO.collisionProtection];
  if (protection === undefined || protection === '') return;
  if (!(COLLISION_PROTECTIONS as readonly unknown[]).includes(protection)) {
    const details = `"${String(protection)}" is not one of ${COLLISION_PROTECTIONS.join(', ')}`;
    report(VIOLATION.collisionProtectionInvalid, [...at, PKO.collisionProtection], details);
  }
}
