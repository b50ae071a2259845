// The revisions of a unit as a table and as JSON (docs/reference/cli.md).
import { showControls } from '../../model/diagnostic.ts';
import type { JsonObject } from '../../model/json.ts';
import type { UnitId } from '../../model/unit-id.ts';
import type { RevisionRecord } from '../../model/unit-memory.ts';
import { formatTable } from './table.ts';

export interface HistoryRow {
  readonly record: RevisionRecord;
  /** RFC 3339: the status commit that first named it; undefined where that commit is not at hand. */
  readonly time: string | undefined;
}

/** Newest first. */
export function formatHistory(rows: readonly HistoryRow[]): string {
  const cells = rows.map(({ record, time }) => [
    String(record.number),
    record.state,
    record.succeeded ? 'yes' : 'no',
    time ?? '',
    record.commit.slice(0, 12),
    showControls((record.changeCause ?? '').replaceAll(/\s*\n\s*/gu, ' ')),
  ]);
  return formatTable(['Revision', 'State', 'Succeeded', 'Begun', 'Commit', 'Change cause'], cells);
}

/** The value that `history -o json` prints. */
export function historyJson(unit: UnitId, rows: readonly HistoryRow[]): JsonObject {
  return {
    apiVersion: 'sluice.dev/v1alpha1',
    kind: 'History',
    unit,
    revisions: rows.map(({ record, time }) => ({
      number: record.number,
      state: record.state,
      available: record.available,
      succeeded: record.succeeded,
      hash: record.hash,
      commit: record.commit,
      ...(time === undefined ? {} : { begun: time }),
      ...(record.changeCause === undefined ? {} : { changeCause: record.changeCause }),
    })),
  };
}
