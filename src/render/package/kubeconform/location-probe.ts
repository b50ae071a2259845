// Whether locations that had nothing are there at all: a wrong version or folder must not look like unknown kinds.
import type { DocumentAnswer } from './document-answer.ts';
import type { SchemaCollection, SchemaKind, SchemaLocation } from './schema-location.ts';

/** A location without anything to check against. */
export interface AbsentLocation {
  readonly kind: 'version' | 'folder';
  readonly location: SchemaCollection;
}

export interface LocationProbe {
  /** Addresses to read first; a slash at the end stands for a folder. */
  readonly needs: readonly string[];
  readonly absent: readonly AbsentLocation[];
}

/** Kinds of every version of Kubernetes. */
const CORE_KINDS: readonly SchemaKind[] = [
  { apiVersion: 'v1', kind: 'ConfigMap' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
];

/**
 * Looks at the locations that were asked and had nothing: whether their folder is there, and whether any of
 * them that go by version has a kind that every version has.
 * @param asked the kinds of all objects
 */
export function probeLocations(
  locations: readonly SchemaLocation[],
  asked: readonly SchemaKind[],
  answers: ReadonlyMap<string, DocumentAnswer>,
): LocationProbe {
  const collections = locations.filter((location) => location.kind === 'collection');
  const answersOf = (
    location: SchemaCollection,
    kinds: readonly SchemaKind[],
  ): readonly (readonly [string, DocumentAnswer | undefined])[] =>
    kinds.flatMap((kind) => {
      const place = location.addressOf(kind);
      return place.kind === 'ok' ? [[place.address, answers.get(place.address)] as const] : [];
    });
  const isEmpty = (location: SchemaCollection): boolean => {
    const given = answersOf(location, asked).flatMap(([, answer]) => answer ?? []);
    return given.length > 0 && given.every(({ kind }) => kind === 'missing');
  };
  const empty = collections.filter(isEmpty);
  const needs = new Set<string>();
  const absent: AbsentLocation[] = [];
  for (const location of empty) {
    const { folder } = location;
    if (folder === undefined) continue;
    const answer = answers.get(folder);
    if (answer === undefined) needs.add(folder);
    else if (answer.kind === 'missing') absent.push({ kind: 'folder', location });
  }
  const versioned = collections.filter(({ usesVersion }) => usesVersion);
  const silent = versioned.filter((location) => empty.includes(location));
  // Any document of this version shows that there is one.
  const isKnown = versioned.some((location) =>
    answersOf(location, asked).some(
      ([, answer]) => answer !== undefined && answer.kind !== 'missing',
    ),
  );
  if (silent.length === 0 || isKnown) return { needs: [...needs], absent };
  const probes = silent.flatMap((location) => answersOf(location, CORE_KINDS));
  for (const [address, answer] of probes) if (answer === undefined) needs.add(address);
  const missing = probes.every(([, answer]) => answer?.kind === 'missing');
  const [first] = silent.filter((location) => absent.every((item) => item.location !== location));
  if (missing && first) absent.push({ kind: 'version', location: first });
  return { needs: [...needs], absent };
}
