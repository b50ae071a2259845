// The safety budget: how many deletions and replacements may happen without a person's approval.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';

export interface SafetyPolicy {
  /** Per unit and commit: a number, or a share such as `20%` of its inventory (a share rounds up). */
  readonly maxDeletions: string | number;
  /** Units that disappear, per commit and target. */
  readonly maxUnitDeletions: string | number;
  /** Whether a unit that renders to nothing may be pruned. */
  readonly allowEmpty: boolean;
  /** Hashes (`sha256:…`) of sets of deletions that a person approved. */
  readonly approvals: readonly string[];
}

/** Used where sluice.yaml sets nothing: small clean-ups pass, a disaster does not. */
export const DEFAULT_SAFETY: SafetyPolicy = {
  maxDeletions: '50%',
  maxUnitDeletions: '50%',
  allowEmpty: false,
  approvals: [],
};

export type SafetyVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'approved'; readonly plan: string }
  | { readonly kind: 'held'; readonly plan: string; readonly reason: string };

export interface DeletionSet {
  /** What would be deleted or replaced, as unit ids or object keys. */
  readonly names: readonly string[];
  /** What the share is taken of: the size of the inventory, or the number of units. */
  readonly total: number;
  readonly limit: string | number;
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
    typeof set.limit === 'number' ? `${set.limit}` : `${set.limit} of ${set.total} = ${allowed}`;
  const reason = `${set.names.length} would be deleted, ${set.setting} allows ${limit}; approve it with {plan: ${plan}} under spec.approvals of sluice.yaml`;
  return { kind: 'held', plan, reason };
}

/** The hash that an approval names: exactly this set, of this unit or target. */
export function deletionHash(set: Pick<DeletionSet, 'names' | 'scope'>): string {
  const text = canonicalJson({ scope: set.scope, delete: set.names.toSorted() });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** `20%` of 11 is 3; a plain number is itself. */
export function allowance(limit: string | number, total: number): number {
  if (typeof limit === 'number') return limit;
  const share = /^(\d+(?:\.\d+)?)%$/.exec(limit);
  if (share?.[1] !== undefined) return Math.ceil((Number(share[1]) * total) / 100);
  return /^\d+$/.test(limit) ? Number(limit) : 0;
}
