// Renders a unit, answering what it asks for, until it is rendered or has failed.
import { diagnostic } from '../model/diagnostic.ts';
import type { Answer, Ask, RenderResult } from '../render/unit.ts';

/** Rounds of asking; a render that still asks after them has failed. */
export const MAX_ROUNDS = 8;

export type Rendered = Exclude<RenderResult, { kind: 'asks' }>;

/** @param render pure: the same answers give the same result */
export async function renderWithAnswers(
  render: (answers: ReadonlyMap<string, Answer>) => RenderResult,
  answerAsks: (asks: readonly Ask[]) => Promise<ReadonlyMap<string, Answer>>,
): Promise<Rendered> {
  const answers = new Map<string, Answer>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = render(answers);
    if (result.kind !== 'asks') return result;
    for (const [key, answer] of await answerAsks(result.asks)) answers.set(key, answer);
  }
  const message = `the unit still asks for input after ${MAX_ROUNDS} rounds`;
  return { kind: 'failed', diagnostics: [diagnostic('RenderLimit', message)] };
}
