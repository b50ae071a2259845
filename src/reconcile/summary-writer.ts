// Keeps README.md, the findings and the index files in step with what units say, a moment after the last of them spoke.
import type { Clock } from '../lib/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { compareDiagnostics } from '../model/diagnostic.ts';
import type { Documents } from '../status/documents.ts';
import { FINDINGS_PATH, findingsFile, indexChanges, readmeChange } from '../status/summary.ts';
import type { UnitSummary } from '../status/summary.ts';
import type { StatusChange } from '../status/store.ts';
import type { UnitState } from './unit-state.ts';

export interface SummaryWriterDeps {
  readonly clock: Clock;
  readonly instance: string;
  readonly source: string;
  readonly branch: string;
  readonly documents: Documents;
  readonly units: () => readonly UnitState[];
  readonly write: (changes: readonly StatusChange[]) => void;
  /** Index and findings files that exist on the branch, to remove those that are not needed any more. */
  readonly existing: readonly string[];
}

export interface SummaryWriter {
  /** Something changed; the files follow soon. */
  touch(): void;
  /** Trouble that belongs to no unit. */
  setDiagnostics(items: readonly Diagnostic[]): void;
  /** Writes now what is due. */
  flush(): void;
}

/** Shorter than the committer's quiet time, so that a unit and the summary travel in one commit. */
const DELAY_MS = 20;

/** Builds the writer; nothing is written before the first touch. */
export function createSummaryWriter(deps: SummaryWriterDeps): SummaryWriter {
  const written = new Map<string, string>(deps.existing.map((path) => [path, '']));
  let diagnostics: readonly Diagnostic[] = [];
  let timer: AbortController | undefined;

  const flush = (): void => {
    timer?.abort();
    timer = undefined;
    const units = deps.units().map(summaryOf);
    const { instance, source, branch } = deps;
    const readme = readmeChange({ instance, source, branch, units, diagnostics }, deps.documents);
    const wanted = new Map(indexChanges(units));
    wanted.set(readme.path, readme.content ?? '');
    const findings = findingsFile(diagnostics);
    if (findings !== undefined) wanted.set(FINDINGS_PATH, findings);
    const changes: StatusChange[] = [];
    for (const [path, content] of wanted) {
      if (written.get(path) === content) continue;
      written.set(path, content);
      changes.push({ path, content });
    }
    for (const path of [...written.keys()]) {
      if (wanted.has(path)) continue;
      written.delete(path);
      changes.push({ path, content: null });
    }
    if (changes.length > 0) deps.write(changes);
  };

  const touch = (): void => {
    if (timer) return;
    timer = new AbortController();
    void deps.clock.sleep(DELAY_MS, timer.signal).then(flush, () => undefined);
  };

  return {
    touch,
    setDiagnostics: (items) => {
      diagnostics = items.toSorted(compareDiagnostics);
      touch();
    },
    flush: () => {
      if (timer !== undefined) flush();
    },
  };
}

function summaryOf(state: UnitState): UnitSummary {
  const { status, reason, message } = state.readiness;
  return {
    id: state.id,
    name: state.name,
    ready: status,
    reason,
    message,
    revision: state.memory.revisions.at(-1)?.number ?? 0,
  };
}
