// Hands a unit's report to the status writer: only files whose content changed, and the intent before the first change.
import { createHash } from 'node:crypto';
import type { DesiredState } from '../model/desired.ts';
import type { RevisionRecord, UnitMemory } from '../model/unit-memory.ts';
import { formatTime } from '../lib/clock.ts';
import {
  inventoryFile,
  objectFile,
  phaseFiles,
  revisionFile,
  unitFile,
} from '../status/unit-files.ts';
import { unitDirectory } from '../status/paths.ts';
import type { RemovalReport, UnitReport } from '../status/report.ts';
import type { StatusChange } from '../status/store.ts';
import type { UnitDeps } from './unit-deps.ts';
import { buildReport, isRefused } from './unit-report.ts';
import type { PassEnd } from './unit-report.ts';
import type { UnitState } from './unit-state.ts';

/** Everything the status branch must name before the first change of a revision. */
export function intentChanges(
  state: UnitState,
  intent: {
    readonly memory: UnitMemory;
    readonly record: RevisionRecord;
    readonly desired: DesiredState;
  },
): readonly StatusChange[] {
  const { memory, record, desired } = intent;
  const directory = unitDirectory(state.name);
  const revision = `${directory}/revisions/${record.number}`;
  const files = new Map<string, string | null>([
    [`${directory}/inventory.yaml`, inventoryFile(state.id, memory.inventory)],
    [`${revision}/revision.yaml`, revisionFile(state.id, record)],
  ]);
  for (const [path, text] of objectFiles(state)) files.set(path, text);
  for (const [path, text] of phaseFiles(desired)) files.set(`${revision}/${path}`, text);
  for (const older of memory.revisions) {
    if (older.number !== record.number) {
      files.set(
        `${directory}/revisions/${older.number}/revision.yaml`,
        revisionFile(state.id, older),
      );
    }
  }
  return changed(state, files);
}

/** The inventory alone, for claims that change hands between passes. */
export function inventoryChange(state: UnitState): readonly StatusChange[] {
  const path = `${unitDirectory(state.name)}/inventory.yaml`;
  return changed(state, new Map([[path, inventoryFile(state.id, state.memory.inventory)]]));
}

/** Writes what a pass found out. Nothing changed, nothing written. */
export function publish(state: UnitState, deps: UnitDeps, end: PassEnd): void {
  if (end.kind === 'gone') {
    deps.writer.status(removeAll(state));
    // After a restart nothing else has been said yet, and what was said before it is over.
    const { snapshot } = state.work;
    const message = 'Nothing of it is left.';
    state.readiness = { status: 'False', reason: 'Removed', message, snapshot, settled: true };
    return;
  }
  state.memory = { ...state.memory, unpackedHash: unpackedOf(state) };
  const report = buildReport(state, end, formatTime(deps.clock.now()));
  state.memory = { ...state.memory, conditions: report.conditions };
  state.removals = report.removals;
  deps.onReport(state, report);
  deps.writer.status(changed(state, reportFiles(state, report)));
  const before = state.readiness;
  state.readiness = {
    status: report.ready,
    reason: report.reason,
    message: report.message,
    snapshot: state.work.snapshot,
    settled: isSettled(end, report),
  };
  if (
    before.status !== report.ready ||
    before.snapshot !== state.work.snapshot ||
    before.message !== report.message
  ) {
    deps.onReadiness(state.id);
  }
}

/** What cannot be loaded, and what a person has paused, is not unpacked (package-operator §5.4). */
function unpackedOf({ work, memory }: UnitState): string | undefined {
  const isTaken = work.kind === 'desired' && !work.header.suspended;
  return (isTaken ? work.unpackedHash : undefined) ?? memory.unpackedHash;
}

function reportFiles(state: UnitState, report: UnitReport): ReadonlyMap<string, string | null> {
  const directory = unitDirectory(state.name);
  const files = new Map<string, string | null>([
    [`${directory}/unit.yaml`, unitFile(report)],
    [`${directory}/inventory.yaml`, inventoryFile(state.id, state.memory.inventory)],
    ...objectFiles(state),
  ]);
  const kept = new Set<string>();
  for (const record of state.memory.revisions) {
    const path = `${directory}/revisions/${record.number}/`;
    kept.add(path);
    files.set(`${path}revision.yaml`, revisionFile(state.id, record));
  }
  for (const path of state.written.keys()) {
    const revision = /^(.*\/revisions\/\d+\/)/.exec(path)?.[1];
    if (revision !== undefined && !kept.has(revision)) files.set(path, null);
  }
  return files;
}

/** What another unit asks for; a unit that Git has taken over needs no such file. */
function objectFiles(state: UnitState): readonly (readonly [string, string | null])[] {
  const path = `${unitDirectory(state.name)}/object.yaml`;
  if (state.work.kind === 'removed') return [];
  const { nested, source } = state.work.header;
  return [[path, nested ? objectFile(nested.object, nested.parent, source) : null]];
}

function removeAll(state: UnitState): readonly StatusChange[] {
  const changes = [...state.written.keys()].map((path) => ({ path, content: null }));
  state.written.clear();
  return changes;
}

/** The files whose content differs from what was handed over last. */
function changed(
  state: UnitState,
  files: ReadonlyMap<string, string | null>,
): readonly StatusChange[] {
  const changes: StatusChange[] = [];
  for (const [path, content] of files) {
    if (content === null) {
      if (state.written.delete(path)) changes.push({ path, content });
      continue;
    }
    const hash = contentHash(content);
    if (state.written.get(path) === hash) continue;
    state.written.set(path, hash);
    changes.push({ path, content });
  }
  return changes;
}

/** The hash under which `written` remembers a file. */
export function contentHash(content: string): string {
  return createHash('sha1').update(content).digest('base64');
}

/** What is pending waits for what is being deleted; behind something that is held it waits for a person. */
function isMoving(removals: readonly RemovalReport[]): boolean {
  const has = (state: string): boolean => removals.some((removal) => removal.state === state);
  return has('deleting') || (has('pending') && !has('held') && !has('failed'));
}

function isSettled(end: Exclude<PassEnd, { kind: 'gone' }>, report: UnitReport): boolean {
  switch (end.kind) {
    case 'stopped':
      return end.stop.settled;
    case 'archived':
    case 'removing':
      return !isMoving(end.removals);
    case 'rollout':
      if (report.removals.some((removal) => removal.state === 'deleting')) return false;
      if (end.work.header.suspended) return true;
      return (
        end.rollout.complete || end.rollout.overdue !== undefined || isRefused(end.rollout.phases)
      );
  }
}
