// Whatever happens on the way (commits, crashes, lost disks, held and failing objects, other people's hands), in the end
// the target is what the last commit asks for. Many more histories are tried in
// test/conformance/rollout-histories.test.ts.
import { describe, it } from 'vitest';
import { tryHistories } from './support/try-histories.ts';

describe('a random history', () => {
  it('ends as the last commit asks: nothing orphaned, nothing made anew, nothing of others touched', async () => {
    await tryHistories(20_260, 150);
    // Long enough for a busy machine.
  }, 180_000);
});
