// A target seen by a session that dies or loses an answer at a step of its fault line; the real target lives on.
import type { RemoveResult, Target, TargetEvent, WriteResult } from '../../src/targets/target.ts';
import { never } from './fault-line.ts';
import type { FaultLine } from './fault-line.ts';

const UNKNOWN = { kind: 'unknown', message: 'the connection broke' } as const;

export function faultyTarget(target: Target, line: FaultLine): Target {
  return {
    name: target.name,
    identity: (signal) => line.ask(() => target.identity(signal)),
    describe: (apiVersion, kind, signal) =>
      line.ask(() => target.describe(apiVersion, kind, signal)),
    read: (refs, signal) => line.ask(() => target.read(refs, signal)),
    write: (operation, options) => {
      const act = (): Promise<WriteResult> => target.write(operation, options);
      if (options?.dryRun === true) return line.ask(act);
      const ref = operation.verb === 'patch' ? operation.ref : operation.object;
      const name = 'metadata' in ref ? (ref.metadata.name ?? '') : ref.name;
      return line.step<WriteResult>(`${operation.verb} ${ref.kind}/${name}`, act, () => UNKNOWN);
    },
    remove: (ref, options) => {
      const act = (): Promise<RemoveResult> => target.remove(ref, options);
      if (options.dryRun === true) return line.ask(act);
      return line.step<RemoveResult>(`remove ${ref.kind}/${ref.name}`, act, () => UNKNOWN);
    },
    async *watch(scope, signal): AsyncGenerator<TargetEvent> {
      const ends = new AbortController();
      const stop = (): void => ends.abort(new Error('the watch ends'));
      signal.addEventListener('abort', stop, { once: true });
      void line.death.then(stop);
      for await (const event of target.watch(scope, ends.signal)) {
        if (line.isDead()) break;
        yield event;
      }
      if (line.isDead()) await never();
    },
    find: (instance, signal) => target.find(instance, signal),
    // The world does not end with the session that looks at it.
    close: () => Promise.resolve(),
  };
}
