// Replays recorded requests of a real API server against the embedded target's verbs.
import { readFileSync } from 'node:fs';
import type { Json, JsonObject } from '../../../src/model/json.ts';
import { isObject, listAt, objectAt, stringAt } from '../../../src/model/json.ts';
import { createCore } from '../../../src/targets/embedded/core.ts';
import type { Core } from '../../../src/targets/embedded/core.ts';
import { startControllers } from '../../../src/targets/embedded/controllers/loop.ts';
import { deleteObject } from '../../../src/targets/embedded/delete.ts';
import type { ServedKind } from '../../../src/targets/embedded/kinds.ts';
import { createMemoryStore } from '../../../src/targets/embedded/memory-store.ts';
import { applyObject } from '../../../src/targets/embedded/apply.ts';
import { createObject } from '../../../src/targets/embedded/create.ts';
import { patchObject, putObject } from '../../../src/targets/embedded/update.ts';
import type { RemoveResult, WriteResult } from '../../../src/targets/target.ts';
import { createManualClock } from '../../support/manual-clock.ts';

export interface Step {
  readonly note: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType?: string;
    readonly body?: Json;
  };
  readonly response: { readonly status: number; readonly body: Json };
}

/** What came back, in terms of both sides. */
export interface Answer {
  readonly status: number;
  readonly body: Json | undefined;
}

export interface Replay {
  /** Undefined for a request that the target's port has no verb for. */
  send(step: Step): Answer | undefined;
  /** Lets controllers work. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function readTranscript(scenario: string): readonly Step[] {
  const url = new URL(`../../data/apiserver/${scenario}.jsonl`, import.meta.url);
  return readFileSync(url, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Step);
}

/** Versions of this run by the versions of the recording. */
type Versions = Map<string, string>;

export function startReplay(namespace: string): Replay {
  const clock = createManualClock();
  const core = createCore({ store: createMemoryStore('replay'), clock });
  const metadata = { name: namespace };
  createObject(
    core,
    { apiVersion: 'v1', kind: 'Namespace', metadata },
    { manager: 'unknown', operation: 'Update', dryRun: false },
  );
  const versions: Versions = new Map();
  const loop = startControllers(core, {
    readyAfterMs: 300,
    onError: (error) => {
      throw error;
    },
  });
  return {
    send(step) {
      const answer = send(core, step, versions);
      const recorded = versionIn(step.response.body);
      const ours = versionIn(answer?.body);
      if (recorded !== undefined && ours !== undefined) versions.set(recorded, ours);
      return answer;
    },
    pass: async (ms) => {
      for (let turn = 0; turn < 10; turn++) await clock.advance(0);
      await clock.advance(ms);
      for (let turn = 0; turn < 10; turn++) await clock.advance(0);
    },
    close: () => loop.stop(),
  };
}

interface Place {
  readonly served: ServedKind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

function locate(core: Core, path: string): Place | undefined {
  const parts = path.split('/').slice(1);
  const root = parts.shift();
  const group = root === 'api' ? '' : (parts.shift() ?? '');
  const version = parts.shift() ?? '';
  let namespace = '';
  if (parts[0] === 'namespaces' && parts.length > 2) {
    namespace = parts[1] ?? '';
    parts.splice(0, 2);
  }
  const [resource = '', name = '', subresource = ''] = parts;
  const found = core.kinds.all().find((kind) => kind.group === group && kind.resource === resource);
  const served =
    found && core.kinds.find(group === '' ? version : `${group}/${version}`, found.kind);
  return served && { served, namespace, name, subresource };
}

function versionIn(body: Json | undefined): string | undefined {
  return isObject(body) ? stringAt(objectAt(body, 'metadata'), 'resourceVersion') : undefined;
}

function send(core: Core, { request }: Step, versions: Versions): Answer | undefined {
  const url = new URL(request.path, 'http://x');
  const place = locate(core, url.pathname);
  if (!place) return { status: 404, body: undefined };
  if (place.subresource !== '' && place.subresource !== 'status') return undefined;
  const { served, namespace, name } = place;
  const dryRun = url.searchParams.get('dryRun') === 'All';
  const manager = url.searchParams.get('fieldManager') ?? 'unknown';
  const writer = {
    manager,
    dryRun,
    ...(place.subresource === 'status' ? { subresource: 'status' as const } : {}),
  };
  const key = { group: served.group, kind: served.kind, namespace, name };
  const body = isObject(request.body) ? request.body : {};
  const manifest = {
    ...body,
    apiVersion: served.apiVersion,
    kind: served.kind,
    metadata: { ...objectAt(body, 'metadata'), ...(namespace === '' ? {} : { namespace }) },
  };
  switch (request.method) {
    case 'GET':
      return name === '' ? undefined : read(core, key, served);
    case 'POST':
      return written(
        createObject(core, manifest, { ...writer, operation: 'Update' }),
        { ...place, name: String(objectAt(body, 'metadata')['name']) },
        201,
      );
    case 'PUT': {
      const given = versionIn(body);
      const version = given === undefined ? undefined : (versions.get(given) ?? given);
      const uid = stringAt(objectAt(core.get(key) ?? {}, 'metadata'), 'uid') ?? '';
      const expect = version === undefined ? {} : { expect: { uid, version } };
      return written(putObject(core, manifest, { ...writer, ...expect }), place, 200);
    }
    case 'PATCH': {
      if (request.contentType === 'application/merge-patch+json') {
        const ref = { ...key, apiVersion: served.apiVersion };
        return written(patchObject(core, ref, body, writer), place, 200);
      }
      if (request.contentType === 'application/json-patch+json') {
        // The recorded ones all take the finalizers away.
        const ref = { ...key, apiVersion: served.apiVersion };
        const patch = { metadata: { finalizers: null } };
        return written(patchObject(core, ref, patch, writer), place, 200);
      }
      if (request.contentType !== 'application/apply-patch+yaml' || !isObject(request.body)) {
        return undefined;
      }
      const force = url.searchParams.get('force') === 'true';
      const status = core.get(key) ? 200 : 201;
      return written(applyObject(core, manifest, { ...writer, force }), place, status);
    }
    case 'DELETE': {
      const uid = stringAt(objectAt(body, 'preconditions'), 'uid');
      const propagation = url.searchParams.get('propagationPolicy') as 'Orphan' | null;
      const result = deleteObject(core, key, {
        dryRun,
        ...(uid === undefined ? {} : { uid }),
        ...(propagation ? { propagation } : {}),
      });
      return removed(result, core, place);
    }
    default:
      return undefined;
  }
}

function read(
  core: Core,
  key: {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  },
  served: ServedKind,
): Answer {
  const object = core.get(key);
  return object
    ? { status: 200, body: object }
    : failure(404, 'NotFound', `${resourceOf(served)} "${key.name}" not found`);
}

function written(result: WriteResult, { served, name }: Place, success: number): Answer {
  switch (result.kind) {
    case 'done':
      return { status: success, body: result.object };
    case 'conflict':
      return failure(409, 'Conflict', result.message);
    case 'exists':
      return failure(409, 'AlreadyExists', `${resourceOf(served)} "${name}" already exists`);
    case 'gone':
      return failure(404, 'NotFound', `${resourceOf(served)} "${name}" not found`);
    case 'stale':
      return failure(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${resourceOf(served)} "${name}": the object has been modified; ` +
          'please apply your changes to the latest version and try again',
      );
    case 'rejected': {
      const codes: Readonly<Record<string, number>> = {
        Invalid: 422,
        Forbidden: 403,
        NotFound: 404,
        BadRequest: 400,
      };
      return failure(codes[result.reason] ?? 500, result.reason, result.message);
    }
    case 'unknown':
      return failure(500, 'InternalError', result.message);
  }
}

function removed(result: RemoveResult, core: Core, { served, namespace, name }: Place): Answer {
  switch (result.kind) {
    case 'accepted': {
      const key = { group: served.group, kind: served.kind, namespace, name };
      return { status: 200, body: result.gone ? undefined : core.get(key) };
    }
    case 'absent':
      return failure(404, 'NotFound', `${resourceOf(served)} "${name}" not found`);
    case 'mismatch':
      return { status: 409, body: undefined };
    default:
      return failure(403, 'Forbidden', result.message);
  }
}

function failure(status: number, reason: string, message: string): Answer {
  return { status, body: { kind: 'Status', reason, message } };
}

function resourceOf(served: ServedKind): string {
  return served.group === '' ? served.resource : `${served.resource}.${served.group}`;
}

/** What both sides have to agree on: no ids, times, addresses, and nothing that controllers wrote meanwhile. */
export function comparable(body: Json | undefined): Json {
  if (!isObject(body)) return null;
  if (body['kind'] === 'Status') {
    const reason = body['reason'] === 'InternalError' ? '' : (body['reason'] ?? '');
    return { reason, message: normalizeMessage(body['message']) };
  }
  const metadata = objectAt(body, 'metadata');
  const managedFields = listAt(metadata, 'managedFields')
    .filter(isObject)
    .filter((entry) => !/^kube-(controller-manager|apiserver)/.test(String(entry['manager'])))
    .map((entry) => ({ ...entry, time: entry['time'] === undefined ? 'none' : 'some' }))
    // Order follows times, which a replay does not have.
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const annotations = Object.fromEntries(
    Object.entries(objectAt(metadata, 'annotations')).filter(
      ([name]) => !/^(deployment\.kubernetes\.io|kubectl\.kubernetes\.io)\//.test(name),
    ),
  );
  const out: JsonObject = {
    ...body,
    status: null,
    metadata: {
      name: metadata['name'] ?? null,
      namespace: metadata['namespace'] ?? null,
      labels: metadata['labels'] ?? null,
      annotations,
      finalizers: metadata['finalizers'] ?? null,
      generation: metadata['generation'] ?? null,
      deleting: metadata['deletionTimestamp'] !== undefined,
      managedFields,
    },
  };
  return scrub(out);
}

function nameOf(entry: JsonObject): string {
  return `${String(entry['manager'])} ${String(entry['operation'])} ${String(entry['subresource'] ?? '')}`;
}

/** Generated values replaced, nulls and empty structs of Go left out. */
function scrub(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(scrub);
  if (typeof value === 'string') {
    return value
      .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<uid>')
      .replace(/^10\.\d+\.\d+\.\d+$/, '<address>')
      .replace(/^gen-\w{5}$/, '<generated>');
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value)
    .filter(([key, child]) => child !== null && child !== undefined && key !== 'creationTimestamp')
    .map(([key, child]): [string, Json] => [String(scrub(key)), scrub(child ?? null)])
    .filter(
      ([key, child]) => !(key === 'metadata' && isObject(child) && Object.keys(child).length === 0),
    );
  return Object.fromEntries(entries);
}

function normalizeMessage(message: Json | undefined): string {
  // Go prints the offending value in its own syntax; what is said about it is what counts. The name in front of
  // a schema error has the namespace of the body, which recorded bodies often leave to the URL.
  return String(message ?? '')
    .replace(/(object) \([^/;]*\//, '$1 (/')
    .replace(
      /Invalid value: (?:core\.|\[\]v1|v1\.|map\[|\{|\[\{).*?(: (?:field is|Only one|`selector`))/gs,
      'Invalid value: <value>$1',
    )
    .replace(/\n {2}core\.PodSpec.*$/s, '');
}
