// Public surface of checks against schemas: what a package asks for, and what was found.
export type { DocumentAnswer } from './document-answer.ts';
export { schemaChecks } from './schema-check.ts';
export type { SchemaCheck, SchemaStep } from './schema-check.ts';
export { repositoryPathOf } from './schema-location.ts';
export { formatUnknownKind } from './schema-report.ts';
export type { CheckedGroup, SchemaReport, UnknownKind } from './schema-report.ts';
