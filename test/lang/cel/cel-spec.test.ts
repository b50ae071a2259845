// The official conformance suite of CEL (cel-spec) against the engine.
import { describe, expect, it } from 'vitest';
import { judge, needsMessages, runSpecTest, specTests } from './cel-spec.ts';
import type { SpecTest } from './cel-spec.ts';

const all = specTests();
const relevant = all.filter((spec) => spec.file !== 'block_ext' && !needsMessages(spec));

function failures(specs: readonly SpecTest[]): string[] {
  return specs.flatMap((spec) => {
    const problem = judge(spec, runSpecTest(spec));
    return problem === undefined ? [] : [`${spec.id}: ${problem} <- ${spec.test.original.expr}`];
  });
}

describe('cel-spec', () => {
  it('x', () => {
    console.log(all.length, relevant.length);
    const f = failures(relevant);
    console.log(f.length);
    console.log(f.join('\n'));
    expect(f.length).toBe(0);
  });
});
