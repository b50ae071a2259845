// Conditions and fields of the Package Operator API: package-operator §6.2 row by row, §7.1, §16.4, §10.
import { describe, expect, test } from 'vitest';
import type { PhaseResult } from '../../../src/apply/phase-engine.ts';
import { diagnostic } from '../../../src/model/diagnostic.ts';
import type { ErrorCode } from '../../../src/model/error-codes.ts';
import type { InventoryEntry } from '../../../src/model/inventory.ts';
import type { RevisionRecord } from '../../../src/model/unit-memory.ts';
import { apiStatusOf } from '../../../src/reconcile/api-status/index.ts';
import type { StatusView } from '../../../src/reconcile/api-status/index.ts';

function record(number: number, more: Partial<RevisionRecord> = {}): RevisionRecord {
  return {
    number,
    hash: `hash00000${number}`,
    commit: 'c',
    state: 'superseded',
    available: false,
    succeeded: false,
    changeCause: undefined,
    phases: [{ name: 'main', objects: ['Pod/default/p'] }],
    availabilityProbes: [],
    builtinProbes: false,
    ...more,
  };
}

function entry(revision: number, applied = true): InventoryEntry {
  return {
    ref: { apiVersion: 'v1', group: '', kind: 'Pod', namespace: 'default', name: 'p' },
    targetIdentity: 't',
    claim: applied ? { kind: 'applied', uid: 'u' } : { kind: 'planned' },
    revision,
    phase: 'main',
    phaseIndex: 0,
  };
}

function view(kind: string, more: Partial<StatusView>, revisions: readonly RevisionRecord[] = []) {
  const name = { target: 'local', group: 'package-operator.run', kind, namespace: 'ns', name: 'x' };
  const base: StatusView = {
    name,
    memory: {
      id: `local:${kind}.package-operator.run/ns/x`,
      name,
      inventory: new Map(),
      revisions,
      conditions: [],
      dependsOn: [],
    },
    verdict: {
      ready: 'False',
      reason: '',
      message: '',
      reconciling: false,
      stalled: false,
      diagnostics: [],
    },
    current: revisions.at(-1),
    phases: [],
    refused: [],
    suspended: false,
    suspendReason: undefined,
    yielded: false,
    archived: false,
    removing: false,
    mapped: [],
  };
  return { ...base, ...more };
}

function withInventory(made: StatusView, ...entries: readonly InventoryEntry[]): StatusView {
  const inventory = new Map(entries.map((item) => ['Pod/default/p', item]));
  return { ...made, memory: { ...made.memory, inventory } };
}

function conditions(made: StatusView): Readonly<Record<string, string>> {
  return Object.fromEntries(
    apiStatusOf(made).conditions.map(({ type, status, reason, message }) => [
      type,
      `${status}/${reason}: ${message}`,
    ]),
  );
}

const CLOSED: PhaseResult = {
  name: 'main',
  index: 0,
  objects: new Map([
    [
      'Pod/default/p',
      {
        ref: { apiVersion: 'v1', group: '', kind: 'Pod', namespace: 'default', name: 'p' },
        source: { file: 'x.yaml' },
        outcome: { kind: 'idle', ref: entry(1).ref, uid: 'u', version: '1' },
        probe: { status: 'False', messages: ['is sick'] },
        mapped: [],
      },
    ],
  ]),
  preflight: [],
  gate: 'closed',
};
const SICK = 'Phase "main" failed:  Pod default/p: is sick';
const NONE = 'False/ObjectSetUnready: No ObjectSet is available.';
const PREVIOUS = "True/Available: Previous Revision 'x-hash000001' is still Available.";

describe('a deployment (§6.2)', () => {
  const old = record(1, { available: true });
  test.each([
    [
      'no current',
      view('ObjectDeployment', { current: undefined }, [old]),
      'True/Progressing: Progressing to a new ObjectSet.',
      PREVIOUS,
    ],
    [
      'no current and nothing before',
      view('ObjectDeployment', {}),
      'True/Progressing: Progressing to a new ObjectSet.',
      NONE,
    ],
    [
      'current not succeeded and not looked at',
      view('ObjectDeployment', {}, [old, record(2)]),
      'True/LatestRevisionPendingSuccess: Latest Revision Status Unknown',
      PREVIOUS,
    ],
    [
      'current not succeeded, unavailable',
      view('ObjectDeployment', { phases: [CLOSED] }, [old, record(2)]),
      `True/LatestRevisionPendingSuccess: Latest Revision is Unavailable: ${SICK}`,
      PREVIOUS,
    ],
    [
      'current not succeeded, available',
      view('ObjectDeployment', {}, [record(1, { available: true })]),
      'True/LatestRevisionPendingSuccess: Latest Revision is Available: pending success delay period',
      NONE,
    ],
    [
      'current succeeded, available',
      view('ObjectDeployment', {}, [record(1, { available: true, succeeded: true })]),
      'False/Idle: Update concluded.',
      'True/Available: Latest Revision is Available.',
    ],
    [
      'current succeeded, not available',
      view('ObjectDeployment', { phases: [CLOSED] }, [old, record(2, { succeeded: true })]),
      'False/Idle: Update concluded.',
      PREVIOUS,
    ],
  ])('%s', (_what, made, progressing, available) => {
    expect(conditions(made)).toEqual({ Progressing: progressing, Available: available });
  });

  test('with fields; a template that was there before counts as a collision', () => {
    const again = record(3, { hash: 'hash000001', available: true, succeeded: true });
    const made = withInventory(
      view('ObjectDeployment', {}, [record(1), record(2), again]),
      entry(3),
    );
    expect(apiStatusOf(made).fields).toEqual({
      phase: 'Available',
      templateHash: 'hash000001',
      revision: 3,
      collisionCount: 1,
      controllerOf: [{ kind: 'Pod', group: '', name: 'p', namespace: 'default' }],
    });
  });
});

describe('InTransition of an ObjectSet (§16.4)', () => {
  const inTransition = (made: StatusView): boolean => 'InTransition' in conditions(made);
  const set = (more: Partial<RevisionRecord> = {}): StatusView =>
    view('ObjectSet', {}, [record(1, more)]);
  test.each([
    ['no objects', set({ phases: [] }), false],
    ['an object that is only planned', withInventory(set(), entry(1, false)), true],
    ['an object that it controls', withInventory(set(), entry(1)), false],
    ['an object that a newer revision has', withInventory(set(), entry(2)), true],
    ['an external object, which is nobody’s', set(), false],
    ['archived', withInventory(set({ state: 'archived' }), entry(2)), false],
    ['an object that a newer set has taken', { ...set(), yielded: true }, true],
  ])('%s', (_what, made, expected) => {
    expect(inTransition(made)).toBe(expected);
  });
});

describe('an ObjectSet (§7.1)', () => {
  test('whose target refuses a write says so', () => {
    const failed = new Map(
      [...CLOSED.objects].map(([key, state]) => [
        key,
        {
          ...state,
          outcome: {
            kind: 'failed' as const,
            ref: state.ref,
            retryable: false,
            diagnostic: diagnostic('ObjectRejected', 'no'),
          },
        },
      ]),
    );
    const made = view('ObjectSet', { phases: [{ ...CLOSED, objects: failed }] }, [record(1)]);
    expect(conditions(made)['Available']).toBe(`False/ApplyFailed: ${SICK}`);
  });

  test('that collides names the object twice, as upstream does', () => {
    const collided = new Map(
      [...CLOSED.objects].map(([key, state]) => [
        key,
        {
          ...state,
          outcome: {
            kind: 'collision' as const,
            ref: state.ref,
            diagnostic: diagnostic('CollisionDetected', 'refusing adoption, object …'),
          },
        },
      ]),
    );
    const made = view('ObjectSet', { phases: [{ ...CLOSED, objects: collided }] }, [record(1)]);
    expect(conditions(made)['Available']).toBe(
      'False/CollisionDetected: object default/p kind:Pod: refusing adoption, object …',
    );
  });

  test('that is being archived, and that is', () => {
    const going = view('ObjectSet', { archived: true }, [record(1, { succeeded: true })]);
    expect(conditions(withInventory(going, entry(1)))).toMatchObject({
      Archived: 'False/ArchivalInProgress: Object teardown in progress.',
    });
    expect(Object.keys(conditions(going)).toSorted()).toEqual(['Archived', 'Succeeded']);
    expect(apiStatusOf(going).fields['phase']).toBe('Archived');
  });

  test.each([
    ['Pending', view('ObjectSet', {}, [record(1)])],
    ['NotReady', view('ObjectSet', { phases: [CLOSED] }, [record(1)])],
    ['Available', view('ObjectSet', {}, [record(1, { available: true })])],
    ['Paused', view('ObjectSet', { suspended: true }, [record(1, { available: true })])],
  ])('phase %s', (phase, made) => {
    expect(apiStatusOf(made).fields['phase']).toBe(phase);
  });
});

describe('a Package (§5.4)', () => {
  const good = record(1, { available: true, succeeded: true });

  test('that cannot be loaded says where, and what ran goes on', () => {
    const problem = diagnostic('PackageInvalid', 'Duplicate Object', { file: 'p/a.yaml', line: 3 });
    const bare = view('Package', { refused: [problem] }, [good]);
    const made = { ...bare, memory: { ...bare.memory, unpackedHash: 'of what was unpacked' } };
    expect(conditions(made)).toEqual({
      Available: 'True/Available: Latest Revision is Available.',
      Progressing: 'False/Idle: Update concluded.',
      Unpacked: 'True/UnpackSuccess: Unpack job succeeded',
      Invalid: 'True/LoadError: Duplicate Object (p/a.yaml:3)',
    });
    expect(apiStatusOf(made).fields).toEqual({
      phase: 'Invalid',
      unpackedHash: 'of what was unpacked',
      revision: 1,
    });
  });

  test.each<ErrorCode>(['RegistryFailed', 'AskUnanswered', 'PackageNotFound'])(
    'whose files cannot be had is not invalid: %s',
    (code) => {
      const made = view('Package', { refused: [diagnostic(code, 'no route')] }, [good]);
      expect(conditions(made)).toMatchObject({ Unpacked: 'False/ImagePullBackOff: no route' });
      expect(conditions(made)).not.toHaveProperty('Invalid');
    },
  );

  test('whose constraints are not met says which', () => {
    const problem = diagnostic('PackageInvalid', 'Constraints not met: OpenShift platform');
    const made = view('Package', { refused: [problem] });
    expect(conditions(made)['Invalid']).toBe(
      'True/ConstraintsFailed: Constraints not met: OpenShift platform',
    );
  });

  test('only mapped conditions with a prefix come through', () => {
    const mapped = ['example.com/Up', 'Up'].map((type) => ({
      type,
      status: 'True' as const,
      reason: 'r',
      message: '',
    }));
    expect(Object.keys(conditions(view('Package', { mapped }, [good])))).toContain(
      'example.com/Up',
    );
    expect(Object.keys(conditions(view('Package', { mapped }, [good])))).not.toContain('Up');
  });
});

describe('an ObjectTemplate (§10)', () => {
  test('has the conditions of its object and none of a deployment', () => {
    const mapped = [{ type: 'Available', status: 'True' as const, reason: 'r', message: 'm' }];
    const made = view('ObjectTemplate', { mapped }, [record(1)]);
    expect(conditions(made)).toEqual({ Available: 'True/r: m' });
    expect(apiStatusOf(made).fields).toEqual({ phase: 'Active', controllerOf: [] });
  });
});
