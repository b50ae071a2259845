// A tag or branch that moved to what cannot be loaded, and to what was loaded and is no good package: kept apart.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { writeTar } from '../../src/lib/tar-writer.ts';
import {
  bareRepository,
  cleanUpAfterwards,
  commitFiles,
  plainGit,
} from '../support/git-fixture.ts';
import { startImageRegistry } from '../support/image-registry.ts';
import type { BlobFault, ImageRegistry } from '../support/image-registry.ts';
import {
  instanceOf,
  outcomeOf,
  outsideWorld,
  SHOP_MANIFEST,
  shopObject,
} from '../support/outside-world.ts';
import type { OutsideWorld } from '../support/outside-world.ts';

cleanUpAfterwards();

const ONE = [[{ text: 'one' }]];
const TWO = [[{ text: 'two' }]];
const THREE = [[{ text: 'three' }]];
const shop = (text: string): Record<string, string> => ({
  'manifest.yaml': SHOP_MANIFEST,
  'a.yaml': shopObject(text),
});
/** Past the delay after some failures, and past what a look-up is good for. */
const LATER_MS = 61_000;

interface Moved extends OutsideWorld {
  /** The version that was loaded, and the one that cannot be. */
  readonly from: string;
  readonly to: string;
  readonly repair: () => void;
  /** Moves it on to a good package with the text `three`. */
  readonly moveOn: () => void;
}

const registries: ImageRegistry[] = [];
afterEach(async () => {
  await Promise.all(registries.splice(0).map((registry) => registry.close()));
});

async function registryWorld(): Promise<{ registry: ImageRegistry; world: OutsideWorld }> {
  const registry = await startImageRegistry();
  registries.push(registry);
  const image = `${registry.host}/shop:1`;
  return { registry, world: outsideWorld({ image, hosts: [registry.host] }) };
}

async function movedTag(fault: BlobFault): Promise<Moved> {
  const { registry, world } = await registryWorld();
  const one = registry.publish('1', shop('one'));
  expect(outcomeOf(await world.take())).toEqual(ONE);
  const two = registry.publish('1', shop('two'));
  registry.fault(two.layer.digest, fault);
  return Object.assign(world, {
    from: one.manifest.digest,
    to: two.manifest.digest,
    repair: () => registry.fault(two.layer.digest, undefined),
    moveOn: () => void registry.publish('1', shop('three')),
  });
}

async function movedBranch(): Promise<Moved> {
  const bare = bareRepository();
  const inShop = (text: string): Record<string, string> =>
    Object.fromEntries(Object.entries(shop(text)).map(([at, content]) => [`shop/${at}`, content]));
  const from = commitFiles(bare, { files: inShop('one') });
  const world = outsideWorld({ image: `git+file://${bare}//shop@main` });
  expect(outcomeOf(await world.take())).toEqual(ONE);
  const to = commitFiles(bare, { files: inShop('two') });
  // The branch is told as ever, and the server lacks an object behind it.
  const oid = plainGit(bare, ['rev-parse', `${to}:shop/a.yaml`]);
  const file = path.join(bare, 'objects', oid.slice(0, 2), oid.slice(2));
  const content = readFileSync(file);
  rmSync(file);
  return Object.assign(world, {
    from,
    to,
    repair: () => writeFileSync(file, content),
    moveOn: () => void commitFiles(bare, { files: inShop('three'), onto: 'none' }),
  });
}

describe.each<[string, () => Promise<Moved>]>([
  ['a tag whose layer is not there', () => movedTag('missing')],
  ['a tag whose layer is not what its digest says', () => movedTag('damaged')],
  ['a tag whose layer ends in the middle', () => movedTag('cut')],
  ['a branch whose commit lacks an object', () => movedBranch()],
])('%s', (_what, make) => {
  test('leaves its unit on what was loaded before, and that is said until it can be loaded', async () => {
    const moved = await make();
    const first = await moved.take();
    await moved.clock.advance(21_000);
    expect(await moved.reader.isOutdated()).toBe(true);
    const during = await moved.take();
    expect(outcomeOf(during)).toEqual(ONE);
    // Nobody has to look at its objects again, and nothing is held because of it.
    expect([...during.works.values()][0]?.work).toBe([...first.works.values()][0]?.work);
    expect(during.holds.size).toBe(0);
    expect(during.diagnostics).toMatchObject([
      { severity: 'warning', file: 'shop.yaml', code: 'AskUnanswered' },
    ]);
    const said =
      `what was loaded before stays in force (${moved.from}): ` +
      `${moved.image}: ${moved.to} stands there now and cannot be loaded: `;
    expect(during.diagnostics[0]?.message.slice(0, said.length)).toBe(said);
    // Quiet while the failure is waited out, and said again when it has failed again.
    expect(await moved.reader.isOutdated()).toBe(false);
    await moved.clock.advance(LATER_MS);
    expect(await moved.reader.isOutdated()).toBe(true);
    const again = await moved.take();
    expect(outcomeOf(again)).toEqual(ONE);
    expect(again.diagnostics[0]?.message.slice(0, said.length)).toBe(said);
    moved.repair();
    await moved.clock.advance(LATER_MS);
    expect(await moved.reader.isOutdated()).toBe(true);
    const after = await moved.take();
    expect(outcomeOf(after)).toEqual(TWO);
    expect(after.diagnostics).toEqual([]);
    expect(await moved.reader.isOutdated()).toBe(false);
  });

  test('leaves it there after a restart too, and is followed when it moves on', async () => {
    const moved = await make();
    for (const _process of [1, 2]) {
      moved.restart();
      const during = await moved.take();
      expect(outcomeOf(during)).toEqual(ONE);
      expect(during.diagnostics[0]?.message).toContain(moved.to);
      expect(during.holds.size).toBe(0);
    }
    moved.moveOn();
    await moved.clock.advance(LATER_MS);
    expect(await moved.reader.isOutdated()).toBe(true);
    const after = await moved.take();
    expect(outcomeOf(after)).toEqual(THREE);
    expect(after.diagnostics).toEqual([]);
  });

  test('gives it to units that are new, and breaks those that were never there', async () => {
    const moved = await make();
    await moved.clock.advance(21_000);
    const { image } = moved;
    const pinned = image.startsWith('git+')
      ? image.replace('@main', `@${moved.to}`)
      : image.replace(':1', `@${moved.to}`);
    const more = {
      'new.yaml': instanceOf(image, 'new', 'elsewhere'),
      'pinned.yaml': instanceOf(pinned, 'pinned', 'pinned'),
    };
    const during = await moved.take(more);
    expect(outcomeOf(during, 'new')).toEqual(ONE);
    expect(outcomeOf(during, 'pinned')).toEqual(['AskUnanswered']);
  });
});

interface Wrong extends OutsideWorld {
  readonly good: () => void;
  /** Requests for content, where they can be seen. */
  readonly loads: () => number;
}

async function wrongTag(publish: (registry: ImageRegistry) => void): Promise<Wrong> {
  const { registry, world } = await registryWorld();
  registry.publish('1', shop('one'));
  expect(outcomeOf(await world.take())).toEqual(ONE);
  publish(registry);
  return Object.assign(world, {
    good: () => void registry.publish('1', shop('two')),
    loads: () => registry.asked().filter((what) => what.includes('/blobs/')).length,
  });
}

async function wrongBranch(files: Readonly<Record<string, string | null>>): Promise<Wrong> {
  const bare = bareRepository();
  commitFiles(bare, {
    files: { 'shop/manifest.yaml': SHOP_MANIFEST, 'shop/a.yaml': shopObject('one') },
  });
  const world = outsideWorld({ image: `git+file://${bare}//shop@main` });
  expect(outcomeOf(await world.take())).toEqual(ONE);
  commitFiles(bare, { files: { 'other.txt': 'x', ...files } });
  return Object.assign(world, {
    good: () =>
      void commitFiles(bare, {
        files: { 'shop/manifest.yaml': SHOP_MANIFEST, 'shop/a.yaml': shopObject('two') },
      }),
    loads: () => 0,
  });
}

describe.each<[string, string, () => Promise<Wrong>]>([
  [
    'an image without files of a package',
    'PackageNotFound',
    () => wrongTag((registry) => void registry.publishLayer('1', writeTar([]))),
  ],
  [
    'an image whose layer is no archive, as it was pushed',
    'PackageNotFound',
    () => wrongTag((registry) => void registry.publishLayer('1', Buffer.alloc(9_000, 7))),
  ],
  [
    'an image whose manifest is wrong',
    'PackageInvalid',
    () => wrongTag((registry) => void registry.publish('1', { 'manifest.yaml': 'kind: Other\n' })),
  ],
  [
    'a commit without the folder',
    'PackageNotFound',
    () => wrongBranch({ 'shop/manifest.yaml': null, 'shop/a.yaml': null }),
  ],
  [
    'a commit whose manifest is wrong',
    'PackageInvalid',
    () => wrongBranch({ 'shop/manifest.yaml': 'kind: Other\n' }),
  ],
])('a reference that moved to %s', (_what, code, make) => {
  test(`breaks its unit with ${code}, which is no failure to be tried again`, async () => {
    const wrong = await make();
    await wrong.clock.advance(21_000);
    expect(await wrong.reader.isOutdated()).toBe(true);
    const broken = await wrong.take();
    expect(outcomeOf(broken)).toContain(code);
    expect(broken.holds.size).toBe(1);
    expect(broken.diagnostics).toEqual([]);
    const loads = wrong.loads();
    for (const _poll of [1, 2, 3]) {
      await wrong.clock.advance(21_000);
      expect(await wrong.reader.isOutdated()).toBe(false);
      expect(outcomeOf(await wrong.take())).toContain(code);
    }
    expect(wrong.loads()).toBe(loads);
    wrong.restart();
    expect(outcomeOf(await wrong.take())).toContain(code);
    wrong.good();
    await wrong.clock.advance(21_000);
    expect(await wrong.reader.isOutdated()).toBe(true);
    expect(outcomeOf(await wrong.take())).toEqual(TWO);
  });
});

test('a reference that stands still costs one look-up per poll and loads nothing', async () => {
  const { registry, world } = await registryWorld();
  registry.publish('1', shop('one'));
  await world.take();
  const before = registry.asked().length;
  for (const _poll of [1, 2, 3, 4, 5]) {
    await world.clock.advance(21_000);
    expect(await world.reader.isOutdated()).toBe(false);
  }
  expect(registry.asked().slice(before)).toEqual(
    Array.from({ length: 5 }, () => 'HEAD /v2/shop/manifests/1'),
  );
});
