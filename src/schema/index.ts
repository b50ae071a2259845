// Public surface of the schema leaf: structural schemas, kinds, list keys, and merging as API servers do it.
export { applyDefaults, dropNulls } from './apply-defaults.ts';
export { BUILTIN_KINDS, builtinKind, pluralOf, scopeOfBuiltin } from './builtin-kinds.ts';
export type { BuiltinKind, Scope } from './builtin-kinds.ts';
export { builtinType, metadataType } from './builtin-types.ts';
export { checkStructural } from './check-structural.ts';
export { customResourceType, typeOfSchema } from './crd-type.ts';
export { formatFieldError, formatFieldErrors, invalidMessage } from './field-error.ts';
export type { FieldError, FieldErrorReason } from './field-error.ts';
export { createDocumentValidator } from './document-validator.ts';
export type { DocumentValidator, DocumentVerdict } from './document-validator.ts';
export { equalJson } from './json-equal.ts';
export { BUILTIN_VERSIONS, builtinSchemas } from './kubernetes/index.ts';
export type { KubernetesSchemas } from './kubernetes/index.ts';
export { listKeysIn, listKeysOf } from './list-keys.ts';
export type { ListKeys } from './list-keys.ts';
export { DEDUCED } from './merge-type.ts';
export type { ListKey, MergeType } from './merge-type.ts';
export { pruneUnknown, schemaAt } from './prune.ts';
export { checkRules, compileRules } from './rules/index.ts';
export type { RuleTree } from './rules/index.ts';
export { unknownFields } from './unknown-fields.ts';
export { unionSchema } from './union-schema.ts';
export { createSchemaValidator } from './validator.ts';
export type { SchemaValidator, ValidateOptions } from './validator.ts';
export { METADATA_SCHEMA, WELL_KNOWN_KINDS, wellKnownSchema } from './well-known/index.ts';
export type { FieldSchema } from './well-known/index.ts';
export { readManagedFields } from './merge/managed-fields.ts';
export type { ManagedEntry, ManagerId } from './merge/managed-fields.ts';
export {
  applyConfiguration,
  recordUpdate,
  sameContent,
  withoutManagedFields,
} from './merge/server-side-apply.ts';
export type { ApplyOutcome, ConflictingField, WriteContext } from './merge/server-side-apply.ts';
export { typeErrors } from './merge/type-errors.ts';
