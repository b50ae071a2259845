// What Sluice knows of a resource kind: its names, scope, schema, and the fields that may never change.
import type { JsonObject } from '../model/json.ts';

export type Scope = 'Namespaced' | 'Cluster';

export interface AdmissionProblem {
  readonly severity: 'error' | 'warning';
  /** Where it stands in the object. */
  readonly path: readonly (string | number)[];
  /** Begins with the field, in the API's words. */
  readonly message: string;
}

export interface ApiKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly scope: Scope;
  /** Structural OpenAPI schema of the whole object; `metadata` is left open. */
  readonly schema: JsonObject;
  /** Rules that a schema cannot express, for an object with its defaults. */
  readonly check?: (object: JsonObject) => readonly AdmissionProblem[];
  /** Dotted paths of fields that keep their first value (package-operator §7). */
  readonly immutable: readonly string[];
  /** What a document of this kind is to Sluice. */
  readonly role: 'unit' | 'part' | 'package-file' | 'order' | 'configuration';
}

/** `group/version`, as manifests spell it. */
export function apiVersionOf(kind: Pick<ApiKind, 'group' | 'version'>): string {
  return `${kind.group}/${kind.version}`;
}
