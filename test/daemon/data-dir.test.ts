// The data directory: private, one daemon at a time, and whatever a killed daemon leaves is no obstacle.
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataDir } from '../../src/daemon/data-dir.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';

/** No process has this id. */
const NOBODY = 2 ** 22 + 1;

describe('a data directory', () => {
  cleanUpAfterwards();

  it('is made for its owner alone, with its format, and holds nothing unfinished', async () => {
    const folder = path.join(temporaryFolder(), 'data');
    const opened = await openDataDir(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder).toSorted()).toEqual(['daemon.pid', 'format.json']);
    await opened.release();
    expect(readdirSync(folder)).toEqual(['format.json']);
  });

  it('is refused while another process that lives has it', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'daemon.pid'), `${process.ppid}\n`);
    await expect(openDataDir(folder)).rejects.toThrow(`process id ${process.ppid}`);
  });

  for (const [what, content] of [
    ['that is gone', `${NOBODY}\n`],
    ['that had not yet written its id', ''],
  ] as const) {
    it(`is taken over from a daemon ${what}`, async () => {
      const folder = temporaryFolder();
      writeFileSync(path.join(folder, 'daemon.pid'), content);
      const opened = await openDataDir(folder);
      await opened.release();
      expect(readdirSync(folder)).toEqual(['format.json']);
    });
  }

  it('of a newer format is refused', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'format.json'), '{"formatVersion": 99}');
    await expect(openDataDir(folder)).rejects.toThrow('has format 99');
  });
});
