// Which process an id means: ids are given again, after a reboot above all; the start of a process is not.
import { readFile } from 'node:fs/promises';

/** One process for all time, on one machine. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Of the running kernel: another one after every boot. */
  readonly boot: string;
  /** Ticks of the kernel's clock from boot to the start of the process. */
  readonly started: string;
}

/** Who has this id now; undefined where there is no such process, or where the system does not tell (no /proc). */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const started = startOf(await readFile(`/proc/${pid}/stat`, 'utf8'));
    return boot === '' || started === undefined ? undefined : { pid, boot, started };
  } catch {
    return undefined;
  }
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.pid === b.pid && a.boot === b.boot && a.started === b.started;
}

/** Field 22 of proc(5); the second one is a name in brackets that may hold anything. */
function startOf(stat: string): string | undefined {
  return stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')[19];
}
