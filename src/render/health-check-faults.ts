// What is wrong with the health checks of sluice.yaml.
import type { ConfigSpec } from '../api/config.ts';
import type { Position } from '../lang/yaml/index.ts';
import { compileHealthChecks } from '../probes/index.ts';
import type { HealthCheckSpec, SchemaLookup } from '../probes/index.ts';

export interface HealthCheckFault {
  /** In sluice.yaml. */
  readonly path: readonly (string | number)[];
  /** Place in the text at the path. */
  readonly at: Position | undefined;
  readonly message: string;
  readonly hint: { readonly hint?: string };
}

/**
 * Compiles health checks as they are written.
 * @param schemaOf fields of kinds, where unknown names are to be found too. Reading the configuration does
 *   without: what the repository defines elsewhere must not decide whether sluice.yaml is in force
 */
export function healthCheckFaults(
  checks: NonNullable<ConfigSpec['healthChecks']>,
  schemaOf?: SchemaLookup,
): readonly HealthCheckFault[] {
  const compiled = compileHealthChecks(
    checks as readonly HealthCheckSpec[],
    schemaOf === undefined ? {} : { schemaOf },
  );
  if (compiled.ok) return [];
  return compiled.diagnostics.map(({ path, at, message, hint }) => {
    const [index, key] = path;
    const reason = message.replace(/^health check of \S+ (?:\w+: )?/, '');
    return {
      path: ['spec', 'healthChecks', ...path],
      at,
      message: `spec.healthChecks[${index}].${key}: ${reason}`,
      hint: hint === undefined ? {} : { hint },
    };
  });
}
