// Deletion: the DELETE call as a file (design: config-repo, "Deletion").
import type { ApiKind } from './api-kind.ts';
import {
  BOOLEAN,
  INT64,
  NON_EMPTY,
  STRING,
  list,
  object,
  oneOf,
  resource,
  withDefault,
} from './schema-parts.ts';

export interface DeletionSpec {
  readonly target?: string;
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  };
  /** `["All"]`: report only. */
  readonly dryRun?: readonly 'All'[];
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  /** The old spelling; never together with `propagationPolicy`. */
  readonly orphanDependents?: boolean | null;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly force: boolean;
  readonly owner: string;
  readonly cascade: boolean;
}

export const DELETION: ApiKind = {
  group: 'sluice.dev',
  version: 'v1alpha1',
  kind: 'Deletion',
  scope: 'Cluster',
  schema: resource(
    {
      spec: object(
        {
          target: NON_EMPTY,
          object: object(
            { apiVersion: NON_EMPTY, kind: NON_EMPTY, namespace: STRING, name: NON_EMPTY },
            ['apiVersion', 'kind', 'name'],
          ),
          dryRun: list(oneOf('All')),
          gracePeriodSeconds: { ...INT64, minimum: 0 },
          propagationPolicy: oneOf('Foreground', 'Background', 'Orphan'),
          orphanDependents: { ...BOOLEAN, nullable: true },
          preconditions: object({ uid: STRING, resourceVersion: STRING }),
          force: withDefault(BOOLEAN, false),
          owner: withDefault(STRING, ''),
          cascade: withDefault(BOOLEAN, false),
        },
        ['object'],
      ),
    },
    ['spec'],
  ),
  // A Deletion acts once per hash of its spec, so another spec is another order.
  immutable: [],
  role: 'order',
};
