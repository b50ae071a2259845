// What people do to the target by hand while Sluice works: change, delete, disown, hold back, and make things of their own.
import { canonicalJson } from '../../../src/lib/canonical-json.ts';
import type { Manifest } from '../../../src/model/manifest.ts';
import { annotationOf } from '../../../src/model/manifest.ts';
import { MARKER } from '../../../src/model/annotations.ts';
import type { ObjectRef } from '../../../src/model/object-key.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { EmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import type { LiveObject } from '../../../src/targets/target.ts';
import { manifestOf, objectKind, objectName } from './wished-manifests.ts';

export const HAND_EDITS = [
  'change',
  'delete',
  'create',
  'takeOffMarkers',
  'takeOffOwner',
  'takeOffLabel',
  'hold',
] as const;

export type HandEdit = (typeof HAND_EDITS)[number];

export interface OtherPeople {
  edit(object: number, edit: HandEdit): Promise<void>;
  /** The uid of an object that is there and theirs no more than ours. */
  uidOf(object: number): Promise<string | undefined>;
  /** Names of their own objects that are not as they left them. */
  complaints(): Promise<readonly string[]>;
  /** They take away what stands in the way of these objects, and what they hold back. */
  makeWay(objects: readonly number[]): Promise<void>;
}

const PERSON = 'kubectl';

export function createOtherPeople(target: EmbeddedTarget): OtherPeople {
  /** Their own objects by number, as they left them. */
  const own = new Map<number, string>();

  const look = async (object: number): Promise<LiveObject | undefined> => {
    const [found] = await target.read([refOf(object)]);
    return found?.state === 'live' ? found.object : undefined;
  };
  const patch = async (object: number, live: LiveObject, change: JsonObject): Promise<void> => {
    const expect = {
      uid: String(live.metadata['uid']),
      version: String(live.metadata['resourceVersion']),
    };
    const ref = refOf(object);
    await target.write({ verb: 'patch', ref, patch: change, manager: PERSON, expect });
  };
  const annotate = (keys: readonly string[], value: string | null): JsonObject => ({
    metadata: { annotations: Object.fromEntries(keys.map((key) => [key, value])) },
  });

  return {
    async edit(object, edit) {
      const live = await look(object);
      if (!live) {
        if (edit !== 'create') return;
        const wish = { unit: 0, phase: 0, value: 99, health: 'ready' } as const;
        const manifest = manifestOf(object, wish) as Manifest;
        const made = await target.write({ verb: 'create', object: manifest, manager: PERSON });
        if (made.kind === 'done') own.set(object, essence(made.object));
        return;
      }
      // Their own things they leave alone.
      if (annotationOf(live, MARKER.owner) === undefined) return;
      switch (edit) {
        case 'create':
          return;
        case 'change': {
          const container = { name: 'main', image: 'registry.example.test/other:1' };
          const spec = { template: { spec: { containers: [container] } } };
          const change: JsonObject =
            live.kind === 'ConfigMap' ? { data: { value: 'changed', more: 'added' } } : { spec };
          return patch(object, live, change);
        }
        case 'delete':
          await target.remove(refOf(object), { uid: String(live.metadata['uid']) });
          return;
        case 'takeOffMarkers':
          return patch(object, live, {
            metadata: {
              annotations: { [MARKER.owner]: null, [MARKER.revision]: null },
              labels: { [MARKER.instanceLabel]: null },
            },
          });
        case 'takeOffOwner':
          return patch(object, live, annotate([MARKER.owner], null));
        case 'takeOffLabel':
          return patch(object, live, {
            metadata: { labels: { [MARKER.instanceLabel]: null } },
          });
        case 'hold':
          return patch(object, live, annotate(['embedded.sluice.dev/hold'], 'true'));
      }
    },
    async uidOf(object) {
      const live = own.has(object) ? undefined : await look(object);
      return live && String(live.metadata['uid']);
    },
    async complaints() {
      const found: string[] = [];
      for (const [object, before] of own) {
        const live = await look(object);
        const now = live ? essence(live) : 'gone';
        if (now !== before) found.push(`${objectName(object)} was ${before} and is ${now}`);
      }
      return found;
    },
    async makeWay(objects) {
      for (const object of objects) {
        const live = await look(object);
        if (live && own.delete(object)) {
          await target.remove(refOf(object), { uid: String(live.metadata['uid']) });
        } else if (live && annotationOf(live, 'embedded.sluice.dev/hold') === 'true') {
          await patch(object, live, annotate(['embedded.sluice.dev/hold'], null));
        }
      }
    },
  };
}

function refOf(object: number): ObjectRef {
  const { apiVersion, kind } = objectKind(object);
  const group = kind === 'Deployment' ? 'apps' : '';
  return { apiVersion, group, kind, namespace: 'default', name: objectName(object) };
}

/** Everything of an object but what the controllers of the target say about it. */
function essence(object: LiveObject): string {
  const { status: _status, metadata, ...rest } = object;
  const { resourceVersion: _version, managedFields, annotations, ...kept } = metadata;
  const writers = Array.isArray(managedFields)
    ? managedFields.filter((entry) => JSON.stringify(entry).includes(PERSON))
    : [];
  const notes = Object.entries(annotations ?? {}).filter(
    ([key]) => key !== 'deployment.kubernetes.io/revision',
  );
  return canonicalJson({ ...rest, metadata: { ...kept, notes }, writers });
}
