// A secret value is in the target and nowhere else: no blob of the status branch, no event, no message.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { cleanUpAfterwards, plainGit } from '../support/git-fixture.ts';
import {
  configMap,
  documents,
  objectDeployment,
  secret,
  unitId,
  yaml,
} from '../support/manifests.ts';
import { createScenario, stopScenariosAfterwards } from '../support/scenario.ts';

cleanUpAfterwards();
stopScenariosAfterwards();

const VALUE = 'hunter2-correct-horse';
const ENCODED = Buffer.from(VALUE).toString('base64');

/** Everything that was ever pushed: blobs, trees and commits, also of history that is not reachable any more. */
function everything(bare: string): string {
  const ids = plainGit(bare, [
    'cat-file',
    '--batch-all-objects',
    '--batch-check=%(objectname) %(objecttype)',
  ])
    .split('\n')
    .filter((line) => !line.endsWith(' tree'));
  return execFileSync('git', ['-C', bare, 'cat-file', '--batch'], {
    input: `${ids.map((line) => line.split(' ')[0]).join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64_000_000,
  });
}

test('nothing of a Secret reaches the status branch, whatever becomes of it', async () => {
  const files = { 'README.md': 'empty\n' };
  // The source is a repository of its own here, so that the status can be searched alone.
  const scenario = await createScenario({ files, status: 'apart' });
  scenario.commit({
    'a/x.yaml': documents(
      secret('plain', { password: VALUE, other: `x${VALUE}x` }),
      { ...secret('encoded', {}), stringData: undefined, data: { password: ENCODED } } as never,
      configMap('a'),
    ),
    // Trouble is where values slip out: broken YAML, a wrong type, an object that the target refuses.
    'broken/x.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  password: "${VALUE}\n  other: [\n`,
    'duplicate/x.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: d}\nstringData:\n  password: ${VALUE}\n  password: ${VALUE}\n`,
    'wrong/x.yaml': yaml({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'w' },
      data: { password: `${VALUE}!` },
    }),
    'type/x.yaml': yaml({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 't' },
      data: [VALUE] as never,
    }),
    // A probe that fails says what it saw, but not of a Secret.
    'probed.yaml': yaml(
      objectDeployment(
        'probed',
        { all: [secret('probed', { password: VALUE, other: `${VALUE}?` })] },
        {
          probes: [
            {
              selector: { kind: { kind: 'Secret' } },
              probes: [
                { fieldsEqual: { fieldA: '.data.password', fieldB: '.data.other' } },
                { cel: { rule: 'self.data.password == self.data.other', message: 'differ' } },
              ],
            },
          ],
        },
      ),
    ),
    'immutable/x.yaml': yaml({ ...secret('i', { password: VALUE }), immutable: true }),
  });
  await scenario.poll();
  await scenario.untilStatus(unitId.folder('a'), ({ ready }) => ready === 'True');
  await scenario.untilStatus(unitId.folder('immutable'), ({ ready }) => ready === 'True');
  for (const folder of ['broken', 'duplicate', 'wrong', 'type']) {
    await scenario.untilStatus(unitId.folder(folder), ({ ready }) => ready === 'False');
  }
  const probed = await scenario.untilStatus(
    unitId.deployment('probed'),
    ({ phases }) => phases[0] === 'all closed',
  );
  expect(probed.message).toContain('.data.password');
  scenario.commit({
    'immutable/x.yaml': yaml({ ...secret('i', { password: `${VALUE}-new` }), immutable: true }),
    'a/x.yaml': documents(secret('plain', { password: `${VALUE}-new` }), configMap('a')),
  });
  await scenario.poll();
  await scenario.untilStatus(unitId.folder('immutable'), ({ ready }) => ready === 'False');
  await scenario.untilStatus(unitId.folder('a'), ({ revision }) => revision === 2);
  await scenario.rest();
  expect(JSON.stringify(await scenario.object('Secret/default/plain'))).toContain(
    Buffer.from(`${VALUE}-new`).toString('base64'),
  );
  const pushed = everything(scenario.statusBare);
  expect(pushed).toContain('Secret');
  for (const text of [VALUE, ENCODED.slice(0, 16)]) {
    expect(pushed.includes(text), text).toBe(false);
    expect(
      JSON.stringify([scenario.events, scenario.troubles, scenario.session().diagnostics()]),
    ).not.toContain(text);
  }
});
