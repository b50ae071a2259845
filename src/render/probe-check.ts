// Availability probes before anything is rolled out: defaults filled in, faults found (package-operator §9).
import { AVAILABILITY_PROBE } from '../api/availability-probe.ts';
import { withApiDefaults } from '../api/admission.ts';
import { compileProbes } from '../probes/compile.ts';
import type { AvailabilityProbe } from '../model/desired.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { diagnostic } from '../model/diagnostic.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { formatFieldError } from '../schema/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import type { SchemaLookup } from '../probes/index.ts';
import { formatFieldPath, parseFieldPath } from './package/field-error.ts';
import type { UnitDocument } from './unit.ts';

export interface CheckedProbes {
  readonly probes: readonly AvailabilityProbe[];
  readonly problems: readonly Diagnostic[];
}

export interface ProbePlace {
  /** `spec.availabilityProbes` as the file has it. */
  readonly path: readonly (string | number)[];
  readonly locate: UnitDocument['locate'];
  readonly validator: SchemaValidator;
  /** Fields of the kinds that selectors name. */
  readonly schemaOf: SchemaLookup;
}

/** Upstream looks at probes only while it reconciles; a faulty one stops the rollout there, so it is said here. */
export function checkProbes(given: readonly Json[], place: ProbePlace): CheckedProbes {
  const probes: AvailabilityProbe[] = [];
  const problems: Diagnostic[] = [];
  for (const [index, entry] of given.entries()) {
    const at = [...place.path, index];
    const value = withApiDefaults(AVAILABILITY_PROBE, isObject(entry) ? entry : {});
    const errors = place.validator.validate(AVAILABILITY_PROBE, value, {
      path: formatFieldPath(at),
    });
    for (const error of errors) {
      const where = place.locate(parseFieldPath(error.field));
      problems.push(diagnostic('SchemaInvalid', formatFieldError(error), where));
    }
    if (errors.length > 0) continue;
    const probe = normalized(value as JsonObject);
    const compiled = compileProbes([probe as never], { schemaOf: place.schemaOf });
    if (!compiled.ok) {
      for (const { path, at: character, ...item } of compiled.diagnostics) {
        problems.push({ ...item, ...place.locate([...at, ...path.slice(1)], character) });
      }
    }
    probes.push(probe);
  }
  return { probes, problems };
}

/** The core group may be left out; selectors always carry it from here on. */
function normalized(probe: JsonObject): AvailabilityProbe {
  const selector = isObject(probe['selector']) ? probe['selector'] : {};
  const kind = selector['kind'];
  return {
    selector: isObject(kind) ? { ...selector, kind: { group: '', ...kind } } : selector,
    probes: (probe['probes'] ?? []) as readonly Json[],
  };
}
