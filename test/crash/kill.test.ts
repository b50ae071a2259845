// kill -9 on the real program, again and again, at moments of its log and at random ones: the end is the same as if it
// had been left alone, and what is on disk is in order.
import { describe, expect, it } from 'vitest';
import { cleanUpAfterwards } from '../support/git-fixture.ts';
import { objectsView, orphans, statusView } from '../support/world-view.ts';
import {
  checkRepositories,
  commitAll,
  createPlace,
  runDaemon,
  statusFiles,
  storedObjects,
} from './support/killed-daemon.ts';
import type { Moment, Place } from './support/killed-daemon.ts';
import { ROLLOUT } from './support/rollout-scenario.ts';

const INSTANCE = 'sim';

const INTENT = /"intents":[1-9].*"status committed"/;
const PUSHED = /"status pushed"/;
const OBJECT = /"msg":"object"/;

/** Which commits are rolled out, and when the daemon is killed on the way. */
const PLAN: readonly { readonly commit: string; readonly kills: readonly Moment[] }[] = [
  {
    commit: 'install',
    kills: [{ line: INTENT, nth: 1 }, { line: OBJECT, nth: 3 }, { afterMs: randomMs() }],
  },
  {
    commit: 'update',
    kills: [{ line: PUSHED, nth: 2 }, { line: OBJECT, nth: 4 }, { afterMs: randomMs() }],
  },
  {
    commit: 'rename',
    kills: [
      { line: INTENT, nth: 1 },
      { line: OBJECT, nth: 2 },
    ],
  },
];

function randomMs(): number {
  return 300 + Math.floor(Math.random() * 900);
}

async function rollOut(place: Place, withKills: boolean): Promise<number> {
  let killed = 0;
  for (const { commit, kills } of PLAN) {
    commitAll(place, ROLLOUT.find(({ id }) => id === commit)?.files ?? {});
    for (const moment of withKills ? kills : []) {
      const { end } = await runDaemon(place, INSTANCE, moment);
      killed += Number(end === 'killed');
      expect(checkRepositories(place)).toEqual([]);
    }
    const { end, log } = await runDaemon(place, INSTANCE);
    expect(end, log.slice(-20).join('\n')).toBe('ready');
  }
  return killed;
}

describe('a daemon that is killed with SIGKILL', () => {
  cleanUpAfterwards();

  it('ends where one ends that is left alone', { timeout: 120_000 }, async () => {
    console.log(
      `random moments: ${JSON.stringify(PLAN.flatMap(({ kills }) => kills.flatMap((m) => ('afterMs' in m ? [m.afterMs] : []))))}`,
    );
    const [killed, calm] = [createPlace(), createPlace()];
    const [kills] = await Promise.all([rollOut(killed, true), rollOut(calm, false)]);
    expect(kills).toBeGreaterThanOrEqual(6);
    const [objects, expected] = [await storedObjects(killed), await storedObjects(calm)];
    expect(objectsView(objects)).toEqual(objectsView(expected));
    const files = statusFiles(killed);
    expect(statusView(files)).toEqual(statusView(statusFiles(calm)));
    expect(orphans(objects, files)).toEqual([]);
    expect(checkRepositories(killed)).toEqual([]);
  });
});
