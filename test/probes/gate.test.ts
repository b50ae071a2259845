// The gate of a phase: when it opens, and the sentence it says while it is shut.
import { describe, expect, it } from 'vitest';
import { judgeGate } from '../../src/probes/index.ts';
import type { ProbeResult } from '../../src/probes/index.ts';

const web = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const settings = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const role = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: '', name: 'r' };

const pass: ProbeResult = { status: 'True', messages: ['fine'], because: [] };
const fail = (...messages: string[]): ProbeResult => ({
  status: 'False',
  messages,
  because: ['x (1)'],
});
const wait: ProbeResult = { status: 'Unknown', messages: ['.status outdated'], because: [] };

describe('A gate', () => {
  it('is open without objects and when all pass', () => {
    const open = { open: true, failures: [], message: '' };
    expect(judgeGate('deploy', [])).toEqual(open);
    expect(judgeGate('deploy', [{ object: web, result: pass }])).toEqual(open);
  });

  it('names every object that does not pass, in order', () => {
    const verdict = judgeGate('deploy', [
      { object: web, result: fail('a', 'b') },
      { object: settings, result: pass },
      { object: role, result: wait },
    ]);
    expect(verdict.open).toBe(false);
    expect(verdict.failures).toEqual([
      { object: web, status: 'False', messages: ['a', 'b'], because: ['x (1)'] },
      { object: role, status: 'Unknown', messages: ['.status outdated'], because: [] },
    ]);
    expect(verdict.message).toBe(
      'Phase "deploy" failed: apps Deployment shop/web: a, b, rbac.authorization.k8s.io ClusterRole /r: .status outdated',
    );
  });

  it('leaves the core group empty, as upstream does', () => {
    const { message } = judgeGate('p', [{ object: settings, result: fail('not found') }]);
    expect(message).toBe('Phase "p" failed:  ConfigMap shop/settings: not found');
  });
});
