// What every maker of pods needs: names, hashes, and pods from a template.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../lib/canonical-json.ts';
import { isObject, listAt, objectAt } from '../../../model/json.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import type { LiveObject } from '../../target.ts';
import { isTerminating } from '../object-id.ts';
import { behaviourAnnotations, behaviourPatch } from './behaviour.ts';
import { patch } from './world.ts';
import type { World } from './world.ts';

/** More pods than this are counted but not made: they would say nothing new and cost a store's memory. */
export const MAX_PODS = 20;

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash of a pod template in the alphabet that cannot spell words. */
export function templateHash(template: Json): string {
  return letters(canonicalJson(template), 10);
}

/** Five letters that follow from a seed: names of pods stay the same when a creation is repeated. */
export function podSuffix(seed: string): string {
  return letters(seed, 5);
}

function letters(seed: string, length: number): string {
  const bytes = createHash('sha256').update(seed).digest().subarray(0, length);
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}

/** A pod of this template; `extra` labels come on top. */
export function podOf(
  maker: LiveObject,
  name: string,
  extra: Readonly<Record<string, string>> = {},
): JsonObject {
  const template = objectAt(objectAt(maker, 'spec'), 'template');
  const metadata = objectAt(template, 'metadata');
  const annotations = { ...objectAt(metadata, 'annotations'), ...behaviourAnnotations(maker) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { ...objectAt(metadata, 'labels'), ...extra },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    },
    spec: { nodeName: 'embedded-node', ...objectAt(template, 'spec') },
  };
}

/** Hands changed steering annotations down to the children. */
export function steer(world: World, maker: LiveObject, children: readonly LiveObject[]): void {
  for (const child of children) {
    const change = behaviourPatch(maker, child);
    if (change) patch(world, child, change);
  }
}

export function isReady(pod: JsonObject): boolean {
  return listAt(objectAt(pod, 'status'), 'conditions').some(
    (condition) =>
      isObject(condition) && condition['type'] === 'Ready' && condition['status'] === 'True',
  );
}

/** Why the pod's containers do not start; undefined while nothing is known to be wrong. */
export function crashMessage(pod: JsonObject): string | undefined {
  for (const status of listAt(objectAt(pod, 'status'), 'containerStatuses')) {
    const waiting = isObject(status) ? objectAt(objectAt(status, 'state'), 'waiting') : {};
    if (waiting['reason'] === 'CrashLoopBackOff') return String(waiting['message'] ?? '');
  }
  return undefined;
}

export function isActive(pod: LiveObject): boolean {
  const { phase } = objectAt(pod, 'status');
  return !isTerminating(pod) && phase !== 'Succeeded' && phase !== 'Failed';
}

/** `spec.replicas`, 1 where it is missing. */
export function replicasOf(object: JsonObject): number {
  const replicas = objectAt(object, 'spec')['replicas'];
  return typeof replicas === 'number' ? replicas : 1;
}

export function generationOf(object: LiveObject): number {
  return Number(object.metadata['generation'] ?? 0);
}

export function countOf(object: JsonObject, field: string): number {
  const value = objectAt(object, 'status')[field];
  return typeof value === 'number' ? value : 0;
}

/** Undefined in place of 0: Go leaves empty counters out. */
export function counted(value: number): number | undefined {
  return value === 0 ? undefined : value;
}
