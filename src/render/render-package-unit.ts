// Package and ClusterPackage: from the instance and the files of its package to phases of objects.
import { pathInPackage } from './repository-path.ts';
import { admit } from '../api/admission.ts';
import type { ApiKind } from '../api/api-kind.ts';
import { COLLISION_PROTECTIONS } from '../api/object-set-object.ts';
import type { PackageManifest } from '../api/package-manifest.ts';
import type { Position } from '../lang/yaml/index.ts';
import { PKO } from '../model/annotations.ts';
import type { CollisionProtection } from '../model/desired.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { annotationOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatFieldError } from '../schema/index.ts';
import { createSchemaLookup } from './kind-schemas.ts';
import { parseConditionMap } from './package/condition-map.ts';
import { admitConfig } from './package/config.ts';
import { unmetConstraints } from './package/constraints.ts';
import {
  environmentContext,
  instanceContext,
  lockedDependencies,
  lockedImages,
  packageContext,
} from './package/context.ts';
import { parseFieldPath } from './package/field-error.ts';
import { parseImageReference } from './package/image-reference.ts';
import { filesBelow } from './package/layout.ts';
import type { PackageFiles } from './package/layout.ts';
import { loadComponent } from './package/load-package.ts';
import type { LoadedPackage } from './package/load-package.ts';
import { phaseNameWarnings } from './package/phase-names.ts';
import { renderPackage } from './package/render-package.ts';
import type { RenderedObject } from './package/rendered-object.ts';
import {
  formatViolation,
  inComponent,
  VIOLATION,
  violationDiagnostic,
} from './package/violation.ts';
import { LOSSY_HINT, lossyIntegers } from './package/lossy-integers.ts';
import { checkProbes } from './probe-check.ts';
import { documentProblems, failed, missingAnswers, timeoutOf } from './render-context.ts';
import type { RenderJob } from './render-context.ts';
import { protectionOf } from './render-folder.ts';
import { changeCause, phaseClass } from './render-object-set.ts';
import { remotePhaseFaults } from './remote-phase-names.ts';
import { settlePhases } from './settle.ts';
import type { DraftObject, DraftPhase } from './settle.ts';
import { templateHash } from './template-hash.ts';
import { askKey } from './unit.ts';
import type { Answer, Ask, RenderResult, UnitDocument } from './unit.ts';

const HISTORY_LIMIT = 10;

/** Renders an instance of a package. */
export function renderPackageUnit(job: RenderJob, apiKind: ApiKind): RenderResult {
  const [document] = job.unit.documents;
  if (document === undefined) return failed([]);
  const { object, problems } = admit(apiKind, document.manifest, job.context.validator);
  const found = documentProblems(document, problems);
  if (hasErrors(found)) return failed(found);
  const origin = packageOrigin(object, document);
  if (!('ask' in origin)) return failed([...found, origin]);
  const { ask: fileAsk, folder } = origin;
  const target = job.context.config.targets.find(({ name }) => name === job.unit.target);
  const environmentAsk: Ask = { kind: 'environment' };
  const configured = target?.environment;
  const asks = configured === undefined ? [fileAsk, environmentAsk] : [fileAsk];
  const missing = missingAnswers(asks, job.answers);
  if (missing) return located(missing, document.locate(['spec', 'image']));
  const files = job.answers.get(askKey(fileAsk));
  const environment = job.answers.get(askKey(environmentAsk));
  const given: Json | undefined =
    configured ?? (environment?.kind === 'environment' ? environment.environment : undefined);
  const contents = packageFiles(files, folder);
  if (contents.size === 0) {
    const image = stringAt(objectAt(object, 'spec'), 'image') ?? '';
    const message = `spec.image: "${image}" is the folder ${folder || '.'}, which holds no files`;
    const where = document.locate(['spec', 'image']);
    return failed([...found, diagnostic('PackageNotFound', message, where)]);
  }
  const component = stringAt(objectAt(object, 'spec'), 'component') ?? '';
  const loaded = loadComponent(contents, component, { validator: job.context.validator });
  if (loaded.kind === 'invalid') {
    const items = loaded.violations.map((item) =>
      placeViolation(item.violation, folder, item.component, document),
    );
    return failed([...found, ...items]);
  }
  const instance: Instance = { job, apiKind, document, object, folder, loaded: loaded.package };
  return renderInstance(instance, environmentContext(given), found);
}

interface Instance {
  readonly job: RenderJob;
  readonly apiKind: ApiKind;
  readonly document: UnitDocument;
  /** Admitted. */
  readonly object: Manifest;
  readonly folder: string;
  readonly loaded: LoadedPackage;
}

interface PackageOrigin {
  readonly ask: Ask;
  /** Folder in this repository, else the reference: where diagnostics say that a file lies. */
  readonly folder: string;
}

function packageOrigin(object: Manifest, document: UnitDocument): PackageOrigin | Diagnostic {
  const image = stringAt(objectAt(object, 'spec'), 'image') ?? '';
  const reference = parseImageReference(image, document.source.file);
  switch (reference.kind) {
    case 'folder':
      return { ask: { kind: 'files', prefix: reference.path }, folder: reference.path };
    case 'oci':
      return { ask: { kind: 'image', reference: image }, folder: image };
    case 'git':
      return { ask: { kind: 'gitFiles', reference: image }, folder: image };
    case 'invalid': {
      const where = document.locate(['spec', 'image']);
      return diagnostic('PackageNotFound', `spec.image: ${reference.reason}`, where);
    }
  }
}

function packageFiles(answer: Answer | undefined, folder: string): PackageFiles {
  if (answer?.kind === 'package') return answer.files;
  return answer?.kind === 'files' ? filesBelow(answer.files, folder) : new Map();
}

/** What could not be had was asked for by `spec.image`. */
function located(result: RenderResult, where: Location): RenderResult {
  if (result.kind !== 'failed') return result;
  return failed(
    result.diagnostics.map((item) => (item.file === undefined ? { ...item, ...where } : item)),
  );
}

/** Unknown components are a fault of the instance, everything else one of the package. */
function placeViolation(
  violation: Parameters<typeof violationDiagnostic>[0],
  folder: string,
  component: string,
  document: UnitDocument,
): Diagnostic {
  const item = violationDiagnostic(violation, folder, component);
  const { reason } = violation;
  if (reason === VIOLATION.componentNotFound || reason === VIOLATION.componentsNotEnabled) {
    return { ...item, line: 1, ...document.locate(['spec', 'component']) };
  }
  return reason === VIOLATION.manifestNotFound
    ? { ...item, code: 'PackageNotFound', ...document.locate(['spec', 'image']) }
    : item;
}

function renderInstance(
  instance: Instance,
  environment: JsonObject,
  warnings: readonly Diagnostic[],
): RenderResult {
  const { job, apiKind, document, object, folder, loaded } = instance;
  const { manifest, component } = loaded;
  const report = (item: Diagnostic): RenderResult => failed([...warnings, item]);
  const scope = apiKind.scope === 'Cluster' ? 'Cluster' : 'Namespaced';
  if (!manifest.scopes.includes(scope)) return report(scopeProblem(instance, scope));
  const unmet = unmetConstraints(manifest.constraints, environment, job.unit.siblings);
  if (unmet.length > 0) {
    const message = `Constraints not met: ${unmet.join(', ')}`;
    const hint = 'The package cannot run on this target; use another one or relax its constraints.';
    return report(diagnostic('PackageInvalid', message, { ...document.source, hint }));
  }
  const given = objectAt(object, 'spec')['config'];
  const found = [...warnings, ...lossyConfig(document, given)];
  const config = admitConfig(given, {
    schema: manifest.configSchema,
    validator: job.context.validator,
    path: 'spec.config',
  });
  if (config.kind === 'unreadable') {
    const where = document.locate(['spec', 'config']);
    return report(diagnostic('PackageConfigInvalid', config.reason, where));
  }
  if (config.errors.length > 0) {
    const items = config.errors.map((error) => {
      const where = document.locate(parseFieldPath(error.field));
      return diagnostic('PackageConfigInvalid', formatFieldError(error), where);
    });
    return failed([...warnings, ...items]);
  }
  const context = packageContext({
    instance: instanceContext(object, job.unit.namespace),
    config: config.config,
    images: lockedImages(loaded.lock),
    environment,
    dependencies: lockedDependencies(loaded.lock),
  });
  const rendered = renderPackage({
    package: loaded,
    context,
    instance: object.metadata.name ?? '',
  });
  if (rendered.kind === 'invalid') {
    const items = rendered.violations.map((item) => violationDiagnostic(item, folder, component));
    return failed([...found, ...items]);
  }
  return toDesired(instance, rendered.rendered.objects, found);
}

function lossyConfig(document: UnitDocument, given: Json | undefined): readonly Diagnostic[] {
  return lossyIntegers(given, ['spec', 'config']).map(({ path, message }) => {
    const details = { ...document.locate(path), severity: 'warning', hint: LOSSY_HINT } as const;
    return diagnostic('PackageConfigInvalid', message, details);
  });
}

/** The manifest says what the package is made for; which kind of instance was chosen is the instance's affair. */
function scopeProblem(instance: Instance, scope: 'Cluster' | 'Namespaced'): Diagnostic {
  const { apiKind, document, loaded } = instance;
  const { manifest, manifestDocument, component } = loaded;
  const details = `${apiKind.kind} needs scope ${scope}, the manifest allows ${manifest.scopes.join(', ')}`;
  const { path } = manifestDocument;
  const text = formatViolation({ reason: VIOLATION.unsupportedScope, path, details });
  const other = scope === 'Cluster' ? 'Package' : 'ClusterPackage';
  return diagnostic('PackageInvalid', inComponent(component, text), {
    ...document.locate(['kind']),
    hint: `Make it a ${other}, or add ${scope} to spec.scopes in ${inPackage(instance, path)}.`,
  });
}

function toDesired(
  instance: Instance,
  objects: readonly RenderedObject[],
  before: readonly Diagnostic[],
): RenderResult {
  const { job, apiKind, object, loaded } = instance;
  const { context, unit } = job;
  const found: Diagnostic[] = [...before];
  const fallback = packageProtection(instance);
  if (typeof fallback !== 'string') return failed([...found, fallback]);
  const phases = collectPhases(instance, objects, fallback);
  found.push(
    ...phaseNameWarnings(loaded.manifest, (path) => manifestPlace(instance, path)),
    ...remotePhaseFaults(
      phases.map((phase) => ({ ...phase, locate: () => phasePlace(instance, phase.name) })),
      job,
      { kind: apiKind.kind, name: object.metadata.name ?? '' },
    ),
  );
  const checked = checkProbes(loaded.manifest.availabilityProbes as unknown as readonly Json[], {
    path: ['spec', 'availabilityProbes'],
    locate: (path, at) => manifestPlace(instance, path, at),
    validator: context.validator,
    schemaOf: createSchemaLookup(
      objects.map(({ manifest }) => manifest),
      context.schemaOf,
    ),
  });
  found.push(...checked.problems);
  const settled = settlePhases(phases, {
    namespaces: apiKind.scope === 'Cluster' ? 'explicit' : 'inside',
    namespace: unit.namespace,
    crdScopes: context.crdScopes,
    answers: job.answers,
  });
  if (settled.kind === 'asks') return settled;
  if (settled.kind === 'failed') found.push(...settled.diagnostics);
  if (settled.kind === 'failed' || hasErrors(found)) return failed(found);
  const content = {
    phases: settled.phases,
    availabilityProbes: checked.probes,
    builtinProbes: context.config.defaults.builtinProbes,
    successDelaySeconds: 0,
  };
  return {
    kind: 'rendered',
    desired: {
      ...content,
      revisionHistoryLimit: HISTORY_LIMIT,
      timeoutMs: timeoutOf(unit, context.config),
      annotations: changeCause(object),
      templateHash: templateHash({ ...content, metadata: null }),
    },
    diagnostics: [...found, ...settled.warnings],
  };
}

/**
 * What objects without the annotation get: the annotation of the instance, else sluice.yaml. Upstream
 * ignores it on instances although users keep writing it there (package-operator §15).
 */
function packageProtection(instance: Instance): CollisionProtection | Diagnostic {
  const { document, job } = instance;
  return protectionOf(document, job.context.config.defaults.collisionProtection);
}

function manifestPlace(
  instance: Instance,
  path: readonly (string | number)[],
  at?: Position,
): Location {
  const { manifestDocument } = instance.loaded;
  const { line, column } = manifestDocument.positionOf(path, at);
  return { file: inPackage(instance, manifestDocument.path), line, column };
}

function phasePlace(instance: Instance, name: string): Location {
  const index = instance.loaded.manifest.phases.findIndex((phase) => phase.name === name);
  return manifestPlace(instance, ['spec', 'phases', index, 'name']);
}

function inPackage({ folder, loaded }: Instance, path: string): string {
  return pathInPackage({ folder, component: loaded.component }, path);
}

/** Objects grouped by phase in the manifest's order; phases without objects are left out. */
function collectPhases(
  instance: Instance,
  objects: readonly RenderedObject[],
  fallback: CollisionProtection,
): readonly DraftPhase[] {
  const { manifest }: { readonly manifest: PackageManifest } = instance.loaded;
  const byPhase = new Map<string, DraftObject[]>(manifest.phases.map(({ name }) => [name, []]));
  for (const object of objects) {
    const phase = annotationOf(object.manifest, PKO.phase) ?? '';
    byPhase.get(phase)?.push(draftObject(instance, object, fallback));
  }
  return manifest.phases.flatMap(({ name, class: className }) => {
    const members = byPhase.get(name) ?? [];
    if (members.length === 0) return [];
    return [{ name, class: phaseClass(className), objects: members }];
  });
}

function draftObject(
  instance: Instance,
  object: RenderedObject,
  fallback: CollisionProtection,
): DraftObject {
  const file = inPackage(instance, object.sourcePath);
  const map = parseConditionMap(annotationOf(object.manifest, PKO.conditionMap));
  const protection = annotationOf(object.manifest, PKO.collisionProtection);
  return {
    manifest: object.manifest,
    collisionProtection: COLLISION_PROTECTIONS.find((item) => item === protection) ?? fallback,
    conditionMappings: map.kind === 'ok' ? map.mappings : [],
    external: annotationOf(object.manifest, PKO.external) === 'True',
    source: { file, ...(object.line === undefined ? {} : { line: object.line }) },
    locate: (path) => ({ file, ...object.locate(path) }),
  };
}
