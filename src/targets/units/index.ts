// Public surface of the registry of units.
export { unitKind } from './kinds.ts';
export { createUnitRegistry, isReleased } from './registry.ts';
export type { UnitRegistry, UnitRegistryOptions } from './registry.ts';
