// Values of Secrets that a render was given must not be seen outside the write itself: a second render with placeholders
// tells which leaves of its objects rest on them (design: architecture, "Never a secret").
import { canonicalJson } from '../lib/canonical-json.ts';
import { PKO, SLUICE_PREFIX } from '../model/annotations.ts';
import type { DesiredObject, DesiredPhase, DesiredState } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { inventoryKey } from '../model/inventory.ts';
import { annotationsOf } from '../model/manifest.ts';
import { isObject, stringAt } from '../model/json.ts';
import type { Json } from '../model/json.ts';
import {
  isSecret,
  PLACEHOLDER,
  scrub,
  secretValues,
  withoutSecretValues,
} from '../model/secrecy.ts';
import { shortHash } from './template-hash.ts';
import type { Answers, RenderResult } from './unit.ts';
import { hiddenTexts, shownManifest } from './secret-mask.ts';

export interface SecretValues {
  /** Everything that must be taken out of texts. */
  readonly values: readonly string[];
  /** Uid and version of each Secret: what a hash may tell of them. */
  readonly versions: readonly string[];
}

export interface SecretInputs extends SecretValues {
  /** The same answers with a placeholder in the place of every value of a Secret. */
  readonly placeholders: Answers;
}

/** What is secret in a render, and what is not. */
export interface Secrecy extends SecretValues {
  /** Texts of the unit that everybody may read, in which names stand that rest on no value. */
  readonly open: string;
}

/** What is secret among the answers; undefined where nothing is. */
export function secretInputs(answers: Answers): SecretInputs | undefined {
  const placeholders = new Map(answers);
  const values: string[] = [];
  const versions: string[] = [];
  for (const [key, answer] of answers) {
    if (answer.kind !== 'object' || !answer.object || !isSecret(answer.object)) continue;
    const { metadata } = answer.object;
    placeholders.set(key, { kind: 'object', object: withoutSecretValues(answer.object) });
    values.push(...secretValues(answer.object));
    versions.push(`${key} ${stringAt(metadata, 'uid')} ${stringAt(metadata, 'resourceVersion')}`);
  }
  if (versions.length === 0) return undefined;
  // The longest first, so that no part of one is left when a shorter one lies inside it.
  return { placeholders, values: values.toSorted((a, b) => b.length - a.length), versions };
}

/**
 * The result as the rest of the program may have it: messages scrubbed, objects with what may be shown of them,
 * a hash that tells nothing of the values.
 * @param shadow the render with placeholders; where it failed, everything in the objects counts as secret
 */
export function withSecrecy(
  result: Exclude<RenderResult, { kind: 'asks' }>,
  shadow: RenderResult,
  inputs: Secrecy,
): Exclude<RenderResult, { kind: 'asks' }> {
  const diagnostics = openDiagnostics(result, shadow, inputs);
  if (result.kind === 'failed') return { kind: 'failed', diagnostics };
  const other = shadow.kind === 'rendered' ? shadow.desired : undefined;
  const problems = [
    ...identityProblems(result.desired, other, inputs.open),
    ...leverProblems(result.desired, other, inputs.open),
  ];
  if (problems.length > 0) return { kind: 'failed', diagnostics: [...diagnostics, ...problems] };
  if (restsOnSecrets(result.desired, other, inputs.open)) {
    const source = objectsOf(result.desired)[0]?.source ?? {};
    const message =
      'phases, probes or annotations of the unit rest on a value of a Secret, or cannot be told apart from one';
    const problem = diagnostic('TemplateFailed', message, { ...source, hint: SHOWN_HINT });
    return { kind: 'failed', diagnostics: [...diagnostics, problem] };
  }
  return { kind: 'rendered', desired: hideSecrets(result.desired, other, inputs), diagnostics };
}

/**
 * Messages may hold what a template made of a value, and no list of values finds that again: where the render with
 * placeholders says something else, its words are taken, and where it says nothing the message is withheld.
 */
function openDiagnostics(
  result: Exclude<RenderResult, { kind: 'asks' }>,
  shadow: RenderResult,
  { values }: SecretValues,
): readonly Diagnostic[] {
  const others = shadow.kind === 'asks' ? [] : [...shadow.diagnostics];
  return result.diagnostics.map((item) => {
    const same = others.findIndex(
      ({ code, file, line }) => code === item.code && file === item.file && line === item.line,
    );
    const [other] = same < 0 ? [] : others.splice(same, 1);
    const { code, severity, file, line, column, hint } = item;
    const place = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined || hint !== other?.hint ? {} : { hint }),
    };
    if (other) {
      const message = scrub(scrub(other.message, [PLACEHOLDER]), values);
      return { ...place, code, severity, message };
    }
    const message =
      'a value of a Secret makes it so; the message may hold the value and is withheld';
    return { ...place, code, severity, message };
  });
}

/** What tells an object apart is shown everywhere, so a secret must not be part of it. */
function identityProblems(
  desired: DesiredState,
  shadow: DesiredState | undefined,
  open: string,
): readonly Diagnostic[] {
  const known = shadow && new Set(objectsOf(shadow).map(identityOf));
  const rests = (object: DesiredObject): boolean => {
    if (known) return !known.has(identityOf(object));
    // Without a second render only what stands in the unit's own text is known to rest on nothing else.
    const { apiVersion, kind, name, namespace } = object.ref;
    return ![apiVersion, kind, name, namespace].every((part) => open.includes(part));
  };
  return objectsOf(desired)
    .filter(rests)
    .map(({ source }) => {
      const message =
        'the kind, name or namespace of the object rests on a value of a Secret, or cannot be told apart from one';
      return diagnostic('TemplateFailed', message, { ...source, hint: SHOWN_HINT });
    });
}

/** What steers an object or the unit that it is stands in messages and records, and is obeyed before a render. */
function leverProblems(
  desired: DesiredState,
  shadow: DesiredState | undefined,
  open: string,
): readonly Diagnostic[] {
  const others = byKey(shadow);
  return objectsOf(desired).flatMap((object): readonly Diagnostic[] => {
    const known = others && new Set(leversOf(others.get(inventoryKey(object.ref))).map(String));
    const rests = ([key, value]: Lever): boolean =>
      known ? !known.has(String([key, value])) : !isOpen(key, open) || !isOpen(value, open);
    if (!leversOf(object).some(rests)) return [];
    const message = `annotations of the object that steer it (${SLUICE_PREFIX}*, ${PKO.pauseMessage}) rest on a value of a Secret, or cannot be told apart from one`;
    return [diagnostic('TemplateFailed', message, { ...object.source, hint: SHOWN_HINT })];
  });
}

type Lever = readonly [key: string, value: string];

function leversOf(object: DesiredObject | undefined): readonly Lever[] {
  return Object.entries(object ? annotationsOf(object.manifest) : {}).filter(
    ([key]) => key.startsWith(SLUICE_PREFIX) || key === PKO.pauseMessage,
  );
}

const SHOWN_HINT =
  'They are shown in status files: write them out, or take them from something that may be seen.';

/** What else of a unit is kept in its records as it is: names of phases, probes with their messages, the change cause. */
function restsOnSecrets(
  desired: DesiredState,
  shadow: DesiredState | undefined,
  open: string,
): boolean {
  const texts = textsOf(settingsOf(desired));
  if (shadow) {
    const known = new Set(textsOf(settingsOf(shadow)));
    return texts.some((text) => !known.has(text));
  }
  return texts.some((text) => !isOpen(text, open));
}

/** Without a second render only what the unit's own text says rests on nothing else. */
function isOpen(text: string, open: string): boolean {
  return open.includes(JSON.stringify(text).slice(1, -1));
}

function settingsOf({ phases, availabilityProbes, annotations, previous }: DesiredState): Json {
  const names = phases.flatMap(({ name, class: place }) =>
    place === undefined ? name : [name, place],
  );
  const mappings = phases.flatMap(({ objects }) =>
    objects.flatMap(({ conditionMappings }) =>
      conditionMappings.flatMap(({ sourceType, destinationType }) => [sourceType, destinationType]),
    ),
  );
  const probes = availabilityProbes.flatMap((probe) => [probe.selector, ...probe.probes]);
  return [...names, ...mappings, ...probes, { ...annotations }, ...(previous ?? [])];
}

/** Keys and leaves. */
function textsOf(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsOf);
  if (isObject(value)) return Object.keys(value).flatMap((key) => [key, ...textsOf(value[key])]);
  return value === undefined || value === null ? [] : [String(value)];
}

function identityOf({ ref }: DesiredObject): string {
  return `${ref.apiVersion} ${inventoryKey(ref)}`;
}

function hideSecrets(
  desired: DesiredState,
  shadow: DesiredState | undefined,
  inputs: SecretValues,
): DesiredState {
  const others = byKey(shadow);
  const hide = (object: DesiredObject): DesiredObject => {
    const other = others?.get(inventoryKey(object.ref));
    const shown = shownManifest(object.manifest, other?.manifest);
    const values = [...inputs.values, ...hiddenTexts(object.manifest, shown)];
    return { ...object, secrecy: { shown, values: [...new Set(values)] } };
  };
  const phases: readonly DesiredPhase[] = desired.phases.map((phase) => ({
    ...phase,
    objects: phase.objects.map(hide),
  }));
  const open = phases.flatMap((phase) => phase.objects.map((item) => item.secrecy?.shown ?? null));
  const text = canonicalJson([shadow?.templateHash ?? null, open, inputs.versions]);
  return { ...desired, phases, templateHash: shortHash(text) };
}

function byKey(desired: DesiredState | undefined): ReadonlyMap<string, DesiredObject> | undefined {
  return desired && new Map(objectsOf(desired).map((item) => [inventoryKey(item.ref), item]));
}

function objectsOf(desired: DesiredState): readonly DesiredObject[] {
  return desired.phases.flatMap((phase) => phase.objects);
}
