// A client of the distribution protocol: manifests and blobs, read with their digests checked, and written.
import { createHash } from 'node:crypto';
import { scrub } from '../../git/index.ts';
import { isObject, listAt, stringAt } from '../../model/json.ts';
import type { Json } from '../../model/json.ts';
import { SluiceError } from '../../model/sluice-error.ts';
import { createAuthorization } from './authorization.ts';
import type { Access } from './authorization.ts';
import type { CredentialLookup } from './docker-config.ts';
import { hostName, isAllowedHost, isLoopback } from './host.ts';
import { createHttp, displayUrl } from './http.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import { READABLE_MANIFESTS } from './image-manifest.ts';
import type { Descriptor } from './image-manifest.ts';
import { formatImageName, formatRepository } from '../../model/image-name.ts';
import type { ImageName } from '../../model/image-name.ts';

export interface Manifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Every method throws SluiceError: RegistryFailed with what happened, Interrupted when it was aborted. */
export interface RegistryClient {
  /** The digest that a reference stands for now; one request, none for a reference with a digest. */
  resolve(name: ImageName, signal?: AbortSignal): Promise<string>;
  /** The manifest at a digest or, without one, at the reference. */
  manifest(name: ImageName, digest?: string, signal?: AbortSignal): Promise<Manifest>;
  /** The content of a blob as it arrives; ends with an error when it is not what its digest says. */
  blob(name: ImageName, blob: Descriptor, signal?: AbortSignal): AsyncGenerator<Uint8Array, void>;
  /** Puts a blob there unless it is there. @returns whether it was sent */
  putBlob(name: ImageName, content: Uint8Array, signal?: AbortSignal): Promise<boolean>;
  /** Puts a manifest under a tag. @returns its digest */
  putManifest(
    name: ImageName,
    manifest: Omit<Manifest, 'digest'>,
    signal?: AbortSignal,
  ): Promise<string>;
}

export interface RegistryClientOptions {
  readonly credentials: CredentialLookup;
  /** Hosts that are spoken to without encryption; those of this machine always are. Default none. */
  readonly insecureHosts?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds without a byte after which a request is given up. Default 30,000. */
  readonly stalledMs?: number;
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Of one blob that is read. */
export const MAX_BLOB_BYTES = 1024 ** 3;
const MAX_ERROR_BYTES = 64 * 1024;
const MAX_ERROR_TEXT = 300;

interface Call extends Omit<HttpRequest, 'url' | 'headers'> {
  readonly access: Access;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are answers; every other one is an error. */
  readonly expected: readonly number[];
  /** The reference, for people. */
  readonly what: string;
}

/** Builds a client; logins are kept while they are good. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const insecure = options.insecureHosts ?? [];
  const http = createHttp(options.stalledMs === undefined ? {} : { stalledMs: options.stalledMs });
  const isPlain = (host: string): boolean =>
    isLoopback(host) || isAllowedHost(host, insecure, 80) || isAllowedHost(host, insecure, 443);
  const isSafe = (url: URL, registry: string): boolean => {
    if (isLoopback(hostName(url.host)) && !isLoopback(registry)) return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isPlain(url.host));
  };
  const authorization = createAuthorization({ ...options, http, isSafe });

  const endpoint = (name: ImageName, rest: string): URL => {
    const scheme = isPlain(name.registry) ? 'http' : 'https';
    return new URL(`${scheme}://${name.registry}/v2/${name.repository}/${rest}`);
  };

  const send = (call: Call, authorize: string | undefined): Promise<HttpAnswer> => {
    // An upload may be sent to a storage server: the login is for the registry alone.
    const own = hostName(call.url.host) === hostName(call.access.registry);
    const login = authorize === undefined || !own ? {} : { authorization: authorize };
    const { method, url, body, signal } = call;
    const content = body === undefined ? {} : { body };
    return http({ method, url, headers: { ...call.headers, ...login }, signal, ...content });
  };

  const perform = async (call: Call): Promise<HttpAnswer> => {
    let answer = await send(call, authorization.known(call.access));
    if (answer.status === 401) {
      const challenge = answer.headers.get('www-authenticate') ?? '';
      const login = await authorization.answer(call.access, challenge, call.signal);
      if (login !== undefined) {
        await answer.discard();
        answer = await send(call, login);
      }
    }
    if (call.expected.includes(answer.status)) return answer;
    throw await refusal(call, answer);
  };

  const call = async (request: Call): Promise<HttpAnswer> => {
    try {
      return await perform(request);
    } catch (error) {
      throw scrubbed(error, authorization.secrets());
    }
  };

  const pull = (name: ImageName): Access => ({ ...accessOf(name), actions: 'pull' });
  const push = (name: ImageName): Access => ({ ...accessOf(name), actions: 'pull,push' });

  const client: RegistryClient = {
    async resolve(name, signal) {
      if (name.digest !== undefined) return name.digest;
      const answer = await call({
        method: 'HEAD',
        url: endpoint(name, `manifests/${name.tag ?? 'latest'}`),
        headers: { accept: READABLE_MANIFESTS.join(', ') },
        access: pull(name),
        // Some servers know no HEAD here.
        expected: [200, 405],
        what: formatImageName(name),
        signal,
      });
      await answer.discard();
      const digest = answer.headers.get('docker-content-digest') ?? '';
      if (answer.status === 200 && isDigest(digest)) return digest;
      return (await client.manifest(name, undefined, signal)).digest;
    },

    async manifest(name, digest, signal) {
      const reference = digest ?? name.digest ?? name.tag ?? 'latest';
      const answer = await call({
        method: 'GET',
        url: endpoint(name, `manifests/${reference}`),
        headers: { accept: READABLE_MANIFESTS.join(', ') },
        access: pull(name),
        expected: [200],
        what: formatImageName(name),
        signal,
      });
      const bytes = await answer.bytes(MAX_MANIFEST_BYTES);
      const found = sha256(bytes);
      const wanted = isDigest(reference) ? reference : answer.headers.get('docker-content-digest');
      if (wanted !== null && isDigest(wanted) && wanted !== found) {
        throw mismatch(`the manifest of ${formatImageName(name)}`, wanted, found);
      }
      const mediaType = answer.headers.get('content-type') ?? '';
      return { digest: found, mediaType, bytes };
    },

    async *blob(name, blob, signal) {
      const what = `${formatRepository(name)}@${blob.digest}`;
      if (blob.size > MAX_BLOB_BYTES) {
        throw new SluiceError('RegistryFailed', `${what} is larger than ${MAX_BLOB_BYTES} bytes`);
      }
      const answer = await call({
        method: 'GET',
        url: endpoint(name, `blobs/${blob.digest}`),
        access: pull(name),
        expected: [200],
        what,
        signal,
      });
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of answer.chunks) {
        size += chunk.length;
        if (size > blob.size) break;
        hash.update(chunk);
        yield chunk;
      }
      const found = `sha256:${hash.digest('hex')}`;
      if (size !== blob.size) throw new SluiceError('RegistryFailed', `${what} has a wrong size`);
      if (found !== blob.digest) throw mismatch(what, blob.digest, found);
    },

    async putBlob(name, content, signal) {
      const digest = sha256(content);
      const what = `${formatRepository(name)}@${digest}`;
      const common = { access: push(name), what, signal };
      const url = endpoint(name, `blobs/${digest}`);
      const known = await call({ ...common, method: 'HEAD', url, expected: [200, 404] });
      await known.discard();
      if (known.status === 200) return false;
      const begun = await call({
        ...common,
        method: 'POST',
        url: endpoint(name, 'blobs/uploads/'),
        headers: { 'content-type': 'application/octet-stream' },
        body: '',
        expected: [202],
      });
      await begun.discard();
      const location = uploadUrl(begun, digest);
      if (!location || !isSafe(location, name.registry)) {
        throw new SluiceError('RegistryFailed', `${name.registry} names no place for the upload`);
      }
      const done = await call({
        ...common,
        method: 'PUT',
        url: location,
        headers: { 'content-type': 'application/octet-stream' },
        body: content,
        expected: [201],
      });
      await done.discard();
      return true;
    },

    async putManifest(name, manifest, signal) {
      const digest = sha256(manifest.bytes);
      const answer = await call({
        method: 'PUT',
        url: endpoint(name, `manifests/${name.tag ?? digest}`),
        headers: { 'content-type': manifest.mediaType },
        body: manifest.bytes,
        access: push(name),
        expected: [201],
        what: formatImageName(name),
        signal,
      });
      await answer.discard();
      const stored = answer.headers.get('docker-content-digest');
      if (stored !== null && isDigest(stored) && stored !== digest) {
        throw mismatch(`the manifest of ${formatImageName(name)}`, digest, stored);
      }
      return digest;
    },
  };
  return client;
}

/** `sha256:…` of these bytes. */
export function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function accessOf(name: ImageName): Pick<Access, 'registry' | 'repository'> {
  return { registry: name.registry, repository: name.repository };
}

function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/u.test(text);
}

function mismatch(what: string, wanted: string, found: string): SluiceError {
  const message = `${what} is not what its digest says: ${found} instead of ${wanted}`;
  return new SluiceError('RegistryFailed', message);
}

function uploadUrl(answer: HttpAnswer, digest: string): URL | undefined {
  const location = answer.headers.get('location');
  if (location === null) return undefined;
  try {
    const url = new URL(location, answer.url);
    url.searchParams.set('digest', digest);
    return url;
  } catch {
    return undefined;
  }
}

/** What the registry said, shortened; its words may hold anything, so they are scrubbed by the caller. */
async function refusal(call: Call, answer: HttpAnswer): Promise<SluiceError> {
  const said = await answer.bytes(MAX_ERROR_BYTES).then(errorText, () => '');
  const why = said === '' ? '' : `: ${said}`;
  const status = `${call.method} ${displayUrl(call.url)} gave status ${answer.status}`;
  if (answer.status === 404) {
    return new SluiceError('RegistryFailed', `${call.what} was not found (${status})${why}`);
  }
  if (answer.status === 401 || answer.status === 403) {
    return new SluiceError('RegistryFailed', `${call.what} is not given to us (${status})${why}`);
  }
  if (answer.status === 429) {
    return new SluiceError('RegistryFailed', `${call.access.registry} limits requests (${status})`);
  }
  return new SluiceError('RegistryFailed', `${call.what}: ${status}${why}`);
}

function errorText(bytes: Uint8Array): string {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Json;
    const first = isObject(value) ? listAt(value, 'errors')[0] : undefined;
    if (!isObject(first)) return '';
    const code = stringAt(first, 'code') ?? '';
    const text = [code, stringAt(first, 'message') ?? ''].filter((part) => part !== '').join(' ');
    return text.slice(0, MAX_ERROR_TEXT);
  } catch {
    return '';
  }
}

function scrubbed(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof SluiceError)) return error;
  const message = scrub(error.message, secrets);
  return message === error.message ? error : new SluiceError(error.code, message);
}
