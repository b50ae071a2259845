// The directory store: the contract, and that it leaves other people's directories alone.
import { readdirSync, writeFileSync } from 'node:fs';
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

it('leaves no unfinished files and no empty folders behind', async () => {
  const directory = path.join(temporaryFolder(), 'status');
  const store = createDirectoryStatusStore({ directory, instance: 'prod', repository });
  await openReady(store);
  await store.commit([{ path: 'a/b/c/d', content: 'x' }], 'Write');
  await store.commit([{ path: 'a/b/c/d', content: null }], 'Remove');
  expect(readdirSync(directory, { recursive: true })).toEqual(['instance.json']);
});
