// What a run is to do: flags over the daemon's file over defaults, and nothing asked for that is not there.
import { describe, expect, it } from 'vitest';
import { readDaemonConfig } from '../../src/api/read-daemon-config.ts';
import type { DaemonConfigSpec } from '../../src/api/daemon-config.ts';
import { deriveInstance, settleSettings } from '../../src/daemon/settings.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';

const HEAD = 'apiVersion: sluice.dev/v1alpha1\nkind: DaemonConfig\nspec:\n';

function config(spec: string): DaemonConfigSpec {
  const result = readDaemonConfig(Buffer.from(`${HEAD}${spec}`), 'c.yaml', createSchemaValidator());
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result.diagnostics));
  return result.spec;
}

const REPOSITORY =
  '  repository: {url: "https://git.example.test/a.git", branch: live, interval: 5s}\n';

describe('settings', () => {
  it('take the file where no flag speaks, and defaults where neither does', () => {
    const settings = settleSettings({}, config(REPOSITORY), '.');
    expect(settings.source).toMatchObject({
      url: 'https://git.example.test/a.git',
      branch: 'live',
    });
    expect(settings.intervalMs).toBe(5_000);
    expect(settings.status).toMatchObject({
      branch: 'sluice/status',
      push: true,
      pushesPerMinute: 6,
    });
  });

  it('let flags win over the file', () => {
    const flags = { branch: 'next', interval: '1s', statusBranch: 's', push: false };
    const settings = settleSettings(flags, config(REPOSITORY), '.');
    expect(settings.source).toMatchObject({ branch: 'next' });
    expect(settings.intervalMs).toBe(1_000);
    expect(settings.status).toMatchObject({ branch: 's', push: false });
  });

  it("take nothing of the file's connection for another repository", () => {
    const settings = settleSettings({ repo: 'elsewhere' }, config(REPOSITORY), '.');
    expect(settings.source).toEqual({
      kind: 'git',
      url: 'elsewhere',
      branch: undefined,
      connection: undefined,
    });
  });

  it.each([
    ['signatures', '  verify: {mode: head, allowedSigners: keys}\n', /signatures/u],
    ['permissions', '  sync: [{path: a, allow: {namespaces: [a]}}]\n', /folders are not limited/u],
    ['decryption', '  decryption: {ageKeysFrom: {file: keys}}\n', /nothing is decrypted/u],
  ])(
    'refuse a file that relies on %s, which this version does not have',
    (_name, spec, message) => {
      expect(() => settleSettings({}, config(`${REPOSITORY}${spec}`), '.')).toThrow(message);
    },
  );

  it.each([
    ['no source at all', {}],
    ['an interval that is no time', { repo: 'a', interval: 'often' }],
    ['an interval that would never rest', { repo: 'a', interval: '1ms' }],
  ])('refuse %s', (_name, flags) => {
    expect(() => settleSettings(flags, undefined, '.')).toThrow();
  });

  it('derive the same instance from the same place, and another from another', () => {
    const name = deriveInstance('https://git.example.test/team/config.git', 'main');
    expect(name).toMatch(/^config-main-[0-9a-f]{8}$/u);
    expect(deriveInstance('https://git.example.test/team/config.git', 'main')).toBe(name);
    expect(deriveInstance('https://git.example.test/other/config.git', 'main')).not.toBe(name);
    expect(deriveInstance('/'.repeat(300), '')).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]{1,62}$/u);
  });
});
