// What can be wrong with a package, in the words that package authors know (package-operator §1.4).
import { pathInPackage } from '../repository-path.ts';
import { diagnostic } from '../../model/diagnostic.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ErrorCode } from '../../model/error-codes.ts';

export const VIOLATION = {
  emptyPackage: 'Package image contains no files. Might be corrupted.',
  manifestNotFound: 'PackageManifest not found',
  unknownGvk: 'unknown GVK',
  manifestInvalid: 'PackageManifest invalid',
  manifestDuplicated: 'PackageManifest present multiple times',
  lockInvalid: 'PackageManifestLock invalid',
  lockDuplicated: 'PackageManifestLock present multiple times',
  invalidYaml: 'Invalid YAML',
  missingPhase: 'Missing package-operator.run/phase Annotation',
  phaseNotFound: 'Phase name not found in manifest',
  missingGvk: 'GroupVersionKind not set',
  duplicateObject: 'Duplicate Object',
  labelsInvalid: 'Labels invalid',
  unsupportedScope: 'Package unsupported scope',
  fixtureMismatch: 'File mismatch against fixture',
  componentsNotEnabled: 'Components not enabled',
  componentNotFound: 'Component not found',
  invalidComponentPath: 'Invalid component path',
  unknown: 'Unknown reason',
  nestedComponents: 'Nesting multi-component packages not allowed',
  fileInComponents: 'The components directory may only contain folders and dot files',
  kubeconform: 'Kubeconform rejected schema',
  lockMissing:
    'Missing image in manifest.lock.yaml, but using PackageManifest.spec.images. Try running: kubectl package update',
  imageMissingInLock:
    'Image specified in manifest but missing from lockfile. Try running: kubectl package update',
  imageDiffers:
    'Image specified in manifest does not match with lockfile. Try running: kubectl package update',
  invalidCondition: 'The CEL expression in package-operator.run/condition annotation is invalid.',
  // Not among upstream's reasons: there a faulty condition map ends the process (package-operator §1.6).
  conditionMapInvalid: 'Condition map invalid',
  collisionProtectionInvalid: 'Collision protection invalid',
} as const;

/** What to do about each of them, where the text does not say it. */
const HINTS: Readonly<Partial<Record<ViolationReason, string>>> = {
  [VIOLATION.emptyPackage]:
    'Put a manifest.yaml of kind PackageManifest and the objects into the folder.',
  [VIOLATION.manifestNotFound]: 'Add a manifest.yaml of kind PackageManifest to this folder.',
  [VIOLATION.unknownGvk]: 'Correct apiVersion and kind at the head of the file.',
  [VIOLATION.manifestInvalid]: 'Correct this field of the manifest.',
  [VIOLATION.manifestDuplicated]: 'Remove manifest.yaml or manifest.yml.',
  [VIOLATION.lockInvalid]: 'Correct the entry, or write the file anew with sluice package lock.',
  [VIOLATION.lockDuplicated]: 'Remove manifest.lock.yaml or manifest.lock.yml.',
  [VIOLATION.invalidYaml]:
    'Correct the YAML; where it comes from a template, what the template makes.',
  [VIOLATION.missingPhase]:
    'Add the annotation package-operator.run/phase with a phase that the manifest lists.',
  [VIOLATION.phaseNotFound]: 'Name one of these phases, or add this one to spec.phases.',
  [VIOLATION.missingGvk]: 'Give the object an apiVersion and a kind.',
  [VIOLATION.duplicateObject]:
    'Remove one of the two; conditions do not count: take alternatives apart in a template with if.',
  [VIOLATION.labelsInvalid]: 'Correct the key or the value of the label.',
  [VIOLATION.componentsNotEnabled]:
    'Take spec.component out of the instance, or add components: {} to the spec of the manifest.',
  [VIOLATION.componentNotFound]: 'Name one of the folders in components/.',
  [VIOLATION.nestedComponents]: 'Take spec.components out of the manifest of the component.',
  [VIOLATION.fileInComponents]:
    'Move the file into the folder of a component, or out of components/.',
  [VIOLATION.conditionMapInvalid]:
    'Write one line per mapping: <source type> => <destination type>.',
  [VIOLATION.collisionProtectionInvalid]: 'Write one of these values.',
};

const LOCK_REASONS: ReadonlySet<string> = new Set<ViolationReason>([
  VIOLATION.lockMissing,
  VIOLATION.imageMissingInLock,
  VIOLATION.imageDiffers,
]);

/**
 * What to do about a violation; undefined where only its text can say it.
 * @param folder of the package, as people name it; empty for the folder they are in
 */
export function violationHint(violation: Violation, folder: string): string | undefined {
  if (violation.hint !== undefined || violation.reason === '') return violation.hint;
  // Upstream's text names its own command.
  if (LOCK_REASONS.has(violation.reason)) {
    return `Here that is: sluice package lock ${folder === '' ? '.' : folder}`;
  }
  return HINTS[violation.reason];
}

export type ViolationReason = (typeof VIOLATION)[keyof typeof VIOLATION];

export interface Violation {
  readonly reason: ViolationReason | '';
  /** The whole text, for errors that have no reason in upstream's list. */
  readonly text?: string | undefined;
  readonly details?: string | undefined;
  /** Path inside the package. */
  readonly path?: string | undefined;
  /** File to look into, where it is not the one that the text names. */
  readonly place?: string | undefined;
  /** Number of the YAML document in the file, from 0. */
  readonly index?: number | undefined;
  readonly component?: string | undefined;
  /** The text or name that is at fault. */
  readonly subject?: string | undefined;
  /** Line in the file, from 1, where it is known. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** Code of the diagnostic; PackageInvalid unless given. */
  readonly code?: ErrorCode | undefined;
  /** What to do, in place of the usual advice of the code. */
  readonly hint?: string | undefined;
}

/** `<reason>[ in <path>[ idx <N>]][ [<component>]][: <details>][\n<subject>]` */
export function formatViolation(violation: Violation): string {
  const { reason, details, path, index, component, subject } = violation;
  if (violation.text !== undefined) return violation.text;
  let text = reason === '' ? VIOLATION.unknown : reason;
  if (path) text += ` in ${path}${index === undefined ? '' : ` idx ${index}`}`;
  if (component) text += ` [${component}]`;
  if (details) text += `: ${details}`;
  if (subject) text += `\n${subject.trim()}`;
  return text;
}

/** The same, with what comes from a component said so (package-operator §1.3). */
export function inComponent(component: string, text: string): string {
  return component === '' ? text : `component "${component}": ${text}`;
}

/**
 * A violation as a diagnostic that points into the repository.
 * @param folder where the package lies in the repository
 * @param component the component that is being loaded; empty for the root package
 */
export function violationDiagnostic(
  violation: Violation,
  folder: string,
  component = '',
): Diagnostic {
  const path = violation.place ?? violation.path ?? 'manifest.yaml';
  const { line, column } = violation;
  const hint = violationHint(violation, folder);
  // Package errors may quote a whole file: people have the file, a log has not the room.
  const message = inComponent(component, formatViolation({ ...violation, subject: undefined }));
  return diagnostic(violation.code ?? 'PackageInvalid', message, {
    file: pathInPackage({ folder, component }, path),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(hint === undefined ? {} : { hint }),
  });
}
