// The only document of a YAML text, for tests that read what people read.
import { load } from 'js-yaml';
import { isObject } from '../../src/model/json.ts';
import type { JsonObject } from '../../src/model/json.ts';

export function readDocument(text: string): JsonObject {
  const value: unknown = load(text);
  if (!isObject(value)) throw new Error(`not a map: ${text.slice(0, 80)}`);
  return value;
}
