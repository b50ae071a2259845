// Content that cannot be taken, as a condition: why, and in which file and line (package-operator §5.4). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { StatusView } from './view.ts';

/** More problems than this are counted, not listed; all of them stand under `sluice.diagnostics`. */
const MAX_PROBLEMS = 10;

/** Invalid is there only while it is true, as upstream removes it on success. */
export function invalid(view: StatusView): readonly ConditionInput[] {
  if (view.refused.length === 0) return [];
  const message = problemsText(view.refused);
  return [{ type: 'Invalid', status: 'True', reason: invalidReason(view.refused), message }];
}

/** One problem per line, each with its place. */
export function problemsText(problems: readonly Diagnostic[]): string {
  const lines = problems.slice(0, MAX_PROBLEMS).map(problemText);
  const rest = problems.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function problemText({ message, file, line }: Diagnostic): string {
  if (file === undefined) return message;
  return `${message} (${line === undefined ? file : `${file}:${line}`})`;
}

function invalidReason(problems: readonly Diagnostic[]): string {
  if (problems.some(({ code }) => code === 'ImmutableField')) return 'ImmutableField';
  const unmet = problems.some(({ message }) => message.startsWith('Constraints not met: '));
  return unmet ? 'ConstraintsFailed' : 'LoadError';
}
