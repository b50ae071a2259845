// Status files in memory, with a local branch that a crash leaves and a remote that a lost disk leaves.
import { diagnostic } from '../../src/model/diagnostic.ts';
import {
  formatInstance,
  INSTANCE_PATH,
  parseInstance,
  STATUS_FORMAT,
} from '../../src/status/instance.ts';
import { createStatusTree } from '../../src/status/status-tree.ts';
import { blobHash } from '../../src/git/index.ts';
import type { StatusStore } from '../../src/status/store.ts';

/** Where the files are: outlives the stores that are opened over it. */
export interface StatusPlace {
  local: ReadonlyMap<string, string> | undefined;
  remote: ReadonlyMap<string, string> | undefined;
  commits: number;
}

export function emptyStatusPlace(): StatusPlace {
  return { local: undefined, remote: undefined, commits: 0 };
}

/** @param pushes whether there is a remote */
export function createMemoryStatusStore(
  place: StatusPlace,
  options: { readonly instance: string; readonly pushes: boolean },
): StatusStore {
  let tree = createStatusTree(new Map());
  let behind = true;
  return {
    open: () => {
      const known = place.local ?? (options.pushes ? place.remote : undefined);
      const before = parseInstance(known?.get(INSTANCE_PATH) ?? '');
      const record = {
        formatVersion: STATUS_FORMAT,
        instance: options.instance,
        writer: place.local && before ? before.writer : `writer-${place.commits}`,
        epoch: (before?.epoch ?? 0) + 1,
        repository: 'memory',
        rootCommits: before?.rootCommits ?? [],
      };
      const files = new Map(known ?? []);
      files.set(INSTANCE_PATH, formatInstance(record));
      place.local = files;
      tree = createStatusTree(new Map([...files].map(([path, text]) => [path, blobHash(text)])));
      const { epoch } = record;
      return Promise.resolve({
        kind: 'ready',
        epoch,
        fresh: !known,
        unacknowledged: options.pushes && before !== undefined && known !== place.remote,
        record,
        diagnostics: [],
      });
    },
    list: (prefix) => Promise.resolve(tree.list(prefix)),
    read: (paths) => {
      const found = paths.flatMap((path) => {
        const text = place.local?.get(path);
        return text === undefined ? [] : [[path, text] as const];
      });
      return Promise.resolve(new Map(found));
    },
    commit: (changes) => {
      const effective = tree.effective(changes.filter(({ path }) => path !== INSTANCE_PATH));
      if (effective.length === 0) return Promise.resolve({ kind: 'unchanged' });
      const files = new Map(place.local ?? []);
      for (const { path, content } of effective) {
        if (content === null) files.delete(path);
        else files.set(path, content);
      }
      tree.apply(effective);
      place.local = files;
      place.commits += 1;
      behind = true;
      return Promise.resolve({ kind: 'committed', commit: `c${place.commits}` });
    },
    push: () => {
      if (!options.pushes) return Promise.resolve({ kind: 'localOnly' });
      if (!behind) return Promise.resolve({ kind: 'upToDate' });
      if (!place.local) {
        const item = diagnostic('Internal', 'the status store is not open');
        return Promise.resolve({ kind: 'fenced', diagnostic: item });
      }
      place.remote = place.local;
      behind = false;
      return Promise.resolve({ kind: 'pushed', commit: `c${place.commits}` });
    },
    noticeRemoteTip: () => false,
    close: () => Promise.resolve(),
  };
}
