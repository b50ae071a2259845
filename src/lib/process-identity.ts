// Which process an id means: ids are given again, after a reboot above all; the start of a process is not.
import { readFileSync } from 'node:fs';

/** One process for all time, on one machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Of the running kernel: another one after every boot. */
  readonly boot: string;
  /** Ticks of the kernel's clock from boot to the start of the process. */
  readonly started: string;
}

/** Who has this id now; undefined where there is no such process, or where the system does not tell (no /proc). */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const started = startOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return boot === '' || started === undefined ? undefined : { pid, boot, started };
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that once had this id is still there; `unknown` where some process has the id and nothing
 * tells whether it is that one.
 * @param recorded text of what `identifyProcess` said of it; undefined where it was not recorded
 */
export function judgeProcess(
  pid: number,
  recorded: string | undefined,
): 'gone' | 'lives' | 'unknown' {
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'gone';
  const before = parseIdentity(recorded);
  const running = identifyProcess(pid);
  if (before?.pid === pid && running) {
    return before.boot === running.boot && before.started === running.started ? 'lives' : 'gone';
  }
  // Without a record, our own id can only be that of an earlier process.
  return pid === process.pid || !isAlive(pid) ? 'gone' : 'unknown';
}

function parseIdentity(text: string | undefined): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<ProcessIdentity> | null;
    const { pid, boot, started } = value ?? {};
    return pid === undefined || boot === undefined || started === undefined
      ? undefined
      : { pid, boot, started };
  } catch {
    return undefined;
  }
}

/** Field 22 of proc(5); the second one is a name in brackets that may hold anything. */
function startOf(stat: string): string | undefined {
  return stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')[19];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
