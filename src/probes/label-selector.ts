// Label selectors: matchLabels and matchExpressions, all of which must hold.
import { FORMATS } from '../lang/cel/libraries/format-names.ts';
import { textAt } from './object-fields.ts';
import type { LabelRequirement, LabelSelectorSpec } from './spec.ts';

export type LabelMatcher = (object: unknown) => boolean;

export type CompiledSelector =
  | { readonly ok: true; readonly matches: LabelMatcher }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Prepares a selector; one without any requirement matches everything. */
export function compileLabelSelector(spec: LabelSelectorSpec): CompiledSelector {
  const requirements: readonly LabelRequirement[] = [
    ...Object.entries(spec.matchLabels ?? {}).map(([key, value]) => {
      return { key, operator: 'In', values: [value] };
    }),
    ...(spec.matchExpressions ?? []),
  ];
  const problems = requirements.flatMap(problemsOf);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, matches: (object) => requirements.every((one) => holds(one, object)) };
}

function problemsOf({ key, operator, values = [] }: LabelRequirement): readonly string[] {
  const keyProblems = FORMATS.get('qualifiedName')?.check(key) ?? [];
  const valueFormat = FORMATS.get('labelValue');
  return [
    ...keyProblems.map((problem) => `label key "${key}": ${problem}`),
    ...operatorProblems(key, operator, values.length),
    ...values.flatMap((value) => {
      return (valueFormat?.check(value) ?? []).map(
        (problem) => `label value "${value}": ${problem}`,
      );
    }),
  ];
}

function operatorProblems(key: string, operator: string, values: number): readonly string[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values > 0 ? [] : [`label "${key}": operator ${operator} needs values`];
    case 'Exists':
    case 'DoesNotExist':
      return values === 0 ? [] : [`label "${key}": operator ${operator} takes no values`];
    default:
      return [`label "${key}": "${operator}" is not a label selector operator`];
  }
}

function holds({ key, operator, values = [] }: LabelRequirement, object: unknown): boolean {
  const label = textAt(object, 'metadata', 'labels', key);
  switch (operator) {
    case 'In':
      return label !== undefined && values.includes(label);
    case 'NotIn':
      return label === undefined || !values.includes(label);
    case 'Exists':
      return label !== undefined;
    default:
      return label === undefined;
  }
}
