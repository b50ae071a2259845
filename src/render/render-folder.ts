// A plain directory as phases by kind order, every object held to the built-in readiness.
import { COLLISION_PROTECTIONS } from '../api/object-set-object.ts';
import { PKO } from '../model/annotations.ts';
import type { CollisionProtection } from '../model/desired.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { annotationOf } from '../model/manifest.ts';
import { KIND_PHASES, kindPhase } from './kind-order.ts';
import { failed, timeoutOf } from './render-context.ts';
import type { RenderJob } from './render-context.ts';
import { settlePhases } from './settle.ts';
import type { DraftObject, DraftPhase } from './settle.ts';
import { templateHash } from './template-hash.ts';
import type { RenderResult, UnitDocument } from './unit.ts';

const HISTORY_LIMIT = 10;

/** Renders a folder unit; its documents are the objects. */
export function renderFolder({ unit, context, answers }: RenderJob): RenderResult {
  const problems: Diagnostic[] = [];
  const byPhase = new Map<string, DraftObject[]>();
  for (const document of unit.documents) {
    const { apiVersion, kind } = document.manifest;
    const phase = kindPhase(apiVersion, kind);
    const objects = byPhase.get(phase) ?? [];
    byPhase.set(phase, objects);
    const protection = protectionOf(document, context.config.defaults.collisionProtection);
    if (typeof protection !== 'string') problems.push(protection);
    else objects.push(draft(document, protection));
  }
  const phases: readonly DraftPhase[] = KIND_PHASES.flatMap((name) => {
    const objects = byPhase.get(name);
    return objects && objects.length > 0 ? [{ name, class: undefined, objects }] : [];
  });
  const settled = settlePhases(phases, {
    namespaces: 'default',
    namespace: unit.namespace,
    crdScopes: context.crdScopes,
    answers,
    leversRead: true,
  });
  if (settled.kind === 'asks') return settled;
  if (settled.kind === 'failed') return failed([...problems, ...settled.diagnostics]);
  if (problems.length > 0) return failed(problems);
  const content = {
    phases: settled.phases,
    availabilityProbes: [],
    builtinProbes: true,
    successDelaySeconds: 0,
  };
  return {
    kind: 'rendered',
    desired: {
      ...content,
      revisionHistoryLimit: HISTORY_LIMIT,
      timeoutMs: timeoutOf(unit, context.config),
      annotations: {},
      templateHash: templateHash({ ...content, metadata: null }),
    },
    diagnostics: settled.warnings,
  };
}

function draft(document: UnitDocument, collisionProtection: CollisionProtection): DraftObject {
  return {
    manifest: document.manifest,
    collisionProtection,
    conditionMappings: [],
    external: false,
    source: document.source,
    locate: document.locate,
  };
}

/** The annotation of an object, else the default; a faulty annotation is a diagnostic. */
export function protectionOf(
  document: Pick<UnitDocument, 'manifest' | 'locate'>,
  fallback: CollisionProtection,
): CollisionProtection | Diagnostic {
  const text = annotationOf(document.manifest, PKO.collisionProtection);
  if (text === undefined || text === '') return fallback;
  const known = COLLISION_PROTECTIONS.find((item) => item === text);
  if (known) return known;
  const message = `the annotation ${PKO.collisionProtection} is "${text}"; it must be one of ${COLLISION_PROTECTIONS.join(', ')}`;
  const where = document.locate(['metadata', 'annotations', PKO.collisionProtection]);
  return diagnostic('SchemaInvalid', message, where);
}
