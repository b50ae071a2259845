// Phases that cannot be applied in one go: a definition together with its instances (package-operator §7.3).
import type { DesiredPhase } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { formatObjectKey, keyOf } from '../model/object-key.ts';
import { kindOfCrd } from './scope.ts';

/** A warning for each CRD and each Namespace whose phase also holds what needs it. */
export function phaseMixWarnings(phases: readonly DesiredPhase[]): readonly Diagnostic[] {
  return phases.flatMap(mixOf);
}

function mixOf(phase: DesiredPhase): readonly Diagnostic[] {
  const kinds = new Map<string, string>();
  const namespaces = new Map<string, string>();
  for (const { manifest, ref } of phase.objects) {
    const defined = kindOfCrd(manifest);
    if (defined !== undefined) kinds.set(defined, formatObjectKey(ref));
    if (ref.kind === 'Namespace' && ref.group === '')
      namespaces.set(ref.name, formatObjectKey(ref));
  }
  if (kinds.size === 0 && namespaces.size === 0) return [];
  const warned = new Set<string>();
  const warnings: Diagnostic[] = [];
  for (const { ref, source } of phase.objects) {
    const needs = [kinds.get(`${ref.group}/${ref.kind}`), namespaces.get(ref.namespace)];
    for (const needed of needs) {
      if (needed === undefined || warned.has(needed)) continue;
      warned.add(needed);
      const message = `phase "${phase.name}" holds ${needed} together with ${formatObjectKey(ref)}, which needs it`;
      warnings.push(
        diagnostic('PreflightFailed', message, {
          ...source,
          object: keyOf(ref),
          severity: 'warning',
          hint: 'Put the definition in an earlier phase: a phase is rehearsed as a whole before anything of it is applied.',
        }),
      );
    }
  }
  return warnings;
}
