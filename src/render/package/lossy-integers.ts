// Integers that are other numbers once they have been through JSON, as configurations are (package-operator §2.2).
import { isObject } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import type { FieldPath } from './field-error.ts';

export interface LossyInteger {
  readonly path: FieldPath;
  /** `12345678901234567 becomes 12345678901234568: …` */
  readonly message: string;
}

export const LOSSY_HINT = 'Write it as text, in quotes, and let the schema say type: string.';

/** All of them below a value. */
export function lossyIntegers(value: Json | undefined, path: FieldPath): readonly LossyInteger[] {
  if (typeof value === 'bigint') {
    const float = BigInt(Number(value));
    if (float === value) return [];
    return [{ path, message: `${value} becomes ${float}: numbers of a configuration are floats` }];
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) =>
      lossyIntegers(item, [...path, index]),
    );
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => lossyIntegers(item, [...path, key]));
}
