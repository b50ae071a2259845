// The `sluice.dev/*` levers of a unit: suspend, detach, depends-on, timeout (design: config-repo, "Annotations").
import { parseDuration } from '../lib/duration.ts';
import { ANNOTATION, PKO } from '../model/annotations.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { objectAt } from '../model/json.ts';
import { leverKeys, leverProblems } from './lever-problems.ts';
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
  if (leverKeys(document).length === 0 && !paused) return NO_LEVERS;
  const problems = leverProblems(document);
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
