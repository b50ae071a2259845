// The condition-map annotation: which conditions of an object its package reports, and under which type.
import type { ConditionMapping } from '../../model/desired.ts';
import { MAPPED_CONDITION_PATTERN } from '../../api/object-set-object.ts';

export type ConditionMapResult =
  | { readonly kind: 'ok'; readonly mappings: readonly ConditionMapping[] }
  | { readonly kind: 'invalid'; readonly reason: string };

const DESTINATION = new RegExp(MAPPED_CONDITION_PATTERN);

/** Reads lines of `Source => prefix/Destination` (package-operator §3); an absent annotation maps nothing. */
export function parseConditionMap(text: string | undefined): ConditionMapResult {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return { kind: 'ok', mappings: [] };
  const mappings: ConditionMapping[] = [];
  for (const [index, line] of trimmed.split('\n').entries()) {
    const invalid = (reason: string): ConditionMapResult => ({
      kind: 'invalid',
      reason: `${reason} in line ${index + 1}`,
    });
    const arrow = line.indexOf('=>');
    if (arrow < 0) return invalid('expected 2 part mapping got 1');
    const sourceType = line.slice(0, arrow).trim();
    const destinationType = line.slice(arrow + 2).trim();
    if (sourceType === '') return invalid("sourceType can't be empty");
    if (destinationType === '') return invalid("destinationType can't be empty");
    if (!DESTINATION.test(destinationType)) {
      return invalid(
        `destinationType "${destinationType}" needs a prefix such as example.com/Ready`,
      );
    }
    mappings.push({ sourceType, destinationType });
  }
  return { kind: 'ok', mappings };
}
