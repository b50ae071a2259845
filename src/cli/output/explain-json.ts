// Explanations for programs; the form is versioned and described in docs/reference/cli.md.
import type { JsonObject } from '../../model/json.ts';
import type {
  Explanation,
  FindingExplanation,
  ObjectExplanation,
  Origin,
  UnitExplanation,
} from '../explanation.ts';

/** The value that `explain -o json` prints. */
export function explanationJson(explanations: readonly Explanation[]): JsonObject {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'ExplanationList',
    explanations: explanations.map(({ subject, about, unit }) => ({
      subject,
      about,
      unit: unitJson(unit),
    })),
  };
}

function unitJson(unit: UnitExplanation): JsonObject {
  const { revision } = unit;
  return {
    unit: unit.unit,
    ready: unit.ready,
    reason: unit.reason,
    message: unit.message,
    commit: unit.commit,
    ...(revision
      ? { revision: { number: revision.number, state: revision.state, commit: revision.commit } }
      : {}),
    ...origin(unit.origin),
    ...(unit.parent === undefined ? {} : { parent: unit.parent }),
    waitsFor: unit.waitsFor.map(unitJson),
    phases: unit.phases.map(({ name, gate, objects, omitted }) => ({
      name,
      gate,
      objects: objects.map(objectJson),
      omitted,
    })),
    removals: unit.removals.map((removal) => ({ ...removal })),
    findings: unit.findings.map(findingJson),
  };
}

function objectJson(object: ObjectExplanation): JsonObject {
  const { claim } = object;
  return {
    object: object.object,
    action: object.action,
    ready: object.ready,
    messages: object.messages,
    because: object.because,
    probes: object.probes.map(({ text }) => text),
    failedProbes: object.probes.filter(({ failed }) => failed).map(({ text }) => text),
    ...origin(object.origin),
    ...(claim
      ? {
          claim: {
            kind: claim.claim.kind,
            ...(claim.claim.kind === 'applied' ? { uid: claim.claim.uid } : {}),
            revision: claim.revision,
            target: claim.targetIdentity,
          },
        }
      : {}),
    ...(object.unit ? { unit: unitJson(object.unit) } : {}),
  };
}

function findingJson(finding: FindingExplanation): JsonObject {
  return {
    severity: finding.severity,
    code: finding.code,
    message: finding.message,
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    ...origin(finding.origin),
  };
}

function origin(place: Origin | undefined): JsonObject {
  if (!place) return {};
  const { file, line, change } = place;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(change ? { change: { ...change } } : {}),
  };
}
