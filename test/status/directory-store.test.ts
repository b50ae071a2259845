// The directory store: the contract, and that it leaves other people's directories alone.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDirectoryStatusStore } from '../../src/status/directory-store.ts';
import { openReady, statusStoreContract } from '../contract/status-store.contract.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';

cleanUpAfterwards();

const repository = 'https://git.example.test/config';

statusStoreContract('a directory', async () => {
  const directory = path.join(temporaryFolder(), 'status');
  return {
    open: (instance = 'prod') => createDirectoryStatusStore({ directory, instance, repository }),
  };
});

it('does not write into a directory that holds something else, not even on takeover', async () => {
  const directory = temporaryFolder();
  writeFileSync(path.join(directory, 'thesis.doc'), 'x');
  const store = createDirectoryStatusStore({ directory, instance: 'prod', repository });
  for (const takeover of [false, true]) {
    expect(await store.open({ takeover })).toMatchObject({
      kind: 'refused',
      diagnostic: { code: 'StatusForeign' },
    });
  }
  expect(readdirSync(directory)).toEqual(['thesis.doc']);
});

it('finishes at the next start what was committed by half', async () => {
  const directory = path.join(temporaryFolder(), 'status');
  const store = createDirectoryStatusStore({ directory, instance: 'prod', repository });
  await openReady(store);
  mkdirSync(path.join(directory, 'b', 'in the way'), { recursive: true });
  const changes = ['a', 'b', 'c'].map((name) => ({ path: name, content: name }));
  await expect(store.commit(changes, 'Write')).rejects.toThrow();
  expect(readdirSync(directory)).not.toContain('c');
  rmSync(path.join(directory, 'b'), { recursive: true });
  const next = createDirectoryStatusStore({ directory, instance: 'prod', repository });
  await openReady(next);
  expect([...(await next.read(['a', 'b', 'c'])).values()]).toEqual(['a', 'b', 'c']);
});

it('leaves no unfinished files and no empty folders behind', async () => {
  const directory = path.join(temporaryFolder(), 'status');
  const store = createDirectoryStatusStore({ directory, instance: 'prod', repository });
  await openReady(store);
  await store.commit([{ path: 'a/b/c/d', content: 'x' }], 'Write');
  await store.commit([{ path: 'a/b/c/d', content: null }], 'Remove');
  expect(readdirSync(directory, { recursive: true })).toEqual(['instance.json']);
});
