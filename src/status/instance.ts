// instance.json: whose status branch this is, which daemon writes it, and for which repository.
import { isObject, listAt, stringAt } from '../model/json.ts';
import type { StatusChange } from './store.ts';

export const INSTANCE_PATH = 'instance.json';

/** Counts up when the layout of the status branch changes so that an older daemon would misread it. */
export const STATUS_FORMAT = 1;

export interface InstanceRecord {
  readonly formatVersion: number;
  readonly instance: string;
  /** One data directory; a daemon that lost its directory comes back as another writer. */
  readonly writer: string;
  /** Goes up by one with every start; the higher one is in charge. */
  readonly epoch: number;
  /** Address without credentials; empty for a directory. */
  readonly repository: string;
  /** First commits of the repository's history, sorted; empty when not known yet. */
  readonly rootCommits: readonly string[];
}

/** The file's text: sorted keys, so that the same record is the same bytes. */
export function formatInstance(record: InstanceRecord): string {
  const { epoch, formatVersion, instance, repository, rootCommits, writer } = record;
  const sorted = {
    epoch,
    formatVersion,
    instance,
    repository,
    rootCommits: rootCommits.toSorted(),
    writer,
  };
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

/** Reads the file, or undefined for what no daemon wrote. */
export function parseInstance(text: string): InstanceRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const { formatVersion, epoch } = value;
  const instance = stringAt(value, 'instance');
  const writer = stringAt(value, 'writer');
  if (instance === undefined || writer === undefined) return undefined;
  if (!isCount(formatVersion) || !isCount(epoch)) return undefined;
  const roots = listAt(value, 'rootCommits').filter((root) => typeof root === 'string');
  const repository = stringAt(value, 'repository') ?? '';
  return { formatVersion, instance, writer, epoch, repository, rootCommits: roots };
}

/** The change that records which repository this status belongs to. */
export function instanceChange(
  record: InstanceRecord,
  source: Pick<InstanceRecord, 'repository' | 'rootCommits'>,
): StatusChange {
  return { path: INSTANCE_PATH, content: formatInstance({ ...record, ...source }) };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
