// PackageManifest: from the document to its typed form, and the rules it must keep (package-operator §1.5).
import { PACKAGE_MANIFEST } from '../../api/package-manifest.ts';
import type { PackageManifest } from '../../api/package-manifest.ts';
import { isObject, listAt, objectAt, stringAt } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { checkStructural, formatFieldError } from '../../schema/index.ts';
import type { SchemaValidator } from '../../schema/index.ts';
import { parsePackageConstraint } from './version-range.ts';
import { configErrors } from './config.ts';
import {
  aggregate,
  formatFieldPath,
  imageReferenceErrors,
  invalidValue,
  parseFieldPath,
  required,
} from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { typeErrors } from './manifest-types.ts';
import type { PackageDocument } from './package-document.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface ManifestResult {
  /** Undefined where a field has the wrong type. */
  readonly manifest: PackageManifest | undefined;
  /** Empty for a sound one. */
  readonly violations: readonly Violation[];
}

/**
 * Reads a manifest. Unknown fields are ignored, as upstream does; fields of the wrong type make it
 * unreadable, broken rules make it invalid.
 * @param component folder name of a component, which overrides the name; empty for the root package
 */
export function readManifest(
  document: PackageDocument,
  component: string,
  validator: SchemaValidator,
): ManifestResult {
  const wrongTypes = typeErrors(PACKAGE_MANIFEST.schema, document.value);
  const [first] = wrongTypes;
  if (first) {
    const details = aggregate(wrongTypes);
    const violation = at(document, first, { reason: VIOLATION.invalidYaml, details });
    return { manifest: undefined, violations: [violation] };
  }
  const manifest = typedManifest(document.value, component);
  const violations = manifestErrors(document.value, manifest, validator).map((item) =>
    at(document, item, { reason: VIOLATION.manifestInvalid, details: formatFieldError(item) }),
  );
  return { manifest, violations };
}

function at(document: PackageDocument, error: FieldError, rest: Violation): Violation {
  const { line, column } = document.positionOf(parseFieldPath(error.field), error.at);
  // A place in a text is one in an expression.
  const code = error.at === undefined ? {} : { code: 'CelInvalid' as const };
  return { ...rest, path: document.path, line, column, hint: error.hint, ...code };
}

function typedManifest(document: JsonObject, component: string): PackageManifest {
  const spec = objectAt(document, 'spec');
  const test = objectAt(document, 'test');
  const filter = objectAt(spec, 'filter');
  const old = objectAt(spec, 'conditionalFiltering');
  const schema = objectAt(spec, 'config')['openAPIV3Schema'];
  const kubeconform = test['kubeconform'];
  const both = (newer: string, older: string): readonly Json[] => [
    ...listAt(filter, newer),
    ...listAt(old, older),
  ];
  return {
    name: component === '' ? (stringAt(objectAt(document, 'metadata'), 'name') ?? '') : component,
    scopes: listAt(spec, 'scopes') as never,
    phases: objects(listAt(spec, 'phases')).map((phase) => ({
      name: stringAt(phase, 'name') ?? '',
      class: stringAt(phase, 'class') ?? '',
    })),
    availabilityProbes: listAt(spec, 'availabilityProbes') as never,
    configSchema: isObject(schema) ? schema : undefined,
    images: objects(listAt(spec, 'images')).map((image) => ({
      name: stringAt(image, 'name') ?? '',
      image: stringAt(image, 'image') ?? '',
    })),
    hasComponents: isObject(spec['components']),
    filter: {
      conditions: objects(both('conditions', 'namedConditions')).map((item) => ({
        name: stringAt(item, 'name') ?? '',
        expression: stringAt(item, 'expression') ?? '',
      })),
      paths: objects(both('paths', 'conditionalPaths')).map((item) => ({
        glob: stringAt(item, 'glob') ?? '',
        expression: stringAt(item, 'expression') ?? '',
      })),
    },
    constraints: listAt(spec, 'constraints') as never,
    dependencies: objects(listAt(spec, 'dependencies')).flatMap((item) => {
      const name = stringAt(objectAt(item, 'image'), 'name') ?? '';
      return name === '' ? [] : [name];
    }),
    test: {
      template: objects(listAt(test, 'template')).map((item) => ({
        name: stringAt(item, 'name') ?? '',
        context: objectAt(item, 'context'),
      })),
      kubeconform: isObject(kubeconform)
        ? {
            kubernetesVersion: stringAt(kubeconform, 'kubernetesVersion') ?? '',
            schemaLocations: listAt(kubeconform, 'schemaLocations') as readonly string[],
          }
        : undefined,
    },
    document,
  };
}

function objects(list: readonly Json[]): readonly JsonObject[] {
  return list.filter(isObject);
}

function manifestErrors(
  document: JsonObject,
  manifest: PackageManifest,
  validator: SchemaValidator,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (manifest.name === '') errors.push(required(['metadata', 'name']));
  if (manifest.scopes.length === 0) errors.push(required(['spec', 'scopes']));
  if (manifest.phases.length === 0) errors.push(required(['spec', 'phases']));
  const phases = new Set<string>();
  for (const [index, { name }] of manifest.phases.entries()) {
    if (name === '') errors.push(required(['spec', 'phases', index, 'name']));
    else if (phases.has(name)) {
      errors.push(invalidValue(['spec', 'phases', index, 'name'], name, 'must be unique'));
    }
    phases.add(name);
  }
  for (const [index, probe] of manifest.availabilityProbes.entries()) {
    if (listAt(probe as unknown as JsonObject, 'probes').length === 0) {
      errors.push(required(['spec', 'availabilityProbes', index, 'probes']));
    }
  }
  errors.push(...imageErrors(manifest), ...constraintErrors(manifest));
  errors.push(...configSectionErrors(document, manifest, validator));
  const kubeconform = manifest.test.kubeconform;
  if (kubeconform && kubeconform.kubernetesVersion === '') {
    errors.push(required(['test', 'kubeconform', 'kubernetesVersion']));
  }
  return errors;
}

function imageErrors(manifest: PackageManifest): readonly FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, { name, image }] of manifest.images.entries()) {
    const path = ['spec', 'images', index];
    if (name === '') errors.push(invalidValue([...path, 'name'], name, 'must be non empty'));
    else if (names.has(name)) errors.push(invalidValue([...path, 'name'], name, 'must be unique'));
    else names.add(name);
    errors.push(...imageReferenceErrors([...path, 'image'], image));
  }
  return errors;
}

function constraintErrors(manifest: PackageManifest): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, constraint] of manifest.constraints.entries()) {
    const version = constraint.platformVersion;
    if (version === undefined) continue;
    const path = ['spec', 'constraints', index, 'platformVersion'];
    if (!version.name) errors.push(required([...path, 'name']));
    if (!version.range) errors.push(required([...path, 'range']));
    else if (!parsePackageConstraint(version.range)) {
      errors.push(invalidValue([...path, 'range'], version.range, 'improper constraint'));
    }
  }
  return errors;
}

const SCHEMA_PATH = 'spec.config.openAPIV3Schema';
const CONFIG_MAP_KEY = /^[-._a-zA-Z0-9]+$/;

function configSectionErrors(
  document: JsonObject,
  manifest: PackageManifest,
  validator: SchemaValidator,
): readonly FieldError[] {
  const { configSchema: schema } = manifest;
  const errors: FieldError[] = schema
    ? [...checkStructural(schema, { path: SCHEMA_PATH, validator, rules: 'compiled' })]
    : [];
  const schemaIsSound = errors.length === 0;
  const cases = listAt(objectAt(document, 'test'), 'template');
  for (const [index, item] of cases.filter(isObject).entries()) {
    const path = ['test', 'template', index];
    const name = stringAt(item, 'name') ?? '';
    const problem = configMapKeyProblem(name);
    if (problem) errors.push(invalidValue([...path, 'name'], name, problem));
    if (!schemaIsSound || schema === undefined) continue;
    const config = objectAt(objectAt(item, 'context'), 'config');
    const where = formatFieldPath([...path, 'context', 'config']);
    errors.push(...configErrors(config, { schema, validator, path: where }));
  }
  return errors;
}

function configMapKeyProblem(key: string): string | undefined {
  const problems: string[] = [];
  if (key.length > 253) problems.push('must be no more than 253 characters');
  if (!CONFIG_MAP_KEY.test(key)) {
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  } else if (key === '.') problems.push("must not be '.'");
  else if (key === '..') problems.push("must not be '..'");
  else if (key.startsWith('..')) problems.push("must not start with '..'");
  return problems.length === 0 ? undefined : problems.join(', ');
}
