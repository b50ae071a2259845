// Line breaks inside plain and quoted text.

/** One line feed is a space, each further one a line feed; Unicode separators stay. */
export function foldBreaks(first: string, others: string): string {
  if (first !== '\n') return first + others;
  return others === '' ? ' ' : others;
}
