// Content from outside: looked up once in a while, loaded once per version, tried again with growing delay.
import { backoffDelay } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { createSlots } from '../lib/slots.ts';
import { SluiceError } from '../model/sluice-error.ts';
import { createContentCache } from './content-cache.ts';
import type { Files, KeptContents } from './kept-contents.ts';

/** One place that content comes from. */
export interface RemotePlace {
  /** The same text for the same place. */
  readonly key: string;
  /** Requests to one host never take all slots. */
  readonly host: string;
  /** The address of the content of a version; the same for all places where it may stand. */
  readonly address: (version: string) => string;
  /** What stands there now, as an address of the content; cheap. */
  readonly resolve: (signal: AbortSignal) => Promise<string>;
  /**
   * The content; the version that it really is, where a name moved in between.
   * @throws SluiceError PackageNotFound where the content of this version was had in full and is no package; with
   * any other error it could not be had
   */
  readonly load: (
    version: string,
    signal: AbortSignal,
  ) => Promise<{ readonly version: string; readonly files: Files }>;
}

export type Look =
  | { readonly kind: 'at'; readonly version: string }
  | { readonly kind: 'unavailable'; readonly message: string };

export type Loaded =
  /** What stands there or, while that cannot be had, what stood there when it was loaded last. */
  | { readonly kind: 'loaded'; readonly version: string; readonly files: Files }
  /** What stands there was had and is no package: that is how it was made, so it does not count as away. */
  | { readonly kind: 'unusable'; readonly version: string; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface RemoteContent {
  /** What stands at the place now, without its content. Says `unavailable` while a failure is waited out. */
  look(place: RemotePlace, signal?: AbortSignal): Promise<Look>;
  /** The content of the place; `look` says whether that is what stands there now. */
  load(place: RemotePlace, signal?: AbortSignal): Promise<Loaded>;
  /** Tells which versions are in use; of what is kept on disk beside them only so much stays. */
  retain(inUse: readonly RemoteVersion[]): Promise<void>;
  /** Ends what still runs. */
  close(): void;
}

export interface RemoteVersion {
  readonly place: RemotePlace;
  /** Undefined where nothing could be had. */
  readonly version: string | undefined;
}

export interface RemoteContentOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** Milliseconds for which a look-up is good. */
  readonly freshMs: number;
  /** Milliseconds that a caller waits; the work goes on behind its back. Default: to the end. */
  readonly patienceMs?: number;
  /** Milliseconds after which one look-up or load is given up. Default ten minutes. */
  readonly limitMs?: number;
  /** Contents on disk. Default: nothing survives the process. */
  readonly kept?: KeptContents | undefined;
}

/** As upstream waits after a failed pull (package-operator §5.4). */
const RETRY = { baseMs: 10_000, maxMs: 300_000 } as const;
const SLOTS = 12;
/** Of contents in memory. */
const MAX_CACHED_BYTES = 128 * 1024 * 1024;
const MAX_PLACES = 10_000;
/** Within what a timer can wait. */
const FOREVER_MS = 2 ** 30;
const STILL_LOADING = 'it is still being loaded';

interface PlaceState {
  /** What stands there, as far as is known. */
  version: string | undefined;
  /** What an earlier process knew of the place has been looked up. */
  recalled: Promise<void> | undefined;
  /** The version whose content was had last, by this process or an earlier one. */
  loaded: string | undefined;
  /** Why a version is no package: its content will not be another one when it is loaded again. */
  flaw: { readonly version: string; readonly message: string } | undefined;
  /** Milliseconds since 1970 of the last look-up. */
  lookedAt: number;
  failures: number;
  trouble: { readonly message: string; readonly until: number } | undefined;
  resolving: Promise<void> | undefined;
  loading: Promise<void> | undefined;
}

/** Keeps versions and contents: in memory, and on disk where there is a place for them. */
export function createRemoteContent(options: RemoteContentOptions): RemoteContent {
  const { clock, random, freshMs, patienceMs, limitMs = 600_000, kept } = options;
  const places = new Map<string, PlaceState>();
  const contents = createContentCache(MAX_CACHED_BYTES, kept);
  const slots = createSlots(SLOTS);
  const closing = new AbortController();

  const stateOf = (place: RemotePlace): PlaceState => {
    const known = places.get(place.key);
    if (known) return known;
    const idle = [...places].find(([, state]) => !state.resolving && !state.loading);
    if (places.size >= MAX_PLACES && idle) places.delete(idle[0]);
    const state: PlaceState = {
      version: undefined,
      recalled: undefined,
      loaded: undefined,
      flaw: undefined,
      lookedAt: Number.NEGATIVE_INFINITY,
      failures: 0,
      trouble: undefined,
      resolving: undefined,
      loading: undefined,
    };
    places.set(place.key, state);
    return state;
  };
  /** What was there when an earlier process loaded it, until it is looked up. */
  const recall = async (place: RemotePlace): Promise<PlaceState> => {
    const state = stateOf(place);
    if (!kept) return state;
    state.recalled ??= kept.versionAt(place.key).then((version) => {
      state.loaded ??= version;
      state.version ??= version;
    });
    await state.recalled;
    return state;
  };
  /** Only what can be had without the network is worth going back to, and worth knowing after a restart. */
  const record = async (place: RemotePlace, state: PlaceState, version: string): Promise<void> => {
    if (state.loaded === version) return;
    state.loaded = version;
    await kept?.setVersion(place.key, version);
  };

  const attempt = async (
    place: RemotePlace,
    state: PlaceState,
    work: (signal: AbortSignal) => Promise<void>,
    before = '',
  ): Promise<void> => {
    let limit: AbortSignal | undefined;
    try {
      await slots.run(place.host, () => {
        limit = AbortSignal.timeout(limitMs);
        return work(AbortSignal.any([closing.signal, limit]));
      });
    } catch (error) {
      if (closing.signal.aborted) return;
      state.failures += 1;
      const until = clock.now() + backoffDelay(state.failures, RETRY, random);
      const tooLong = limit?.aborted ? `it took longer than ${limitMs / 1000} s` : undefined;
      state.trouble = { message: `${before}${tooLong ?? messageOf(error)}`, until };
    }
  };
  const resolve = (place: RemotePlace, state: PlaceState): Promise<void> => {
    state.resolving ??= attempt(place, state, async (signal) => {
      const version = await place.resolve(signal);
      state.lookedAt = clock.now();
      state.version = version;
      state.trouble = undefined;
      if (!(await contents.has(place.address(version)))) return;
      state.failures = 0;
      await record(place, state, version);
    }).finally(() => {
      state.resolving = undefined;
    });
    return state.resolving;
  };
  const load = (place: RemotePlace, state: PlaceState, wanted: string): Promise<void> => {
    const work = async (signal: AbortSignal): Promise<void> => {
      const found = await loadOrFlaw(place, wanted, signal);
      if (found.kind === 'content') await contents.put(place.address(found.version), found.files);
      state.version = found.version;
      state.flaw = found.kind === 'flaw' ? found : undefined;
      state.trouble = undefined;
      state.failures = 0;
      if (found.kind === 'content') await record(place, state, found.version);
    };
    const hasMoved = state.loaded !== undefined && state.loaded !== wanted;
    const about = hasMoved ? `${wanted} stands there now and cannot be loaded: ` : '';
    state.loading ??= attempt(place, state, work, about).finally(() => {
      state.loading = undefined;
    });
    return state.loading;
  };
  /** When a caller that asks now has waited long enough, in milliseconds since 1970. */
  const deadline = (): number => clock.now() + (patienceMs ?? FOREVER_MS);
  /** False when the caller's patience ended first. */
  const inTime = async (
    work: Promise<void>,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<boolean> => {
    const ended = new AbortController();
    const until = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
    const giveUp = clock.sleep(Math.max(end - clock.now(), 0), until).then(
      () => false,
      () => false,
    );
    const done = await Promise.race([work.then(() => true), giveUp]);
    ended.abort();
    if (signal?.aborted) throw new SluiceError('Interrupted', 'loading a package was interrupted');
    return done;
  };
  const waiting = (state: PlaceState): Extract<Look, { kind: 'unavailable' }> | undefined =>
    state.trouble && state.trouble.until > clock.now()
      ? { kind: 'unavailable', message: state.trouble.message }
      : undefined;

  /** The version, looked up again where the last look is too old. */
  const settle = async (
    place: RemotePlace,
    end: number,
    signal: AbortSignal | undefined,
  ): Promise<Look> => {
    const state = await recall(place);
    const waits = waiting(state);
    if (waits) return waits;
    const fresh = state.version !== undefined && clock.now() - state.lookedAt < freshMs;
    if (!fresh && !(await inTime(resolve(place, state), end, signal))) {
      return { kind: 'unavailable', message: STILL_LOADING };
    }
    if (state.version !== undefined && !waiting(state))
      return { kind: 'at', version: state.version };
    return waiting(state) ?? { kind: 'unavailable', message: STILL_LOADING };
  };

  return {
    look: async (place, signal) => {
      const found = await settle(place, deadline(), signal);
      const { loading } = stateOf(place);
      return found.kind === 'at' && loading
        ? { kind: 'unavailable', message: STILL_LOADING }
        : found;
    },
    load: async (place, signal) => {
      const end = deadline();
      const found = await settle(place, end, signal);
      const state = stateOf(place);
      const ready = async (version: string | undefined): Promise<Loaded | undefined> => {
        if (version === undefined) return undefined;
        const files = await contents.get(place.address(version));
        return files && { kind: 'loaded', version, files };
      };
      const standing = async (): Promise<Loaded | undefined> =>
        state.flaw && state.flaw.version === state.version
          ? { ...state.flaw, kind: 'unusable' }
          : ready(state.version);
      const before = await standing();
      if (before) return before;
      if (found.kind === 'at' && (await inTime(load(place, state, found.version), end, signal))) {
        const after = await standing();
        if (after) return after;
      }
      // While the place cannot be reached, or does not give what it says is there, what was there last still counts.
      const last = await ready(state.loaded);
      if (last) return last;
      if (found.kind === 'unavailable') return found;
      return waiting(state) ?? { kind: 'unavailable', message: STILL_LOADING };
    },
    retain: async (inUse) => {
      await kept?.trim({
        places: inUse.map(({ place }) => place.key),
        addresses: inUse.flatMap(({ place, version }) =>
          version === undefined ? [] : [place.address(version)],
        ),
      });
    },
    close: () => closing.abort(),
  };
}

type Found =
  | { readonly kind: 'content'; readonly version: string; readonly files: Files }
  | { readonly kind: 'flaw'; readonly version: string; readonly message: string };

async function loadOrFlaw(place: RemotePlace, wanted: string, signal: AbortSignal): Promise<Found> {
  try {
    return { kind: 'content', ...(await place.load(wanted, signal)) };
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'PackageNotFound') throw error;
    return { kind: 'flaw', version: wanted, message: error.message };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
