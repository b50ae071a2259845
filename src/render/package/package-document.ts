// Manifest and lock file as documents: read, and checked for being what they must be (package-operator §1.1).
import { readManifests } from '../../lang/yaml/index.ts';
import type { Position } from '../../lang/yaml/index.ts';
import { isObject, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { groupOf } from '../../model/manifest.ts';
import { VIOLATION } from './violation.ts';
import type { Violation } from './violation.ts';

export interface PackageDocument {
  readonly path: string;
  readonly value: JsonObject;
  /** With `at`, of a character of the text at the path. */
  readonly positionOf: (path: readonly (string | number)[], at?: Position) => Position;
}

export type PackageDocumentResult =
  | { readonly kind: 'ok'; readonly document: PackageDocument }
  | { readonly kind: 'invalid'; readonly violation: Violation };

const GROUP = 'manifests.package-operator.run';
const VERSION = 'v1alpha1';

/** Reads the first document of a file and checks group, version and kind. */
export function readPackageDocument(
  path: string,
  content: Uint8Array,
  kind: 'PackageManifest' | 'PackageManifestLock',
): PackageDocumentResult {
  const { documents, diagnostics } = readManifests(content, { file: path, duplicateKeys: 'last' });
  const trouble = diagnostics.find((item) => item.severity === 'error');
  const [document, dropped] = documents;
  if (trouble && (!document || (trouble.line ?? 0) <= document.line)) {
    const { line, column } = trouble;
    return invalid({ reason: VIOLATION.invalidYaml, details: trouble.message, path, line, column });
  }
  const value = document?.value;
  if (!document || !isObject(value)) {
    return invalid({ reason: VIOLATION.invalidYaml, details: 'the file holds no map', path });
  }
  if (dropped !== undefined) {
    const { line } = dropped;
    const details = `another document begins in line ${line} and would be dropped: a ${kind} stands alone`;
    const hint = 'Remove it, or move it to a file of its own.';
    return invalid({ reason: VIOLATION.invalidYaml, details, path, line, hint });
  }
  const details = headFault(value, kind);
  if (details !== undefined) {
    const { line } = document.positionOf(['kind']);
    return invalid({ reason: VIOLATION.unknownGvk, details, path, line });
  }
  const positionOf: PackageDocument['positionOf'] = (where, at) =>
    at === undefined ? document.positionOf(where) : document.textPositionOf(where, at);
  return { kind: 'ok', document: { path, value, positionOf } };
}

/** What is wrong with group, version and kind of a document that should be a manifest or a lock file. */
function headFault(
  value: JsonObject,
  kind: 'PackageManifest' | 'PackageManifestLock',
): string | undefined {
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const found = stringAt(value, 'kind') ?? '';
  const group = groupOf(apiVersion);
  if (group !== GROUP || found !== kind) {
    const is = group === '' ? found : `${found}.${group}`;
    return `GroupKind must be ${kind}.${GROUP}, is: ${is}`;
  }
  const version = apiVersion.slice(group.length + 1);
  if (version === VERSION) return undefined;
  return `unknown version ${version}, supported versions: ${VERSION}`;
}

function invalid(violation: Violation): PackageDocumentResult {
  return { kind: 'invalid', violation };
}
