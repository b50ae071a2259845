// Static cost of expressions: what the worst value within given sizes would cost.
export { estimateCost } from './cost.ts';
export { mostOccurrences, schemaSize } from './size.ts';
export type { BoundedSchema, Size } from './size.ts';
