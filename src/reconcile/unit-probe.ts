// The probe of a unit: its availability probes, the built-in readiness rules, or both; compiled once per revision.
import type { Probe, ProbeOutcome } from '../apply/phase-engine.ts';
import type { DesiredState } from '../model/desired.ts';
import { compileProbes } from '../probes/compile.ts';
import type { AvailabilityProbe } from '../probes/spec.ts';
import { readinessOf } from '../probes/readiness/index.ts';
import type { LiveObject } from '../targets/target.ts';

/** A factory that keeps the compiled probes as long as the desired state lives. */
export function createUnitProbe(): (desired: DesiredState) => Probe {
  const compiled = new WeakMap<DesiredState, Probe>();
  return (desired) => {
    const known = compiled.get(desired);
    if (known) return known;
    const probe = buildProbe(desired);
    compiled.set(desired, probe);
    return probe;
  };
}

function buildProbe(desired: DesiredState): Probe {
  // Rendering has checked them against the schema of the API.
  const result = compileProbes(desired.availabilityProbes as readonly AvailabilityProbe[]);
  if (!result.ok) {
    // Rendering refuses such probes; after a restart with a newer engine the record may still hold one.
    const messages = result.diagnostics.map((item) => item.message);
    return () => ({ status: 'Unknown', messages });
  }
  const { prober } = result;
  return (live) => {
    const declared = prober.probe(live);
    if (declared.status !== 'True' || !desired.builtinProbes) return declared;
    return builtinOutcome(live);
  };
}

function builtinOutcome(live: LiveObject): ProbeOutcome {
  const readiness = readinessOf(live);
  switch (readiness.status) {
    case 'Current':
      return { status: 'True', messages: [] };
    case 'InProgress':
    case 'Terminating':
    case 'NotFound':
    case 'Failed':
      return { status: 'False', messages: [readiness.message] };
    case 'Unknown':
      return { status: 'Unknown', messages: [readiness.message] };
  }
}
