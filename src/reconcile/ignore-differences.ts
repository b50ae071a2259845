// Puts `ignoreDifferences` of sluice.yaml onto the objects that it names. Pure.
import type { DesiredObject, DesiredState } from '../model/desired.ts';
import type { IgnoreRule } from '../render/repository-config.ts';

/** The same state where no rule matches, so that nothing is copied without need. */
export function withIgnoredFields(
  desired: DesiredState,
  rules: readonly IgnoreRule[],
): DesiredState {
  if (rules.length === 0) return desired;
  const phases = desired.phases.map((phase) => ({
    ...phase,
    objects: phase.objects.map((object) => {
      const ignoredFields = rules
        .filter((rule) => matches(rule, object))
        .flatMap((rule) => rule.fields);
      return ignoredFields.length === 0 ? object : { ...object, ignoredFields };
    }),
  }));
  return { ...desired, phases };
}

function matches(rule: IgnoreRule, { ref }: DesiredObject): boolean {
  return (
    rule.group === ref.group &&
    rule.kind === ref.kind &&
    (rule.namespace === undefined || rule.namespace === ref.namespace) &&
    (rule.name === undefined || rule.name === ref.name)
  );
}
