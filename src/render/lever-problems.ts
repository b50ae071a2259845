// What is wrong with the `sluice.dev/*` levers on a document or an object: a typo must not delete anything unnoticed.
import { findApiKind } from '../api/index.ts';
import { parseDuration } from '../lib/duration.ts';
import { ANNOTATION, SLUICE_PREFIX } from '../model/annotations.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject, objectAt } from '../model/json.ts';
import type { Json } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { KNOWN_SLUICE_ANNOTATIONS } from '../model/owner-marker.ts';

/** Something with levers, and where they stand. */
export interface Levered {
  readonly manifest: Manifest;
  readonly locate: (path: readonly (string | number)[]) => Location;
  /** Keys and values may rest on a Secret and are not said. Default false. */
  readonly concealed?: boolean;
}

/** Levers that speak to a unit and to nothing inside it. */
const UNIT_LEVERS: ReadonlySet<string> = new Set([
  ANNOTATION.dependsOn,
  ANNOTATION.suspend,
  ANNOTATION.detach,
  ANNOTATION.timeout,
  ANNOTATION.reconcileAt,
]);

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  [ANNOTATION.prune]: ['disabled', 'enabled'],
  [ANNOTATION.detach]: ['true', 'false'],
  [ANNOTATION.drift]: ['fix', 'report', 'ignore'],
  [ANNOTATION.replace]: ['allowed'],
  [ANNOTATION.deletionPropagation]: ['Foreground', 'Background', 'Orphan'],
  [ANNOTATION.suspend]: ['true', 'false'],
};

/** An unknown lever is a warning, a wrong value an error, each at its place. */
export function leverProblems(item: Levered): readonly Diagnostic[] {
  return leverKeys(item).flatMap((key) => annotationProblem(item, key));
}

/**
 * The same for an object inside a phase, where levers of units count for kinds that are units themselves
 * (nested units) and have no effect on anything else.
 */
export function objectLeverProblems(item: Levered): readonly Diagnostic[] {
  const { apiVersion, kind } = item.manifest;
  if (findApiKind(apiVersion, kind)?.role === 'unit') return leverProblems(item);
  return leverKeys(item).flatMap((key) =>
    UNIT_LEVERS.has(key) ? [withoutEffect(item, key)] : annotationProblem(item, key),
  );
}

/** Keys of annotations with our prefix. */
export function leverKeys({ manifest }: Pick<Levered, 'manifest'>): readonly string[] {
  const annotations = objectAt(manifest.metadata, 'annotations');
  return Object.keys(annotations).filter((key) => key.startsWith(SLUICE_PREFIX));
}

function withoutEffect(item: Levered, key: string): Diagnostic {
  const message = `the annotation ${key} has no effect on a ${item.manifest.kind} inside a phase`;
  const hint = 'It speaks to units: put it on the object that holds the phases, or remove it.';
  return diagnostic('SchemaInvalid', message, { ...placeOf(item, key), hint, severity: 'warning' });
}

function placeOf({ locate }: Levered, key: string): Location {
  return locate(['metadata', 'annotations', key]);
}

function annotationProblem(item: Levered, key: string): readonly Diagnostic[] {
  const value = objectAt(item.manifest.metadata, 'annotations')[key];
  const wrong = (what: string, hint: string): readonly Diagnostic[] => [
    diagnostic('SchemaInvalid', `the annotation ${key} ${what}`, { ...placeOf(item, key), hint }),
  ];
  if (!KNOWN_SLUICE_ANNOTATIONS.includes(key)) {
    const message =
      item.concealed === true
        ? `an annotation with the prefix ${SLUICE_PREFIX} is not known`
        : `the annotation ${key} is not known`;
    const hint = 'docs/reference/annotations.md lists the annotations; correct the spelling.';
    return [
      diagnostic('SchemaInvalid', message, { ...placeOf(item, key), hint, severity: 'warning' }),
    ];
  }
  const shown = item.concealed === true ? 'no value that it takes' : shownValue(value);
  if (typeof value !== 'string')
    return wrong(`is ${shown}, not a string`, 'Put the value in quotes.');
  const allowed = ALLOWED[key];
  if (allowed && !allowed.includes(value)) {
    return wrong(`is ${shown}`, `Write one of ${allowed.map((text) => `"${text}"`).join(', ')}.`);
  }
  if (key === ANNOTATION.timeout && parseDuration(value) === undefined) {
    const hint = 'Write it as 90s, 10m or 1h30m; "0" means no limit.';
    return wrong(`is ${shown}, which is no duration`, hint);
  }
  if (key === ANNOTATION.deletionGraceSeconds && !/^[0-9]{1,9}$/.test(value)) {
    return wrong(`is ${shown}`, 'Write a number of seconds in quotes.');
  }
  return [];
}

function shownValue(value: Json | undefined): string {
  return isObject(value) ? 'a map' : String(JSON.stringify(value));
}
