// The probe specifications of the Package Operator API (`availabilityProbes`), as read from a manifest.

export interface AvailabilityProbe {
  readonly selector?: ProbeSelector;
  readonly probes: readonly ProbeSpec[];
}

export interface ProbeSelector {
  /** Compared without the version; no group is the core group. */
  readonly kind?: { readonly group?: string; readonly kind: string };
  readonly selector?: LabelSelectorSpec;
}

export interface LabelSelectorSpec {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelRequirement[];
}

export interface LabelRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** One field counts: fieldsEqual before condition before cel; an entry with none is skipped. */
export interface ProbeSpec {
  readonly condition?: ConditionSpec;
  readonly fieldsEqual?: FieldsEqualSpec;
  readonly cel?: CelSpec;
}

export interface ConditionSpec {
  readonly type: string;
  readonly status: string;
}

export interface FieldsEqualSpec {
  readonly fieldA: string;
  readonly fieldB: string;
}

export interface CelSpec {
  readonly rule: string;
  /** Said when the rule is false. */
  readonly message: string;
}
