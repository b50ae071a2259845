// What a check against schemas found, in the words of package authors.
import { objectAt, stringAt } from '../../../model/json.ts';
import { groupOf } from '../../../model/manifest.ts';
import { BUILTIN_VERSIONS, invalidMessage } from '../../../schema/index.ts';
import type { FieldError } from '../../../schema/index.ts';
import { parseFieldPath } from '../field-error.ts';
import { VIOLATION } from '../violation.ts';
import type { Violation } from '../violation.ts';
import type { AbsentLocation } from './location-probe.ts';
import { formatSchemaKind } from './schema-location.ts';
import type { KubeconformSettings } from './schema-location.ts';
import { kindOf } from './written-objects.ts';
import type { ObjectGroup, WrittenObject } from './written-objects.ts';

export interface SchemaReport {
  /** Empty for the root package. */
  readonly component: string;
  /** Path of the manifest in the package or component. */
  readonly manifest: string;
  /** Why the check as a whole could not be made: settings, locations, versions. */
  readonly faults: readonly Violation[];
  readonly groups: readonly CheckedGroup[];
  /** Kinds that no location knows, with the number of their objects; sorted. */
  readonly unknown: readonly UnknownKind[];
  /** Kinds that only the network could tell about, which was not to be used; sorted. */
  readonly offline: readonly string[];
}

export interface UnknownKind {
  /** `Widget.example.com/v1` */
  readonly kind: string;
  readonly objects: number;
}

export interface CheckedGroup {
  /** The test case; empty for the static files of a package without cases. */
  readonly testCase: string;
  readonly violations: readonly Violation[];
}

export type FinalVerdict =
  | { readonly kind: 'checked'; readonly errors: readonly FieldError[] }
  | { readonly kind: 'unavailable'; readonly location: string; readonly reason: string }
  | { readonly kind: 'offline' }
  | { readonly kind: 'none' };

export interface ReportInput {
  readonly component: string;
  readonly settings: KubeconformSettings;
  readonly manifest: string;
  /** Line of the settings in the manifest. */
  readonly line: number;
  readonly groups: readonly ObjectGroup[];
  readonly verdicts: ReadonlyMap<WrittenObject, FinalVerdict>;
  readonly absent: readonly AbsentLocation[];
}

/** Puts verdicts together; the same object of several cases counts once. */
export function schemaReport(input: ReportInput): SchemaReport {
  const unavailable = new Map<string, { reason: string; kinds: Set<string> }>();
  const unknown = new Map<string, Set<string>>();
  const offline = new Set<string>();
  for (const [object, verdict] of input.verdicts) {
    const kind = formatSchemaKind(kindOf(object));
    if (verdict.kind === 'offline') offline.add(kind);
    if (verdict.kind === 'none') {
      unknown.set(kind, (unknown.get(kind) ?? new Set()).add(identity(object)));
    }
    if (verdict.kind === 'unavailable') {
      const { location, reason } = verdict;
      const known = unavailable.get(location) ?? { reason, kinds: new Set<string>() };
      known.kinds.add(kind);
      unavailable.set(location, known);
    }
  }
  const fault = (text: string, hint: string): Violation => ({
    reason: '',
    text: `test.kubeconform: ${text}`,
    place: input.manifest,
    line: input.line,
    code: 'SchemaUnavailable',
    hint,
  });
  return {
    component: input.component,
    manifest: input.manifest,
    faults: [
      ...[...unavailable].map(([location, { reason, kinds }]) =>
        fault(
          `objects of ${shortList([...kinds].sort())} were not checked: ${location}: ${reason}`,
          'Correct schemaLocations, or try again when the location answers.',
        ),
      ),
      ...input.absent.map((absent) => absentFault(absent, input.settings, fault)),
    ],
    groups: input.groups.map(({ testCase, objects }) => ({
      testCase,
      violations: distinct(objects.flatMap((object) => refusals(object, input.verdicts))),
    })),
    unknown: [...unknown]
      .map(([kind, objects]) => ({ kind, objects: objects.size }))
      .sort((a, b) => (a.kind < b.kind ? -1 : 1)),
    offline: [...offline].sort(),
  };
}

/** `3 objects not checked: no schema for Widget.example.com/v1` */
export function formatUnknownKind({ kind, objects }: UnknownKind): string {
  return `${objects} ${objects === 1 ? 'object' : 'objects'} not checked: no schema for ${kind}`;
}

function absentFault(
  { kind, location }: AbsentLocation,
  { kubernetesVersion }: KubeconformSettings,
  fault: (text: string, hint: string) => Violation,
): Violation {
  if (kind === 'folder') {
    return fault(
      `${location.text}: the repository has no such folder`,
      'Correct schemaLocations: paths start at the folder of the package, with / at the root of the repository.',
    );
  }
  return fault(
    `there are no schemas of Kubernetes ${kubernetesVersion}: not even Deployment.apps/v1 is at ${location.text}`,
    `Correct kubernetesVersion; schemas of ${BUILTIN_VERSIONS.join(', ')} are built in.`,
  );
}

function refusals(object: WrittenObject, verdicts: ReportInput['verdicts']): readonly Violation[] {
  const { path, sourcePath, index, field, value, fault } = object;
  const violation = (details: string, where: string): Violation => ({
    reason: VIOLATION.kubeconform,
    path,
    ...(sourcePath === path ? {} : { place: sourcePath }),
    index,
    details,
    ...object.locate(parseFieldPath(where) ?? []),
  });
  const verdict = verdicts.get(object);
  const doubled = fault === undefined ? [] : [violation(fault, '')];
  if (verdict?.kind !== 'checked' || verdict.errors.length === 0) return doubled;
  const errors = verdict.errors.map((error) => ({ ...error, field: inside(field, error.field) }));
  const { apiVersion, kind } = kindOf(object);
  const named = {
    group: groupOf(apiVersion),
    kind,
    name: stringAt(objectAt(value, 'metadata'), 'name') ?? '',
  };
  return [...doubled, violation(invalidMessage(named, errors), errors[0]?.field ?? '')];
}

function inside(base: string, field: string): string {
  return base === '' || field === '' ? `${base}${field}` : `${base}.${field}`;
}

function identity({ path, index, field, value }: WrittenObject): string {
  return JSON.stringify([path, index, field, stringAt(objectAt(value, 'metadata'), 'name') ?? '']);
}

function shortList(kinds: readonly string[]): string {
  const shown = kinds.slice(0, 3);
  const more = kinds.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more kinds`;
}

function distinct(violations: readonly Violation[]): readonly Violation[] {
  return [...new Map(violations.map((item) => [JSON.stringify(item), item])).values()];
}
