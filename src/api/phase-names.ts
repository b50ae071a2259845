// Names of phases: what makes them ambiguous, and what other engines would not take.
import { isObject, stringAt } from '../model/json.ts';
import type { Json } from '../model/json.ts';
import type { AdmissionProblem } from './api-kind.ts';
import { formatPath } from './field-path.ts';

type Path = readonly (string | number)[];

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST = 63;

/**
 * Findings about the phases of one template: a name must be there and be the only one of its kind; one that
 * is no DNS-1035 label is a warning.
 * @param path of the list
 */
export function phaseNameProblems(
  phases: readonly Json[],
  path: Path,
): readonly AdmissionProblem[] {
  const names = phases.map((phase) => (isObject(phase) ? stringAt(phase, 'name') : undefined));
  return names.flatMap((name, index): readonly AdmissionProblem[] => {
    // A name that is missing is for the schema to tell.
    if (name === undefined) return [];
    const at = [...path, index, 'name'];
    const problem = (severity: AdmissionProblem['severity'], text: string) => [
      { severity, path: at, message: `${formatPath(at)}: ${text}` },
    ];
    if (name === '') return problem('error', 'Required value');
    if (names.indexOf(name) < index) {
      return problem('error', `Duplicate value: ${JSON.stringify(name)}`);
    }
    const unusual = unusualPhaseName(name);
    return unusual === undefined ? [] : problem('warning', unusual);
  });
}

/**
 * What speaks against a name that Package Operator's API takes, as a warning; undefined for a DNS-1035 label.
 * Newer engines refuse other names, and names of ObjectSetPhases are built from them (package-operator §7.4, §13).
 */
export function unusualPhaseName(name: string): string | undefined {
  if (LABEL.test(name) && name.length <= LONGEST) return undefined;
  const shown = JSON.stringify(name.length <= 80 ? name : `${name.slice(0, 80)}…`);
  return (
    `${shown} is no DNS-1035 label (at most ${LONGEST} lower case letters, digits and "-", beginning with a letter): ` +
    'newer engines refuse it, and the names of ObjectSetPhases are built from it'
  );
}
