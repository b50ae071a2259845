// The public surface of rendering: files → units → phases of objects, pure.
export type { PackageSource } from './check/check-packages.ts';
export { checkPackages } from './check/check-packages.ts';
export { checkRepository, withoutRepetitions } from './check/check-repository.ts';
export type { RepositoryParts } from './check/check-repository.ts';
export type { CheckOptions } from './check/package-place.ts';
export { discoverUnits } from './discover.ts';
export type { DeletionOrder, DiscoverInput, Discovery } from './discover.ts';
export { ENGINE_VERSION } from './engine-version.ts';
export { KIND_PHASES, kindPhase } from './kind-order.ts';
export type { KindPhase } from './kind-order.ts';
export { CONFIG_FILE, parseSource, selectManifestFiles } from './load.ts';
export type { FileSelection, ParsedDocument, ParsedFile } from './load.ts';
export { claimOwnership } from './ownership.ts';
export type { ClaimKey, Ownership, OwnershipConflict, UnitClaims } from './ownership.ts';
export { testPackage } from './package/fixtures.ts';
export type { CaseOutcome, FixtureMismatch, PackageTestResult } from './package/fixtures.ts';
export { validatePackage } from './package/validate-package.ts';
export { findPackageSources } from './package-source.ts';
export { formatViolation, inComponent, violationDiagnostic } from './package/violation.ts';
export type { Violation } from './package/violation.ts';
export type { RenderContext } from './render-context.ts';
export { createNestedUnits } from './nested-unit.ts';
export type { NestedContext, NestedObject } from './nested-unit.ts';
export { renderUnit } from './render-unit.ts';
export type {
  Amount,
  ConfiguredTarget,
  HealthCheck,
  IgnoreRule,
  RepositoryConfig,
  SafetyConfig,
  SyncRule,
} from './repository-config.ts';
export { DEFAULT_TARGET, defaultConfig, readConfig } from './sluice-config.ts';
export type { ConfigResult, KnownTarget } from './sluice-config.ts';
export { askKey } from './unit.ts';
export type { Answer, Answers, Ask, RenderResult, Unit, UnitDocument } from './unit.ts';
