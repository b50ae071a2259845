// Takes values that nobody may read out of objects, at the source, before anything is shown or stored.
import { isObject, objectAt } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import { groupOf } from './manifest.ts';

/** What stands in the place of a secret value. */
export const REDACTED = '(secret)';

/**
 * Long and odd enough that no template renders the same from it and from a real value, and spelt so that it may
 * stand in a name: a render must not fail for the spelling alone.
 */
export const PLACEHOLDER = 'sluice-placeholder-for-a-secret-value';
const PLACEHOLDER_DATA = Buffer.from(PLACEHOLDER).toString('base64');

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
  if (mayEmbed(manifest)) return redactInside(manifest) as T;
  if (!isSecret(manifest)) return manifest;
  const out: Record<string, Json | undefined> = { ...manifest };
  for (const field of ['data', 'stringData'] as const) {
    // A value of a wrong type is no less secret: a list or a text instead of a map.
    const value = manifest[field];
    if (value !== undefined && value !== null) out[field] = mask(value);
  }
  const metadata = objectAt(manifest, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  if (Object.hasOwn(annotations, LAST_APPLIED)) {
    out['metadata'] = { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: REDACTED } };
  }
  return out as T;
}

/** Objects of the Package Operator API carry whole manifests inside, Secrets among them. */
export function mayEmbed(manifest: JsonObject): boolean {
  return groupOf(String(manifest['apiVersion'] ?? '')) === 'package-operator.run';
}

function redactInside(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => redactInside(item));
  if (!isObject(value)) return value;
  if (isSecret(value)) return redact(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      item === undefined ? undefined : redactInside(item),
    ]),
  );
}

function* embeddedSecrets(value: Json | undefined): Iterable<JsonObject> {
  if (Array.isArray(value))
    for (const item of value as readonly Json[]) yield* embeddedSecrets(item);
  if (!isObject(value)) return;
  if (isSecret(value)) yield value;
  else for (const item of Object.values(value)) yield* embeddedSecrets(item);
}

/** A value with every Secret inside it redacted, however deep it lies. */
export function redactAll(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(redactAll);
  if (!isObject(value)) return value;
  const out: Record<string, Json> = {};
  for (const [key, child] of Object.entries(redact(value))) {
    if (child !== undefined) out[key] = redactAll(child);
  }
  return out;
}

/** A Secret with a placeholder in the place of each value, in base64 where its values are. */
export function withoutSecretValues<T extends JsonObject>(secret: T): T {
  const out: Record<string, Json | undefined> = { ...secret };
  for (const field of ['data', 'stringData'] as const) {
    const values = secret[field];
    if (!isObject(values)) continue;
    out[field] = Object.fromEntries(
      Object.keys(values).map((key) => [key, field === 'data' ? PLACEHOLDER_DATA : PLACEHOLDER]),
    );
  }
  const metadata = objectAt(secret, 'metadata');
  const annotations = objectAt(metadata, 'annotations');
  if (Object.hasOwn(annotations, LAST_APPLIED)) {
    out['metadata'] = { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: PLACEHOLDER } };
  }
  return out as T;
}

/** What may be shown of a desired object. */
export function shownManifest<T extends JsonObject>(object: {
  readonly manifest: T;
  readonly secrecy?: { readonly shown: T } | undefined;
}): T {
  return redact(object.secrecy?.shown ?? object.manifest);
}

/** Everything that must be taken out of texts about a desired object. */
export function secretsOf(object: {
  readonly manifest: JsonObject;
  readonly secrecy?: { readonly values: readonly string[] } | undefined;
}): readonly string[] {
  return [...(object.secrecy?.values ?? []), ...secretValues(object.manifest)];
}

/** True where some leaf was taken out: what is left must never be written to a target. */
export function holdsRedacted(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes(REDACTED);
  if (Array.isArray(value)) return value.some((item: Json) => holdsRedacted(item));
  return isObject(value) && Object.values(value).some(holdsRedacted);
}

/** All secret strings of an object (plain and base64 decoded), to scrub them from messages of servers. */
export function secretValues(manifest: JsonObject): readonly string[] {
  if (mayEmbed(manifest)) return [...embeddedSecrets(manifest)].flatMap(secretValues);
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

/** Replaces every given secret inside a text: in any case, and as a quoted text would hold it. */
export function scrub(text: string, secrets: readonly string[], instead = REDACTED): string {
  return secrets.reduce((result, secret) => {
    const quoted = JSON.stringify(secret).slice(1, -1);
    const forms = quoted === secret ? [secret] : [secret, quoted];
    return forms.reduce((left, form) => withoutForm(left, form, instead), result);
  }, text);
}

/** Servers and templates print names in lower case, and codes in upper case. */
function withoutForm(text: string, form: string, instead: string): string {
  if (!text.toLowerCase().includes(form.toLowerCase())) return text;
  const pattern = form.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  return text.replaceAll(new RegExp(pattern, 'giu'), () => instead);
}

function mask(value: Json): Json {
  if (!isObject(value)) return REDACTED;
  return Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
}
