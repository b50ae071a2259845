// Reads a raw commit object: who, when, what it says about itself, and its tree and parents.
import type { CommitInfo } from '../model/snapshot.ts';

export interface CommitObject extends CommitInfo {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** Parses what `cat-file` gives for a commit; bytes that are no UTF-8 become U+FFFD. */
export function parseCommit(id: string, content: Uint8Array): CommitObject {
  const text = Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
  const end = text.indexOf('\n\n');
  const header = end < 0 ? text : text.slice(0, end);
  const message = end < 0 ? '' : text.slice(end + 2);
  const parents: string[] = [];
  let [tree, author, time] = ['', '', 0];
  for (const line of header.split('\n')) {
    const space = line.indexOf(' ');
    const [key, value] = [line.slice(0, space), line.slice(space + 1)];
    if (key === 'tree') tree = value;
    if (key === 'parent') parents.push(value);
    if (key === 'author') author = value.replace(/ -?\d+ [+-]\d{4}$/u, '');
    if (key === 'committer') time = Number(/ (-?\d+) [+-]\d{4}$/u.exec(value)?.[1] ?? 0);
  }
  return { id, tree, parents, author, time, message, subject: subjectOf(message) };
}

/** The first paragraph on one line, as git shows it. */
function subjectOf(message: string): string {
  const paragraph = message.trimStart().split(/\n[ \t]*\n/u)[0] ?? '';
  return paragraph.trim().replaceAll(/\s*\n\s*/gu, ' ');
}
