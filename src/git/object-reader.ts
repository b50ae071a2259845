// Reads objects through one `cat-file --batch` process that is kept while there is something to read.
import type { Socket } from 'node:net';
import { SluiceError } from '../model/sluice-error.ts';
import { createBatchParser } from './batch-parser.ts';
import type { BatchAnswer } from './batch-parser.ts';
import { isObjectId } from './ref-name.ts';
import type { Git, GitProcess } from './runner.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: string;
  readonly content: Uint8Array;
}

export interface ObjectReader {
  /** Contents of blobs by id; ids that do not exist or are no blobs are absent from the answer. */
  readBlobs(
    oids: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  /** The object that a revision names (`refs/heads/main`, `HEAD~2^{commit}`), or undefined. */
  resolve(revision: string, signal?: AbortSignal): Promise<GitObject | undefined>;
  /** Ends the process; the next read would start another. */
  close(): void;
}

export interface ObjectReaderOptions {
  /** Bare repository. */
  readonly gitDir?: string;
  /** Directory inside a repository, instead of `gitDir`. */
  readonly directory?: string;
  /** The process ends after so many milliseconds without a read; 5,000 unless given. */
  readonly idleMs?: number;
  /** A read that gets no byte for so long is given up; 30,000 unless given. */
  readonly stalledMs?: number;
}

interface Request {
  remaining: number;
  readonly take: (answer: BatchAnswer) => void;
  readonly done: () => void;
  readonly fail: (error: Error) => void;
}

interface Session {
  readonly running: GitProcess;
  readonly requests: Request[];
}

/** A reader for one repository. The process starts with the first read and never keeps the program alive. */
export function createObjectReader(git: Git, options: ObjectReaderOptions): ObjectReader {
  const idleMs = options.idleMs ?? 5_000;
  const stalledMs = options.stalledMs ?? 30_000;
  let session: Session | undefined;
  let timer: NodeJS.Timeout | undefined;

  const end = (ending: Session, error: Error): void => {
    if (session === ending) session = undefined;
    clearTimeout(timer);
    ending.running.stdin.end();
    for (const request of ending.requests.splice(0)) request.fail(error);
  };

  // One timer for both: idle when nothing is asked, stalled when an answer is due.
  const watch = (watched: Session): void => {
    clearTimeout(timer);
    const busy = watched.requests.length > 0;
    timer = setTimeout(
      () => {
        end(watched, new SluiceError('GitFailed', 'git cat-file gave no answer in time'));
        if (busy) watched.running.kill();
      },
      busy ? stalledMs : idleMs,
    );
    setReferenced(watched.running, busy);
    if (!busy) timer.unref();
  };

  const begin = (): Session => {
    const running = git.start({
      ...(options.gitDir === undefined ? {} : { gitDir: options.gitDir }),
      ...(options.directory === undefined ? {} : { directory: options.directory }),
      args: ['cat-file', '--batch'],
      timeoutMs: 0,
    });
    const begun: Session = { running, requests: [] };
    const parse = createBatchParser((answer) => {
      const request = begun.requests[0];
      if (!request) return;
      request.take(answer);
      request.remaining -= 1;
      if (request.remaining > 0) return;
      begun.requests.shift();
      request.done();
    });
    running.stdout.on('data', (chunk: Buffer) => {
      parse(chunk);
      if (session === begun) watch(begun);
    });
    running.exited.then(
      ({ code, stderr }) =>
        end(begun, new SluiceError('GitFailed', `git cat-file ended (${code}) ${stderr}`.trim())),
      (error: unknown) => end(begun, error instanceof Error ? error : new Error(String(error))),
    );
    return begun;
  };

  const ask = (names: readonly string[], take: (answer: BatchAnswer) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      session ??= begin();
      session.requests.push({ remaining: names.length, take, done: resolve, fail: reject });
      session.running.stdin.write(`${names.join('\n')}\n`);
      watch(session);
    });

  return {
    async readBlobs(oids, signal) {
      const wanted = [...new Set(oids)].filter(isObjectId);
      const found = new Map<string, Uint8Array>();
      if (wanted.length === 0) return found;
      const reading = ask(wanted, (answer) => {
        if (answer.kind === 'object' && answer.type === 'blob') {
          found.set(answer.oid, answer.content);
        }
      });
      await abortable(reading, signal);
      return found;
    },
    async resolve(revision, signal) {
      // The request is one line on standard input: no option can hide in it, but a second request could.
      if (revision === '' || /[\u0000-\u001f\u007f]/u.test(revision)) return undefined;
      let object: GitObject | undefined;
      const reading = ask([revision], (answer) => {
        if (answer.kind === 'object') object = answer;
      });
      await abortable(reading, signal);
      return object;
    },
    close() {
      if (session) end(session, new SluiceError('Interrupted', 'the repository was closed'));
    },
  };
}

/** The answers still arrive and are dropped: taking a request back would break the order. */
async function abortable(reading: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return reading;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new SluiceError('Interrupted', 'reading was interrupted'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([reading, aborted]);
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
    // When the race is lost nobody looks at the reading any more.
    reading.catch(() => undefined);
  }
}

/** An idle process must not keep the program alive, a busy one must. */
function setReferenced(running: GitProcess, referenced: boolean): void {
  const handles = [running.child, running.stdin as Socket, running.stdout as Socket];
  for (const handle of [...handles, running.child.stderr as Socket | null]) {
    if (referenced) handle?.ref();
    else handle?.unref();
  }
}
