// Which older revisions may go, as Package Operator decides it (package-operator §6.1, vectors in §16.2). Pure.

export interface RevisionView {
  readonly number: number;
  readonly available: boolean;
  readonly archived: boolean;
  /** Keys of its objects. */
  readonly objects: ReadonlySet<string>;
  /** Keys it controls now; undefined while that is not known. */
  readonly controls: ReadonlySet<string> | undefined;
}

/**
 * Numbers of revisions to archive, newest first. Walks from the newest: everything older than an available
 * revision goes; an unavailable neighbour goes early if it controls nothing that its successor needs.
 * @param revisions any order; the highest number is the current one
 */
export function revisionsToArchive(revisions: readonly RevisionView[]): readonly number[] {
  const newestFirst = revisions.toSorted((a, b) => b.number - a.number);
  const found: number[] = [];
  for (const [index, revision] of newestFirst.entries()) {
    if (revision.available) {
      const older = newestFirst.slice(index + 1);
      found.push(
        ...older
          .filter((candidate) => !candidate.archived && candidate.number < revision.number)
          .map((candidate) => candidate.number),
      );
      break;
    }
    const neighbour = newestFirst[index + 1];
    if (neighbour && mayGoEarly(neighbour, revision)) found.push(neighbour.number);
  }
  return [...new Set(found)];
}

function mayGoEarly(candidate: RevisionView, successor: RevisionView): boolean {
  if (candidate.archived || candidate.available || candidate.controls === undefined) return false;
  if (candidate.number >= successor.number) return false;
  return ![...candidate.controls].some((key) => successor.objects.has(key));
}
