// The label selector of Kubernetes, as type and schema.
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
