// Built-in readiness: general rules, and rules of kinds beyond the table of kstatus.
import { describe, expect, it } from 'vitest';
import { readinessOf, readinessProber } from '../../src/probes/index.ts';

function object(apiVersion: string, kind: string, rest: Readonly<Record<string, unknown>> = {}) {
  return { apiVersion, kind, metadata: { name: 'x', generation: 1 }, ...rest };
}

const ready = (status: string) => ({ status: { conditions: [{ type: 'Ready', status }] } });

describe('Readiness', () => {
  it.each([
    ['of nothing is NotFound', undefined, 'NotFound', 'NotFound'],
    [
      'of an object being deleted is Terminating, whatever else it says',
      {
        ...object('x.io/v1', 'Thing', ready('True')),
        metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      },
      'Terminating',
      'Terminating',
    ],
    ['of a kind without rules is Current', object('x.io/v1', 'Thing'), 'Current', ''],
    ['follows the condition Ready', object('x.io/v1', 'Thing', ready('Unknown')), 'InProgress', ''],
    [
      'waits for the latest generation',
      object('x.io/v1', 'Thing', { status: { observedGeneration: 0 } }),
      'InProgress',
      'LatestGenerationNotObserved',
    ],
    [
      'takes the first of Reconciling and Stalled that is True',
      object('apps/v1', 'Deployment', {
        status: {
          conditions: [
            { type: 'Reconciling', status: 'False' },
            { type: 'Stalled', status: 'True', reason: 'Broken', message: 'oh' },
          ],
        },
      }),
      'Failed',
      'Broken',
    ],
    [
      'is Unknown with malformed conditions',
      object('v1', 'Pod', { status: { conditions: 4 } }),
      'Unknown',
      'MalformedConditions',
    ],
    [
      'is Unknown for a pod in a strange phase',
      object('v1', 'Pod', { status: { phase: 'Odd' } }),
      'Unknown',
      'UnknownPhase',
    ],
    [
      'of a rollout past its deadline is Failed',
      object('apps/v1', 'Deployment', {
        status: {
          conditions: [
            { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
          ],
        },
      }),
      'Failed',
      'ProgressDeadlineExceeded',
    ],
    [
      'of a deployment waits for old pods to go',
      object('apps/v1', 'Deployment', { status: { replicas: 2, updatedReplicas: 1 } }),
      'InProgress',
      'ExtraPods',
    ],
    [
      'of a stateful set waits for the update revision',
      object('apps/v1', 'StatefulSet', {
        status: {
          replicas: 1,
          readyReplicas: 1,
          currentReplicas: 1,
          currentRevision: 'a',
          updateRevision: 'b',
        },
      }),
      'InProgress',
      'RevisionMismatch',
    ],
    [
      'of a stateful set counts its partition',
      object('apps/v1', 'StatefulSet', {
        spec: { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
        status: { replicas: 3, readyReplicas: 3, updatedReplicas: 1 },
      }),
      'InProgress',
      'PartitionRollout',
    ],
    [
      'of a stateful set updated by hand is Current',
      object('apps/v1', 'StatefulSet', { spec: { updateStrategy: { type: 'OnDelete' } } }),
      'Current',
      '',
    ],
    [
      'of a scaled-down replica set is Current',
      object('apps/v1', 'ReplicaSet', { spec: { replicas: 0 } }),
      'Current',
      '',
    ],
    [
      'of a suspended job is Current',
      object('batch/v1', 'Job', {
        spec: { suspend: true },
        status: { conditions: [{ type: 'Suspended', status: 'True' }] },
      }),
      'Current',
      '',
    ],
    [
      'of an API whose names are taken is Failed',
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {
        status: {
          conditions: [
            { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'taken' },
          ],
        },
      }),
      'Failed',
      'NotAccepted',
    ],
    [
      'of an active namespace is Current',
      object('v1', 'Namespace', { status: { phase: 'Active' } }),
      'Current',
      '',
    ],
    [
      'of a namespace being emptied is Terminating',
      object('v1', 'Namespace', { status: { phase: 'Terminating' } }),
      'Terminating',
      'Terminating',
    ],
  ])('%s', (_, given, status, reason) => {
    const readiness = readinessOf(given);
    expect(readiness).toMatchObject({ status, reason });
    expect(readiness.message).not.toBe('');
  });

  it('gives a pod fifteen seconds to be scheduled', () => {
    const pod = {
      ...object('v1', 'Pod', {
        status: {
          phase: 'Pending',
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
        },
      }),
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    };
    const created = Date.parse('2026-01-01T00:00:00Z');
    expect(readinessOf(pod, { now: created + 14_000 }).status).toBe('InProgress');
    expect(readinessOf(pod, { now: created + 15_000 }).status).toBe('Failed');
    expect(readinessOf(pod).status).toBe('Failed');
  });

  it('becomes a probe that only Current passes', () => {
    const prober = readinessProber();
    expect(prober.probe(object('v1', 'ConfigMap')).status).toBe('True');
    expect(prober.probe(undefined)).toMatchObject({
      status: 'False',
      messages: ['NotFound: not found'],
    });
    expect(prober.probe(object('v1', 'Pod', { status: { phase: 'Odd' } })).status).toBe('Unknown');
  });

  it.each([
    null,
    1,
    'x',
    [],
    { metadata: null },
    { status: [] },
    { status: { conditions: [null] } },
  ])('never throws: %j', (value) => {
    expect(readinessOf(value).status).toMatch(/^(?:Current|Unknown)$/);
  });
});
