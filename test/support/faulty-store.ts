// A status store seen by a session that dies or loses an answer at a step of its fault line.
import { diagnostic } from '../../src/model/diagnostic.ts';
import type { CommitResult, PushResult, StatusStore } from '../../src/status/store.ts';
import type { FaultLine } from './fault-line.ts';

export function faultyStore(store: StatusStore, line: FaultLine): StatusStore {
  return {
    open: (options, signal) => line.ask(() => store.open(options, signal)),
    list: (prefix) => line.ask(() => store.list(prefix)),
    read: (paths) => line.ask(() => store.read(paths)),
    commit: (changes, message) =>
      line.step<CommitResult>(
        `commit ${message.split('\n', 1)[0] ?? ''}`,
        () => store.commit(changes, message),
        () => {
          throw new Error('the disk did not answer');
        },
      ),
    push: (signal) =>
      line.step<PushResult>(
        'push',
        () => store.push(signal),
        () => ({
          kind: 'unreachable',
          diagnostic: diagnostic('StatusUnpushed', 'the connection broke'),
        }),
      ),
    noticeRemoteTip: (tip) => store.noticeRemoteTip(tip),
    close: () => Promise.resolve(),
  };
}
