// Everything that the status branch says of its units: the memory that a restart would take up, and unit.yaml.
import { isObject, listAt, objectAt } from '../model/json.ts';
import type { JsonObject } from '../model/json.ts';
import { SluiceError } from '../model/sluice-error.ts';
import type { UnitId } from '../model/unit-id.ts';
import type { UnitMemory } from '../model/unit-memory.ts';
import { restoreUnits } from '../reconcile/restore.ts';
import { unitDirectory } from '../status/paths.ts';
import { readStatusFile } from '../status/unit-reader.ts';
import type { StatusReader } from './status-branch.ts';
import { chooseUnits, ON_BRANCH } from './unit-choice.ts';

export interface UnitFacts {
  readonly id: UnitId;
  readonly memory: UnitMemory;
  /** `unit.yaml`; empty where the unit has only begun. */
  readonly file: JsonObject;
}

/** All units of the branch by id. */
export async function readUnitFacts(reader: StatusReader): Promise<ReadonlyMap<UnitId, UnitFacts>> {
  const memories = (await restoreUnits(reader)).map(({ memory }) => memory);
  const paths = new Map(
    memories.map((memory) => [`${unitDirectory(memory.name)}/unit.yaml`, memory]),
  );
  const contents = await reader.read([...paths.keys()]);
  return new Map(
    [...paths].map(([path, memory]) => {
      const file = readStatusFile(contents.get(path) ?? '', path) ?? {};
      return [memory.id, { id: memory.id, memory, file }] as const;
    }),
  );
}

/**
 * The one unit that a text means, with or without its target.
 * @throws SluiceError UsageInvalid where it means none, or several
 */
export async function readUnit(reader: StatusReader, text: string): Promise<UnitFacts> {
  const units = [...(await readUnitFacts(reader)).values()];
  const ids = chooseUnits(
    text,
    units.map(({ id }) => id),
    ON_BRANCH,
  );
  const [unit] = units.filter(({ id }) => ids.includes(id));
  if (unit === undefined || ids.length > 1) {
    throw new SluiceError('UsageInvalid', `${text} may be ${ids.join(', ')}; name the target too`);
  }
  return unit;
}

/** The number of the newest revision in a unit.yaml, or an empty text; not every API has it under `status`. */
export function newestRevision(file: JsonObject): string {
  const newest = listAt(objectAt(file, 'sluice'), 'revisions').filter(isObject).at(-1);
  const number = objectAt(file, 'status')['revision'] ?? newest?.['number'];
  return typeof number === 'number' ? String(number) : '';
}
