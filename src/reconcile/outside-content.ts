// What renders were given from outside the snapshot, and whether that is still what would be given.
import { isPackageAsk } from '../inputs/package-inputs.ts';
import type { PackageInputs, PackagesInUse, PackageVersion } from '../inputs/package-inputs.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { UnitId } from '../model/unit-id.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Ask } from '../render/unit.ts';
import type { UnitWork } from './unit-state.ts';

/** A version that is undefined could not be had, so it is asked for again. */
export interface OutsideContent extends PackageVersion {
  /** The content is no package: nothing of it is in force. */
  readonly unusable?: true;
}

/** What a unit rests on. */
export interface UnitContents {
  /** Its last render that was none of broken work. */
  readonly good: readonly OutsideContent[];
  /** What it has asked for since, and is broken with. */
  readonly broken: readonly OutsideContent[];
}

export interface OutsideVerdict {
  /** False when a render would be given something else now. */
  readonly current: boolean;
  /** Why it is not known whether there is something newer; what was loaded before stays in force. */
  readonly stale: readonly Diagnostic[];
}

/** The part of these answers that may change without a new snapshot; refusals are final and left out. */
export function outsideContents(
  asks: readonly Ask[],
  answers: ReadonlyMap<string, Answer>,
): readonly OutsideContent[] {
  return asks.filter(isPackageAsk).flatMap((ask): readonly OutsideContent[] => {
    const answer = answers.get(askKey(ask));
    if (answer?.kind === 'package') return [{ ask, version: answer.version }];
    if (answer?.kind !== 'failed') return [];
    if (answer.version !== undefined) return [{ ask, version: answer.version, unusable: true }];
    return answer.retry === true ? [{ ask, version: undefined }] : [];
  });
}

/**
 * Looks all of them up; what cannot be reached now, or stands there and cannot be loaded, is no reason to give up
 * what was loaded.
 */
export async function judgeOutside(
  contents: readonly OutsideContent[],
  packages: PackageInputs | undefined,
  signal?: AbortSignal,
): Promise<OutsideVerdict> {
  if (!packages || contents.length === 0) return { current: true, stale: [] };
  const looks = await Promise.all(contents.map(({ ask }) => packages.look(ask, signal)));
  const stale: Diagnostic[] = [];
  let current = true;
  for (const [index, look] of looks.entries()) {
    const { version, unusable } = contents[index] ?? {};
    if (look.kind === 'at') current &&= look.version === version;
    else if (version !== undefined && !unusable) {
      const message = `what was loaded before stays in force (${version}): ${look.diagnostic.message}`;
      stale.push({ ...look.diagnostic, severity: 'warning', message });
    }
  }
  return { current, stale };
}

/**
 * What units rest on now. One that is broken at the moment will want again what it had.
 * @param before what the last snapshot gave, or an earlier process
 * @param unread some file could not be read: units that are missing may be meant by it
 */
export function contentsInUse(
  before: ReadonlyMap<UnitId, UnitContents>,
  units: readonly {
    readonly id: UnitId;
    readonly work: UnitWork;
    readonly outside: readonly OutsideContent[];
  }[],
  unread: boolean,
): ReadonlyMap<UnitId, UnitContents> {
  const inUse = new Map(unread ? before : []);
  for (const { id, work, outside } of units) {
    const had = before.get(id) ?? NOTHING;
    const contents: UnitContents =
      work.kind !== 'broken'
        ? { good: outside, broken: [] }
        : { good: had.good, broken: outside.length > 0 ? outside : had.broken };
    if (contents.good.length + contents.broken.length > 0) inUse.set(id, contents);
    else inUse.delete(id);
  }
  return inUse;
}

const NOTHING: UnitContents = { good: [], broken: [] };

/** What units rested on for an earlier process. */
export async function contentsBefore(
  packages: PackageInputs | undefined,
): Promise<ReadonlyMap<UnitId, UnitContents>> {
  const recalled = (await packages?.recall()) ?? new Map<UnitId, readonly OutsideContent[]>();
  return new Map([...recalled].map(([id, good]) => [id, { good, broken: [] }]));
}

/** The same for those who keep contents. */
export function packagesInUse(
  inUse: ReadonlyMap<UnitId, UnitContents>,
  ahead: readonly OutsideContent[],
): PackagesInUse {
  const good = [...inUse].flatMap(([id, contents]) =>
    contents.good.length > 0 ? [[id, contents.good] as const] : [],
  );
  return {
    units: new Map(good.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    others: [...[...inUse.values()].flatMap(({ broken }) => broken), ...ahead],
  };
}
