// The hash that tells revisions apart: equal hashes are the same revision.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { AvailabilityProbe, DesiredPhase } from '../model/desired.ts';
import { SLUICE_PREFIX } from '../model/annotations.ts';
import { isObject } from '../model/json.ts';
import type { Json } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { withoutSluiceKeys } from '../model/owner-marker.ts';

export interface RevisionContent {
  readonly phases: readonly DesiredPhase[];
  readonly availabilityProbes: readonly AvailabilityProbe[];
  readonly builtinProbes: boolean;
  readonly successDelaySeconds: number;
  /** `template.metadata` of a deployment; null for others. */
  readonly metadata: Json;
}

/**
 * Ten characters of `[0-9a-z]` over everything that defines a revision. Levers (`sluice.dev/*`), places in
 * files, time limits and history are no part of it, so that changing them starts no rollout.
 */
export function templateHash(content: RevisionContent): string {
  const text = canonicalJson({
    phases: content.phases.map((phase) => ({
      name: phase.name,
      class: phase.class,
      objects: phase.objects.map((object) => ({
        manifest: withoutLevers(object.manifest),
        collisionProtection: object.collisionProtection,
        conditionMappings: object.conditionMappings,
        external: object.external,
      })),
    })),
    availabilityProbes: content.availabilityProbes,
    builtinProbes: content.builtinProbes,
    successDelaySeconds: content.successDelaySeconds,
    metadata: content.metadata,
  });
  return shortHash(text);
}

/** Ten characters of `[0-9a-z]` over a text. */
export function shortHash(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  // 52 bits are exact in a number and give ten characters in base 36.
  const number = digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) & 15);
  return number.toString(36).padStart(10, '0').slice(-10);
}

/** Most objects carry no lever, and copying all of them would take longer than hashing them. */
function withoutLevers(manifest: Manifest): Manifest {
  const { labels, annotations } = manifest.metadata;
  const isOwn = (key: string): boolean => key.startsWith(SLUICE_PREFIX);
  const has = [labels, annotations].some((map) => isObject(map) && Object.keys(map).some(isOwn));
  return has ? withoutSluiceKeys(manifest) : manifest;
}
