// Sets that Package Operator left behind: `spec.previous` names them, and objects they control may be taken over
// (package-operator §8, adoption check). Pure.
import { PACKAGE } from '../api/package.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { annotationOf, groupOf } from '../model/manifest.ts';

/** Written by Package Operator on every object: the number of the revision that controls it. */
const REVISION = 'package-operator.run/revision';

const SETS: ReadonlySet<string> = new Set(['ObjectSet', 'ClusterObjectSet']);

/** The revision that the annotation tells; missing counts as 0. Undefined where no previous set controls the object. */
export function previousRevision(
  live: JsonObject,
  previous: readonly string[],
): number | undefined {
  const references = listAt(objectAt(live, 'metadata'), 'ownerReferences');
  const controlled = references.some(
    (entry) => isObject(entry) && entry['controller'] === true && isPrevious(entry, previous),
  );
  if (!controlled) return undefined;
  const text = annotationOf(live, REVISION) ?? '0';
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

/**
 * The owner references without those of previous sets: the garbage collector would take the object with the old set.
 * Undefined where there is none of them.
 */
export function withoutPreviousOwners(
  live: JsonObject,
  previous: readonly string[],
): readonly Json[] | undefined {
  const references = listAt(objectAt(live, 'metadata'), 'ownerReferences');
  const kept = references.filter((entry) => !isObject(entry) || !isPrevious(entry, previous));
  return kept.length === references.length ? undefined : kept;
}

function isPrevious(reference: JsonObject, previous: readonly string[]): boolean {
  return (
    SETS.has(stringAt(reference, 'kind') ?? '') &&
    groupOf(stringAt(reference, 'apiVersion') ?? '') === PACKAGE.group &&
    previous.includes(stringAt(reference, 'name') ?? '')
  );
}
