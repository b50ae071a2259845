// The object as it is written to a target: the manifest with everything on it by which we know it again. Pure.
import { MARKER } from '../model/annotations.ts';
import type { DesiredObject } from '../model/desired.ts';
import { annotationOf, withAnnotations } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { withMarkers } from '../model/owner-marker.ts';
import type { LiveObject } from '../targets/target.ts';
import type { OwnerContext } from './situation.ts';

/** The manifest with our markers; one more where values of Secrets went into it. */
export function marked(desired: DesiredObject, owner: OwnerContext): Manifest {
  const { instance, unit, revision } = owner;
  const object = withMarkers(desired.manifest, { instance, unit, key: desired.ref }, revision);
  return desired.secrecy ? withAnnotations(object, { [MARKER.confidential]: 'true' }) : object;
}

/** Whether values of Secrets went into the object when it was last written: nobody may be shown what it holds. */
export function isConfidential(live: LiveObject): boolean {
  return annotationOf(live, MARKER.confidential) !== undefined;
}
