// Objects of a package against the schemas that its `test.kubeconform` names, strictly (package-operator §12.1).
import type { JsonObject } from '../../../model/json.ts';
import {
  applyDefaults,
  createDocumentValidator,
  formatFieldErrors,
  unknownFields,
} from '../../../schema/index.ts';
import type { FieldError, KubernetesSchemas, SchemaValidator } from '../../../schema/index.ts';
import { pathInPackage } from '../../repository-path.ts';
import { invalidValue, required } from '../field-error.ts';
import type { LoadedPackage } from '../load-package.ts';
import { VIOLATION } from '../violation.ts';
import type { DocumentAnswer } from './document-answer.ts';
import { probeLocations } from './location-probe.ts';
import { readLocations } from './schema-location.ts';
import type { KubeconformSettings, SchemaKind, SchemaLocation } from './schema-location.ts';
import { schemaReport } from './schema-report.ts';
import type { FinalVerdict, SchemaReport } from './schema-report.ts';
import { definitionsAmong, findSchema } from './schema-source.ts';
import { kindOf, writtenObjects } from './written-objects.ts';
import type { ObjectGroup, WrittenObject } from './written-objects.ts';

export type SchemaStep =
  /** Documents to read first. An address that ends with a slash asks whether the folder is there. */
  | { readonly kind: 'needs'; readonly addresses: readonly string[] }
  | { readonly kind: 'done'; readonly report: SchemaReport };

export interface SchemaCheck {
  /** Goes as far as it can with what it was told. */
  next(): SchemaStep;
  tell(address: string, answer: DocumentAnswer): void;
}

/**
 * The checks of a package and its components, for those whose manifest has `test.kubeconform`.
 * @param folder of the package in the repository
 */
export function schemaChecks(
  loaded: LoadedPackage,
  folder: string,
  validator: SchemaValidator,
): readonly SchemaCheck[] {
  const members = [loaded, ...loaded.components.values()];
  if (members.every(({ manifest }) => manifest.test.kubeconform === undefined)) return [];
  const groups = new Map(
    members.map((member) => [member.component, writtenObjects(member, validator)] as const),
  );
  const definitions = definitionsAmong(
    [...groups.values()].flat().flatMap(({ objects }) => objects),
  );
  return members.flatMap((member) => {
    const { component, manifest, manifestDocument } = member;
    const settings = manifest.test.kubeconform;
    if (settings === undefined) return [];
    const read = readLocations(settings, pathInPackage({ folder, component }, ''));
    const { path } = manifestDocument;
    if (read.kind === 'invalid') {
      const faults = read.faults.map(({ index, reason }) => {
        const where = ['test', 'kubeconform', 'schemaLocations', index];
        return {
          reason: VIOLATION.manifestInvalid,
          path,
          line: manifestDocument.positionOf(where).line,
          details: formatFieldErrors([
            invalidValue(where, settings.schemaLocations[index] ?? '', reason),
          ]),
        };
      });
      return [settled({ component, manifest: path, faults, groups: [], unknown: [], offline: [] })];
    }
    return [
      createSchemaCheck({
        component,
        settings,
        manifest: path,
        line: manifestDocument.positionOf(['test', 'kubeconform']).line,
        locations: read.locations,
        groups: groups.get(component) ?? [],
        definitions,
        validator,
      }),
    ];
  });
}

function settled(report: SchemaReport): SchemaCheck {
  return { next: () => ({ kind: 'done', report }), tell: () => undefined };
}

type Verdict = FinalVerdict | { readonly kind: 'needs'; readonly address: string };

interface CheckInput {
  readonly component: string;
  readonly settings: KubeconformSettings;
  readonly manifest: string;
  /** Line of the settings in the manifest. */
  readonly line: number;
  readonly locations: readonly SchemaLocation[];
  readonly groups: readonly ObjectGroup[];
  readonly definitions: Parameters<typeof findSchema>[2]['definitions'];
  readonly validator: SchemaValidator;
}

function createSchemaCheck(input: CheckInput): SchemaCheck {
  const { locations, validator } = input;
  const answers = new Map<string, DocumentAnswer>();
  const documents = createDocumentValidator();
  const verdicts = new Map<WrittenObject, FinalVerdict>();
  const known = { answers, definitions: input.definitions };

  const againstDocument = (reference: string, object: WrittenObject): Verdict => {
    for (;;) {
      const verdict = documents.validate(reference, object.value);
      if (verdict.kind === 'checked') return verdict;
      const [location = reference] = reference.split('#', 1);
      const unusable = (reason: string): Verdict => ({ kind: 'unavailable', location, reason });
      if (verdict.kind === 'unusable') return unusable(verdict.reason);
      const { address } = verdict;
      const answer = answers.get(address);
      if (answer === undefined) return verdict;
      if (answer.kind === 'offline') return answer;
      if (answer.kind === 'unavailable') return unusable(answer.reason);
      if (answer.kind === 'missing') return unusable(`there is nothing at ${address}`);
      documents.add(address, answer.document);
    }
  };
  const check = (object: WrittenObject): Verdict => {
    const wanted = kindOf(object);
    const missing = missingIdentity(wanted);
    if (missing.length > 0) return { kind: 'checked', errors: missing };
    const found = findSchema(wanted, locations, known);
    switch (found.kind) {
      case 'builtin':
        return againstDocument(builtinReference(found.schemas, found.type), object);
      case 'document': {
        const answer = answers.get(found.address);
        if (!documents.has(found.address) && answer?.kind === 'found') {
          documents.add(found.address, answer.document);
        }
        return againstDocument(found.address, object);
      }
      case 'definition': {
        const { schema } = found;
        // A server fills in defaults before it looks for what is missing.
        const value = applyDefaults(schema, object.value);
        const errors = [
          ...validator.validate(schema, value),
          ...unknownFields(schema, value as JsonObject),
        ];
        return { kind: 'checked', errors };
      }
      default:
        return found;
    }
  };
  const builtinReference = (schemas: KubernetesSchemas, type: string): string => {
    const address = `kubernetes:///${schemas.version}`;
    if (!documents.has(address)) documents.add(address, schemas.document);
    return `${address}#/definitions/${type}`;
  };

  return {
    tell: (address, answer) => answers.set(address, answer),
    next: () => {
      const needed = new Set<string>();
      const objects = input.groups.flatMap((group) => group.objects);
      for (const object of objects) {
        if (verdicts.has(object)) continue;
        const verdict = check(object);
        if (verdict.kind === 'needs') needed.add(verdict.address);
        else verdicts.set(object, verdict);
      }
      if (needed.size > 0) return { kind: 'needs', addresses: [...needed] };
      const probed = probeLocations(locations, objects.map(kindOf), answers);
      if (probed.needs.length > 0) return { kind: 'needs', addresses: probed.needs };
      return { kind: 'done', report: schemaReport({ ...input, verdicts, absent: probed.absent }) };
    },
  };
}

/** Kubernetes takes no object without them, whatever a schema says. */
function missingIdentity({ apiVersion, kind }: SchemaKind): readonly FieldError[] {
  return [
    ...(apiVersion === '' ? [required(['apiVersion'])] : []),
    ...(kind === '' ? [required(['kind'])] : []),
  ];
}
