// `sluice run`: the daemon.
import { pino } from 'pino';
import { runDaemon } from '../daemon/run.ts';
import type { DaemonEnd } from '../daemon/run.ts';
import { settleSettings } from '../daemon/settings.ts';
import type { RunFlags } from '../daemon/settings.ts';
import { inventoryKey } from '../model/inventory.ts';
import type { RemovalReport } from '../status/report.ts';
import { readDaemonConfigFile } from './daemon-config-file.ts';
import { createWiring } from '../wiring.ts';
import { EXIT } from './io.ts';
import type { CliIo } from './io.ts';
import { formatDiagnostics } from './output/plan-text.ts';
import { createProgress } from './output/progress.ts';

export interface RunCommandFlags extends RunFlags {
  readonly config?: string;
  readonly logLevel?: string;
  /** `json` for machines, `lines` for people, `auto` by whether standard error is a terminal. */
  readonly log?: string;
}

/** More are counted; the status branch lists them. */
const MAX_OBJECTS_PER_REASON = 10;

/** Runs until a signal, or with `--once` until nothing is left to do. @returns the exit code */
export async function runCommand(flags: RunCommandFlags, io: CliIo): Promise<number> {
  const config = await readDaemonConfigFile(flags.config, io);
  const settings = settleSettings(flags, config, io.cwd);
  const wiring = createWiring({ environment: io.environment, cwd: io.cwd });
  const lines = flags.log === 'lines' || (flags.log !== 'json' && (io.live || settings.once));
  const level = lines ? 'silent' : (flags.logLevel ?? 'info');
  const log = pino({ level, base: null }, { write: (line: string) => io.err(line) });
  const running = await wiring.openDaemon(settings, log, io.signal);
  const progress = lines ? createProgress({ io, now: () => wiring.clock.now() }) : undefined;
  try {
    const end = await runDaemon(
      { ...running.deps, log, ...(progress ? { watcher: progress.watcher } : {}) },
      io.signal,
    );
    progress?.end();
    return report(end, io);
  } finally {
    progress?.end();
    await running.release();
  }
}

function report(end: DaemonEnd, io: CliIo): number {
  switch (end.kind) {
    case 'stopped':
      return EXIT.done;
    case 'refused':
      io.err(`${formatDiagnostics([end.diagnostic], io.errStyle)}\n`);
      return EXIT.failed;
    case 'settled': {
      const errors = end.diagnostics.filter((item) => item.severity === 'error');
      if (errors.length > 0) io.err(`${formatDiagnostics(errors, io.errStyle)}\n`);
      for (const { id, readiness } of end.notReady) {
        io.err(`${io.errStyle.red(id)}: ${readiness.reason}: ${readiness.message}\n`);
      }
      for (const { id, removals } of end.holding) {
        for (const line of heldRemovals(removals)) io.err(`${io.errStyle.red(id)}: ${line}\n`);
      }
      // What stays although nothing asks for it is not what was asked for either.
      const left = errors.length + end.notReady.length + end.holding.length;
      return left > 0 ? EXIT.failed : EXIT.done;
    }
  }
}

/** One line for each reason, with the objects that it keeps. */
function heldRemovals(removals: readonly RemovalReport[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { ref, reason } of removals) {
    byReason.set(reason, [...(byReason.get(reason) ?? []), inventoryKey(ref)]);
  }
  return [...byReason].map(([reason, objects]) => {
    const shown = objects.slice(0, MAX_OBJECTS_PER_REASON).join(', ');
    const rest = objects.length - MAX_OBJECTS_PER_REASON;
    return `RemovalHeld: ${shown}${rest > 0 ? ` and ${rest} more` : ''}: ${reason}`;
  });
}
