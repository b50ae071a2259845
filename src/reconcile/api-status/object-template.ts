// Status of ObjectTemplate and ClusterObjectTemplate: the object's own conditions, or why there is none (§10). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { controllerOf } from './control.ts';
import { problemsText } from './invalid.ts';
import { paused } from './paused.ts';
import type { ApiStatus, StatusView } from './view.ts';

const SOURCE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AskUnanswered',
  'TargetUnreachable',
]);

/** Conditions and fields of an ObjectTemplate. */
export function objectTemplateStatus(view: StatusView): ApiStatus {
  const { refused, memory } = view;
  return {
    conditions: [...view.mapped, ...refusal(refused), ...paused(view)],
    fields: {
      phase: refused.length === 0 ? 'Active' : 'Error',
      controllerOf: controllerOf(memory, memory.revisions.at(-1)),
    },
  };
}

function refusal(refused: readonly Diagnostic[]): readonly ConditionInput[] {
  if (refused.length === 0) return [];
  const isSource = refused.some(
    ({ code, message }) => SOURCE_CODES.has(code) || message.startsWith('for source '),
  );
  return [
    {
      type: 'package-operator.run/Invalid',
      status: 'True',
      reason: isSource ? 'SourceError' : 'TemplateError',
      message: problemsText(refused),
    },
  ];
}
