// Annotations that steer the built-in controllers, so that gates can be seen closed, late and broken.
import { parseDuration } from '../../../lib/duration.ts';
import { annotationOf, annotationsOf } from '../../../model/manifest.ts';
import type { JsonObject } from '../../../model/json.ts';

export const BEHAVIOUR = {
  /** Duration such as `3s`: ready that long after it was made or changed. */
  readyAfter: 'embedded.sluice.dev/ready-after',
  /** `"true"`: never ready; taking it away lets it go on. */
  hold: 'embedded.sluice.dev/hold',
  /** A message: fails with it, the way such an object fails in a cluster. */
  fail: 'embedded.sluice.dev/fail',
} as const;

export interface Behaviour {
  readonly readyAfterMs: number;
  readonly hold: boolean;
  readonly fail: string | undefined;
}

export function behaviourOf(object: JsonObject, readyAfterMs: number): Behaviour {
  const given = parseDuration(annotationOf(object, BEHAVIOUR.readyAfter) ?? '');
  const fail = annotationOf(object, BEHAVIOUR.fail);
  return {
    readyAfterMs: given ?? readyAfterMs,
    hold: annotationOf(object, BEHAVIOUR.hold) === 'true',
    fail: fail === undefined || fail === '' || fail === 'false' ? undefined : fail,
  };
}

/** The steering annotations of an object, to be handed down to what it makes. */
export function behaviourAnnotations(object: JsonObject): Readonly<Record<string, string>> {
  const known: readonly string[] = Object.values(BEHAVIOUR);
  const entries = Object.entries(annotationsOf(object)).filter(([key]) => known.includes(key));
  return Object.fromEntries(entries);
}

/**
 * What to patch into a child's annotations so that it is steered like its maker.
 * @returns undefined when nothing differs
 */
export function behaviourPatch(maker: JsonObject, child: JsonObject): JsonObject | undefined {
  const wanted = behaviourAnnotations(maker);
  const had = behaviourAnnotations(child);
  const change: Record<string, string | null> = {};
  for (const key of Object.values(BEHAVIOUR)) {
    const value = wanted[key];
    if (value !== had[key]) change[key] = value ?? null;
  }
  if (Object.keys(change).length === 0) return undefined;
  return { metadata: { annotations: change } };
}
