// Faults of filters as violations, at the place in the file where the expression goes wrong.
import { PKO } from '../../model/annotations.ts';
import type { EntryFault, FilterFault } from './filter.ts';
import type { LoadedPackage } from './load-package.ts';
import type { RenderedObject } from './rendered-object.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

/** Both spellings of the filter are read into one list, the newer one first. */
export function filterViolation(
  loaded: LoadedPackage,
  section: 'conditions' | 'paths',
  fault: EntryFault,
): Violation {
  const spec = (loaded.manifestDocument.value['spec'] ?? {}) as Record<string, unknown>;
  const newer = ((spec['filter'] ?? {}) as Record<string, unknown>)[section];
  const count = Array.isArray(newer) ? newer.length : 0;
  const older = section === 'conditions' ? 'namedConditions' : 'conditionalPaths';
  const entry =
    fault.index < count
      ? ['spec', 'filter', section, fault.index]
      : ['spec', 'conditionalFiltering', older, fault.index - count];
  const { line, column } = loaded.manifestDocument.positionOf([...entry, fault.field], fault.at);
  return {
    reason: VIOLATION.manifestInvalid,
    details: fault.message,
    path: loaded.manifestDocument.path,
    line,
    column,
    code: 'CelInvalid',
    hint: fault.hint,
  };
}

const CONDITION = ['metadata', 'annotations', PKO.condition] as const;

/** The fault of an object's own condition. */
export function conditionViolation(object: RenderedObject, fault: FilterFault): Violation {
  const place = object.locate(CONDITION, fault.at);
  return {
    reason: VIOLATION.invalidCondition,
    details: fault.message,
    subject: object.manifest.metadata.name,
    path: object.sourcePath,
    index: object.index,
    line: place.line,
    column: place.column,
    code: 'CelInvalid',
    hint: fault.hint,
  };
}
