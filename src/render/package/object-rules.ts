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
  const seen = new Set<string>();
  const known = new Set(phases);
  for (const object of objects) {
    const report = (
      reason: ViolationReason,
      at: readonly string[] = [],
      details?: string,
    ): void => {
      violations.push(violationAt(object, reason, at, details));
    };
    const key = identity(object.manifest);
    if (seen.has(key)) report(VIOLATION.duplicateObject);
    seen.add(key);
    const { apiVersion } = object.manifest as JsonObject;
    if (typeof apiVersion !== 'string' || !/[^/]$/.test(apiVersion)) {
      report(VIOLATION.missingGvk, ['apiVersion']);
    }
    checkLabels(object, report);
    checkAnnotations(object, known, report);
  }
  return violations;
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
      return;
    }
  }
  const [first] = labelProblems(texts);
  if (first) report(VIOLATION.labelsInvalid, ['metadata', 'labels', first.key], first.message);
}

function checkAnnotations(
  object: RenderedObject,
  phases: ReadonlySet<string>,
  report: Report,
): void {
  const metadata = objectAt(object.manifest, 'metadata');
  const annotations = metadata['annotations'];
  const map = isObject(annotations) ? annotations : {};
  // One value that is no string makes the API drop them all; say which one it is.
  const odd = Object.keys(map).find((key) => typeof map[key] !== 'string');
  if (odd !== undefined) {
    const details = `the annotation "${odd}" is no string; put it in quotes`;
    report(VIOLATION.missingPhase, ['metadata', 'annotations', odd], details);
    return;
  }
  const phase = map[PKO.phase];
  const at = ['metadata', 'annotations'];
  if (typeof phase !== 'string' || phase === '') report(VIOLATION.missingPhase);
  else if (!phases.has(phase)) report(VIOLATION.phaseNotFound, [...at, PKO.phase]);
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
