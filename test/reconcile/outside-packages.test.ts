// Packages from outside between snapshots: moved refs, places that are away, and what is not looked at again.
import { readdirSync, readFileSync, renameSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReadIntake } from '../../src/reconcile/create-intake.ts';
import type { UnitWork } from '../../src/reconcile/unit-state.ts';
import { bareRepository, cleanUpAfterwards, commitFiles } from '../support/git-fixture.ts';
import {
  instanceOf,
  outcomeOf,
  outsideWorld,
  SHOP_MANIFEST,
  shopObject,
} from '../support/outside-world.ts';
import type { OutsideWorld } from '../support/outside-world.ts';
import { memorySnapshot } from '../support/repository.ts';

cleanUpAfterwards();

interface World extends OutsideWorld {
  readonly bare: string;
}

function world(maxBytes?: number): World {
  const bare = bareRepository();
  const files = { 'shop/manifest.yaml': SHOP_MANIFEST, 'shop/a.yaml': shopObject('one') };
  commitFiles(bare, { files });
  const image = `git+file://${bare}//shop@main`;
  const made = outsideWorld({ image, ...(maxBytes === undefined ? {} : { maxBytes }) });
  return Object.assign(made, { bare });
}

const works = (intake: ReadIntake): UnitWork[] =>
  [...intake.works.values()].map(({ work }) => work);

describe('a package of another repository', () => {
  test('is rendered once, and not again while its ref stands still', async () => {
    const { take, clock, reader } = world();
    const first = await take();
    expect(outcomeOf(first)).toEqual([[{ text: 'one' }]]);
    await clock.advance(60_000);
    expect(await reader.isOutdated()).toBe(false);
    expect(works(await take())[0]).toBe(works(first)[0]);
  });

  test('is rendered again when its ref has moved, without a new snapshot', async () => {
    const { take, clock, reader, bare } = world();
    await take();
    commitFiles(bare, { files: { 'shop/a.yaml': shopObject('two') } });
    expect(await reader.isOutdated()).toBe(false);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    expect(outcomeOf(await take())).toEqual([[{ text: 'two' }]]);
    expect(await reader.isOutdated()).toBe(false);
  });

  test('whose ref has moved to the same files is another content to unpack, and the same revision', async () => {
    const { take, clock, reader, bare } = world();
    const [before] = works(await take());
    commitFiles(bare, { files: { 'elsewhere.txt': 'x' } });
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    const [after] = works(await take());
    const hashes = [before, after].map((work) => {
      if (work?.kind !== 'desired') throw new Error('it is broken');
      return [work.desired.templateHash, work.unpackedHash];
    });
    expect(hashes[0]?.[0]).toBe(hashes[1]?.[0]);
    expect(hashes[0]?.[1]).not.toBe(hashes[1]?.[1]);
  });

  test('that is away breaks the unit until it is back', async () => {
    const { take, clock, reader, bare } = world();
    renameSync(bare, `${bare}.away`);
    expect(outcomeOf(await take())).toEqual(['AskUnanswered']);
    expect(await reader.isOutdated()).toBe(false);
    renameSync(`${bare}.away`, bare);
    await clock.advance(6_000);
    expect(await reader.isOutdated()).toBe(true);
    expect(outcomeOf(await take())).toEqual([[{ text: 'one' }]]);
  });

  test('that goes away stays as it was, and that is said until it is back', async () => {
    const { take, clock, reader, bare } = world();
    const first = await take();
    renameSync(bare, `${bare}.away`);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    const during = await take();
    expect(works(during)[0]).toBe(works(first)[0]);
    expect(during.diagnostics).toMatchObject([
      { severity: 'warning', file: 'shop.yaml', code: 'AskUnanswered' },
    ]);
    expect(during.diagnostics[0]?.message).toMatch(
      /^what was loaded before stays in force \([0-9a-f]{40}\): git\+file:/u,
    );
    expect(await reader.isOutdated()).toBe(false);
    renameSync(`${bare}.away`, bare);
    await clock.advance(21_000);
    expect(await reader.isOutdated()).toBe(true);
    expect((await take()).diagnostics).toEqual([]);
  });

  test('whose host is not allowed is not asked for again', async () => {
    const { reader, clock } = world();
    const text = instanceOf('oci.example.test/shop');
    const intake = await reader.take(memorySnapshot({ 'shop.yaml': text }));
    expect(outcomeOf(intake)).toEqual(['AskUnanswered']);
    await clock.advance(600_000);
    expect(await reader.isOutdated()).toBe(false);
  });
});

describe('a package of another repository, after a restart while it is away', () => {
  const AWAY = { severity: 'warning', file: 'shop.yaml', code: 'AskUnanswered' };

  test('is what it was, which is said at once and until it is back', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    state.restart();
    const during = await state.take();
    expect(outcomeOf(during)).toEqual([[{ text: 'one' }]]);
    expect(during.diagnostics).toMatchObject([AWAY]);
    expect(during.diagnostics[0]?.message).toMatch(
      /^what was loaded before stays in force \([0-9a-f]{40}\): git\+file:/u,
    );
    expect(during.holds.size).toBe(0);
    expect(await state.reader.isOutdated()).toBe(false);
    renameSync(`${state.bare}.away`, state.bare);
    commitFiles(state.bare, { files: { 'shop/a.yaml': shopObject('two') } });
    await state.clock.advance(21_000);
    expect(await state.reader.isOutdated()).toBe(true);
    const after = await state.take();
    expect(outcomeOf(after)).toEqual([[{ text: 'two' }]]);
    expect(after.diagnostics).toEqual([]);
  });

  test('can be given other values', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    state.restart();
    await state.take();
    const other = instanceOf(`git+file://${state.bare}//shop@main`, 'shop', 'elsewhere');
    const changed = await state.take({ 'shop.yaml': other });
    expect([...changed.works.keys()]).toEqual([
      'local:Package.package-operator.run/elsewhere/shop',
    ]);
    expect(outcomeOf(changed)).toEqual([[{ text: 'one' }]]);
    expect(changed.diagnostics).toMatchObject([AWAY]);
  });

  test('is broken where what was kept is damaged, and whole again when it is back', async () => {
    const state = world();
    await state.take();
    renameSync(state.bare, `${state.bare}.away`);
    const folder = path.join(state.contents, 'files');
    for (const name of readdirSync(folder)) truncateSync(path.join(folder, name), 90);
    state.restart();
    const broken = await state.take();
    expect(outcomeOf(broken)).toEqual(['AskUnanswered']);
    expect(broken.holds.size).toBe(1);
    renameSync(`${state.bare}.away`, state.bare);
    await state.clock.advance(6_000);
    expect(await state.reader.isOutdated()).toBe(true);
    expect(outcomeOf(await state.take())).toEqual([[{ text: 'one' }]]);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  describe.each([
    ['its file cannot be read', 'kind: [\n'],
    ['its unit is wrong', instanceOf('').replace('""', '3')],
    ['it names what was never there', instanceOf('git+file:///nowhere.git//shop@main')],
  ])('is still there when others have filled the disk while %s', (_what, wrong) => {
    test.each([
      ['in this process', false],
      ['from the first reading of the next process on', true],
    ])('%s', async (_since, restarts) => {
      // Room for one package and a half.
      const state = world(1_000);
      await state.take();
      if (restarts) state.restart();
      const broken = { 'shop.yaml': wrong };
      for (const name of ['b', 'c', 'd']) {
        const files = { 'manifest.yaml': SHOP_MANIFEST, 'a.yaml': shopObject(name) };
        const inFolder = Object.entries(files).map(([at, text]) => [`${name}/${at}`, text]);
        commitFiles(state.bare, { files: Object.fromEntries(inFolder) });
        const other = instanceOf(`git+file://${state.bare}//${name}@main`, 'other');
        const intake = await state.take({ ...broken, 'other.yaml': other });
        expect(outcomeOf(intake, 'other')).toEqual([[{ text: name }]]);
        await state.clock.advance(21_000);
        if (restarts) state.restart();
      }
      expect(readdirSync(path.join(state.contents, 'files'))).toHaveLength(2);
      renameSync(state.bare, `${state.bare}.away`);
      state.restart();
      expect(outcomeOf(await state.take())).toEqual([[{ text: 'one' }]]);
    });
  });

  test('goes to make room when its unit is gone, and when who used what is damaged', async () => {
    const state = world(1_000);
    await state.take();
    const users = path.join(state.contents, 'users');
    expect(readFileSync(users, 'utf8')).toContain('web/shop');
    truncateSync(users, 90);
    state.restart();
    const files = { 'b/manifest.yaml': SHOP_MANIFEST, 'b/a.yaml': shopObject('b') };
    commitFiles(state.bare, { files });
    const other = instanceOf(`git+file://${state.bare}//b@main`, 'other');
    await state.take({ 'shop.yaml': '', 'other.yaml': other });
    expect(readdirSync(path.join(state.contents, 'files'))).toHaveLength(1);
    expect(readFileSync(users, 'utf8')).not.toContain('web/shop');
    expect(statSync(users).mode & 0o777).toBe(0o600);
  });
});
