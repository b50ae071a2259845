// Fields that others may set: the live value takes the place of ours, so that a write neither changes nor drops it.
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';

/**
 * A copy of the desired object with the live values at these paths.
 *
 * Leaving a field out instead would make a server that tracks field ownership remove what we once set.
 * @param paths such as `.spec.replicas` or `.metadata.annotations["a.b/c"]`
 */
export function withLiveFields(
  desired: Manifest,
  live: JsonObject,
  paths: readonly string[],
): Manifest {
  return paths.reduce<Manifest>((result, path) => {
    const steps = parsePath(path);
    const value = steps.length === 0 ? undefined : valueAt(live, steps);
    return value === undefined ? result : (withValue(result, steps, value) as Manifest);
  }, desired);
}

/** The names of a path; empty for one that cannot be read. */
export function parsePath(path: string): readonly string[] {
  const steps: string[] = [];
  let rest = path;
  while (rest !== '') {
    const match = /^(?:\.([^.[\]]+)|\["([^"]*)"\]|\['([^']*)'\])/.exec(rest);
    if (!match) return [];
    steps.push(match[1] ?? match[2] ?? match[3] ?? '');
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function valueAt(object: JsonObject, steps: readonly string[]): Json | undefined {
  let value: Json | undefined = object;
  for (const step of steps) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

function withValue(object: JsonObject, steps: readonly string[], value: Json): JsonObject {
  const [step, ...rest] = steps;
  if (step === undefined || step === '__proto__') return object;
  if (rest.length === 0) return { ...object, [step]: value };
  const child = Object.hasOwn(object, step) ? object[step] : {};
  return { ...object, [step]: withValue(isObject(child) ? child : {}, rest, value) };
}
