// A repository in memory for render tests: files as text, discovered and rendered as the daemon does it.
import { createHash } from 'node:crypto';
import { diagnostic } from '../../src/model/diagnostic.ts';
import type { Json } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import type { Snapshot, SnapshotFile } from '../../src/model/snapshot.ts';
import { discoverUnits } from '../../src/render/discover.ts';
import type { Discovery } from '../../src/render/discover.ts';
import { parseSource, selectManifestFiles } from '../../src/render/load.ts';
import { renderUnit } from '../../src/render/render-unit.ts';
import type { RepositoryConfig } from '../../src/render/repository-config.ts';
import { readConfig } from '../../src/render/sluice-config.ts';
import type { KnownTarget } from '../../src/render/sluice-config.ts';
import { askKey } from '../../src/render/unit.ts';
import type { Answer, Ask, RenderResult, Unit } from '../../src/render/unit.ts';
import { createSchemaValidator } from '../../src/schema/index.ts';
import type { SchemaValidator } from '../../src/schema/index.ts';

export interface World {
  readonly targets?: readonly KnownTarget[];
  /** Scopes that the target knows, by `apiVersion/Kind`; others are unknown there. */
  readonly scopes?: Readonly<Record<string, 'Namespaced' | 'Cluster'>>;
  readonly environment?: Json;
  readonly objects?: readonly Manifest[];
  /** Files of packages from outside, as text by path, by reference. */
  readonly packages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface TestRepository {
  readonly snapshot: Snapshot;
  readonly config: RepositoryConfig;
  readonly discovery: Discovery;
  readonly unit: (id: string) => Unit;
  readonly render: (id: string) => Exclude<RenderResult, { kind: 'asks' }>;
}

const validator: SchemaValidator = createSchemaValidator();

export function memorySnapshot(texts: Readonly<Record<string, string>>): Snapshot {
  const contents = new Map<string, Uint8Array>();
  const files = Object.entries(texts)
    .map(([path, text]): SnapshotFile => {
      const bytes = new TextEncoder().encode(text);
      const oid = createHash('sha1').update(bytes).digest('hex');
      contents.set(oid, bytes);
      return { path, oid, mode: 'file', size: bytes.length };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    id: 'memory',
    commit: undefined,
    roots: [],
    files,
    file: (path) => byPath.get(path),
    under: (prefix) => files.filter(({ path }) => prefix === '' || path.startsWith(`${prefix}/`)),
    read: (oids) =>
      Promise.resolve(
        new Map(
          oids.flatMap((oid) => {
            const bytes = contents.get(oid);
            return bytes ? [[oid, bytes] as const] : [];
          }),
        ),
      ),
  };
}

/** Discovers a repository; a faulty sluice.yaml throws, as tests of it read it themselves. */
export function repository(
  texts: Readonly<Record<string, string>>,
  world: World = {},
): TestRepository {
  const snapshot = memorySnapshot(texts);
  const sluice = texts['sluice.yaml'];
  const read = readConfig(sluice === undefined ? undefined : new TextEncoder().encode(sluice), {
    file: 'sluice.yaml',
    targets: world.targets ?? [],
    validator,
  });
  if (read.kind === 'invalid') throw new Error(JSON.stringify(read.diagnostics));
  const { config } = read;
  const selection = selectManifestFiles(snapshot.files, config);
  const parsed = selection.files.map(({ path }) =>
    parseSource(path, new TextEncoder().encode(texts[path] ?? '')),
  );
  const discovery = discoverUnits({ snapshot, parsed, unread: selection.unread, config });
  const unit = (id: string): Unit => {
    const found = discovery.units.find((item) => item.id === id);
    if (!found)
      throw new Error(
        `no unit ${id}; there are ${discovery.units.map((item) => item.id).join(', ')}`,
      );
    return found;
  };
  const { crdScopes, slices, schemaOf } = discovery;
  const context = { config, crdScopes, slices, schemaOf, validator };
  return {
    snapshot,
    config,
    discovery,
    unit,
    render: (id) => {
      const answers = new Map<string, Answer>();
      for (let round = 0; round < 8; round++) {
        const result = renderUnit(unit(id), context, answers);
        if (result.kind !== 'asks') return result;
        for (const ask of result.asks) answers.set(askKey(ask), answer(ask, texts, world));
      }
      throw new Error('still asking after 8 rounds');
    },
  };
}

function answer(ask: Ask, texts: Readonly<Record<string, string>>, world: World): Answer {
  switch (ask.kind) {
    case 'files': {
      const inside = Object.entries(texts).filter(([path]) => path.startsWith(`${ask.prefix}/`));
      const encoded = inside.map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
      return { kind: 'files', files: new Map(encoded) };
    }
    case 'scope':
      return {
        kind: 'scope',
        scope: world.scopes?.[`${ask.apiVersion}/${ask.objectKind}`] ?? 'unknown',
      };
    case 'environment':
      return {
        kind: 'environment',
        environment: world.environment ?? { kubernetes: { version: 'v1.31.0' } },
      };
    case 'object': {
      const { ref } = ask;
      const object = world.objects?.find(
        (item) =>
          item.kind === ref.kind &&
          item.metadata.name === ref.name &&
          (item.metadata.namespace ?? '') === ref.namespace,
      );
      return { kind: 'object', object };
    }
    case 'image':
    case 'gitFiles': {
      const files = Object.entries(world.packages?.[ask.reference] ?? {});
      const encoded = files.map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
      if (files.length > 0)
        return { kind: 'package', files: new Map(encoded), version: 'sha256:0' };
      return {
        kind: 'failed',
        diagnostic: diagnostic('AskUnanswered', `${ask.reference}: it cannot be reached`),
        retry: true,
      };
    }
  }
}

/** `file:line code message` of each diagnostic, for tables. */
export function shown(
  diagnostics: readonly { file?: string; line?: number; code: string; message: string }[],
): readonly string[] {
  return diagnostics.map(
    ({ file, line, code, message }) => `${file ?? ''}:${line ?? ''} ${code} ${message}`,
  );
}
