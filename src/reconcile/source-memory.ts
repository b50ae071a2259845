// source.json on the status branch: the configuration in force and the roots of the history, for the next start.
import { isObject, listAt, stringAt } from '../model/json.ts';
import type { SourceMemory } from './intake-deps.ts';

export const SOURCE_PATH = 'source.json';

/** The file's text; the same memory is the same bytes. */
export function sourceFile(memory: SourceMemory): string {
  const { config, roots } = memory;
  const value = { ...(config === undefined ? {} : { config }), roots: roots.toSorted() };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Reads the file; undefined where it is absent or damaged. */
export function readSourceMemory(text: string | undefined): SourceMemory | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  return {
    config: stringAt(value, 'config'),
    roots: listAt(value, 'roots').filter((root) => typeof root === 'string'),
  };
}
