// The annotation and label keys that Sluice reads and writes, in one table.

export const SLUICE_PREFIX = 'sluice.dev/';

/** Read from manifests (design: config-repo, "Annotations"). */
export const ANNOTATION = {
  dependsOn: 'sluice.dev/depends-on',
  prune: 'sluice.dev/prune',
  detach: 'sluice.dev/detach',
  drift: 'sluice.dev/drift',
  replace: 'sluice.dev/replace',
  deletionPropagation: 'sluice.dev/deletion-propagation',
  deletionGraceSeconds: 'sluice.dev/deletion-grace-seconds',
  suspend: 'sluice.dev/suspend',
  reconcileAt: 'sluice.dev/reconcile-at',
  timeout: 'sluice.dev/timeout',
} as const;

/** Written to live objects only; never part of render output or hashes. */
export const MARKER = {
  owner: 'sluice.dev/owner',
  revision: 'sluice.dev/revision',
  confidential: 'sluice.dev/confidential',
  instanceLabel: 'sluice.dev/instance',
} as const;

/** Package Operator's keys (reference: package-operator §3). */
export const PKO = {
  phase: 'package-operator.run/phase',
  condition: 'package-operator.run/condition',
  conditionMap: 'package-operator.run/condition-map',
  collisionProtection: 'package-operator.run/collision-protection',
  external: 'package-operator.run/external',
  pauseMessage: 'package-operator.run/pause-message',
  phaseClass: 'package-operator.run/phase-class',
  packageLabel: 'package-operator.run/package',
  instanceLabel: 'package-operator.run/instance',
  chunkingStrategy: 'packages.package-operator.run/chunking-strategy',
  changeCause: 'kubernetes.io/change-cause',
} as const;

/** Other tools' ways to say "never delete this object"; each means the same as `sluice.dev/prune: disabled`. */
export const PRUNE_DISABLED: readonly (readonly [key: string, value: string])[] = [
  ['sluice.dev/prune', 'disabled'],
  ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
  ['argocd.argoproj.io/sync-options', 'Prune=false'],
  ['client.lifecycle.config.k8s.io/deletion', 'detach'],
];
