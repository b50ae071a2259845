// What renders were given from outside the snapshot, and whether that is still what would be given.
import { isPackageAsk } from '../inputs/package-inputs.ts';
import type { PackageInputs, PackageVersion } from '../inputs/package-inputs.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { UnitId } from '../model/unit-id.ts';
import { askKey } from '../render/unit.ts';
import type { Answer, Ask } from '../render/unit.ts';
import type { UnitWork } from './unit-state.ts';

/** A version that is undefined could not be had, so it is asked for again. */
export type OutsideContent = PackageVersion;

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
    return answer?.kind === 'failed' && answer.retry === true ? [{ ask, version: undefined }] : [];
  });
}

/** Looks all of them up; what cannot be reached now is no reason to give up what was loaded. */
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
    const version = contents[index]?.version;
    if (look.kind === 'at') current &&= look.version === version;
    else if (version !== undefined) {
      const message = `${look.diagnostic.message}; what was loaded before stays in force`;
      stale.push({ ...look.diagnostic, severity: 'warning', message });
    }
  }
  return { current, stale };
}

/**
 * What units rest on now. One that cannot be read at the moment will want again what it had.
 * @param before what the last snapshot gave
 * @param unread some file could not be read: units that are missing may be meant by it
 */
export function contentsInUse(
  before: ReadonlyMap<UnitId, readonly OutsideContent[]>,
  units: readonly {
    readonly id: UnitId;
    readonly work: UnitWork;
    readonly outside: readonly OutsideContent[];
  }[],
  unread: boolean,
): ReadonlyMap<UnitId, readonly OutsideContent[]> {
  const inUse = new Map(unread ? before : []);
  for (const { id, work, outside } of units) {
    const isUnread = work.kind === 'broken' && outside.length === 0;
    const contents = isUnread ? (before.get(id) ?? []) : outside;
    if (contents.length > 0) inUse.set(id, contents);
    else inUse.delete(id);
  }
  return inUse;
}
