// Instances of one package in one namespace know of each other: `uniqueInScope` forbids it (package-operator §5.3).
import { objectAt, stringAt } from '../model/json.ts';
import type { DraftUnit } from './dependencies.ts';
import { hashParts } from './input-hash.ts';
import { parseImageReference } from './package/image-reference.ts';
import type { Unit } from './unit.ts';

/** Fills in `siblings`; they are part of what a unit reads, so its input hash changes with them. */
export function withSiblings(drafts: readonly DraftUnit[]): readonly DraftUnit[] {
  const groups = new Map<string, string[]>();
  for (const { unit } of drafts) {
    const key = packageKey(unit);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(unit.id);
    else groups.set(key, [unit.id]);
  }
  return drafts.map((draft) => {
    const key = packageKey(draft.unit);
    const group = key === undefined ? [] : (groups.get(key) ?? []);
    if (group.length < 2) return draft;
    const siblings = group.filter((id) => id !== draft.unit.id).sort();
    const inputHash = hashParts([draft.unit.inputHash, ...siblings]);
    return { ...draft, unit: { ...draft.unit, siblings, inputHash } };
  });
}

/** What makes two instances the same package in the same place; undefined for units that are none. */
function packageKey(unit: Unit): string | undefined {
  const { group, kind } = unit.name;
  if (group !== 'package-operator.run' || !kind.endsWith('Package')) return undefined;
  const spec = objectAt(unit.documents[0]?.manifest, 'spec');
  const reference = parseImageReference(stringAt(spec, 'image') ?? '', unit.source.file);
  if (reference.kind !== 'folder') return undefined;
  const component = stringAt(spec, 'component') ?? '';
  return JSON.stringify([unit.target, kind, unit.namespace, reference.path, component]);
}
