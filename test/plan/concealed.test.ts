// Plans and probe messages of objects that hold values of Secrets.
import { describe, expect, test } from 'vitest';
import { concealConditions, concealProbe } from '../../src/apply/concealed-probe.ts';
import type { DesiredObject } from '../../src/model/desired.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { refOf } from '../../src/model/object-key.ts';
import { concealed } from '../../src/plan/concealed.ts';
import type { PlannedObject } from '../../src/plan/plan.ts';

const PASSWORD = 'correct horse';
const MANIFEST: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'ns' },
  data: { url: `db://${PASSWORD}@host` },
};

function desired(more: Partial<DesiredObject> = {}): DesiredObject {
  return {
    ref: refOf(MANIFEST),
    manifest: MANIFEST,
    collisionProtection: 'Prevent',
    conditionMappings: [],
    source: { file: 'x.yaml' },
    ...more,
  };
}

const tainted = desired({
  secrecy: {
    shown: { ...MANIFEST, data: { url: '(secret)' } },
    values: [PASSWORD, `db://${PASSWORD}@host`],
  },
});

describe('a planned object', () => {
  const planned: PlannedObject = {
    ref: refOf(MANIFEST),
    action: 'update',
    changes: [
      { path: '.data.url', op: 'change', before: 'old secret', after: `db://${PASSWORD}@host` },
    ],
    reason: `invalid value "${PASSWORD}"`,
  };

  test('of open content is left as it is', () => {
    expect(concealed(desired(), planned, false)).toEqual(planned);
  });

  test('that rested on a Secret when it was last written tells only where it changes, too', () => {
    const changes = [{ path: '.data.url', op: 'change', before: '(secret)', after: '(secret)' }];
    expect(concealed(desired(), planned, true)).toEqual({ ...planned, changes });
  });

  test('that rests on a Secret tells only where it changes', () => {
    expect(concealed(tainted, planned, false)).toEqual({
      ...planned,
      changes: [{ path: '.data.url', op: 'change', before: '(secret)', after: '(secret)' }],
      reason: 'invalid value "(secret)"',
    });
  });
});

describe('the path of a change', () => {
  test('does not tell a key that rests on a Secret', () => {
    const changes = [{ path: `.data["${PASSWORD}"]`, op: 'remove' as const, before: '1' }];
    const planned = { ref: refOf(MANIFEST), action: 'update' as const, changes };
    expect(concealed(tainted, planned, false).changes).toEqual([
      { path: '.data["(secret)"]', op: 'remove', before: '(secret)' },
    ]);
  });
});

describe('a probe', () => {
  const outcome = {
    status: 'False' as const,
    messages: ['".data.url" != ".data.b" expected: "an older secret" got: "x"', `saw ${PASSWORD}`],
    because: [`self.data.url = "${PASSWORD}"`],
  };

  test('of open content is left as it is', () => {
    expect(concealProbe(outcome, desired(), undefined)).toBe(outcome);
  });

  test('of an object that rests on a Secret quotes nothing', () => {
    expect(concealProbe(outcome, tainted, undefined)).toEqual({
      status: 'False',
      messages: ['".data.url" != ".data.b" expected: (secret) got: (secret)', 'saw (secret)'],
    });
  });

  test('of a Secret does not tell what the live one holds', () => {
    const live: Manifest = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'a' },
      data: { p: Buffer.from('live value').toString('base64') },
    };
    const secret = desired({ manifest: { ...live, data: {} } });
    const said = { status: 'False' as const, messages: ['the live value is wrong'] };
    expect(concealProbe(said, secret, live).messages).toEqual(['the (secret) is wrong']);
    const condition = { type: 'T', status: 'True' as const, reason: 'r', message: 'live value' };
    expect(concealConditions([condition], secret, live)[0]?.message).toBe('(secret)');
  });
});
