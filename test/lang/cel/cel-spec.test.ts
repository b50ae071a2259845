// The official conformance suite of CEL (cel-spec) against the engine, file by file.
import { describe, expect, it } from 'vitest';
import { judge, needsMessages, runSpecTest, specTests } from './cel-spec.ts';
import type { SpecTest } from './cel-spec.ts';

const all = specTests();

/** Left out by name: internals of cel-go's optimizer, which no author can write. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  block_ext: 'cel.block is what the optimizer of cel-go produces',
};
/** Single tests that are skipped, each with its reason. */
const SKIPPED: Readonly<Record<string, string>> = {};

const relevant = all.filter((spec) => !(spec.file in LEFT_OUT) && !needsMessages(spec));

function failure(spec: SpecTest): string | undefined {
  const problem = judge(spec, runSpecTest(spec));
  return problem === undefined ? undefined : `${spec.id}: ${problem} <- ${spec.test.original.expr}`;
}

describe('cel-spec', () => {
  it('keeps nearly all tests that need no protobuf messages', () => {
    expect(all.length).toBe(2344);
    // 681 need messages (proto2, proto3, enums, wrappers and parts of other files), 37 are left out.
    expect(relevant.length).toBe(1626);
    expect(Object.keys(SKIPPED).length).toBeLessThanOrEqual(relevant.length * 0.005);
  });

  for (const file of new Set(relevant.map((spec) => spec.file))) {
    const specs = relevant.filter((spec) => spec.file === file && !(spec.id in SKIPPED));
    it(`passes all ${specs.length} tests of ${file}`, () => {
      expect(specs.map(failure).filter((problem) => problem !== undefined)).toEqual([]);
    });
  }
});
