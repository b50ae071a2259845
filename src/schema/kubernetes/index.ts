// Schemas of the kinds that Kubernetes itself brings, by version of Kubernetes.
import { kubernetesSchemas } from './json-schema.ts';
import type { KubernetesSchemas } from './json-schema.ts';
import { KUBERNETES_1_36 } from './rows-1-36.ts';

export type { KubernetesSchemas } from './json-schema.ts';

const TABLES = [KUBERNETES_1_36] as const;

/** Minor versions whose schemas are built in. */
export const BUILTIN_VERSIONS: readonly string[] = TABLES.map(({ version }) => version);

/**
 * The built-in schemas of a version. Patch releases do not change the API, so `1.36` stands for all of them.
 * @param version such as `1.36` or `v1.36.2`
 * @returns undefined for a version that is not built in
 */
export function builtinSchemas(version: string): KubernetesSchemas | undefined {
  const [, minor] = /^v?([0-9]+\.[0-9]+)(?:\.[0-9]+)?$/.exec(version) ?? [];
  const rows = TABLES.find((table) => table.version === minor);
  return rows && kubernetesSchemas(rows);
}
