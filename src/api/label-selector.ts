// The label selector of Kubernetes, as type and schema.
import { isObject, listAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import type { AdmissionProblem } from './api-kind.ts';
import { formatPath } from './field-path.ts';
import { NON_EMPTY, STRING, STRING_MAP, list, object, oneOf } from './schema-parts.ts';

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export const LABEL_SELECTOR = object({
  matchLabels: STRING_MAP,
  matchExpressions: list(
    object(
      {
        key: NON_EMPTY,
        operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: list(STRING),
      },
      ['key', 'operator'],
    ),
  ),
});

/** `values` that do not go with their operator, in the words of an API server. */
export function selectorProblems(
  selector: JsonObject,
  path: readonly (string | number)[],
): readonly AdmissionProblem[] {
  return listAt(selector, 'matchExpressions').flatMap((item, index) => {
    if (!isObject(item)) return [];
    const at = [...path, 'matchExpressions', index, 'values'];
    const problem = (text: string): readonly AdmissionProblem[] => [
      { severity: 'error', path: at, message: `${formatPath(at)}: ${text}` },
    ];
    const { operator } = item;
    const count = listAt(item, 'values').length;
    if ((operator === 'In' || operator === 'NotIn') && count === 0) {
      return problem("Required value: must be specified when `operator` is 'In' or 'NotIn'");
    }
    if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
      return problem(
        "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
      );
    }
    return [];
  });
}
