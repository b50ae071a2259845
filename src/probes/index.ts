// Probes: what an object must show before its phase is done, and readiness of any object.
export { compileProbes } from './compile.ts';
export type { CompiledProbes, CompileProbesOptions, SpecDiagnostic } from './compile.ts';
export { failedProbes } from './failed-probes.ts';
export { formatGateFailure, judgeGate } from './gate.ts';
export type { GateFailure, GateVerdict, ObjectProbe } from './gate.ts';
export { compileHealthChecks } from './health.ts';
export type {
  CompiledHealthChecks,
  HealthCheckOptions,
  HealthChecks,
  HealthCheckSpec,
} from './health.ts';
export type { SchemaLookup } from './object-schema.ts';
export { probeOf, readinessOf, readinessProber } from './readiness/index.ts';
export type { Readiness, ReadinessOptions, ReadinessStatus } from './readiness/index.ts';
export { probeRemotePhase } from './remote-phase.ts';
export { all } from './result.ts';
export type { ProbedObject, Prober, ProbeResult, ProbeStatus } from './result.ts';
export { probesFor } from './selected-probes.ts';
export type { AvailabilityProbe, LabelSelectorSpec, ProbeSelector, ProbeSpec } from './spec.ts';
