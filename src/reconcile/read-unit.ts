// Renders one unit of a snapshot into the work that it is, with everything that the render rested on.
import { answerAsks } from '../inputs/answers.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { scrub } from '../model/secrecy.ts';
import { FOLDER_KIND } from '../model/unit-id.ts';
import type { Discovery } from '../render/discover.ts';
import type { RenderContext } from '../render/render-context.ts';
import { TEMPLATE_PHASE } from '../render/render-object-template.ts';
import { renderUnit } from '../render/render-unit.ts';
import type { RepositoryConfig } from '../render/repository-config.ts';
import { secretInputs, withSecrecy } from '../render/secret-inputs.ts';
import type { Answer, Answers, Ask, RenderResult, Unit } from '../render/unit.ts';
import { unpackedHash } from '../render/unpacked-hash.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { withIgnoredFields } from './ignore-differences.ts';
import { placePhases } from './phase-places.ts';
import { editedFields, immutableFieldsOf } from './immutable-fields.ts';
import type { FieldContext } from './immutable-fields.ts';
import { outsideContents } from './outside-content.ts';
import { withoutInherited } from './nested-intake.ts';
import type { NestedInput } from './nested-intake.ts';
import type { OutsideContent } from './outside-content.ts';
import { renderWithAnswers } from './render-loop.ts';
import type { Rendered } from './render-loop.ts';
import { targetInputs } from './target-inputs.ts';
import type { TargetInput } from './target-inputs.ts';
import type { NamedWork, UnitHeader, UnitWork } from './unit-state.ts';
import type { IntakeDeps } from './intake-deps.ts';

/** A unit as one snapshot has it. */
export interface ReadUnit {
  /** Equal to that of an earlier snapshot where nothing that the unit reads has changed. */
  readonly fingerprint: string;
  readonly entry: NamedWork;
  readonly outside: readonly OutsideContent[];
  readonly inputs: readonly TargetInput[];
}

export interface ReadContext {
  readonly snapshot: Snapshot;
  readonly config: RepositoryConfig;
  readonly discovery: Discovery;
  readonly validator: SchemaValidator;
  readonly deps: IntakeDeps;
  readonly fingerprint: string;
  readonly signal: AbortSignal | undefined;
  /** Of a unit that another unit asks for. */
  readonly nested: NestedInput | undefined;
}

/** Renders the unit as often as it asks for something; what cannot be rendered is broken work, never an exception. */
export async function readUnit(unit: Unit, context: ReadContext): Promise<ReadUnit> {
  const { snapshot, config, discovery, validator, deps, fingerprint, signal, nested } = context;
  const header: UnitHeader = {
    ...headerOf(unit, { validator, slices: discovery.slices }),
    ...(nested ? { nested: nested.header } : {}),
  };
  const outside: OutsideContent[] = [];
  const inputs: TargetInput[] = [];
  const answered = new Map<string, Answer>();
  const asked: Ask[] = [];
  const done = (work: UnitWork): ReadUnit => ({
    fingerprint,
    entry: { name: unit.name, work },
    outside,
    inputs,
  });
  // What is refused is refused as a whole: archiving as well. Only pausing counts, for it can do no harm.
  const broken = (diagnostics: readonly Diagnostic[]): ReadUnit =>
    done({
      kind: 'broken',
      snapshot: snapshot.id,
      header: { ...header, archived: false },
      diagnostics,
    });
  if (hasErrors(unit.problems)) {
    const secrets = nested?.secrets ?? [];
    const open = (item: Diagnostic): Diagnostic => ({
      ...item,
      message: scrub(item.message, secrets),
    });
    return broken(unit.problems.map(open));
  }
  if (nested?.incomplete === true) {
    const message = 'the unit goes on when its parent has said again what the status branch hides';
    const waits = diagnostic('NestingWaits', message, unit.source);
    return broken([waits]);
  }
  const edits = editedFields(
    unit,
    header.immutableFields,
    deps.accepted?.(unit.id),
    discovery.slices,
  );
  if (edits.length > 0) {
    return broken(edits);
  }
  const target = await deps.target(unit.target);
  const environment = config.targets.find((entry) => entry.name === unit.target)?.environment;
  const { crdScopes, slices, schemaOf } = discovery;
  const rendering = { config, crdScopes, slices, schemaOf, validator };
  const render = (answers: Answers): RenderResult => renderUnit(unit, rendering, answers);
  const rendered = await renderWithAnswers(render, async (asks) => {
    const { packages } = deps;
    const given = { snapshot, target, environment, signal, ...(packages ? { packages } : {}) };
    const answers = await answerAsks(asks, given);
    outside.push(...outsideContents(asks, answers));
    inputs.push(...targetInputs(unit.target, asks, answers));
    for (const [key, answer] of answers) answered.set(key, answer);
    asked.push(...asks);
    return answers;
  });
  const result = concealSecrets(rendered, { unit, nested, rendering, answers: answered });
  const { diagnostics } = result;
  if (result.kind === 'failed') return broken(diagnostics);
  const isTarget = (name: string): boolean => config.targets.some((known) => known.name === name);
  const desired = placePhases(
    withIgnoredFields(result.desired, config.ignoreDifferences),
    unit.target,
    isTarget,
  );
  return done({
    kind: 'desired',
    snapshot: snapshot.id,
    header,
    // An archived set wants none of its objects any more, and keeps its revision.
    desired: unit.archived ? { ...desired, phases: [] } : desired,
    diagnostics,
    unpackedHash: unpackedHash(unit, nested?.header.object, asked, answered),
  });
}

/**
 * Where values of Secrets went in, from the target or from the parent, what came out is known by a second render
 * without all of them: one that knew either kind would show what rests on it.
 */
function concealSecrets(
  result: Rendered,
  given: {
    readonly unit: Unit;
    readonly nested: NestedInput | undefined;
    readonly rendering: RenderContext;
    readonly answers: Answers;
  },
): Rendered {
  const { unit, nested, rendering, answers } = given;
  const own = secretInputs(answers);
  const inherited = nested?.secrets ?? [];
  if (!own && inherited.length === 0) return result;
  const documents = withoutInherited(unit, inherited);
  const shadow = renderUnit({ ...unit, documents }, rendering, own?.placeholders ?? answers);
  const generation =
    nested && inherited.length > 0 ? [`${unit.id} ${nested.header.generation}`] : [];
  const manifests = documents.map(({ manifest }) => manifest);
  return withSecrecy(result, shadow, {
    values: [...(own?.values ?? []), ...inherited].toSorted((a, b) => b.length - a.length),
    versions: [...(own?.versions ?? []), ...generation],
    open: canonicalJson([unit.namespace, TEMPLATE_PHASE, ...manifests]),
  });
}

function headerOf(unit: Unit, fields: FieldContext): UnitHeader {
  return {
    apiVersion: unit.name.kind === FOLDER_KIND ? undefined : unit.documents[0]?.manifest.apiVersion,
    source: unit.source,
    dependsOn: unit.dependsOn,
    suspended: unit.suspended,
    suspendReason: unit.suspendReason,
    detach: unit.detach,
    archived: unit.archived,
    immutableFields: immutableFieldsOf(unit, fields),
    rehearse: unit.name.kind !== FOLDER_KIND,
  };
}

/** Everything that makes a unit another one: what it reads, its levers, and what discovery found wrong with it. */
export function fingerprintOf(unit: Unit, config: RepositoryConfig): string {
  const { dependsOn, suspended, suspendReason, detach, timeoutMs, archived } = unit;
  const problems = unit.problems.map((item) => item.message);
  return `${unit.inputHash} ${canonicalJson({ dependsOn, suspended, suspendReason, detach, timeoutMs, archived, problems, ignored: config.ignoreDifferences, targets: config.targets.map(({ name }) => name) })}`;
}

/** A render that came out as before is the one before: nobody has to look at its objects again. */
export function keepSame(before: ReadUnit | undefined, after: ReadUnit): ReadUnit {
  if (before?.fingerprint !== after.fingerprint) return after;
  return contentOf(before.entry.work) === contentOf(after.entry.work)
    ? { ...after, entry: before.entry }
    : after;
}

function contentOf(work: UnitWork): string {
  if (work.kind === 'removed') return '';
  const phases =
    work.kind === 'desired'
      ? work.desired.phases.map(({ objects }) => objects.map(({ manifest }) => manifest))
      : [];
  const problems = work.diagnostics.map(({ code, message }) => `${code} ${message}`);
  const unpacked = work.kind === 'desired' ? (work.unpackedHash ?? '') : '';
  return canonicalJson([work.kind, phases, problems, unpacked]);
}
