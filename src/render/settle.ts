// The last step of every render: objects get their namespace, and what must not be applied is found.
import { PKO } from '../model/annotations.ts';
import type {
  CollisionProtection,
  ConditionMapping,
  DesiredObject,
  DesiredPhase,
} from '../model/desired.ts';
import { diagnostic, hasErrors } from '../model/diagnostic.ts';
import type { Diagnostic, Location } from '../model/diagnostic.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { withAnnotations } from '../model/manifest.ts';
import type { Manifest } from '../model/manifest.ts';
import { formatObjectKey, keyOf, refOf } from '../model/object-key.ts';
import { objectLeverProblems } from './lever-problems.ts';
import { nameProblem } from './object-name.ts';
import { phaseMixWarnings } from './phase-mix.ts';
import { knownScope, scopesOfCrds } from './scope.ts';
import type { KindScope, ScopeTable } from './scope.ts';
import { askKey } from './unit.ts';
import type { Answers, Ask } from './unit.ts';

export interface DraftObject {
  readonly manifest: Manifest;
  readonly collisionProtection: CollisionProtection;
  readonly conditionMappings: readonly ConditionMapping[];
  readonly external: boolean;
  readonly copyConditions?: true;
  readonly source: Location;
  readonly locate: (path: readonly (string | number)[]) => Location;
}

export interface DraftPhase {
  readonly name: string;
  readonly class: string | undefined;
  readonly objects: readonly DraftObject[];
}

export interface SettleRules {
  /**
   * `inside`: everything stays in the unit's namespace (namespaced units of the Package Operator API).
   * `explicit`: namespaced objects must say theirs (cluster-scoped units).
   * `default`: the unit's namespace is for those that name none (folders).
   */
  readonly namespaces: 'inside' | 'explicit' | 'default';
  readonly namespace: string;
  /** Scopes of CRDs of the snapshot. */
  readonly crdScopes: ScopeTable;
  readonly answers: Answers;
  /** The documents are the objects, and their levers were read when the unit was found. Default false. */
  readonly leversRead?: boolean;
}

export type Settled =
  | {
      readonly kind: 'settled';
      readonly phases: readonly DesiredPhase[];
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly kind: 'asks'; readonly asks: readonly Ask[] }
  | { readonly kind: 'failed'; readonly diagnostics: readonly Diagnostic[] };

/** Annotations that tell Package Operator what to do with an object; they are no part of it. */
const INSTRUCTIONS: Readonly<Record<string, undefined>> = {
  [PKO.phase]: undefined,
  [PKO.condition]: undefined,
  [PKO.conditionMap]: undefined,
  [PKO.collisionProtection]: undefined,
  [PKO.external]: undefined,
};

/** Settles all objects of a unit; every violation is reported, not just the first. */
export function settlePhases(phases: readonly DraftPhase[], rules: SettleRules): Settled {
  const own = scopesOfCrds(phases.flatMap((phase) => phase.objects.map((item) => item.manifest)));
  const asks = new Map<string, Ask>();
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const scopeOf = (manifest: Manifest): KindScope | 'unknown' | undefined => {
    const known = knownScope(manifest.apiVersion, manifest.kind, [own, rules.crdScopes]);
    if (known) return known;
    const ask: Ask = { kind: 'scope', apiVersion: manifest.apiVersion, objectKind: manifest.kind };
    const answer = rules.answers.get(askKey(ask));
    if (answer?.kind === 'scope') return answer.scope;
    if (answer?.kind === 'failed') diagnostics.push(answer.diagnostic);
    else asks.set(askKey(ask), ask);
    return undefined;
  };
  const settled = phases.map((phase): DesiredPhase => {
    const objects: DesiredObject[] = [];
    for (const draft of phase.objects) {
      const scope = scopeOf(draft.manifest);
      if (scope === undefined) continue;
      const result = settleObject(draft, phase, scope, rules);
      if ('object' in result) objects.push(result.object);
      for (const item of result.problems) {
        (item.severity === 'warning' ? warnings : diagnostics).push(item);
      }
    }
    return { name: phase.name, class: phase.class, objects };
  });
  if (asks.size > 0) return { kind: 'asks', asks: [...asks.values()] };
  diagnostics.push(...duplicates(settled));
  if (diagnostics.length > 0) return { kind: 'failed', diagnostics: [...diagnostics, ...warnings] };
  warnings.push(...phaseMixWarnings(settled));
  return { kind: 'settled', phases: settled, warnings };
}

interface SettledObject {
  readonly problems: readonly Diagnostic[];
  readonly object?: DesiredObject;
}

function settleObject(
  draft: DraftObject,
  phase: DraftPhase,
  scope: KindScope | 'unknown',
  rules: SettleRules,
): SettledObject {
  const problems: Diagnostic[] = [];
  const written = draft.manifest.metadata.namespace;
  const given = typeof written === 'string' ? written : '';
  const violation = (text: string, path: readonly string[]): void => {
    const { kind, metadata } = draft.manifest;
    const where = given === '' ? rules.namespace : given;
    const message = `Phase "${phase.name}", ${kind} ${where}/${metadata.name ?? ''}: ${text}`;
    problems.push(diagnostic('PreflightFailed', message, draft.locate(path)));
  };
  const namespace = namespaceFor(given, scope, rules);
  // Phases of a class are applied elsewhere, by somebody with rules of their own (package-operator §7.3).
  const isOurs = phase.class === undefined;
  if (rules.namespaces === 'inside' && isOurs) {
    if (scope === 'Cluster') {
      violation('Must be namespaced scoped when part of an non-cluster-scoped API.', ['kind']);
    } else if (namespace !== rules.namespace) {
      violation('Must stay within the same namespace.', ['metadata', 'namespace']);
    }
  }
  if (scope === 'Namespaced' && namespace === '') {
    violation("Object doesn't have a namespace and no default is provided.", ['metadata']);
  }
  const metadata = draft.manifest.metadata as JsonObject;
  if (metadata['ownerReferences'] !== undefined) {
    violation('Object must not have a owner reference.', ['metadata', 'ownerReferences']);
  }
  for (const field of ['uid', 'resourceVersion']) {
    if (metadata[field] === undefined) continue;
    violation(`metadata.${field} is set by the server; remove it.`, ['metadata', field]);
  }
  problems.push(...nameProblems(draft));
  if (rules.leversRead !== true) {
    const concealed = draft.copyConditions === true;
    problems.push(...objectLeverProblems({ ...draft, concealed }));
  }
  if (hasErrors(problems)) return { problems };
  const manifest = cleanManifest(draft.manifest, namespace);
  return {
    problems,
    object: {
      ref: refOf(manifest),
      manifest,
      collisionProtection: draft.collisionProtection,
      conditionMappings: draft.conditionMappings,
      ...(draft.external ? { external: true } : {}),
      ...(draft.copyConditions === true ? { copyConditions: true } : {}),
      source: draft.source,
    },
  };
}

function namespaceFor(given: string, scope: KindScope | 'unknown', rules: SettleRules): string {
  if (scope === 'Cluster') return '';
  if (given !== '') return given;
  // A kind that the target does not know yet: what the unit itself is decides.
  return rules.namespaces === 'explicit' ? '' : rules.namespace;
}

function nameProblems(draft: DraftObject): readonly Diagnostic[] {
  const { metadata, kind } = draft.manifest;
  const { group } = refOf(draft.manifest);
  if ((metadata as JsonObject)['generateName'] !== undefined) {
    const where = draft.locate(['metadata', 'generateName']);
    return [diagnostic('GenerateNameRefused', `${kind} has metadata.generateName`, where)];
  }
  const name: Json = metadata.name ?? '';
  const problem = typeof name === 'string' ? nameProblem(group, kind, name) : 'must be a string';
  if (problem === undefined) return [];
  const shown = JSON.stringify(name).slice(0, 60);
  const message = `${kind}: metadata.name ${shown} ${problem}`;
  return [diagnostic('NameInvalid', message, draft.locate(['metadata', 'name']))];
}

/** What servers fill in by themselves and what an export of a live object brings along. */
const SERVER_METADATA = ['creationTimestamp', 'generation', 'managedFields', 'selfLink'];

function withoutInstructions(manifest: Manifest): Manifest {
  const { annotations } = manifest.metadata;
  if (!isObject(annotations)) return manifest;
  const isTouched = Object.keys(annotations).some((key) => Object.hasOwn(INSTRUCTIONS, key));
  return isTouched ? withAnnotations(manifest, INSTRUCTIONS) : manifest;
}

function cleanManifest(manifest: Manifest, namespace: string): Manifest {
  const { status: _status, ...body } = withoutInstructions(manifest);
  const metadata: Record<string, Json | undefined> = { ...body.metadata };
  for (const field of SERVER_METADATA) delete metadata[field];
  delete metadata['namespace'];
  for (const map of ['labels', 'annotations']) {
    const value = metadata[map];
    if (value === null || (isObject(value) && Object.keys(value).length === 0))
      delete metadata[map];
  }
  const { name, ...rest } = metadata;
  const settled = { name, ...(namespace === '' ? {} : { namespace }), ...rest };
  return { ...body, metadata: settled } as unknown as Manifest;
}

function duplicates(phases: readonly DesiredPhase[]): readonly Diagnostic[] {
  const first = new Map<string, { readonly phase: string; readonly object: DesiredObject }>();
  const found: Diagnostic[] = [];
  for (const phase of phases) {
    for (const object of phase.objects) {
      const key = formatObjectKey(object.ref);
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, { phase: phase.name, object });
        continue;
      }
      const { group, kind, namespace, name } = object.ref;
      const groupKind = group === '' ? kind : `${kind}.${group}`;
      const place = `${other.object.source.file}:${other.object.source.line ?? 1}`;
      const message = `Phase "${phase.name}", ${groupKind} ${namespace}/${name}: Duplicate Object (first in ${place}, phase "${other.phase}")`;
      found.push(
        diagnostic('ObjectDuplicate', message, { ...object.source, object: keyOf(object.ref) }),
      );
    }
  }
  return found;
}
