// Faults of filters as violations, at the place in the file where the expression goes wrong.
import type { Position } from '../../lang/yaml/index.ts';
import { PKO } from '../../model/annotations.ts';
import type { EntryFault, FilterFault } from './filter.ts';
import type { LoadedPackage } from './load-package.ts';
import type { RenderedObject } from './rendered-object.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

/** Where an entry of a filter stands in the manifest, or a character of its expression. */
export function filterPlace(
  loaded: LoadedPackage,
  section: 'conditions' | 'paths',
  { index, field, at }: Pick<EntryFault, 'index' | 'field' | 'at'>,
): Position {
  // Both spellings of the filter are read into one list, the newer one first.
  const spec = (loaded.manifestDocument.value['spec'] ?? {}) as Record<string, unknown>;
  const newer = ((spec['filter'] ?? {}) as Record<string, unknown>)[section];
  const count = Array.isArray(newer) ? newer.length : 0;
  const older = section === 'conditions' ? 'namedConditions' : 'conditionalPaths';
  const entry =
    index < count
      ? ['spec', 'filter', section, index]
      : ['spec', 'conditionalFiltering', older, index - count];
  const { line, column } = loaded.manifestDocument.positionOf([...entry, field], at);
  return { line, column };
}

/** The fault of an entry of a filter. */
export function filterViolation(
  loaded: LoadedPackage,
  section: 'conditions' | 'paths',
  fault: EntryFault,
): Violation {
  return {
    reason: VIOLATION.manifestInvalid,
    details: fault.message,
    path: loaded.manifestDocument.path,
    ...filterPlace(loaded, section, fault),
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
