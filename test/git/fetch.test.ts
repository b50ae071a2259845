// Fetches of several processes into one repository, as a plan beside a daemon makes them.
import path from 'node:path';
import { expect, test } from 'vitest';
import { fetchBranch } from '../../src/git/index.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
  temporaryFolder,
  testGit,
  testRemote,
} from '../support/git-fixture.ts';

cleanUpAfterwards();

test('many that fetch one branch into one ref at the same time all have it', async () => {
  const bare = bareRepository();
  const gitDir = path.join(temporaryFolder(), 'source.git');
  plainGit(temporaryFolder(), ['init', '--quiet', '--bare', gitDir]);
  const git = testGit();
  const remote = testRemote(bare);
  for (let round = 0; round < 4; round += 1) {
    const tip = commitFiles(bare, { files: { 'a.yaml': `round: ${round}\n` } });
    const options = { gitDir, into: 'refs/sluice/source/x' };
    await Promise.all(Array.from({ length: 6 }, () => fetchBranch(git, remote, options)));
    expect(plainGit(gitDir, ['rev-parse', options.into])).toBe(tip);
  }
});
