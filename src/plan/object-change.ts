// The field changes of one object as people should see them: no server bookkeeping, no markers, no secrets.
import { MARKER } from '../model/annotations.ts';
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { isSecret, mayEmbed, redact, REDACTED } from '../model/secrecy.ts';
import { compareFields } from './field-change.ts';
import type { FieldChange, ListKeys } from './field-change.ts';

const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
  'selfLink',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

const OUR_KEYS: ReadonlySet<string> = new Set(Object.values(MARKER));

/** Changes between the live object and what the target would make of it. */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  listKeys: ListKeys,
): readonly FieldChange[] {
  const shown = (object: JsonObject): JsonObject =>
    visible(mayEmbed(object) ? redact(object) : object);
  const changes = compareFields(shown(before), shown(after), listKeys);
  return isSecret(after) || isSecret(before) ? changes.map(hideSecret) : changes;
}

/** The object without server bookkeeping, status and our markers. */
export function visible(object: JsonObject): JsonObject {
  const { status: _status, ...rest } = object;
  const metadata: Record<string, Json | undefined> = {};
  for (const [name, value] of Object.entries(objectAt(object, 'metadata'))) {
    if (SERVER_FIELDS.has(name)) continue;
    if ((name === 'annotations' || name === 'labels') && isObject(value)) {
      const kept = Object.entries(value).filter(([key]) => !OUR_KEYS.has(key));
      if (kept.length > 0) metadata[name] = Object.fromEntries(kept);
      continue;
    }
    metadata[name] = value;
  }
  return { ...rest, metadata };
}

function hideSecret(change: FieldChange): FieldChange {
  if (!/^\.(data|stringData)\b/.test(change.path) && !change.path.includes('last-applied'))
    return change;
  return {
    path: change.path,
    op: change.op,
    ...(change.before === undefined ? {} : { before: hidden(change.before) }),
    ...(change.after === undefined ? {} : { after: hidden(change.after) }),
  };
}

function hidden(value: Json): Json {
  if (!isObject(value)) return REDACTED;
  return Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
}
