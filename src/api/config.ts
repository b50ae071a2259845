// Config (sluice.yaml): what those who write the repository say about it (design: config-repo).
import type { JsonObject } from '../model/json.ts';
import type { ApiKind } from './api-kind.ts';
import { COLLISION_PROTECTIONS } from './object-set-object.ts';
import {
  ANY_OBJECT,
  BOOLEAN,
  NON_EMPTY,
  STRING,
  list,
  object,
  oneOf,
  resource,
  withDefault,
} from './schema-parts.ts';

/** What sluice.yaml holds once its schema has let it through; units of values are still text. */
export interface ConfigSpec {
  readonly targets?: readonly {
    readonly name: string;
    readonly type?: string;
    readonly environment?: JsonObject;
  }[];
  readonly sync?: readonly {
    readonly path: string;
    readonly target?: string;
    readonly namespace?: string;
    readonly dependsOn?: readonly string[];
    readonly suspend?: boolean;
    readonly detach?: boolean;
    readonly timeout?: string;
  }[];
  readonly safety?: {
    readonly maxDeletions: number | string;
    readonly maxUnitDeletions: number | string;
    readonly allowEmpty: boolean;
  };
  readonly approvals?: readonly { readonly plan: string }[];
  readonly defaults?: {
    readonly collisionProtection: 'Prevent' | 'IfNoController' | 'None';
    readonly builtinProbes: boolean;
    readonly timeout: string;
  };
  readonly ignoreDifferences?: readonly {
    readonly kind: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly fields: readonly string[];
  }[];
  readonly healthChecks?: readonly {
    readonly kind: string;
    readonly current: string;
    readonly inProgress?: string;
    readonly failed?: string;
  }[];
}

/** A duration such as `90s`, `10m`, `1h30m`. */
const DURATION: JsonObject = {
  type: 'string',
  pattern: '^(0|([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+)$',
};
/** A number, or a share in per cent: the pattern holds for texts, the minimum for numbers. */
const AMOUNT: JsonObject = {
  'x-kubernetes-int-or-string': true,
  minimum: 0,
  pattern: '^(100|[0-9]{1,2})%$',
};
const TARGET_NAME: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$',
  maxLength: 63,
};
const FIELD_PATH: JsonObject = { type: 'string', pattern: '^\\.' };

export const CONFIG: ApiKind = {
  group: 'sluice.dev',
  version: 'v1alpha1',
  kind: 'Config',
  scope: 'Cluster',
  schema: resource(
    {
      spec: withDefault(
        object({
          targets: list(
            object(
              {
                name: TARGET_NAME,
                // The repository may define embedded targets only: addresses and credentials are the daemon's.
                type: oneOf('embedded'),
                environment: ANY_OBJECT,
              },
              ['name'],
            ),
          ),
          sync: list(
            object(
              {
                path: STRING,
                target: TARGET_NAME,
                namespace: NON_EMPTY,
                dependsOn: list(NON_EMPTY),
                suspend: BOOLEAN,
                detach: BOOLEAN,
                timeout: DURATION,
              },
              ['path'],
            ),
          ),
          safety: withDefault(
            object({
              maxDeletions: withDefault(AMOUNT, '20%'),
              maxUnitDeletions: withDefault(AMOUNT, '10%'),
              allowEmpty: withDefault(BOOLEAN, false),
            }),
            {},
          ),
          approvals: list(
            object({ plan: { type: 'string', pattern: '^sha256:[0-9a-f]{8,64}$' } }, ['plan']),
          ),
          defaults: withDefault(
            object({
              collisionProtection: withDefault(oneOf(...COLLISION_PROTECTIONS), 'Prevent'),
              builtinProbes: withDefault(BOOLEAN, false),
              timeout: withDefault(DURATION, '10m'),
            }),
            {},
          ),
          ignoreDifferences: list(
            object({ kind: NON_EMPTY, namespace: STRING, name: STRING, fields: list(FIELD_PATH) }, [
              'kind',
              'fields',
            ]),
          ),
          healthChecks: list(
            object({ kind: NON_EMPTY, current: NON_EMPTY, inProgress: STRING, failed: STRING }, [
              'kind',
              'current',
            ]),
          ),
        }),
        {},
      ),
    },
    ['spec'],
  ),
  immutable: [],
  role: 'configuration',
};
