// Live output of a rollout: one timestamped line per event, the same in CI and on a terminal; on a terminal one live
// line below them shows what units wait for.
import type { DaemonWatcher } from '../../daemon/run.ts';
import { formatDiagnostic, showControls } from '../../model/diagnostic.ts';
import { formatObjectKey } from '../../model/object-key.ts';
import type { CliIo } from '../io.ts';

export interface ProgressDeps {
  readonly io: CliIo;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Progress {
  readonly watcher: DaemonWatcher;
  /** Takes the live line away. */
  end(): void;
}

/** Width that the live line is cut to where the terminal does not say. */
const LIVE_WIDTH = 100;

/** Builds the printer; it writes to standard error only. */
export function createProgress(deps: ProgressDeps): Progress {
  const { io } = deps;
  const style = io.errStyle;
  const waiting = new Map<string, string>();
  const said = new Map<string, string>();
  let liveShown = false;

  const clear = (): void => {
    if (liveShown) io.err('\r\u001b[2K');
    liveShown = false;
  };
  const drawLive = (): void => {
    if (!io.live || waiting.size === 0) return;
    const [first] = waiting.values();
    const text = `… ${waiting.size} waiting: ${first ?? ''}`;
    io.err(style.dim(text.slice(0, LIVE_WIDTH)));
    liveShown = true;
  };
  const line = (text: string): void => {
    clear();
    const time = new Date(deps.now()).toISOString().slice(11, 23);
    io.err(`${style.dim(time)}  ${text}\n`);
    drawLive();
  };

  const watcher: DaemonWatcher = {
    onSnapshot: (id, units) => line(`${style.bold('snapshot')} ${id.slice(0, 12)}: ${units} units`),
    onApply: (event) => {
      const detail =
        event.message === undefined ? '' : ` ${style.dim(`(${showControls(event.message)})`)}`;
      const phase = event.phase === '' ? '' : ` ${style.dim(`[${event.phase}]`)}`;
      line(
        `${paintResult(event.what, style)} ${showControls(formatObjectKey(event.ref))}${phase}${detail}`,
      );
    },
    onUnit: (state) => {
      const { status, reason, message } = state.readiness;
      if (status === 'True' || reason === 'Removed') waiting.delete(state.id);
      else waiting.set(state.id, `${state.id}: ${message}`);
      const text = `${status} ${reason} ${message}`;
      if (said.get(state.id) === text) return;
      said.set(state.id, text);
      const waits = reason === 'Removed' ? style.cyan('gone ') : style.yellow('waits');
      const word = status === 'True' ? style.green('ready') : waits;
      line(`${word}     ${showControls(state.id)}: ${showControls(message)}`);
    },
    onTrouble: (item) => line(style.red(formatDiagnostic(item))),
    onStatusCommit: (commit) => line(style.dim(`status commit ${commit.slice(0, 12)}`)),
    onListen: (address) => line(`listening on ${address}`),
  };
  return { watcher, end: clear };
}

function paintResult(what: string, style: CliIo['errStyle']): string {
  const text = what.padEnd(9);
  switch (what) {
    case 'created':
      return style.green(text);
    case 'collision':
    case 'failed':
    case 'held':
      return style.red(text);
    case 'gone':
    case 'deleting':
    case 'released':
      return style.cyan(text);
    default:
      return style.yellow(text);
  }
}
