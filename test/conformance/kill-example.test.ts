// kill -9 at random moments while the example repository is rolled out and changed, as the demo does it.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  checkRepositories,
  commitAll,
  createPlace,
  runDaemon,
  statusFiles,
  storedObjects,
} from '../crash/support/killed-daemon.ts';
import type { Place } from '../crash/support/killed-daemon.ts';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { readFolder } from '../support/package-files.ts';
import { objectsView, orphans, statusView } from '../support/world-view.ts';

const EXAMPLE = path.join(fileURLToPath(new URL('../../', import.meta.url)), 'examples', 'repo');
const STAGING = 'clusters/local/guestbook/staging.yaml';
const PREVIEW = 'clusters/local/guestbook/preview.yaml';
/** The instance that world-view.ts looks for. */
const INSTANCE = 'sim';
/** Kills for each commit. */
const KILLS = 8;
/** One rollout takes about this long, in milliseconds; kills come at any time of it. */
const ROLLOUT_MS = 2_200;

type Files = Readonly<Record<string, string>>;

function commits(): readonly Files[] {
  const first: Record<string, string> = {};
  for (const [name, bytes] of readFolder(EXAMPLE)) first[name] = Buffer.from(bytes).toString();
  const { [PREVIEW]: _preview, ...second } = first;
  second[STAGING] = (first[STAGING] ?? '').replace(/replicas: \d+/, 'replicas: 3');
  return [first, second];
}

async function rollOut(place: Place, kills: readonly (readonly number[])[]): Promise<number> {
  let killed = 0;
  for (const [index, files] of commits().entries()) {
    commitAll(place, files);
    for (const afterMs of kills[index] ?? []) {
      const { end } = await runDaemon(place, INSTANCE, { afterMs });
      killed += Number(end === 'killed');
      expect(checkRepositories(place)).toEqual([]);
    }
    const { end, log } = await runDaemon(place, INSTANCE);
    expect(end, log.slice(-20).join('\n')).toBe('ready');
  }
  return killed;
}

describe('the example under SIGKILL', () => {
  cleanUpAfterwards();

  it('ends where it ends when it is left alone', { timeout: 300_000 }, async () => {
    const moments = [0, 1].map(() =>
      Array.from({ length: KILLS }, () => 200 + Math.floor(Math.random() * ROLLOUT_MS)),
    );
    console.log(`killed after these milliseconds: ${JSON.stringify(moments)}`);
    const [killed, calm] = [createPlace(), createPlace()];
    const [kills] = await Promise.all([rollOut(killed, moments), rollOut(calm, [])]);
    console.log(`${kills} of ${2 * KILLS} runs were killed before they were done`);
    const [objects, expected] = [await storedObjects(killed), await storedObjects(calm)];
    expect(objectsView(objects)).toEqual(objectsView(expected));
    const files = statusFiles(killed);
    expect(statusView(files)).toEqual(statusView(statusFiles(calm)));
    expect(orphans(objects, files)).toEqual([]);
  });
});
