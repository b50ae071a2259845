// One object of a phase, with its collision protection and condition mappings.
import type { JsonObject } from '../model/json.ts';
import { NON_EMPTY, list, object, oneOf, withDefault } from './schema-parts.ts';

export type CollisionProtectionSetting = 'Prevent' | 'IfNoController' | 'None';

export interface ConditionMapping {
  readonly sourceType: string;
  /** Always with a prefix: `example.com/Ready`. */
  readonly destinationType: string;
}

export interface ObjectSetObject {
  readonly object: JsonObject;
  readonly collisionProtection: CollisionProtectionSetting;
  readonly conditionMappings?: readonly ConditionMapping[];
}

export const COLLISION_PROTECTIONS: readonly CollisionProtectionSetting[] = [
  'Prevent',
  'IfNoController',
  'None',
];

/** A DNS subdomain, a slash, and a qualified name (package-operator §3, condition-map). */
export const MAPPED_CONDITION_PATTERN =
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$';

export const OBJECT_SET_OBJECT = object(
  {
    object: {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    },
    collisionProtection: withDefault(oneOf(...COLLISION_PROTECTIONS), 'Prevent'),
    conditionMappings: list(
      object(
        {
          sourceType: NON_EMPTY,
          destinationType: { type: 'string', pattern: MAPPED_CONDITION_PATTERN },
        },
        ['sourceType', 'destinationType'],
      ),
    ),
  },
  ['object'],
);
