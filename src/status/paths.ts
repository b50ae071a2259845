// Where things lie on the status branch, and how names become path segments that every file system accepts.
import { createHash } from 'node:crypto';
import { FOLDER_KIND } from '../model/unit-id.ts';
import type { UnitName } from '../model/unit-id.ts';

/** Stands in the place of a namespace for what has none. */
const CLUSTER = '_cluster';
/** Holds the plain directories of a target. */
const FOLDERS = '_folders';
/** Names that mean something of their own in a unit's directory; a folder of that name is escaped. */
const FILES_OF_A_UNIT = ['unit.yaml', 'inventory.yaml', 'revisions'];

const LONGEST_SEGMENT = 200;
const HASH_DIGITS = 20;

/**
 * Percent-encodes every byte outside `[A-Za-z0-9._-]`, and a leading dot. What is longer than 200 bytes then is
 * cut and gets `~` and a hash of the whole: `~` is always encoded, so a cut name is never taken for a whole one.
 */
export function escapeSegment(text: string): string {
  return cut(escapeBytes(text).replace(/^\./u, '%2E'));
}

function cut(escaped: string): string {
  if (escaped.length <= LONGEST_SEGMENT) return escaped;
  const hash = createHash('sha256').update(escaped).digest('hex').slice(0, HASH_DIGITS);
  const kept = escaped.slice(0, LONGEST_SEGMENT - HASH_DIGITS - 1).replace(/%[0-9A-F]?$/u, '');
  return `${kept}~${hash}`;
}

/** What `escapeSegment` was given, or undefined for a cut segment and for what it never writes. */
export function unescapeSegment(segment: string): string | undefined {
  if (!/^(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+$/u.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * `units/<target>/<namespace|_cluster>/<Kind>.<group>/<name>` without a slash at the end; plain directories lie
 * below `units/<target>/_folders/<path>`, the root of the repository at `_folders/%2E`.
 */
export function unitDirectory(name: UnitName): string {
  const target = `units/${escapeSegment(name.target)}`;
  if (isFolder(name)) {
    const parts = name.name.split('/').map((part) => escapeNamed(part, FILES_OF_A_UNIT));
    return `${target}/${FOLDERS}/${parts.join('/')}`;
  }
  return `${target}/${namespaceSegment(name.namespace)}/${kindSegment(name)}/${escapeSegment(name.name)}`;
}

/** The unit that a directory belongs to, or undefined where a part of its name was cut. */
export function parseUnitDirectory(directory: string): UnitName | undefined {
  const [units, targetPart, second, ...rest] = directory.split('/');
  const target = targetPart === undefined ? undefined : unescapeSegment(targetPart);
  if (units !== 'units' || target === undefined || second === undefined) return undefined;
  if (second === FOLDERS) {
    const parts = rest.map(unescapeSegment);
    if (parts.length === 0 || parts.includes(undefined)) return undefined;
    return { target, group: '', kind: FOLDER_KIND, namespace: '', name: parts.join('/') };
  }
  const [kindPart = '', namePart = ''] = rest;
  const namespace = second === CLUSTER ? '' : unescapeSegment(second);
  const name = unescapeSegment(namePart);
  const kind = parseKind(kindPart);
  if (rest.length !== 2 || namespace === undefined || name === undefined || !kind) return undefined;
  return { target, ...kind, namespace, name };
}

/** The directory that a file below `units/` belongs to, or undefined for other files. */
export function unitDirectoryOf(path: string): string | undefined {
  if (!path.startsWith('units/')) return undefined;
  return /^(.+?)\/(?:unit\.yaml|inventory\.yaml|object\.yaml|revisions\/.+)$/u.exec(path)?.[1];
}

/** `index/<target>/<namespace|_cluster>.json` */
export function indexPath(target: string, namespace: string): string {
  return `index/${escapeSegment(target)}/${namespaceSegment(namespace)}.json`;
}

/** `plans/<branch>.<extension>`; a slash in the branch is escaped like everything else. */
export function planPath(branch: string, extension: 'md' | 'json'): string {
  return `plans/${escapeSegment(branch)}.${extension}`;
}

function isFolder(name: UnitName): boolean {
  return name.kind === FOLDER_KIND && name.group === '' && name.namespace === '';
}

function namespaceSegment(namespace: string): string {
  return namespace === '' ? CLUSTER : escapeNamed(namespace, [CLUSTER, FOLDERS]);
}

function kindSegment(name: UnitName): string {
  // A dot ends the kind, so one inside it must not be taken for that.
  const kind = escapeBytes(name.kind).replaceAll('.', '%2E');
  return cut(name.group === '' ? kind : `${kind}.${escapeBytes(name.group)}`);
}

function parseKind(segment: string): { readonly kind: string; readonly group: string } | undefined {
  const dot = segment.indexOf('.');
  const kind = unescapeSegment(dot < 0 ? segment : segment.slice(0, dot));
  const group = dot < 0 ? '' : unescapeSegment(segment.slice(dot + 1));
  return kind === undefined || group === undefined ? undefined : { kind, group };
}

/** Escapes the first character of names that are taken, which decoding undoes by itself. */
function escapeNamed(text: string, taken: readonly string[]): string {
  if (!taken.includes(text)) return escapeSegment(text);
  return `%${text.charCodeAt(0).toString(16).toUpperCase()}${text.slice(1)}`;
}

function escapeBytes(text: string): string {
  let escaped = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(byte);
    escaped += /[A-Za-z0-9._-]/u.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
