// Which probes of an object did not pass: their messages are on record, and tell which probe they are of.
import type { ProbeSpec } from './spec.ts';

/**
 * @param specs the probes that select an object
 * @param messages what probing it said; of probes that pass nothing is said beside those that do not
 * @returns for each probe whether it said one of them, and the messages that are of none
 */
export function failedProbes(
  specs: readonly ProbeSpec[],
  messages: readonly string[],
): { readonly failed: readonly boolean[]; readonly others: readonly string[] } {
  const programs = specs.filter(({ fieldsEqual, condition, cel }) => {
    return !fieldsEqual && !condition && cel;
  }).length;
  const says = specs.map((spec) => messagesOf(spec, programs));
  return {
    failed: says.map((isOwn) => messages.some(isOwn)),
    others: messages.filter((message) => !says.some((isOwn) => isOwn(message))),
  };
}

/** @param programs how many probes are rules: an evaluation that fails does not say of which one it is */
function messagesOf(
  { fieldsEqual, condition, cel }: ProbeSpec,
  programs: number,
): (message: string) => boolean {
  if (fieldsEqual) {
    const { fieldA, fieldB } = fieldsEqual;
    const missing = [`"${fieldA}" missing`, `"${fieldB}" missing`];
    return (message) =>
      missing.includes(message) || message.startsWith(`"${fieldA}" != "${fieldB}" `);
  }
  if (condition) {
    const name = `.status.condition["${condition.type}"]`;
    return (message) =>
      message.startsWith(`${name} `) ||
      message === `missing ${name}` ||
      /^(?:missing|malformed) \.status\.conditions$/u.test(message);
  }
  return (message) =>
    message === cel?.message || (programs === 1 && message.startsWith('CEL program failed: '));
}
