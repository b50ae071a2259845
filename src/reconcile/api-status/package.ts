// Status of Package and ClusterPackage (package-operator §5.4). Pure.
import type { ConditionInput } from '../../model/conditions.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ErrorCode } from '../../model/error-codes.ts';
import { rolloutConditions } from './deployment.ts';
import { invalid, problemsText } from './invalid.ts';
import { paused } from './paused.ts';
import { statusOf } from './view.ts';
import type { ApiStatus, StatusView } from './view.ts';

/** The files of the package could not be had, which says nothing about what is in them. */
const PULL_FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'PackageNotFound',
  'AskUnanswered',
  'RegistryFailed',
  'GitFailed',
  'SourceUnreachable',
]);

/** Conditions and fields of a package: its own, and those of the deployment that upstream would have made. */
export function packageStatus(view: StatusView): ApiStatus {
  const pull = view.refused.filter(isPullFailure);
  const content = { ...view, refused: view.refused.filter((item) => !isPullFailure(item)) };
  const conditions = [
    ...rolloutConditions(view),
    unpacked(pull),
    ...invalid(content),
    ...paused(view),
  ];
  const newest = view.memory.revisions.at(-1);
  const { unpackedHash } = view.memory;
  return {
    conditions,
    fields: {
      phase: phaseOf(conditions),
      ...(unpackedHash === undefined ? {} : { unpackedHash }),
      ...(newest ? { revision: newest.number } : {}),
    },
  };
}

/** A folder without a manifest was had, and is no package; a folder that is not there was not. */
function isPullFailure({ code, message }: Diagnostic): boolean {
  return PULL_FAILURES.has(code) && !message.includes('PackageManifest');
}

function unpacked(pull: readonly Diagnostic[]): ConditionInput {
  if (pull.length === 0) {
    const message = 'Unpack job succeeded';
    return { type: 'Unpacked', status: 'True', reason: 'UnpackSuccess', message };
  }
  const message = problemsText(pull);
  return { type: 'Unpacked', status: 'False', reason: 'ImagePullBackOff', message };
}

function phaseOf(conditions: readonly ConditionInput[]): string {
  if (statusOf(conditions, 'Invalid') === 'True') return 'Invalid';
  if (statusOf(conditions, 'Progressing') === 'True') return 'Progressing';
  return statusOf(conditions, 'Available') === 'True' ? 'Available' : 'NotReady';
}
