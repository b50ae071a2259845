// Availability probes: which objects they look at and what they ask (package-operator §9).
import { LABEL_SELECTOR } from './label-selector.ts';
import type { LabelSelector } from './label-selector.ts';
import { NON_EMPTY, STRING, list, object, oneOf, withDefault } from './schema-parts.ts';

export interface ConditionProbe {
  readonly type: string;
  readonly status: string;
}

export interface FieldsEqualProbe {
  readonly fieldA: string;
  readonly fieldB: string;
}

export interface CelProbe {
  readonly rule: string;
  readonly message: string;
}

/** One field is looked at, in the order fieldsEqual, condition, cel; with none the entry is skipped. */
export interface Probe {
  readonly condition?: ConditionProbe;
  readonly fieldsEqual?: FieldsEqualProbe;
  readonly cel?: CelProbe;
}

export interface ProbeSelector {
  readonly kind?: { readonly group: string; readonly kind: string };
  readonly selector?: LabelSelector;
}

export interface ObjectSetProbe {
  readonly selector: ProbeSelector;
  readonly probes: readonly Probe[];
}

const PROBE = object({
  condition: object(
    { type: NON_EMPTY, status: withDefault(oneOf('True', 'False', 'Unknown'), 'True') },
    ['type', 'status'],
  ),
  fieldsEqual: object({ fieldA: NON_EMPTY, fieldB: NON_EMPTY }, ['fieldA', 'fieldB']),
  cel: object({ rule: NON_EMPTY, message: STRING }, ['rule', 'message']),
});

/** Upstream demands a selector with kind and group; here none is every object, and no group the core group. */
export const AVAILABILITY_PROBE = object(
  {
    selector: object({
      kind: object({ group: STRING, kind: NON_EMPTY }, ['kind']),
      selector: LABEL_SELECTOR,
    }),
    probes: list(PROBE),
  },
  ['probes'],
);
