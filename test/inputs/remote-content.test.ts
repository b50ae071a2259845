// Content from outside over time: fresh look-ups, moved tags, failures that are waited out, slow places, restarts.
import { readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKeptContents } from '../../src/inputs/kept-contents.ts';
import { createRemoteContent } from '../../src/inputs/remote-content.ts';
import type {
  RemoteContent,
  RemoteContentOptions,
  RemotePlace,
} from '../../src/inputs/remote-content.ts';
import { SluiceError } from '../../src/model/sluice-error.ts';
import { cleanUpAfterwards, temporaryFolder } from '../support/git-fixture.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

cleanUpAfterwards();

interface World {
  readonly clock: ManualClock;
  content: RemoteContent;
  readonly place: RemotePlace;
  /** What was asked of the place. */
  readonly asked: string[];
  version: string;
  fault: string | undefined;
  /** A version that cannot be loaded although it is there. */
  broken: string | undefined;
  /** A version that is no package. */
  flawed: string | undefined;
  /** Answers wait for this. */
  gate: Promise<void>;
}

function world(options: Pick<RemoteContentOptions, 'patienceMs' | 'kept'> = {}): World {
  const clock = createManualClock();
  const asked: string[] = [];
  const state: World = {
    clock,
    asked,
    version: 'one',
    fault: undefined,
    broken: undefined,
    flawed: undefined,
    gate: Promise.resolve(),
    content: createRemoteContent({ clock, random: () => 0, freshMs: 30_000, ...options }),
    place: {
      key: 'shop',
      host: 'oci.example.test',
      address: (version) => `shop ${version}`,
      resolve: async () => {
        asked.push('resolve');
        await state.gate;
        if (state.fault !== undefined) throw new Error(state.fault);
        return state.version;
      },
      load: async (version) => {
        asked.push(`load ${version}`);
        await state.gate;
        if (state.fault !== undefined) throw new Error(state.fault);
        if (state.broken === version)
          throw new SluiceError('RegistryFailed', `${version} is damaged`);
        if (state.flawed === version) {
          throw new SluiceError('PackageNotFound', `${version} holds nothing`);
        }
        return { version, files: new Map([['name', new TextEncoder().encode(version)]]) };
      },
    },
  };
  return state;
}

describe('a place that answers', () => {
  test('is looked up once while that is fresh, and loaded once per version', async () => {
    const { content, place, asked, clock } = world();
    const both = await Promise.all([content.load(place), content.load(place)]);
    expect(both.map((item) => item.kind)).toEqual(['loaded', 'loaded']);
    await clock.advance(29_000);
    expect(await content.look(place)).toEqual({ kind: 'at', version: 'one' });
    expect(asked).toEqual(['resolve', 'load one']);
    await clock.advance(2_000);
    expect(await content.load(place)).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(asked).toEqual(['resolve', 'load one', 'resolve']);
  });

  test('that has moved is seen by a look, and loaded when asked', async () => {
    const state = world();
    await state.content.load(state.place);
    state.version = 'two';
    await state.clock.advance(31_000);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'two' });
    expect(await state.content.load(state.place)).toMatchObject({ version: 'two' });
    expect(state.asked).toEqual(['resolve', 'load one', 'resolve', 'load two']);
  });
});

describe('a place that fails', () => {
  test('is left alone with growing delay, at most five minutes', async () => {
    const state = world();
    state.fault = 'no route';
    const { content, place, clock, asked } = state;
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      expect(await content.load(place)).toEqual({ kind: 'unavailable', message: 'no route' });
      const before = asked.length;
      let waited = 0;
      while (asked.length === before) {
        await clock.advance(1_000);
        waited += 1;
        expect((await content.look(place)).kind).toBe('unavailable');
      }
      waits.push(waited);
      // The look was a try of its own: its delay begins now.
    }
    expect(waits.slice(0, 3)).toEqual([5, 10, 20]);
    expect(Math.max(...waits)).toBe(150);
  });

  test('keeps what was loaded before, also for other readers', async () => {
    const state = world();
    await state.content.load(state.place);
    state.fault = 'no route';
    await state.clock.advance(31_000);
    expect(await state.content.look(state.place)).toEqual({
      kind: 'unavailable',
      message: 'no route',
    });
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
  });

  test('in loading what it has moved to gives what was loaded before, and is waited out', async () => {
    const state = world();
    await state.content.load(state.place);
    state.version = 'two';
    await state.clock.advance(31_000);
    await state.content.look(state.place);
    state.fault = 'blob is gone';
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    const message = 'two stands there now and cannot be loaded: blob is gone';
    expect(await state.content.look(state.place)).toEqual({ kind: 'unavailable', message });
    // Nobody asks while the failure is waited out.
    const before = state.asked.length;
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(state.asked).toHaveLength(before);
    state.fault = undefined;
    await state.clock.advance(11_000);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'two' });
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'two' });
  });

  test('in loading what it has moved to is tried again with growing delay', async () => {
    const state = world();
    await state.content.load(state.place);
    state.version = 'two';
    state.broken = 'two';
    const tries: number[] = [];
    for (let second = 0; second < 1_200; second += 1) {
      await state.clock.advance(1_000);
      const before = state.asked.length;
      if ((await state.content.look(state.place)).kind === 'at') {
        expect(await state.content.load(state.place)).toMatchObject({ version: 'one' });
      }
      if (state.asked.slice(before).includes('load two')) tries.push(second);
    }
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(waits.slice(0, 3)).toEqual([5, 10, 20]);
    expect(Math.max(...waits)).toBe(150);
  });

  test('in loading the only thing that it ever had is away as ever', async () => {
    const state = world();
    state.broken = 'one';
    const found = { kind: 'unavailable', message: 'one is damaged' };
    expect(await state.content.load(state.place)).toEqual(found);
    expect(await state.content.look(state.place)).toEqual(found);
  });
});

describe('what was loaded and is no package', () => {
  test('is said, whatever was there before, and not loaded again', async () => {
    const state = world();
    await state.content.load(state.place);
    state.version = 'two';
    state.flawed = 'two';
    await state.clock.advance(31_000);
    const flaw = { kind: 'unusable', version: 'two', message: 'two holds nothing' };
    expect(await state.content.load(state.place)).toMatchObject(flaw);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'two' });
    await state.clock.advance(31_000);
    expect(await state.content.load(state.place)).toMatchObject(flaw);
    expect(state.asked).toEqual(['resolve', 'load one', 'resolve', 'load two', 'resolve']);
    // It is known what stands there, so its being away changes nothing.
    state.fault = 'no route';
    await state.clock.advance(31_000);
    expect(await state.content.load(state.place)).toMatchObject(flaw);
  });

  test('is over when something else stands there', async () => {
    const state = world();
    state.flawed = 'one';
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'unusable' });
    state.version = 'two';
    await state.clock.advance(31_000);
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'two' });
  });
});

describe('a place that is slow', () => {
  test('in giving what it has moved to gives what was loaded before meanwhile', async () => {
    const state = world({ patienceMs: 10_000 });
    await state.content.load(state.place);
    state.version = 'two';
    await state.clock.advance(31_000);
    await state.content.look(state.place);
    let open = (): void => undefined;
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const asking = state.content.load(state.place);
    await state.clock.advance(10_000);
    expect(await asking).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(await state.content.look(state.place)).toEqual({
      kind: 'unavailable',
      message: 'it is still being loaded',
    });
    open();
    await state.clock.advance(0);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'two' });
  });

  test('holds nobody up longer than the patience, and is there for the next who asks', async () => {
    const state = world({ patienceMs: 10_000 });
    let open = (): void => undefined;
    state.gate = new Promise((resolve) => {
      open = resolve;
    });
    const asking = state.content.load(state.place);
    await state.clock.advance(10_000);
    expect(await asking).toEqual({ kind: 'unavailable', message: 'it is still being loaded' });
    const looking = state.content.look(state.place);
    await state.clock.advance(10_000);
    expect(await looking).toMatchObject({ kind: 'unavailable' });
    open();
    await state.clock.advance(0);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'one' });
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded' });
    expect(state.asked).toEqual(['resolve', 'load one']);
  });

  test('can be interrupted by the caller', async () => {
    const state = world();
    state.gate = new Promise(() => undefined);
    const stop = new AbortController();
    const asking = state.content.load(state.place, stop.signal);
    await state.clock.advance(1);
    stop.abort();
    await expect(asking).rejects.toMatchObject({ code: 'Interrupted' });
    state.content.close();
  });
});

describe('after a restart', () => {
  interface Kept extends World {
    readonly directory: string;
    /** The next process, over the same disk. */
    readonly restart: () => RemoteContent;
  }
  const kept = (): Kept => {
    const directory = path.join(temporaryFolder(), 'contents');
    const onTrouble = (message: string): never => {
      throw new Error(message);
    };
    const disk = (clock: ManualClock) => createKeptContents({ directory, clock, onTrouble });
    const state = world();
    const { clock } = state;
    const restart = (): RemoteContent => {
      state.content.close();
      const options = { clock, random: () => 0, freshMs: 30_000, kept: disk(clock) };
      state.content = createRemoteContent(options);
      return state.content;
    };
    restart();
    return Object.assign(state, { directory, restart });
  };

  test('what was loaded is not loaded again, and the tag is looked at', async () => {
    const state = kept();
    await state.content.load(state.place);
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(state.asked).toEqual(['resolve', 'load one', 'resolve']);
  });

  test('a place that is away gives what it gave, and says that it is away', async () => {
    const state = kept();
    await state.content.load(state.place);
    state.fault = 'no route';
    state.restart();
    const loaded = await state.content.load(state.place);
    if (loaded.kind !== 'loaded') throw new Error(loaded.message);
    expect(Buffer.from(loaded.files.get('name') ?? []).toString('utf8')).toBe('one');
    expect(await state.content.look(state.place)).toMatchObject({ message: 'no route' });
    state.fault = undefined;
    state.version = 'two';
    await state.clock.advance(11_000);
    expect(await state.content.look(state.place)).toEqual({ kind: 'at', version: 'two' });
    expect(await state.content.load(state.place)).toMatchObject({ version: 'two' });
  });

  test('a place that was never loaded, or only looked at, is away as ever', async () => {
    const state = kept();
    await state.content.look(state.place);
    state.fault = 'no route';
    state.restart();
    expect(await state.content.load(state.place)).toEqual({
      kind: 'unavailable',
      message: 'no route',
    });
  });

  test('a tag that moved to what could not be loaded is still what was loaded', async () => {
    const state = kept();
    await state.content.load(state.place);
    state.version = 'two';
    state.broken = 'two';
    await state.clock.advance(31_000);
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(await state.content.look(state.place)).toMatchObject({
      message: 'two stands there now and cannot be loaded: two is damaged',
    });
    state.fault = 'no route';
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
  });

  test('a tag that went back to what is kept stays there', async () => {
    const state = kept();
    await state.content.load(state.place);
    for (const version of ['two', 'one']) {
      state.version = version;
      await state.clock.advance(31_000);
      await state.content.load(state.place);
    }
    expect(state.asked.filter((what) => what !== 'resolve')).toEqual(['load one', 'load two']);
    state.fault = 'no route';
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
  });

  test('what is damaged is loaded again, or not used while it cannot be', async () => {
    const state = kept();
    await state.content.load(state.place);
    const damage = (): void => {
      const folder = path.join(state.directory, 'files');
      for (const name of readdirSync(folder)) truncateSync(path.join(folder, name), 50);
    };
    damage();
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ kind: 'loaded', version: 'one' });
    expect(state.asked).toEqual(['resolve', 'load one', 'resolve', 'load one']);
    damage();
    state.fault = 'no route';
    state.restart();
    expect(await state.content.load(state.place)).toMatchObject({ message: 'no route' });
  });
});
