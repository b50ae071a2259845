// Merging dictionaries as mergo 1.0 does for sprig (go-templates §6, Dicts): the destination wins
// where it holds something, empty values of it are filled, maps are merged in place, lists replaced.
import { TemplateFunctionError } from '../../function.ts';
import type { CallContext } from '../../function.ts';
import { GoMap, GoObject, typeOf } from '../../value.ts';
import type { Value } from '../../value.ts';
import { elementsOf, isEmpty } from '../elements.ts';

/** A map that contains itself would recurse for ever; Go dies of it. */
const MAX_DEPTH = 1000;

export interface MergeOptions {
  /** The source wins, even with empty values. */
  readonly overwrite: boolean;
}

/**
 * Merges one map into another, which is changed; submaps of the source may end up shared.
 * @throws TemplateFunctionError where types do not fit
 */
export function mergeInto(
  context: CallContext,
  destination: GoMap,
  source: GoMap,
  options: MergeOptions,
): void {
  mergeLevel({ context, overwrite: options.overwrite, depth: 0 }, destination, source);
}

interface Level {
  readonly context: CallContext;
  readonly overwrite: boolean;
  readonly depth: number;
}

function mergeLevel(level: Level, destination: GoMap, source: GoMap): void {
  if (level.depth > MAX_DEPTH) throw new TemplateFunctionError('merge: maps are nested too deeply');
  level.context.charge(source.entries.size);
  for (const [key, value] of [...source.entries]) mergeEntry(level, destination, key, value);
}

function mergeEntry(level: Level, destination: GoMap, key: string, value: Value): void {
  const present = destination.entries.get(key) ?? null;
  if (value === null || value === undefined) {
    if (level.overwrite) put(destination, key, null);
    return;
  }
  if (value instanceof GoMap && present instanceof GoMap) {
    if (!present.isNil) mergeLevel({ ...level, depth: level.depth + 1 }, present, value);
    if (!isEmptyForMerge(present)) return;
  }
  if (isPointer(present) && !isPointer(value) && isComposite(value) && !level.overwrite) {
    throw new TemplateFunctionError('src and dst must be of same type');
  }
  if (level.overwrite || isEmptyForMerge(present)) put(destination, key, value);
}

function isComposite(value: Value): boolean {
  return value instanceof GoMap || value instanceof GoObject;
}

function isPointer(value: Value): boolean {
  return value instanceof GoObject && value.type.kind === 'pointer';
}

/** Structs and what pointers lead to are never empty. */
function isEmptyForMerge(value: Value): boolean {
  return !(value instanceof GoObject) && isEmpty(value);
}

function put(destination: GoMap, key: string, value: Value): void {
  const elem = destination.type.elem;
  const type = typeOf(value);
  if (elem !== undefined && elem.kind !== 'interface' && elem.name !== type?.name) {
    const actual = elementsOf(value) || value === null ? 'interface {}' : (type?.name ?? '');
    throw new TemplateFunctionError(
      `reflect.Value.SetMapIndex: value of type ${actual} is not assignable to type ${elem.name}`,
    );
  }
  destination.entries.set(key, value);
}
