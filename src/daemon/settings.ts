// What a run is to do, from flags and the daemon's file; flags win.
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import type { DaemonConfigSpec, TargetDefinition } from '../api/daemon-config.ts';
import { parseDuration } from '../lib/duration.ts';
import { SluiceError } from '../model/sluice-error.ts';

export interface RunFlags {
  readonly repo?: string;
  readonly branch?: string;
  readonly watch?: string;
  readonly dataDir?: string;
  readonly instance?: string;
  readonly listen?: string;
  readonly interval?: string;
  readonly statusBranch?: string;
  /** False with `--no-push`. */
  readonly push?: boolean;
  readonly takeover?: boolean;
  readonly once?: boolean;
}

export type SourceSettings =
  | {
      readonly kind: 'git';
      readonly url: string;
      /** Undefined: the branch that the remote's HEAD names. */
      readonly branch: string | undefined;
      readonly connection: DaemonConfigSpec['repository'];
    }
  | { readonly kind: 'directory'; readonly directory: string };

export interface Settings {
  readonly source: SourceSettings;
  /** Given by flag or file; else derived from repository and branch. */
  readonly instance: string | undefined;
  readonly dataDir: string | undefined;
  readonly intervalMs: number;
  readonly status: {
    readonly branch: string;
    readonly push: boolean;
    readonly pushesPerMinute: number;
    /** Another repository for status; undefined: the source's. */
    readonly repository: string | undefined;
    readonly author: { readonly name: string; readonly email: string };
  };
  readonly targets: readonly TargetDefinition[];
  /** Where packages from outside may come from; nowhere unless the file says so. */
  readonly sources: DaemonConfigSpec['sources'];
  readonly listen: string | undefined;
  readonly takeover: boolean;
  readonly once: boolean;
}

const DEFAULT_STATUS = {
  branch: 'sluice/status',
  push: true,
  pushesPerMinute: 6,
  author: { name: 'Sluice', email: 'sluice@localhost' },
} as const;

/** Between two polls, unless flag or file say otherwise, in milliseconds. */
const DEFAULT_INTERVAL_MS = 30_000;

/**
 * Flags over file over defaults.
 * @throws SluiceError UsageInvalid when neither says where the desired state comes from; ConfigInvalid where the
 * file asks for a protection that this version does not have
 */
export function settleSettings(
  flags: RunFlags,
  config: DaemonConfigSpec | undefined,
  cwd: string,
): Settings {
  const status = config?.status ?? DEFAULT_STATUS;
  refuseUnbuilt(config);
  return {
    source: sourceOf(flags, config, cwd),
    instance: flags.instance ?? config?.instance,
    dataDir: flags.dataDir ?? config?.dataDir,
    intervalMs: intervalOf(flags.interval ?? config?.repository?.interval),
    status: {
      branch: flags.statusBranch ?? status.branch,
      push: flags.push ?? status.push,
      pushesPerMinute: status.pushesPerMinute,
      repository: config?.status.repository ?? undefined,
      author: status.author,
    },
    targets: config?.targets ?? [],
    sources: config?.sources ?? { hosts: [] },
    listen: flags.listen ?? config?.listen,
    takeover: flags.takeover ?? false,
    once: flags.once ?? false,
  };
}

/** A protection that somebody wrote down and that does nothing would be worse than none. */
function refuseUnbuilt(config: DaemonConfigSpec | undefined): void {
  const asked = [
    ...(config !== undefined && config.verify.mode !== 'none'
      ? [`spec.verify.mode: ${config.verify.mode}: signatures of commits are not checked`]
      : []),
    ...(config?.sync === undefined
      ? []
      : ['spec.sync: folders are not limited to identities, namespaces and kinds']),
    ...(config?.decryption === undefined ? [] : ['spec.decryption: nothing is decrypted']),
  ];
  if (asked.length === 0) return;
  const lines = asked.map((text) => `${text} in this version`);
  throw new SluiceError('ConfigInvalid', lines.join('; '));
}

/** `<repository>-<branch>-<hash>`: the same place always gives the same name, fit for a label. */
export function deriveInstance(address: string, branch: string): string {
  const base = path.basename(address.replace(/[/\\]+$/, '')).replace(/\.git$/, '');
  const readable = `${base}-${branch}`
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const hash = createHash('sha256').update(`${address}\n${branch}`).digest('hex').slice(0, 8);
  return `${readable.slice(0, 40) || 'sluice'}-${hash}`;
}

/** Where an instance keeps its things unless it is told. */
export function defaultDataDir(
  instance: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const base = environment['XDG_DATA_HOME'] ?? path.join(homedir(), '.local', 'share');
  return path.join(base, 'sluice', instance);
}

function sourceOf(
  flags: RunFlags,
  config: DaemonConfigSpec | undefined,
  cwd: string,
): SourceSettings {
  if (flags.watch !== undefined)
    return { kind: 'directory', directory: path.resolve(cwd, flags.watch) };
  const connection = config?.repository;
  const url = flags.repo ?? connection?.url;
  if (url === undefined) {
    throw new SluiceError(
      'UsageInvalid',
      'no repository: give --repo URL, --watch DIR, or --config FILE',
    );
  }
  const fromFlag = flags.repo !== undefined;
  return {
    kind: 'git',
    url,
    branch: flags.branch ?? (fromFlag ? undefined : connection?.branch),
    connection: fromFlag && connection?.url !== flags.repo ? undefined : connection,
  };
}

function intervalOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_INTERVAL_MS;
  const ms = parseDuration(text);
  if (ms === undefined || ms < 10) {
    throw new SluiceError('UsageInvalid', `"${text}" is no interval; write it as 30s or 2m`);
  }
  return ms;
}
