// The parser of cat-file's answers: any content, cut anywhere.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatchParser } from '../../src/git/batch-parser.ts';
import type { BatchAnswer } from '../../src/git/batch-parser.ts';

const OID = 'a'.repeat(40);

it('gives the same answers however the output is cut', () => {
  const object = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(fc.array(fc.option(object)), fc.integer({ min: 1, max: 17 }), (contents, size) => {
      const output = Buffer.concat(
        contents.map((content) =>
          content
            ? Buffer.concat([
                Buffer.from(`${OID} blob ${content.length}\n`),
                content,
                Buffer.from('\n'),
              ])
            : Buffer.from(`${OID} missing\n`),
        ),
      );
      const answers: BatchAnswer[] = [];
      const feed = createBatchParser((answer) => answers.push(answer));
      for (let at = 0; at < output.length; at += size) feed(output.subarray(at, at + size));
      expect(answers.map((item) => (item.kind === 'object' ? [...item.content] : null))).toEqual(
        contents.map((content) => content && [...content]),
      );
    }),
  );
});
