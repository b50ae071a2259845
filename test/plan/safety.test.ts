// The safety budget: what may go without a person's word, and what exactly a person's word is for.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowance, deletionHash, judgeDeletions } from '../../src/plan/safety.ts';
import type { SafetyPolicy } from '../../src/plan/safety.ts';
import { judgeUnitDeletions } from '../../src/plan/unit-plan.ts';
import type { Amount } from '../../src/render/repository-config.ts';

const share = (percent: number): Amount => ({ kind: 'share', percent });
const count = (number: number): Amount => ({ kind: 'count', count: number });

describe('an allowance', () => {
  const rows: readonly (readonly [string, Amount, number, number])[] = [
    ['20 % of 11 is 3: a share rounds up', share(20), 11, 3],
    ['20 % of 10 is 2', share(20), 10, 2],
    ['20 % of 1 is 1', share(20), 1, 1],
    ['20 % of nothing is nothing', share(20), 0, 0],
    ['0 % of anything is nothing', share(0), 1000, 0],
    ['100 % is all', share(100), 7, 7],
    ['1 % of 101 is 2', share(1), 101, 2],
    ['a number is itself, whatever there is', count(5), 1, 5],
  ];
  test.each(rows)('%s', (_what, limit, total, expected) => {
    expect(allowance(limit, total)).toBe(expected);
  });
});

const policy = (more: Partial<SafetyPolicy> = {}): SafetyPolicy => ({
  maxDeletions: share(20),
  maxUnitDeletions: share(10),
  allowEmpty: false,
  approvals: [],
  ...more,
});

describe('deletions of a unit', () => {
  const judge = (
    names: readonly string[],
    more: {
      readonly total?: number;
      readonly empty?: boolean;
      readonly policy?: SafetyPolicy;
    } = {},
  ): ReturnType<typeof judgeUnitDeletions> =>
    judgeUnitDeletions({
      unit: 'local:Folder/a',
      names,
      total: more.total ?? 5,
      goesAway: false,
      renderedEmpty: more.empty ?? false,
      policy: more.policy ?? policy(),
    });

  test('none are always allowed, even of an empty render', () => {
    expect(judge([], { empty: true }).kind).toBe('allowed');
  });
  test('as many as the limit are allowed, one more is held with the sentence to copy', () => {
    expect(judge(['a'])).toEqual({ kind: 'allowed' });
    const held = judge(['a', 'b']);
    const plan = deletionHash({ names: ['a', 'b'], scope: 'local:Folder/a' });
    expect(held).toEqual({
      kind: 'held',
      plan,
      reason: `2 would be deleted, maxDeletions allows 20% of 5 = 1; approve it with {plan: ${plan}} under spec.approvals of sluice.yaml`,
    });
  });
  test('an empty render is held whatever the limit, unless allowEmpty', () => {
    const free = policy({ maxDeletions: share(100) });
    expect(judge(['a'], { empty: true, policy: free })).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('allowEmpty: false') as string,
    });
    const names = ['a', 'b', 'c', 'd', 'e'];
    expect(judge(names, { empty: true, policy: policy({ allowEmpty: true }) }).kind).toBe(
      'allowed',
    );
  });
  test('an approval is for exactly this set of exactly this unit, in any order', () => {
    const plan = deletionHash({ names: ['a', 'b'], scope: 'local:Folder/a' });
    const approved = policy({ approvals: [plan] });
    expect(judge(['b', 'a'], { policy: approved })).toEqual({ kind: 'approved', plan });
    expect(judge(['a', 'c'], { policy: approved }).kind).toBe('held');
    expect(judge(['a', 'b', 'c'], { policy: approved }).kind).toBe('held');
    const elsewhere = { names: ['a', 'b'], total: 5, limit: share(20), setting: 'maxDeletions' };
    expect(judgeDeletions({ ...elsewhere, scope: 'local:Folder/b' }, approved).kind).toBe('held');
    expect(judge(['a', 'b'], { empty: true, policy: approved }).kind).toBe('approved');
  });
  test('a unit that goes away as a whole is judged with the other units, not by its own share', () => {
    const input = {
      unit: 'u',
      names: ['a', 'b'],
      total: 2,
      renderedEmpty: false,
      policy: policy(),
    };
    expect(judgeUnitDeletions({ ...input, goesAway: true }).kind).toBe('allowed');
  });
});

test('no set is both within the limit and held, and its hash never depends on order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 12 }),
      fc.integer({ min: 0, max: 30 }),
      fc.oneof(
        fc.integer({ min: 0, max: 12 }).map(count),
        fc.integer({ min: 0, max: 100 }).map(share),
      ),
      (names, more, limit) => {
        const total = names.length + more;
        const set = { names, total, limit, setting: 'maxDeletions', scope: 'u' };
        const verdict = judgeDeletions(set, policy());
        const fits = names.length === 0 || names.length <= allowance(limit, total);
        expect(verdict.kind).toBe(fits ? 'allowed' : 'held');
        expect(judgeDeletions({ ...set, names: names.toReversed() }, policy())).toEqual(verdict);
      },
    ),
  );
});
