// The schema of one kind: the first location that has it, as far as documents are known.
import { isObject, listAt, objectAt, stringAt } from '../../../model/json.ts';
import type { JsonObject } from '../../../model/json.ts';
import type { KubernetesSchemas } from '../../../schema/index.ts';
import { isCrd } from '../../kind-schemas.ts';
import type { DocumentAnswer } from './document-answer.ts';
import type { SchemaCollection, SchemaKind, SchemaLocation } from './schema-location.ts';
import type { WrittenObject } from './written-objects.ts';

export type SchemaFound =
  /** A document of a location. */
  | { readonly kind: 'document'; readonly address: string }
  | { readonly kind: 'builtin'; readonly schemas: KubernetesSchemas; readonly type: string }
  /** The schema of a CustomResourceDefinition. */
  | { readonly kind: 'definition'; readonly schema: JsonObject }
  | { readonly kind: 'needs'; readonly address: string }
  /** @property location as it is written, or the address of a document that is of no use */
  | { readonly kind: 'unavailable'; readonly location: string; readonly reason: string }
  | { readonly kind: 'offline' }
  | { readonly kind: 'none' };

/** Looks in the locations in their order, as kubeconform does. */
export function findSchema(
  wanted: SchemaKind,
  locations: readonly SchemaLocation[],
  known: {
    readonly answers: ReadonlyMap<string, DocumentAnswer>;
    readonly definitions: (kind: SchemaKind) => JsonObject | undefined;
  },
): SchemaFound {
  for (const location of locations) {
    switch (location.kind) {
      case 'builtin': {
        const type = location.schemas.typeOf(wanted.apiVersion, wanted.kind);
        if (type !== undefined) return { kind: 'builtin', schemas: location.schemas, type };
        break;
      }
      case 'definitions': {
        const schema = known.definitions(wanted);
        if (schema !== undefined) return { kind: 'definition', schema };
        break;
      }
      case 'collection': {
        const found = inCollection(wanted, location, known.answers);
        if (found.kind !== 'none') return found;
        break;
      }
    }
  }
  return { kind: 'none' };
}

function inCollection(
  wanted: SchemaKind,
  location: SchemaCollection,
  answers: ReadonlyMap<string, DocumentAnswer>,
): SchemaFound {
  const place = location.addressOf(wanted);
  if (place.kind === 'invalid')
    return { kind: 'unavailable', location: location.text, reason: place.reason };
  const { address } = place;
  const answer = answers.get(address);
  switch (answer?.kind) {
    case undefined:
      return { kind: 'needs', address };
    case 'found':
      return { kind: 'document', address };
    case 'missing':
      return { kind: 'none' };
    case 'unavailable':
      return { kind: 'unavailable', location: location.text, reason: answer.reason };
    case 'offline':
      return { kind: 'offline' };
  }
}

/** Schemas of the CustomResourceDefinitions among objects; the first of a kind counts. */
export function definitionsAmong(
  objects: Iterable<WrittenObject>,
): (kind: SchemaKind) => JsonObject | undefined {
  const known = new Map<string, JsonObject>();
  for (const { value } of objects) {
    const apiVersion = stringAt(value, 'apiVersion') ?? '';
    const kind = stringAt(value, 'kind') ?? '';
    if (!isCrd({ apiVersion, kind, metadata: {} })) continue;
    const spec = objectAt(value, 'spec');
    const group = stringAt(spec, 'group') ?? '';
    const named = stringAt(objectAt(spec, 'names'), 'kind') ?? '';
    for (const version of listAt(spec, 'versions').filter(isObject)) {
      const schema = objectAt(version, 'schema')['openAPIV3Schema'];
      const key = `${group}/${stringAt(version, 'name') ?? ''} ${named}`;
      if (isObject(schema) && !known.has(key)) known.set(key, schema);
    }
  }
  return ({ apiVersion, kind }) => known.get(`${apiVersion} ${kind}`);
}
