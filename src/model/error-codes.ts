// Every code that a diagnostic or an error can carry; docs/reference/errors.md is checked against it.
import type { Severity } from './diagnostic.ts';

interface CodeEntry {
  readonly severity: Severity;
  /** What to do next, in one sentence. */
  readonly hint: string;
}

const error = (hint: string): CodeEntry => ({ severity: 'error', hint });
const warning = (hint: string): CodeEntry => ({ severity: 'warning', hint });
const info = (hint: string): CodeEntry => ({ severity: 'info', hint });

export const ERROR_CODES = {
  // reading files
  YamlInvalid: error('Correct the YAML at this place; the rest of the repository is not affected.'),
  YamlDuplicateKey: error('Keep one of the two keys.'),
  YamlLimit: error('Make the file smaller or less nested; the limit is named in the message.'),
  FileEncoding: error('Save the file as UTF-8.'),
  FileSkipped: info('Symlinks and submodules are never followed; commit the content itself.'),
  // manifests and units
  ManifestInvalid: error('Give the document apiVersion, kind and metadata.name.'),
  NameInvalid: error('Use a name that the API allows.'),
  GenerateNameRefused: error(
    'Give the object a fixed metadata.name: a generated one cannot be reconciled.',
  ),
  KindUnsupported: error('Remove the file or use a kind of docs/reference/kinds.md.'),
  KustomizationUnsupported: error(
    'Render the kustomization and commit the result, or move the folder out of the synced paths.',
  ),
  SchemaInvalid: error('Correct the field; docs/reference lists the fields of the kind.'),
  UnitDuplicate: error('Keep one of the two, or give one another name.'),
  ObjectDuplicate: error('Keep one of the two definitions of the object.'),
  ObjectClaimed: error('Remove the object from one of the two units.'),
  ImmutableField: error(
    'Restore the field, or delete the object and create it under another name.',
  ),
  ConfigInvalid: error(
    'Correct sluice.yaml; until then the last good configuration stays in force.',
  ),
  ConfigMissing: error(
    'Restore sluice.yaml, or approve its absence; nothing is pruned until then.',
  ),
  TargetUnknown: error('Name a target that the daemon or sluice.yaml defines.'),
  PathNotSynced: info('Add the folder to a sync entry if it should be applied.'),
  // dependencies
  DependencyUnknown: error('Name an existing unit in sluice.dev/depends-on.'),
  DependencyCycle: error('Remove one of the dependencies of the cycle.'),
  DependencyNotReady: info('Nothing to do: the unit starts when its dependencies are ready.'),
  // units inside units
  NestingCycle: error('Remove one of the units of the cycle from the package that renders it.'),
  NestingTooDeep: error(
    'Let a package of Git ask for the unit; the limit is named in the message.',
  ),
  NestingWaits: info('Nothing to do: the unit goes on when the unit that asks for it gets there.'),
  // packages
  PackageNotFound: error('Point spec.image at a folder that holds a manifest.yaml.'),
  PackageInvalid: error(
    'Correct the package; the message names the rule, the file and the document.',
  ),
  PackageConfigInvalid: error('Correct spec.config of the package instance.'),
  TemplateInvalid: error('Correct the template at this place.'),
  TemplateFailed: error('Correct the template or the values it uses.'),
  CelInvalid: error('Correct the expression.'),
  CelFailed: error('Correct the expression or guard it with has().'),
  SchemaUnavailable: error('The message says which schemas could not be had, and why.'),
  SchemaUnchecked: info('Run sluice test, which reads schemas from the web too.'),
  PhaseUnknown: error('Use a phase that the manifest lists.'),
  RenderLimit: error('Make the package smaller; the limit is named in the message.'),
  AskUnanswered: error('The message says which input could not be had, and why.'),
  RenderEmpty: warning(
    'A unit that renders to nothing is held, not pruned; set safety.allowEmpty if it is meant.',
  ),
  // applying
  PreflightFailed: error('Correct the object; nothing of its phase was applied.'),
  CollisionDetected: error(
    'Somebody else owns the object: rename ours, or set collision protection.',
  ),
  ObjectRejected: error('Correct the object; the message is the answer of the target.'),
  ApplyConflict: warning('Another program manages the same fields; agree on one owner.'),
  ProbeFailed: info('The phase stays closed until the probe passes.'),
  ProgressDeadlineExceeded: error(
    'See the probes of the phase; a new commit starts a new attempt.',
  ),
  OwnershipUnproven: warning(
    'The object carries no proof that it is ours; delete it by hand, or adopt it.',
  ),
  ReplaceRequired: error(
    'Allow it with sluice.dev/replace: allowed, or restore the immutable field.',
  ),
  SafetyHeld: error(
    'Approve the plan hash in sluice.yaml, or raise the limit, if these deletions are meant.',
  ),
  ConditionMalformed: warning(
    'The controller of the object writes what is no condition; correct it there, or take the mapping away.',
  ),
  PruneHeld: warning('The removal waits; the message says for what.'),
  TargetUnreachable: error('Check the target; the unit is tried again with growing delay.'),
  TargetIdentityChanged: warning(
    'The target is another one than recorded; its old entries are parked, not pruned.',
  ),
  UnitSuspended: info('Remove sluice.dev/suspend (or spec.paused) to go on.'),
  // source
  SourceUnreachable: error('Check address, network and credentials; running rollouts go on.'),
  SourceBranchMissing: error('Create the branch, or name another; nothing is pruned until then.'),
  SourceRewritten: warning('The branch was force-pushed; the new content is in force.'),
  SourceReplaced: error(
    'The repository has another root commit than recorded; nothing is pruned until it is approved.',
  ),
  RegistryFailed: error('The message is what happened; check reference, network and credentials.'),
  // status
  StatusUnpushed: warning('Status is committed locally and is pushed when the remote is back.'),
  StatusLocalOnly: info('Set status.push to publish the status branch.'),
  StatusRestored: info('Nothing to do: the copy that was left is in force again.'),
  StatusStranger: info(
    'Nothing to do; whoever commits to the status branch is not heard, so commit elsewhere.',
  ),
  StatusForeign: error(
    'The status branch belongs to another instance; name another branch, or use --takeover.',
  ),
  StatusRewritten: error(
    'The status branch was rewritten by somebody; restore it, or use --takeover.',
  ),
  Fenced: error('Another daemon took this instance over; stop one of the two.'),
  // program
  UsageInvalid: error('See --help.'),
  DataDirInvalid: error('Use another data directory, or remove this one.'),
  GitMissing: error('Install git 2.30 or newer.'),
  GitFailed: error('The message is what git said.'),
  Interrupted: info('Start it again; it goes on where it stopped.'),
  Internal: error('This is a fault in Sluice; please report it with the message.'),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;
