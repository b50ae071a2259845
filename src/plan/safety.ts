// The safety budget: how many deletions may happen without a person's approval. Pure.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Amount } from '../render/repository-config.ts';

export interface SafetyPolicy {
  /** Per unit and commit; a share is of its inventory and rounds up. */
  readonly maxDeletions: Amount;
  /** Units that disappear, per commit and target. */
  readonly maxUnitDeletions: Amount;
  /** Whether a unit that renders to nothing may be pruned. */
  readonly allowEmpty: boolean;
  /** Hashes (`sha256:…`) of sets of deletions that a person approved. */
  readonly approvals: readonly string[];
}

export type SafetyVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'approved'; readonly plan: string }
  | { readonly kind: 'held'; readonly plan: string; readonly reason: string };

export interface DeletionSet {
  /** What would be deleted or replaced, as unit ids or object keys. */
  readonly names: readonly string[];
  /** What the share is taken of: the size of the inventory, or the number of units. */
  readonly total: number;
  readonly limit: Amount;
  /** For messages: `maxDeletions` or `maxUnitDeletions`. */
  readonly setting: string;
  /** What the approval is bound to besides the names, such as the unit id. */
  readonly scope: string;
}

/** Judges a set of deletions. One single deletion out of a few always counts against the limit like any other. */
export function judgeDeletions(set: DeletionSet, policy: SafetyPolicy): SafetyVerdict {
  if (set.names.length === 0) return { kind: 'allowed' };
  const plan = deletionHash(set);
  if (policy.approvals.includes(plan)) return { kind: 'approved', plan };
  const allowed = allowance(set.limit, set.total);
  if (set.names.length <= allowed) return { kind: 'allowed' };
  const limit =
    set.limit.kind === 'count'
      ? `${allowed}`
      : `${set.limit.percent}% of ${set.total} = ${allowed}`;
  const reason = `${set.names.length} would be deleted, ${set.setting} allows ${limit}; approve it with {plan: ${plan}} under spec.approvals of sluice.yaml`;
  return { kind: 'held', plan, reason };
}

/** The hash that an approval names: exactly this set, of this unit or target. */
export function deletionHash(set: Pick<DeletionSet, 'names' | 'scope'>): string {
  const text = canonicalJson({ scope: set.scope, delete: set.names.toSorted() });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** 20 % of 11 is 3; a count is itself. */
export function allowance(limit: Amount, total: number): number {
  return limit.kind === 'count' ? limit.count : Math.ceil((limit.percent * total) / 100);
}
