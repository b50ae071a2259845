// A configuration repository of any size, the same one each time: plain folders of ordinary manifests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface RepositorySize {
  /** Folders, each a unit of its own. Default 1,000. */
  readonly units?: number;
  /** Files with one manifest each, per folder. Default 10. */
  readonly manifestsPerUnit?: number;
}

export interface RepositoryFile {
  /** With `/`, relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** The files in path order: `sluice.yaml` last, manifests under `clusters/local/<unit>/`. */
export function* generateRepository(size: RepositorySize = {}): Generator<RepositoryFile> {
  const { units = 1000, manifestsPerUnit = 10 } = size;
  for (let unit = 0; unit < units; unit++) {
    const name = `team-${String(unit).padStart(4, '0')}`;
    for (let index = 0; index < manifestsPerUnit; index++) {
      const write = WRITERS[index % WRITERS.length] ?? configMap;
      const round = Math.floor(index / WRITERS.length);
      const file = `${String(index).padStart(2, '0')}-${write.name.toLowerCase()}.yaml`;
      yield { path: `clusters/local/${name}/${file}`, text: write(name, round) };
    }
  }
  yield { path: 'sluice.yaml', text: SLUICE_YAML };
}

/** Writes the repository below a folder and returns how many files it has. */
export function writeRepository(folder: string, size: RepositorySize = {}): number {
  let count = 0;
  const made = new Set<string>();
  for (const file of generateRepository(size)) {
    const path = join(folder, file.path);
    const parent = dirname(path);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(path, file.text);
    count++;
  }
  return count;
}

type ManifestWriter = (unit: string, round: number) => string;

const SLUICE_YAML = `apiVersion: sluice.dev/v1alpha1
kind: Config
spec:
  targets:
    - name: local
      type: embedded
  sync:
    - path: clusters/local
      target: local
      namespace: default
`;

function header(apiVersion: string, kind: string, unit: string, round: number): string {
  const name = round === 0 ? unit : `${unit}-${round}`;
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${name}
  namespace: default
  labels:
    app.kubernetes.io/name: ${unit}
    app.kubernetes.io/part-of: bench
`;
}

const serviceAccount: ManifestWriter = (unit, round) =>
  `${header('v1', 'ServiceAccount', unit, round)}automountServiceAccountToken: false\n`;

const role: ManifestWriter = (unit, round) =>
  `${header('rbac.authorization.k8s.io/v1', 'Role', unit, round)}rules:
  - apiGroups: [""]
    resources: [configmaps, secrets]
    verbs: [get, list, watch]
`;

const roleBinding: ManifestWriter = (unit, round) =>
  `${header('rbac.authorization.k8s.io/v1', 'RoleBinding', unit, round)}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${unit}
subjects:
  - kind: ServiceAccount
    name: ${unit}
    namespace: default
`;

const configMap: ManifestWriter = (unit, round) =>
  `${header('v1', 'ConfigMap', `${unit}-settings`, round)}data:
  LOG_LEVEL: info
  GREETING: "hello from ${unit}"
  app.properties: |
    server.port=8080
    cache.size=${(round + 1) * 128}
    feature.search=true
`;

const secret: ManifestWriter = (unit, round) =>
  `${header('v1', 'Secret', `${unit}-token`, round)}type: Opaque
stringData:
  token: not-a-real-token-${unit}
`;

const deployment: ManifestWriter = (unit, round) =>
  `${header('apps/v1', 'Deployment', unit, round)}spec:
  replicas: ${(round % 3) + 1}
  selector:
    matchLabels:
      app.kubernetes.io/name: ${unit}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${unit}
    spec:
      serviceAccountName: ${unit}
      containers:
        - name: main
          image: registry.example.test/bench/${unit}:1.${round}.0
          args: ["--listen=:8080", "--name=${unit}"]
          ports:
            - name: http
              containerPort: 8080
          resources:
            requests: {cpu: 50m, memory: 64Mi}
            limits: {memory: 128Mi}
`;

const service: ManifestWriter = (unit, round) =>
  `${header('v1', 'Service', unit, round)}spec:
  selector:
    app.kubernetes.io/name: ${unit}
  ports:
    - name: http
      port: 80
      targetPort: http
`;

const networkPolicy: ManifestWriter = (unit, round) =>
  `${header('networking.k8s.io/v1', 'NetworkPolicy', unit, round)}spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${unit}
  policyTypes: [Ingress]
  ingress:
    - ports:
        - port: http
`;

const ingress: ManifestWriter = (unit, round) =>
  `${header('networking.k8s.io/v1', 'Ingress', unit, round)}spec:
  rules:
    - host: ${unit}.example.test
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${unit}
                port:
                  name: http
`;

const podDisruptionBudget: ManifestWriter = (unit, round) =>
  `${header('policy/v1', 'PodDisruptionBudget', unit, round)}spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${unit}
`;

const WRITERS: readonly ManifestWriter[] = [
  serviceAccount,
  role,
  roleBinding,
  configMap,
  secret,
  deployment,
  service,
  networkPolicy,
  ingress,
  podDisruptionBudget,
];
