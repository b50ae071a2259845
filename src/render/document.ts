// What a YAML document is to Sluice: a unit, a plain manifest, a part of something else, or a mistake.
import { findApiKind, findApiKindOfGroup } from '../api/index.ts';
import type { ApiKind } from '../api/api-kind.ts';
import type { Position } from '../lang/yaml/index.ts';
import { PKO } from '../model/annotations.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject, objectAt, stringAt } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { annotationOf, groupOf } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { nameProblem, namespaceProblem } from './object-name.ts';
import type { UnitDocument } from './unit.ts';

export interface ParsedDocument {
  readonly value: Json;
  /** Number of the document in its file, from 0. */
  readonly index: number;
  /** From 1. */
  readonly line: number;
  /** Where the value at this path stands, or its nearest ancestor; with `at`, a character of its text. */
  readonly locate: (path: readonly (string | number)[], at?: Position) => Location;
}

export type ClassifiedDocument =
  | { readonly kind: 'known'; readonly apiKind: ApiKind; readonly document: UnitDocument }
  | { readonly kind: 'plain'; readonly document: UnitDocument }
  /** Nothing that could be meant as a manifest: said, and left out. */
  | { readonly kind: 'foreign'; readonly diagnostic: Diagnostic }
  | {
      readonly kind: 'invalid';
      readonly diagnostic: Diagnostic;
      /** Set for an object that names a phase: it belongs to a package, of which no manifest is known. */
      readonly isPackaged?: true;
    };

const EMPTY_PATH: readonly (string | number)[] = [];

/** All documents of a file, with the items of a `v1 List` taken apart. */
export function classifyDocuments(
  file: string,
  documents: readonly ParsedDocument[],
): readonly ClassifiedDocument[] {
  const found: ClassifiedDocument[] = [];
  for (const document of documents) {
    const { value } = document;
    if (isObject(value) && value['kind'] === 'List' && value['apiVersion'] === 'v1') {
      const items = value['items'];
      const list = Array.isArray(items) ? (items as readonly Json[]) : [];
      for (const [index, item] of list.entries()) {
        found.push(classify(file, document, item, ['items', index]));
      }
    } else found.push(classify(file, document, value, EMPTY_PATH));
  }
  return found;
}

function classify(
  file: string,
  document: ParsedDocument,
  value: Json,
  base: readonly (string | number)[],
): ClassifiedDocument {
  const place = (): Location =>
    base.length === 0 ? { file, line: document.line } : document.locate(base);
  const invalid = (
    code:
      | 'ManifestInvalid'
      | 'NameInvalid'
      | 'GenerateNameRefused'
      | 'KindUnsupported'
      | 'PackageNotFound',
    message: string,
    path: readonly string[] = [],
  ): ClassifiedDocument => {
    const where = path.length === 0 ? place() : document.locate([...base, ...path]);
    return { kind: 'invalid', diagnostic: diagnostic(code, message, where) };
  };
  if (!isObject(value))
    return foreign(place(), `the document is ${describe(value)}, not a manifest`);
  const apiVersion = stringAt(value, 'apiVersion') ?? '';
  const kind = stringAt(value, 'kind') ?? '';
  if (apiVersion === '' && kind === '') {
    return foreign(place(), 'the document has neither apiVersion nor kind, so it is no manifest');
  }
  if (apiVersion === '') return invalid('ManifestInvalid', `${kind} has no apiVersion`);
  if (kind === '') return invalid('ManifestInvalid', `a document of ${apiVersion} has no kind`);
  if (value['metadata'] !== undefined && !isObject(value['metadata'])) {
    return invalid('ManifestInvalid', `${kind}: metadata must be a map`, ['metadata']);
  }
  const trouble = nameTrouble(apiVersion, kind, value);
  if (trouble) return invalid(trouble.code, trouble.message, trouble.path);
  const apiKind = findApiKind(apiVersion, kind);
  if (apiKind === undefined) {
    const other = findApiKindOfGroup(groupOf(apiVersion), kind);
    if (other) {
      const message = `${kind} of ${apiVersion} is not known; write ${other.group}/${other.version}`;
      return invalid('KindUnsupported', message, ['apiVersion']);
    }
    // A package that has lost its manifest must not be applied as if its files were plain manifests.
    if (annotationOf(value, PKO.phase) !== undefined) {
      const message = `${kind} names a phase of a package, but no folder above it holds a PackageManifest`;
      const lost = invalid('PackageNotFound', message, ['metadata', 'annotations', PKO.phase]);
      return lost.kind === 'invalid' ? { ...lost, isPackaged: true } : lost;
    }
  }
  const unitDocument: UnitDocument = {
    manifest: value as Manifest,
    source: place(),
    locate:
      base.length === 0 ? document.locate : (path, at) => document.locate([...base, ...path], at),
  };
  return apiKind === undefined
    ? { kind: 'plain', document: unitDocument }
    : { kind: 'known', apiKind, document: unitDocument };
}

function foreign(where: Location, message: string): ClassifiedDocument {
  const item = diagnostic('ManifestInvalid', message, {
    ...where,
    severity: 'warning',
    hint: 'Nothing of it is applied. Move it out of the synced folders if it is meant for another program.',
  });
  return { kind: 'foreign', diagnostic: item };
}

interface NameTrouble {
  readonly code: 'ManifestInvalid' | 'NameInvalid' | 'GenerateNameRefused';
  readonly message: string;
  readonly path: readonly string[];
}

function nameTrouble(apiVersion: string, kind: string, value: JsonObject): NameTrouble | undefined {
  const metadata = objectAt(value, 'metadata');
  const name = metadata['name'];
  if (metadata['generateName'] !== undefined) {
    const message = `${kind} has metadata.generateName`;
    return { code: 'GenerateNameRefused', message, path: ['metadata', 'generateName'] };
  }
  if (name === undefined || name === null) {
    // Files of packages carry no name that matters, and a missing one is their own rule.
    if (apiVersion.startsWith('manifests.package-operator.run/')) return undefined;
    // Nor do configurations: one that lies here is in the wrong place, and told so.
    if (findApiKind(apiVersion, kind)?.role === 'configuration') return undefined;
    if (apiVersion.startsWith('kustomize.config.k8s.io/')) return undefined;
    return { code: 'ManifestInvalid', message: `${kind} has no metadata.name`, path: ['metadata'] };
  }
  const problem =
    typeof name === 'string'
      ? nameProblem(groupOf(apiVersion), kind, name)
      : `must be a string, is ${describe(name)}`;
  if (problem !== undefined) {
    const message = `${kind}: metadata.name ${shorten(name)} ${problem}`;
    return { code: 'NameInvalid', message, path: ['metadata', 'name'] };
  }
  const namespace = metadata['namespace'];
  if (namespace === undefined || namespace === null || namespace === '') return undefined;
  const wrong =
    typeof namespace === 'string'
      ? namespaceProblem(namespace)
      : `must be a string, is ${describe(namespace)}`;
  if (wrong === undefined) return undefined;
  const message = `${kind}: metadata.namespace ${shorten(namespace)} ${wrong}`;
  return { code: 'NameInvalid', message, path: ['metadata', 'namespace'] };
}

/** The value as text of at most 60 characters, so that a name of a thousand does not fill the screen. */
function shorten(value: Json): string {
  const text = typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}…"`;
}

function describe(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
