// What waits to be committed: intents one by one, status coalesced, and of each path only the last word.
import type { StatusChange } from './store.ts';

export interface PendingIntent {
  readonly order: number;
  readonly changes: readonly StatusChange[];
  readonly message: string;
}

export interface PendingStatus {
  readonly order: number;
  readonly change: StatusChange;
}

/** A message names so many intents and counts the rest. */
const MOST_LISTED = 50;

/** One list of changes for a commit; where an intent and status name the same path, the later call counts. */
export function mergeChanges(
  intents: Iterable<PendingIntent>,
  status: Iterable<PendingStatus>,
): readonly StatusChange[] {
  const last = new Map<string, PendingStatus>();
  const offer = (item: PendingStatus): void => {
    const known = last.get(item.change.path);
    if (!known || known.order <= item.order) last.set(item.change.path, item);
  };
  for (const intent of intents) {
    for (const change of intent.changes) offer({ order: intent.order, change });
  }
  for (const item of status) offer(item);
  return [...last.values()].map((item) => item.change);
}

/** The message of a commit that carries intents: the caller's own, or a list of them. */
export function groupMessage(intents: readonly PendingIntent[]): string {
  const [first, ...others] = intents;
  if (!first) return '';
  if (others.length === 0) return first.message;
  const subjects = intents.slice(0, MOST_LISTED).map((intent) => `- ${subjectOf(intent.message)}`);
  if (intents.length > MOST_LISTED) subjects.push(`- ${intents.length - MOST_LISTED} others`);
  return `${subjectOf(first.message)} (and ${others.length} more)\n\n${subjects.join('\n')}\n`;
}

function subjectOf(message: string): string {
  return message.trimStart().split('\n', 1)[0]?.trim() ?? '';
}
