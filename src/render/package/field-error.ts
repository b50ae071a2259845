// Errors of single fields in the wording of the Kubernetes API, made by path and found again in the file.
import {
  formatPath as formatFieldPath,
  parsePath as parseFieldPath,
} from '../../api/field-path.ts';
import { formatFieldErrors } from '../../schema/index.ts';
import type { FieldError } from '../../schema/index.ts';
import { parseImageName } from '../../model/image-name.ts';
import type { Json } from '../../model/json.ts';

export type { FieldError } from '../../schema/index.ts';

export { formatFieldPath, parseFieldPath };

export type FieldPath = readonly (string | number)[];

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

/** What is wrong with an image that a manifest or a lock file names. */
export function imageReferenceErrors(path: FieldPath, image: string): readonly FieldError[] {
  if (image === '') return [invalidValue(path, image, 'must be non empty')];
  const parsed = parseImageName(image);
  return parsed.kind === 'ok' ? [] : [invalidValue(path, image, parsed.reason)];
}
