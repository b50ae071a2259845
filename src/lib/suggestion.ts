// The name that was probably meant by one that is not known.

/** Longer names than this are compared to nothing. */
const MAX_LENGTH = 64;

/**
 * `Did you mean 'replicas'?` for the known name that is fewest edits away, if it is near enough: a third
 * of the letters, two at least. Names of operators (`_+_`) are no names that anybody writes.
 */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  let nearest: string | undefined;
  let best = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (!/^[A-Za-z]/.test(candidate) || Math.abs(candidate.length - name.length) >= best) continue;
    const distance = edits(name.toLowerCase(), candidate.toLowerCase());
    if (distance >= best || distance >= name.length) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest === undefined ? undefined : `Did you mean '${nearest}'?`;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function edits(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let least = Math.min(
        (last[column] as number) + 1,
        (now[column - 1] as number) + 1,
        (last[column - 1] as number) + change,
      );
      const isSwap =
        row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) least = Math.min(least, (beforeLast[column - 2] as number) + 1);
      now.push(least);
    }
    beforeLast = last;
    last = now;
  }
  return last[b.length] as number;
}
