// README.md and the index files: counts and what is not ready, for people and for programs.
import { FOLDER_KIND } from '../model/unit-id.ts';
import type { UnitId, UnitName } from '../model/unit-id.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { showControls } from '../model/diagnostic.ts';
import { indexPath, unitDirectory } from './paths.ts';
import { diagnosticJson } from './unit-files.ts';
import type { Documents } from './documents.ts';
import type { StatusChange } from './store.ts';

/** README names at most this many units that are not ready. */
export const MAX_NOT_READY = 100;

export interface UnitSummary {
  readonly id: UnitId;
  readonly name: UnitName;
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly revision: number;
}

export interface InstanceSummary {
  readonly instance: string;
  /** Address fit for people. */
  readonly source: string;
  readonly branch: string;
  /** Sorted by id. */
  readonly units: readonly UnitSummary[];
  /** Trouble that belongs to no unit. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `README.md`. The same facts give the same bytes; it names no time and no commit. */
export function readmeChange(summary: InstanceSummary, documents: Documents): StatusChange {
  const notReady = summary.units.filter((unit) => unit.ready !== 'True');
  const targets = [...new Set(summary.units.map((unit) => unit.name.target))].toSorted();
  const content = documents.readme({
    instance: summary.instance,
    source: summary.source,
    branch: summary.branch,
    total: summary.units.length,
    ready: summary.units.length - notReady.length,
    notReadyCount: notReady.length,
    omitted: Math.max(0, notReady.length - MAX_NOT_READY),
    notReady: notReady.slice(0, MAX_NOT_READY).map((unit) => ({
      id: cell(unit.id),
      reason: cell(unit.reason),
      message: cell(unit.message),
      revision: unit.revision,
      path: `${unitDirectory(unit.name)}/unit.yaml`,
    })),
    targets: targets.map((name) => {
      const units = summary.units.filter((unit) => unit.name.target === name);
      return {
        name,
        total: units.length,
        ready: units.filter((unit) => unit.ready === 'True').length,
      };
    }),
    diagnostics: summary.diagnostics.slice(0, MAX_NOT_READY).map((item) => ({
      severity: item.severity,
      code: item.code,
      place: [item.file, item.line].filter((part) => part !== undefined).join(':'),
      message: cell(item.message),
    })),
  });
  return { path: 'README.md', content };
}

/** What of the repository belongs to no unit, for programs; nothing is written where there is nothing. */
export const FINDINGS_PATH = 'findings.json';

/** Further findings are counted, not written. */
export const MAX_FINDINGS = 1_000;

/** `findings.json`, or undefined without findings. */
export function findingsFile(diagnostics: readonly Diagnostic[]): string | undefined {
  if (diagnostics.length === 0) return undefined;
  const shown = diagnostics.slice(0, MAX_FINDINGS);
  const lines = shown.map((item) => `    ${JSON.stringify(diagnosticJson(item))}`).join(',\n');
  const rest = diagnostics.length - shown.length;
  const omitted = rest === 0 ? '' : `,\n  "omitted": ${rest}`;
  return `{\n  "apiVersion": "sluice.dev/v1alpha1",\n  "kind": "Findings",\n  "findings": [\n${lines}\n  ]${omitted}\n}\n`;
}

/** `index/<target>/<namespace|_cluster>.json` for every place that has units. */
export function indexChanges(units: readonly UnitSummary[]): ReadonlyMap<string, string> {
  const byPath = new Map<string, UnitSummary[]>();
  for (const unit of units) {
    const path = indexPath(unit.name.target, unit.name.namespace);
    const list = byPath.get(path);
    if (list) list.push(unit);
    else byPath.set(path, [unit]);
  }
  return new Map([...byPath].map(([path, list]) => [path, indexFile(list)]));
}

function indexFile(units: readonly UnitSummary[]): string {
  const items = units.map((unit) => ({
    id: unit.id,
    kind: unit.name.kind,
    ...(unit.name.kind === FOLDER_KIND ? {} : { group: unit.name.group }),
    name: unit.name.name,
    path: unitDirectory(unit.name),
    ready: unit.ready,
    reason: unit.reason,
    revision: unit.revision,
  }));
  // One line a unit keeps diffs readable and cheap.
  const lines = items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `{\n  "apiVersion": "sluice.dev/v1alpha1",\n  "kind": "Index",\n  "units": [\n${lines}\n  ]\n}\n`;
}

/** Text that fits a table cell of Markdown. */
function cell(text: string): string {
  const line = showControls(text.replace(/\s*\n\s*/g, ' '));
  const escaped = line.replace(/[|\\`<>*_[\]]/g, (char) => `\\${char}`);
  return escaped.length > 300 ? `${escaped.slice(0, 297)}...` : escaped;
}
