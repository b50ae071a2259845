// Takes values that nobody may read out of objects, at the source, before anything is shown or stored.
import { isObject, objectAt } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { groupOf } from './manifest.ts';

/** What stands in the place of a secret value. */
export const REDACTED = '(secret)';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** True for a core Secret. */
export function isSecret(manifest: JsonObject): boolean {
  return manifest['kind'] === 'Secret' && groupOf(String(manifest['apiVersion'] ?? '')) === '';
}

/**
 * A copy without secret values: the leaves of a Secret's `data` and `stringData`, and the copy of
 * the whole object that kubectl leaves in an annotation. Keys stay, so that a reader sees which exist.
 */
export function redact<T extends JsonObject>(manifest: T): T {
  if (!isSecret(manifest)) return manifest;
  const out: Record<string, Json | undefined> = { ...manifest };
  for (const field of ['data', 'stringData'] as const) {
    if (isObject(manifest[field])) out[field] = mask(manifest[field]);
  }
  const metadata = objectAt(manifest, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  if (Object.hasOwn(annotations, LAST_APPLIED)) {
    out['metadata'] = { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: REDACTED } };
  }
  return out as T;
}

/** True where some leaf was taken out: what is left must never be written to a target. */
export function holdsRedacted(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes(REDACTED);
  if (Array.isArray(value)) return value.some((item: Json) => holdsRedacted(item));
  return isObject(value) && Object.values(value).some(holdsRedacted);
}

/** All secret strings of an object (plain and base64 decoded), to scrub them from messages of servers. */
export function secretValues(manifest: JsonObject): readonly string[] {
  if (!isSecret(manifest)) return [];
  const values: string[] = [];
  for (const field of ['data', 'stringData'] as const) {
    for (const value of Object.values(objectAt(manifest, field))) {
      if (typeof value !== 'string' || value.length < 4) continue;
      values.push(value);
      if (field === 'data') values.push(Buffer.from(value, 'base64').toString('utf8'));
    }
  }
  return values.filter((value) => value.trim().length >= 4);
}

/** Replaces every given secret inside a text. */
export function scrub(text: string, secrets: readonly string[]): string {
  return secrets.reduce((result, secret) => result.replaceAll(secret, REDACTED), text);
}

function mask(value: Json): Json {
  if (!isObject(value)) return REDACTED;
  return Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
}
