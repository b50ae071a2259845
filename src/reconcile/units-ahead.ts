// Units as their parents will have them once they get to their phases: what those will want must not go before.
import { admit } from '../api/admission.ts';
import { findApiKind } from '../api/index.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { DesiredObject } from '../model/desired.ts';
import type { Manifest } from '../model/manifest.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { NestedContext } from '../render/index.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { expandUnits } from './nested-expansion.ts';
import { readObjects } from './nested-intake.ts';
import type { NestedReader, NestedSource } from './nested-intake.ts';
import type { UnitWork } from './unit-state.ts';

export interface AheadReader extends Pick<NestedReader, 'read'> {
  /** Works as they are now. */
  readonly now: Pick<NestedReader, 'workOf' | 'works'>;
  /** Works read ahead so far. */
  readonly ahead: Pick<NestedReader, 'workOf' | 'works'>;
  /** Who asks for whom now. */
  readonly parentOf: ReadonlyMap<UnitId, UnitId>;
  readonly validator: SchemaValidator;
}

/**
 * Reads every unit whose parent asks for it in another form than the one that is applied, or for the first time.
 * Units that are applied as they are asked for cost a comparison.
 */
export async function readUnitsAhead(
  source: NestedSource,
  context: NestedContext,
  { now, ahead, read, parentOf, validator }: AheadReader,
): Promise<void> {
  const applied = new Map(source.objects().map((unit) => [unit.id, unit]));
  const slices = new Map(context.discovery.slices);
  const reader: NestedReader = {
    workOf: (id) => ahead.workOf(id) ?? now.workOf(id),
    works: ahead.works,
    read,
    recorded: new Map<string, Manifest>(),
  };
  const others = [...applied.keys()];
  await expandUnits({
    works: () => [...worksNow(now, ahead), ...ahead.works()],
    isRead: (id, object) => {
      const unit = applied.get(id);
      if (ahead.workOf(id)) return true;
      return unit?.leaving === 'no' && isAsApplied(object, unit.manifest, validator);
    },
    parentOf: new Map(parentOf),
    read: (batch) => readObjects(batch, { source, context, reader, slices, others }),
  });
}

function* worksNow(
  now: AheadReader['now'],
  ahead: AheadReader['ahead'],
): Iterable<readonly [UnitId, UnitWork]> {
  for (const entry of now.works()) if (!ahead.workOf(entry[0])) yield entry;
}

/** What was applied carries the defaults of its API. */
function isAsApplied(object: DesiredObject, live: Manifest, validator: SchemaValidator): boolean {
  const asked = object.manifest;
  const kind = findApiKind(asked.apiVersion, asked.kind);
  return (
    kind !== undefined &&
    canonicalJson(admit(kind, asked, validator).object) === canonicalJson(live)
  );
}
