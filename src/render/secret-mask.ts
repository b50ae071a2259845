// What may be shown of an object into which values of Secrets went: a second render with placeholders tells its leaves.
import { isObject, objectAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { REDACTED } from '../model/secrecy.ts';

/** The manifest with every leaf masked that a placeholder changes; what tells the object apart is never masked. */
export function shownManifest(manifest: Manifest, shadow: Manifest | undefined): Manifest {
  const masked = (shadow ? mask(manifest, shadow) : wholly(manifest)) as JsonObject;
  const { apiVersion, kind } = manifest;
  const { name, namespace } = manifest.metadata;
  const metadata = {
    ...objectAt(masked, 'metadata'),
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { ...masked, apiVersion, kind, metadata };
}

/** Nothing but that there is something: without a second render the keys may be secret as well. */
function wholly(manifest: Manifest): JsonObject {
  const hidden = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.keys(value).map((key) => [key, REDACTED]));
  return { ...hidden(manifest), metadata: hidden(manifest.metadata) };
}

function mask(value: Json, shadow: Json | undefined): Json {
  if (isObject(value)) {
    if (!isObject(shadow)) return REDACTED;
    return Object.fromEntries(
      Object.entries(value).map(([key, child]) =>
        // A key that comes from a Secret is one of its values.
        Object.hasOwn(shadow, key) ? [key, mask(child ?? null, shadow[key])] : [REDACTED, REDACTED],
      ),
    );
  }
  if (Array.isArray(value)) {
    const list = value as readonly Json[];
    if (!Array.isArray(shadow)) return REDACTED;
    return list.map((item, index) => mask(item, (shadow as readonly Json[])[index]));
  }
  return value === shadow ? value : REDACTED;
}

/** Texts that stand in the object where what is shown of it stands masked. */
export function hiddenTexts(value: Json | undefined, shown: Json | undefined): readonly string[] {
  if (isObject(value)) {
    const other = isObject(shown) ? shown : {};
    return Object.keys(value).flatMap((key) => [
      ...(isObject(shown) && !Object.hasOwn(other, key) && key.length >= 4 ? [key] : []),
      ...hiddenTexts(value[key], other[key]),
    ]);
  }
  if (Array.isArray(value)) {
    const other = Array.isArray(shown) ? (shown as readonly Json[]) : [];
    return (value as readonly Json[]).flatMap((item, index) => hiddenTexts(item, other[index]));
  }
  return typeof value === 'string' && value !== shown && value.trim().length >= 4 ? [value] : [];
}
