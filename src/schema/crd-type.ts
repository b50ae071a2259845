// Merge types of custom resources, from the structural schema of their CRD.
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { metadataType } from './builtin-types.ts';
import { ATOMIC, DEDUCED } from './merge-type.ts';
import type { ListKey, MergeType, ScalarType } from './merge-type.ts';

/** The merge type of a whole custom resource. */
export function customResourceType(schema: JsonObject | undefined): MergeType {
  const type = schema ? typeOfSchema(schema) : DEDUCED;
  const known = type.shape === 'struct' ? type : undefined;
  const fields = new Map(known?.fields);
  fields.set('apiVersion', { shape: 'scalar', type: 'string' });
  fields.set('kind', { shape: 'scalar', type: 'string' });
  fields.set('metadata', metadataType());
  return { shape: 'struct', fields, rest: known ? known.rest : DEDUCED };
}

/** The merge type that a structural schema describes. */
export function typeOfSchema(schema: JsonObject): MergeType {
  if (schema['x-kubernetes-int-or-string'] === true) return { shape: 'scalar', type: 'any' };
  switch (stringAt(schema, 'type')) {
    case 'object':
      return objectType(schema);
    case 'array':
      return listType(schema);
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return { shape: 'scalar', type: stringAt(schema, 'type') as ScalarType };
    default:
      return DEDUCED;
  }
}

function objectType(schema: JsonObject): MergeType {
  if (schema['x-kubernetes-map-type'] === 'atomic') return ATOMIC;
  const preserves = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  const additional = schema['additionalProperties'];
  if (isObject(additional)) return { shape: 'map', element: typeOfSchema(additional) };
  const fields = new Map<string, MergeType>();
  for (const [name, property] of Object.entries(objectAt(schema, 'properties'))) {
    if (isObject(property)) fields.set(name, typeOfSchema(property));
  }
  if (embedded) {
    fields.set('apiVersion', { shape: 'scalar', type: 'string' });
    fields.set('kind', { shape: 'scalar', type: 'string' });
    fields.set('metadata', metadataType());
  }
  if (additional === true) return { shape: 'map', element: DEDUCED };
  return { shape: 'struct', fields, rest: preserves ? DEDUCED : undefined };
}

function listType(schema: JsonObject): MergeType {
  const items = objectAt(schema, 'items');
  switch (stringAt(schema, 'x-kubernetes-list-type')) {
    case 'set':
      return { shape: 'set' };
    case 'map':
      return {
        shape: 'list',
        keys: listAt(schema, 'x-kubernetes-list-map-keys')
          .filter((key) => typeof key === 'string')
          .map((key) => listKey(key, objectAt(objectAt(items, 'properties'), key)['default'])),
        item: typeOfSchema(items),
      };
    default:
      return ATOMIC;
  }
}

function listKey(name: string, value: Json | undefined): ListKey {
  const usable =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return usable ? { name, default: value } : { name };
}
