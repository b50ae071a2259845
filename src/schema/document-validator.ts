// Validation against JSON Schema documents that refer to each other by address: collections of published schemas.
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Json, JsonObject } from '../model/json.ts';
import { isObject } from '../model/json.ts';
import { suggestion } from '../lib/suggestion.ts';
import { inAjvDialect } from './document-dialect.ts';
import type { FieldError } from './field-error.ts';
import { FORMATS } from './formats.ts';
import { fieldError, isBranch, linearRegExp, plainNumbers, unknownField } from './validator.ts';

export type DocumentVerdict =
  | { readonly kind: 'checked'; readonly errors: readonly FieldError[] }
  /** A document that is referred to is not there yet. */
  | { readonly kind: 'needs'; readonly address: string }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface DocumentValidator {
  has(address: string): boolean;
  /** @param address absolute, without fragment; references inside the document start from it */
  add(address: string, document: Json): void;
  /**
   * @param reference address of a schema, with a fragment or without
   * @param value null properties count as they are written
   */
  validate(reference: string, value: Json): DocumentVerdict;
}

/** Findings of one value; whoever has more has another problem. */
const MAX_ERRORS = 20;

/** Of formats that JSON Schema defines; others, such as `int32`, are notes. Durations are Go's or ISO 8601's. */
const DOCUMENT_FORMATS = {
  ...Object.fromEntries(
    (['date', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'] as const).map(
      (name) => [name, FORMATS[name] ?? (() => true)],
    ),
  ),
  duration: (text: string): boolean => (FORMATS['duration']?.(text) ?? true) || isIsoDuration(text),
};

/** A validator with its own documents. */
export function createDocumentValidator(): DocumentValidator {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    addUsedSchema: false,
    validateSchema: false,
    unicodeRegExp: false,
    logger: false,
    formats: DOCUMENT_FORMATS,
    code: { regExp: Object.assign(linearRegExp, { code: 'new RegExp' }) },
  });
  const added = new Set<string>();
  /** Why a document cannot be used, by its address. */
  const broken = new Map<string, string>();
  const compile = (reference: string): ValidateFunction | DocumentVerdict => {
    const trouble = broken.get(reference.split('#', 1)[0] ?? reference);
    if (trouble !== undefined) return { kind: 'unusable', reason: trouble };
    try {
      const check = ajv.getSchema(reference);
      if (check) return check;
    } catch (error) {
      if (error instanceof Ajv.MissingRefError) {
        const { missingSchema: address, missingRef } = error;
        const trouble = broken.get(address);
        if (trouble !== undefined) return { kind: 'unusable', reason: `${address}: ${trouble}` };
        if (address !== '' && !added.has(address)) return { kind: 'needs', address };
        return { kind: 'unusable', reason: `there is nothing at ${missingRef}` };
      }
      return { kind: 'unusable', reason: messageOf(error) };
    }
    return { kind: 'unusable', reason: `there is nothing at ${reference}` };
  };
  return {
    has: (address) => added.has(address),
    add: (address, document) => {
      added.add(address);
      if (!isObject(document) && typeof document !== 'boolean') {
        broken.set(address, 'it is no JSON Schema');
        return;
      }
      try {
        ajv.addSchema(inAjvDialect(document) as JsonObject, address);
      } catch (error) {
        broken.set(address, messageOf(error));
      }
    },
    validate: (reference, value) => {
      const check = compile(reference);
      if ('kind' in check) return check;
      try {
        if (check(plainNumbers(value))) return { kind: 'checked', errors: [] };
      } catch (error) {
        // A schema that is nothing but a reference to itself has no end.
        return { kind: 'unusable', reason: messageOf(error) };
      }
      const errors = (check.errors ?? [])
        // What an alternative of `if` says is said by itself.
        .filter((error) => error.keyword !== 'if' && !isBranch(error))
        .slice(0, MAX_ERRORS)
        .map((error) => described(error, value));
      return { kind: 'checked', errors };
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function described(error: ErrorObject, value: Json): FieldError {
  if (error.keyword !== 'additionalProperties') return fieldError(error, value, {});
  const name = String(error.params['additionalProperty']);
  const parent: unknown = error.parentSchema;
  const known = isObject(parent) && isObject(parent['properties']) ? parent['properties'] : {};
  return unknownField(error, value, { name, meant: suggestion(name, Object.keys(known)) });
}

function isIsoDuration(text: string): boolean {
  const match =
    /^P(?:[0-9]+W|(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+S)?)?)$/.exec(
      text,
    );
  return match !== null && text !== 'P' && match[1] !== 'T';
}
