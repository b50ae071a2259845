// Errors of single fields in the wording of the Kubernetes API.
import type { Json } from '../../model/json.ts';

export interface FieldError {
  /** As the API writes it: `spec.phases[1].name`, `spec.config.openAPIV3Schema.properties[a].type`. */
  readonly field: string;
  /** To find the place in the file. */
  readonly path: readonly (string | number)[];
  /** The whole text, beginning with the field. */
  readonly message: string;
}

type Path = readonly (string | number)[];

/** `a.b[0].c` */
export function formatFieldPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

export function required(path: Path, detail = ''): FieldError {
  const field = formatFieldPath(path);
  const tail = detail === '' ? '' : `: ${detail}`;
  return { field, path, message: `${field}: Required value${tail}` };
}

export function invalidValue(path: Path, value: Json, detail: string): FieldError {
  const field = formatFieldPath(path);
  return { field, path, message: `${field}: Invalid value: ${JSON.stringify(value)}: ${detail}` };
}

/** One message as it is, several in brackets, without repetitions. */
export function aggregate(errors: readonly FieldError[]): string {
  const messages = [...new Set(errors.map((error) => error.message))];
  return messages.length === 1 ? (messages[0] ?? '') : `[${messages.join(', ')}]`;
}
