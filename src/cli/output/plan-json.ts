// The plan for programs; the form is versioned and described in docs/reference/plan.md.
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { JsonObject } from '../../model/json.ts';
import { formatObjectKey } from '../../model/object-key.ts';
import { countActions } from '../../plan/plan.ts';
import type { PlannedObject, UnitPlan } from '../../plan/plan.ts';
import { diagnosticJson } from '../../status/unit-files.ts';

/** The value that `plan -o json` prints. */
export function planJson(
  plans: readonly UnitPlan[],
  diagnostics: readonly Diagnostic[],
): JsonObject {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'Plan',
    summary: { ...countActions(plans) },
    units: plans.map((plan) => ({
      unit: plan.unit,
      target: plan.target,
      revision: plan.revision,
      newRevision: plan.newRevision,
      hash: plan.hash,
      phases: plan.phases.map((phase) => ({
        name: phase.name,
        objects: phase.objects.map(objectJson),
      })),
      removals: plan.removals.map(objectJson),
      safety: { ...plan.safety },
      diagnostics: plan.diagnostics.map(diagnosticJson),
    })),
    diagnostics: diagnostics.map(diagnosticJson),
  };
}

function objectJson(object: PlannedObject): JsonObject {
  const { source } = object;
  return {
    object: formatObjectKey(object.ref),
    apiVersion: object.ref.apiVersion,
    action: object.action,
    ...(object.reason === undefined ? {} : { reason: object.reason }),
    ...(source === undefined
      ? {}
      : { file: source.file, ...(source.line === undefined ? {} : { line: source.line }) }),
    changes: object.changes.map((change) => ({
      path: change.path,
      op: change.op,
      ...(change.before === undefined ? {} : { before: change.before }),
      ...(change.after === undefined ? {} : { after: change.after }),
    })),
  };
}

/** JSON text of data that may hold integers beyond ±2^53, which print exactly. */
export function jsonText(value: unknown): string {
  const raw: string[] = [];
  const text = JSON.stringify(
    value,
    (_key, item: unknown) => {
      if (typeof item !== 'bigint') return item;
      raw.push(item.toString());
      return `\u0000big${raw.length - 1}\u0000`;
    },
    2,
  );
  return text.replace(
    /"\\u0000big(\d+)\\u0000"/g,
    (_match, index: string) => raw[Number(index)] ?? 'null',
  );
}
