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
  const [document] = documents;
  if (trouble && (!document || (trouble.line ?? 0) <= document.line)) {
    const { line, column } = trouble;
    return invalid({ reason: VIOLATION.invalidYaml, details: trouble.message, path, line, column });
  }
  const value = document?.value;
  if (!document || !isObject(value)) {
    return invalid({ reason: VIOLATION.invalidYaml, details: 'the file holds no map', path });
  }
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const found = stringAt(value, 'kind') ?? '';
  const group = groupOf(apiVersion);
  const line = document.positionOf(['kind']).line;
  if (group !== GROUP || found !== kind) {
    const is = group === '' ? found : `${found}.${group}`;
    const details = `GroupKind must be ${kind}.${GROUP}, is: ${is}`;
    return invalid({ reason: VIOLATION.unknownGvk, details, path, line });
  }
  const version = apiVersion.slice(group.length + 1);
  if (version !== VERSION) {
    const details = `unknown version ${version}, supported versions: ${VERSION}`;
    return invalid({ reason: VIOLATION.unknownGvk, details, path, line });
  }
  const positionOf: PackageDocument['positionOf'] = (where, at) =>
    at === undefined ? document.positionOf(where) : document.textPositionOf(where, at);
  return { kind: 'ok', document: { path, value, positionOf } };
}

function invalid(violation: Violation): PackageDocumentResult {
  return { kind: 'invalid', violation };
}
