// ObjectDeployment, ObjectSet and ObjectSetPhase: phases as the document lists them (package-operator §6, §7).
import { admit } from '../api/admission.ts';
import type { ApiKind } from '../api/api-kind.ts';
import type { ObjectSetObject } from '../api/object-set-object.ts';
import type { ObjectSetTemplatePhase } from '../api/object-set-template.ts';
import { CLUSTER_OBJECT_SLICE, OBJECT_SLICE } from '../api/object-slice.ts';
import { PKO } from '../model/annotations.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isObject, listAt, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { annotationOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { sliceKey } from './document-unit.ts';
import { createSchemaLookup } from './kind-schemas.ts';
import { checkProbes } from './probe-check.ts';
import { documentProblems, failed, timeoutOf } from './render-context.ts';
import type { RenderJob } from './render-context.ts';
import { remotePhaseFaults } from './remote-phase-names.ts';
import { settlePhases } from './settle.ts';
import type { DraftObject, DraftPhase } from './settle.ts';
import { templateHash } from './template-hash.ts';
import type { RenderResult, UnitDocument } from './unit.ts';

type Path = readonly (string | number)[];

const HISTORY_LIMIT = 10;

/** Renders a unit whose document holds its phases. */
export function renderObjectSet(job: RenderJob, apiKind: ApiKind): RenderResult {
  const { unit, context, answers } = job;
  const [document] = unit.documents;
  if (document === undefined) return failed([]);
  const { object, problems } = admit(apiKind, document.manifest, context.validator);
  const found: Diagnostic[] = [...documentProblems(document, problems)];
  if (hasErrors(found)) return failed(found);
  found.push(...classWithoutEffect(job, document, apiKind));
  const template = objectSetTemplate(object, apiKind);
  const place = { document, path: template.path };
  const phases = template.phases.flatMap((phase, index) => {
    const drafted = draftPhase(phase, [...template.phasesPath, index], place, job);
    found.push(...drafted.problems);
    return drafted.phase.objects.length === 0 ? [] : [drafted.phase];
  });
  const named = template.phases.flatMap((phase, index) => {
    const locate = () => document.locate([...template.phasesPath, index, 'name']);
    // A phase without objects is left out.
    const isThere = phases.some(({ name }) => name === phase.name);
    return isThere ? [{ name: phase.name, class: phaseClass(phase.class), locate }] : [];
  });
  const owner = { kind: apiKind.kind, name: object.metadata.name ?? '' };
  found.push(...remotePhaseFaults(named, job, owner));
  const probesPath = [...template.path, 'availabilityProbes'];
  const checked = checkProbes(listAt(template.spec, 'availabilityProbes'), {
    path: probesPath,
    locate: document.locate,
    validator: context.validator,
    schemaOf: createSchemaLookup(
      phases.flatMap(({ objects }) => objects.map(({ manifest }) => manifest)),
      context.schemaOf,
    ),
  });
  found.push(...checked.problems);
  const settled = settlePhases(phases, {
    namespaces: apiKind.scope === 'Cluster' ? 'explicit' : 'inside',
    namespace: unit.namespace,
    crdScopes: context.crdScopes,
    answers,
  });
  if (settled.kind === 'asks') return settled;
  if (settled.kind === 'failed') found.push(...settled.diagnostics);
  if (settled.kind === 'failed' || hasErrors(found)) return failed(found);
  const delay = template.spec['successDelaySeconds'];
  const limit = objectAt(object, 'spec')['revisionHistoryLimit'];
  const content = {
    phases: settled.phases,
    availabilityProbes: checked.probes,
    builtinProbes: false,
    successDelaySeconds: typeof delay === 'number' ? delay : 0,
  };
  return {
    kind: 'rendered',
    desired: {
      ...content,
      revisionHistoryLimit: typeof limit === 'number' ? limit : HISTORY_LIMIT,
      timeoutMs: timeoutOf(unit, context.config),
      annotations: changeCause(object),
      ...previousOf(object),
      templateHash: templateHash({ ...content, metadata: template.metadata }),
    },
    diagnostics: [...found, ...settled.warnings],
  };
}

/** A phase that stands in Git is ours, whoever else looks for the class on its label (docs: nested-units, "class"). */
function classWithoutEffect(
  { unit }: RenderJob,
  { manifest, locate }: UnitDocument,
  apiKind: ApiKind,
): readonly Diagnostic[] {
  if (!apiKind.kind.endsWith('ObjectSetPhase')) return [];
  const label = objectAt(manifest.metadata, 'labels')[PKO.phaseClass];
  const name = phaseClass(typeof label === 'string' ? label : undefined);
  if (name === undefined || name === unit.target) return [];
  const message = `the label ${PKO.phaseClass}: ${name} has no effect: a phase of the repository is run here, on ${unit.target}`;
  const where = locate(['metadata', 'labels', PKO.phaseClass]);
  const hint =
    'Remove the label; a phase that somebody else is to run is one of a set, with `class` in the phase.';
  return [diagnostic('SchemaInvalid', message, { ...where, hint, severity: 'warning' })];
}

function previousOf(object: Manifest): { readonly previous?: readonly string[] } {
  const names = listAt(objectAt(object, 'spec'), 'previous').flatMap((item) =>
    isObject(item) ? (stringAt(item, 'name') ?? []) : [],
  );
  return names.length === 0 ? {} : { previous: names };
}

/** What an object set of any kind is made of, and where it stands. */
export interface ObjectSetTemplate {
  readonly spec: JsonObject;
  /** Where the template stands in the document. */
  readonly path: Path;
  readonly phases: readonly ObjectSetTemplatePhase[];
  readonly phasesPath: Path;
  readonly metadata: Json;
}

/** The template of a deployment; of a set or a phase, what it is itself. */
export function objectSetTemplate(object: Manifest, apiKind: ApiKind): ObjectSetTemplate {
  const spec = objectAt(object, 'spec');
  if (apiKind.kind.endsWith('ObjectSetPhase')) {
    // The objects of the one phase stand in the spec itself.
    const phase = {
      ...spec,
      name: object.metadata.name ?? '',
    } as unknown as ObjectSetTemplatePhase;
    return { spec, path: ['spec'], phases: [phase], phasesPath: ['spec'], metadata: null };
  }
  if (apiKind.kind.endsWith('ObjectSet')) {
    const phases = listAt(spec, 'phases') as unknown as readonly ObjectSetTemplatePhase[];
    return { spec, path: ['spec'], phases, phasesPath: ['spec', 'phases'], metadata: null };
  }
  const template = objectAt(spec, 'template');
  const inner = objectAt(template, 'spec');
  const path = ['spec', 'template', 'spec'];
  return {
    spec: inner,
    path,
    phases: listAt(inner, 'phases') as unknown as readonly ObjectSetTemplatePhase[],
    phasesPath: [...path, 'phases'],
    metadata: objectAt(template, 'metadata'),
  };
}

interface Place {
  readonly document: UnitDocument;
  readonly path: Path;
}

interface DraftedPhase {
  readonly phase: DraftPhase;
  readonly problems: readonly Diagnostic[];
}

function draftPhase(
  phase: ObjectSetTemplatePhase,
  path: Path,
  place: Place,
  job: RenderJob,
): DraftedPhase {
  const { document } = place;
  // An ObjectSetPhase is a phase itself, so its path has no index.
  const base = path[path.length - 2] === 'spec' ? path.slice(0, -1) : path;
  const objects: DraftObject[] = [];
  const problems: Diagnostic[] = [];
  const add = (
    list: readonly ObjectSetObject[],
    from: UnitDocument,
    at: Path,
    external: boolean,
  ) => {
    for (const [index, item] of list.entries()) {
      const drafted = draftObject(item, from, [...at, index, 'object'], external);
      if ('code' in drafted) problems.push(drafted);
      else objects.push(drafted);
    }
  };
  add(phase.objects ?? [], document, [...base, 'objects'], false);
  for (const [index, name] of (phase.slices ?? []).entries()) {
    const slice = job.context.slices.get(sliceKey(job.unit.target, job.unit.namespace, name));
    if (slice === undefined) {
      const message = `Phase "${phase.name}": there is no ObjectSlice "${name}" in the repository`;
      const where = document.locate([...base, 'slices', index]);
      problems.push(
        diagnostic('SchemaInvalid', message, {
          ...where,
          hint: 'Commit the slice, or correct its name.',
        }),
      );
      continue;
    }
    // An API server refuses a wrong slice when it is made; here its unit is the first to read it.
    const admitted = admit(sliceKind(slice.manifest), slice.manifest, job.context.validator);
    const faults = documentProblems(slice, admitted.problems);
    problems.push(...faults);
    if (hasErrors(faults)) continue;
    const list = listAt(admitted.object, 'objects') as unknown as readonly ObjectSetObject[];
    add(list, slice, ['objects'], false);
  }
  add(phase.externalObjects ?? [], document, [...base, 'externalObjects'], true);
  return { phase: { name: phase.name, class: phaseClass(phase.class), objects }, problems };
}

function sliceKind({ kind }: Manifest): ApiKind {
  return kind === CLUSTER_OBJECT_SLICE.kind ? CLUSTER_OBJECT_SLICE : OBJECT_SLICE;
}

/** `default` is our own doing, as no class is (package-operator §7.4). */
export function phaseClass(name: string | undefined): string | undefined {
  return name === undefined || name === '' || name === 'default' ? undefined : name;
}

function draftObject(
  item: ObjectSetObject,
  document: UnitDocument,
  path: Path,
  external: boolean,
): DraftObject | Diagnostic {
  const { object } = item;
  const apiVersion = stringAt(object, 'apiVersion');
  const kind = stringAt(object, 'kind');
  const source = document.locate(path);
  if (!apiVersion || !kind) {
    return diagnostic('ManifestInvalid', 'the object has no apiVersion or no kind', source);
  }
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return {
    manifest: { ...object, apiVersion, kind, metadata } as Manifest,
    collisionProtection: item.collisionProtection ?? 'Prevent',
    conditionMappings: item.conditionMappings ?? [],
    external,
    source,
    locate: (below) => document.locate([...path, ...below]),
  };
}

/** What history shows of a revision. */
export function changeCause(object: Manifest): Readonly<Record<string, string>> {
  const cause = annotationOf(object, PKO.changeCause);
  return cause === undefined ? {} : { [PKO.changeCause]: cause };
}
