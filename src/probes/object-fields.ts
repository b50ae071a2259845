// Reading fields of objects of any shape: own keys only, and never an exception.

/** The value under a path of map keys; `found` is false where a key is missing or a value is no map. */
export function fieldAt(
  object: unknown,
  path: readonly string[],
): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  let value = object;
  for (const key of path) {
    if (!isMap(value) || !Object.hasOwn(value, key)) return { found: false };
    value = value[key];
  }
  return value === undefined ? { found: false } : { found: true, value };
}

/** The value under a path, undefined where there is none. */
export function valueAt(object: unknown, ...path: readonly string[]): unknown {
  const field = fieldAt(object, path);
  return field.found ? field.value : undefined;
}

export function textAt(object: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(object, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** An integer, undefined for anything else. */
export function integerAt(object: unknown, ...path: readonly string[]): number | undefined {
  const value = valueAt(object, ...path);
  if (typeof value === 'bigint') return Number(value);
  return Number.isInteger(value) ? (value as number) : undefined;
}

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `metadata.generation`, 0 where there is none (as Go's accessor says). */
export function generationOf(object: unknown): number {
  return integerAt(object, 'metadata', 'generation') ?? 0;
}

/** Group and kind of an object. */
export function groupKindOf(object: unknown): { readonly group: string; readonly kind: string } {
  const apiVersion = textAt(object, 'apiVersion') ?? '';
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    kind: textAt(object, 'kind') ?? '',
  };
}

/** True for objects whose fields must not appear in messages. */
export function holdsSecrets(object: unknown): boolean {
  const { group, kind } = groupKindOf(object);
  return kind === 'Secret' && group === '';
}
