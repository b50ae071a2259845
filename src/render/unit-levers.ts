// The `sluice.dev/*` levers of a unit: suspend, detach, depends-on, timeout (design: config-repo, "Annotations").
import { parseDuration } from '../lib/duration.ts';
import { ANNOTATION, PKO, SLUICE_PREFIX } from '../model/annotations.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { isObject, objectAt } from '../model/json.ts';
import { KNOWN_SLUICE_ANNOTATIONS } from '../model/owner-marker.ts';
import type { UnitDocument } from './unit.ts';

export interface UnitLevers {
  readonly dependsOn: readonly DependencyText[];
  readonly suspended: boolean;
  readonly suspendReason: string | undefined;
  readonly detach: boolean;
  readonly timeoutMs: number | undefined;
  readonly problems: readonly Diagnostic[];
}

/** A dependency as written, with the document that says so; undefined for one of sluice.yaml. */
export interface DependencyText {
  readonly text: string;
  readonly document: UnitDocument | undefined;
}

const NO_LEVERS: UnitLevers = {
  dependsOn: [],
  suspended: false,
  suspendReason: undefined,
  detach: false,
  timeoutMs: undefined,
  problems: [],
};

/** The levers on one document. */
export function readLevers(document: UnitDocument): UnitLevers {
  const annotations = objectAt(document.manifest.metadata, 'annotations');
  const paused = objectAt(document.manifest, 'spec')['paused'] === true;
  const keys = Object.keys(annotations).filter((key) => key.startsWith(SLUICE_PREFIX));
  if (keys.length === 0 && !paused) return NO_LEVERS;
  const problems = keys.flatMap((key) => annotationProblem(document, key));
  const text = (key: string): string => {
    const value = annotations[key];
    return typeof value === 'string' ? value : '';
  };
  const timeout = text(ANNOTATION.timeout);
  const suspended = paused || text(ANNOTATION.suspend) === 'true';
  const message = text(PKO.pauseMessage);
  return {
    dependsOn: text(ANNOTATION.dependsOn)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map((part) => ({ text: part, document })),
    suspended,
    suspendReason: suspended && message !== '' ? message : undefined,
    detach: text(ANNOTATION.detach) === 'true',
    timeoutMs: timeout === '' ? undefined : parseDuration(timeout),
    problems,
  };
}

/**
 * The levers of all documents of a folder: each counts for the whole folder; of several time limits the
 * longest counts.
 */
export function mergeLevers(levers: readonly UnitLevers[]): UnitLevers {
  const timeouts = levers.flatMap((lever) => lever.timeoutMs ?? []);
  return {
    dependsOn: levers.flatMap((lever) => lever.dependsOn),
    suspended: levers.some((lever) => lever.suspended),
    suspendReason: levers.find((lever) => lever.suspendReason !== undefined)?.suspendReason,
    detach: levers.some((lever) => lever.detach),
    // 0 means no deadline at all, which is longer than any.
    timeoutMs: timeouts.length === 0 ? undefined : timeouts.includes(0) ? 0 : Math.max(...timeouts),
    problems: levers.flatMap((lever) => lever.problems),
  };
}

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  [ANNOTATION.prune]: ['disabled', 'enabled'],
  [ANNOTATION.detach]: ['true', 'false'],
  [ANNOTATION.drift]: ['fix', 'report', 'ignore'],
  [ANNOTATION.replace]: ['allowed'],
  [ANNOTATION.deletionPropagation]: ['Foreground', 'Background', 'Orphan'],
  [ANNOTATION.suspend]: ['true', 'false'],
};

function annotationProblem(document: UnitDocument, key: string): readonly Diagnostic[] {
  const annotations = objectAt(document.manifest.metadata, 'annotations');
  const value = annotations[key];
  const where = (): ReturnType<UnitDocument['locate']> =>
    document.locate(['metadata', 'annotations', key]);
  const wrong = (message: string, hint: string): readonly Diagnostic[] => [
    diagnostic('SchemaInvalid', message, { ...where(), hint }),
  ];
  if (!KNOWN_SLUICE_ANNOTATIONS.includes(key)) {
    const message = `the annotation ${key} is not known`;
    const hint = 'docs/reference/annotations.md lists the annotations; correct the spelling.';
    return [diagnostic('SchemaInvalid', message, { ...where(), hint, severity: 'warning' })];
  }
  if (typeof value !== 'string') {
    const found = isObject(value) ? 'a map' : JSON.stringify(value);
    return wrong(`the annotation ${key} is ${found}, not a string`, 'Put the value in quotes.');
  }
  const allowed = ALLOWED[key];
  if (allowed && !allowed.includes(value)) {
    const hint = `Write one of ${allowed.map((item) => `"${item}"`).join(', ')}.`;
    return wrong(`the annotation ${key} is ${JSON.stringify(value)}`, hint);
  }
  if (key === ANNOTATION.timeout && parseDuration(value) === undefined) {
    const message = `the annotation ${key} is ${JSON.stringify(value)}, which is no duration`;
    return wrong(message, 'Write it as 90s, 10m or 1h30m; "0" means no limit.');
  }
  if (key === ANNOTATION.deletionGraceSeconds && !/^[0-9]{1,9}$/.test(value)) {
    const message = `the annotation ${key} is ${JSON.stringify(value)}`;
    return wrong(message, 'Write a number of seconds in quotes.');
  }
  return [];
}
