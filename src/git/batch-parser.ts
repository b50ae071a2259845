// Takes the output of `cat-file --batch` apart: header lines and exact byte counts, in chunks of any size.

export type BatchAnswer =
  | {
      readonly kind: 'object';
      readonly oid: string;
      readonly type: string;
      readonly content: Uint8Array;
    }
  | { readonly kind: 'missing' };

const NEWLINE = 10;
/** `<oid> SP <type> SP <size>`; everything else (`missing`, `ambiguous`) means that there is no such object. */
const HEADER = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/u;

interface Body {
  readonly oid: string;
  readonly type: string;
  readonly content: Uint8Array;
  filled: number;
}

/**
 * @param emit called once for each answer, in the order of the requests
 * @returns function to be fed with the chunks
 */
export function createBatchParser(emit: (answer: BatchAnswer) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let body: Body | undefined;

  const readHeader = (chunk: Buffer, start: number): number => {
    const newline = chunk.indexOf(NEWLINE, start);
    if (newline < 0) {
      header = Buffer.concat([header, chunk.subarray(start)]);
      return chunk.length;
    }
    const text = Buffer.concat([header, chunk.subarray(start, newline)]).toString('utf8');
    header = Buffer.alloc(0);
    const [, oid, type, size] = HEADER.exec(text) ?? [];
    if (oid === undefined || type === undefined) emit({ kind: 'missing' });
    else body = { oid, type, content: new Uint8Array(Number(size)), filled: 0 };
    return newline + 1;
  };

  const readBody = (chunk: Buffer, start: number, current: Body): number => {
    const length = Math.min(current.content.length - current.filled, chunk.length - start);
    current.content.set(chunk.subarray(start, start + length), current.filled);
    current.filled += length;
    // The newline after the content is not part of it, and may come with the next chunk.
    if (current.filled < current.content.length || start + length >= chunk.length) {
      return start + length;
    }
    body = undefined;
    emit({ kind: 'object', oid: current.oid, type: current.type, content: current.content });
    return start + length + 1;
  };

  return (chunk) => {
    let position = 0;
    while (position < chunk.length) {
      position = body ? readBody(chunk, position, body) : readHeader(chunk, position);
    }
  };
}
