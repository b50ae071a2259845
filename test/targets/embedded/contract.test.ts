// The embedded target keeps the contract of its port, in memory and on disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import type { EmbeddedTarget } from '../../../src/targets/embedded/index.ts';
import { describeTarget, done } from '../../contract/target.contract.ts';
import type { TargetFixture } from '../../contract/target.contract.ts';

async function fixtureOf(
  target: EmbeddedTarget,
  cleanUp: () => void = () => undefined,
): Promise<TargetFixture> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'contract' } };
  done(await target.write({ verb: 'create', object, manager: 'fixture' }));
  return {
    target,
    namespace: 'contract',
    settle: () => new Promise((resolve) => setTimeout(resolve, 20)),
    async close() {
      await target.close();
      cleanUp();
    },
  };
}

describeTarget('an embedded target in memory', () =>
  fixtureOf(createEmbeddedTarget({ name: 'memory', controllers: { readyAfterMs: 0 } })),
);

describeTarget('an embedded target on disk', () => {
  const path = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
  const target = createEmbeddedTarget({ name: 'disk', path, controllers: { readyAfterMs: 0 } });
  return fixtureOf(target, () => rmSync(path, { recursive: true, force: true }));
});
