// Errors of single fields in the wording of the Kubernetes API, made by path and found again in the file.
import { formatFieldErrors } from '../../schema/index.ts';
import type { FieldError } from '../../schema/index.ts';
import type { Json } from '../../model/json.ts';

export type { FieldError } from '../../schema/index.ts';

export type FieldPath = readonly (string | number)[];

/** `a.b[0].c` */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** The path of a field name as errors carry it; keys in brackets (`properties[a.b]`) are keys. */
export function parseFieldPath(field: string): FieldPath {
  const path: (string | number)[] = [];
  for (const [, plain, bracketed] of field.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (plain !== undefined) path.push(plain);
    else if (/^[0-9]+$/.test(bracketed ?? '')) path.push(Number(bracketed));
    else path.push(bracketed ?? '');
  }
  return path;
}

export function required(path: FieldPath): FieldError {
  const field = formatFieldPath(path);
  return { field, reason: 'FieldValueRequired', message: 'Required value' };
}

export function invalidValue(path: FieldPath, value: Json, detail: string): FieldError {
  return {
    field: formatFieldPath(path),
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
  };
}

/** One message as it is, several in brackets, without repetitions. */
export function aggregate(errors: readonly FieldError[]): string {
  return formatFieldErrors(errors);
}
