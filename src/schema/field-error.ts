// Findings about single fields, in the words of an API server.
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Json } from '../model/json.ts';

/** Reasons as they appear in `status.details.causes[].reason`. */
export type FieldErrorReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueTypeInvalid';

export interface FieldError {
  /** As in `spec.ports[0].name`. */
  readonly field: string;
  readonly reason: FieldErrorReason;
  /** Everything after the field: `Required value`, `Invalid value: "x": …`. */
  readonly message: string;
  /** Where in the text of the field, for mistakes in expressions; line and column from 1. */
  readonly at?: { readonly line: number; readonly column: number };
  /** What was probably meant. */
  readonly hint?: string;
}

export function required(field: string, detail = ''): FieldError {
  const message = detail === '' ? 'Required value' : `Required value: ${detail}`;
  return { field, reason: 'FieldValueRequired', message };
}

export function invalid(field: string, value: Json, detail: string): FieldError {
  return {
    field,
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${showValue(value)}: ${detail}`,
  };
}

/** A value of another type than the schema says; the server shows the type in place of the value. */
export function typeInvalid(field: string, type: string, detail: string): FieldError {
  return {
    field,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(type)}: ${detail}`,
  };
}

export function notSupported(field: string, value: Json, supported: readonly Json[]): FieldError {
  const list = supported.map((item) =>
    JSON.stringify(typeof item === 'string' ? item : canonicalJson(item)),
  );
  const detail = list.length === 0 ? '' : `: supported values: ${list.join(', ')}`;
  return {
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${showValue(value)}${detail}`,
  };
}

export function forbidden(field: string, detail: string): FieldError {
  return { field, reason: 'FieldValueForbidden', message: `Forbidden: ${detail}` };
}

export function duplicate(field: string, value: Json): FieldError {
  return {
    field,
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: ${showValue(value)}`,
  };
}

export function tooLong(field: string, limit: number): FieldError {
  return {
    field,
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${limit} bytes`,
  };
}

export function tooMany(field: string, actual: number, limit: number): FieldError {
  return {
    field,
    reason: 'FieldValueTooMany',
    message: `Too many: ${actual}: must have at most ${limit} items`,
  };
}

/** `spec.size: Required value` */
export function formatFieldError(error: FieldError): string {
  return `${error.field === '' ? '<nil>' : error.field}: ${error.message}`;
}

/** One finding as it is, several in brackets: `[a: Required value, b: Required value]`. */
export function formatFieldErrors(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(formatFieldError))];
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}

/** `Deployment.apps "web" is invalid: spec.selector: Required value` */
export function invalidMessage(
  object: { readonly group: string; readonly kind: string; readonly name: string },
  errors: readonly FieldError[],
): string {
  const kind = object.group === '' ? object.kind : `${object.kind}.${object.group}`;
  return `${kind} ${JSON.stringify(object.name)} is invalid: ${formatFieldErrors(errors)}`;
}

function showValue(value: Json): string {
  return typeof value === 'string' ? JSON.stringify(value) : canonicalJson(value);
}
