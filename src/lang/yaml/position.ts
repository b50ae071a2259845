// Offsets in a text to lines and columns as people count them: from 1, columns in characters.
import { CR, LF, isBreak } from './characters.ts';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset (UTF-16 units). Lines end where YAML 1.1 ends them, so NEL counts. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(Math.max(offset, 0), text.length);
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < end; index++) {
    const code = text.charCodeAt(index);
    if (!isBreak(code) || (code === CR && text.charCodeAt(index + 1) === LF)) continue;
    line++;
    lineStart = index + 1;
  }
  return { line, column: Array.from(text.slice(lineStart, end)).length + 1 };
}
