// Why nothing may be removed, and what becomes of units that no manifest asks for any more. Pure.
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { Discovery } from '../render/discover.ts';
import type { NamedWork, UnitWork } from './unit-state.ts';
import type { SourceMemory } from './intake-deps.ts';

/**
 * Targets on which nothing may be removed, with the reason: a unit that cannot be rendered may want anything.
 * @param unwanted units that are on their way out: what they want does not matter any more
 */
export function brokenUnits(
  entries: Iterable<readonly [UnitId, NamedWork]>,
  unwanted: ReadonlySet<UnitId>,
): ReadonlyMap<string, string> {
  const holds = new Map<string, string>();
  for (const [id, { name, work }] of entries) {
    if (work.kind !== 'broken' || holds.has(name.target) || unwanted.has(id)) continue;
    const first = work.diagnostics.find((item) => item.severity === 'error');
    holds.set(
      name.target,
      `${id} cannot be rendered (${first?.code ?? 'Invalid'}), so what it wants is not known`,
    );
  }
  return holds;
}

/** Why nothing may be removed anywhere; undefined when the snapshot says all that it wants. */
export function generalHold(
  discovery: Discovery,
  configuration: string | undefined,
  replaced: Diagnostic | undefined,
): string | undefined {
  if (configuration !== undefined) return configuration;
  if (replaced) return `SourceReplaced: ${replaced.message}`;
  const [file] = discovery.brokenFiles;
  return file === undefined ? undefined : `${file} cannot be read, so what it wants is not known`;
}

/** Another repository behind the same address: no first commit in common with what was recorded. */
export function replacedSource(
  memory: SourceMemory | undefined,
  snapshot: Snapshot,
): Diagnostic | undefined {
  if (!memory || memory.roots.length === 0 || snapshot.roots.length === 0) return undefined;
  if (snapshot.roots.some((root) => memory.roots.includes(root))) return undefined;
  return diagnostic(
    'SourceReplaced',
    'the history has no first commit in common with the recorded one',
  );
}

/** While a file cannot be read, a unit that is missing may be meant by it: it is kept as it is. */
export function disappeared(
  id: UnitId,
  before: UnitWork,
  context: { readonly snapshot: Snapshot; readonly discovery: Discovery },
): UnitWork {
  const { snapshot, discovery } = context;
  const broken = discovery.brokenFiles[0];
  if (broken !== undefined && before.kind !== 'removed') {
    if (before.kind === 'broken' && before.diagnostics[0]?.file === broken) return before;
    const message = `${id} is not found any more, but ${broken} cannot be read and may hold it`;
    const item = diagnostic('YamlInvalid', message, { file: broken });
    return { kind: 'broken', snapshot: snapshot.id, header: before.header, diagnostics: [item] };
  }
  const detach = before.kind === 'removed' ? before.detach : before.header.detach;
  return { kind: 'removed', snapshot: snapshot.id, detach };
}
