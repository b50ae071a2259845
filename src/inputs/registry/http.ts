// One HTTP exchange with a registry: time limits, careful redirects, errors without credentials.
import { SluiceError } from '../../model/sluice-error.ts';
import { hostName, isLoopback } from './host.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from in the end. */
  readonly url: URL;
  /** The content as it arrives; ends with an error when it stands still. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The whole content, for answers that are small by nature. */
  bytes(limit: number): Promise<Uint8Array>;
  /** Lets go of the connection without reading on. */
  discard(): Promise<void>;
}

export interface HttpOptions {
  /** Milliseconds without a byte after which an exchange is given up. Default 30,000. */
  readonly stalledMs?: number;
}

export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

const MAX_REDIRECTS = 5;
/** Headers that must not reach another host. */
const SECRET_HEADERS = new Set(['authorization', 'cookie']);

/** The way to registries and their token servers. */
export function createHttp(options: HttpOptions = {}): Http {
  const stalledMs = options.stalledMs ?? 30_000;
  return async (request) => {
    let { url, headers } = request;
    for (let redirects = 0; ; redirects += 1) {
      const answer = await exchangeOnce({ ...request, url, headers }, stalledMs);
      const next = redirectOf(answer, request.method);
      if (next === undefined) return answer;
      await answer.discard();
      if (redirects >= MAX_REDIRECTS) throw failure(request, 'was redirected too often');
      refuseUnsafe(request, url, next);
      if (next.origin !== url.origin) headers = withoutSecrets(headers);
      url = next;
    }
  };
}

/** Scheme, host and path: queries of storage servers carry signatures. */
export function displayUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

async function exchangeOnce(request: HttpRequest, stalledMs: number): Promise<HttpAnswer> {
  const stalled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const restart = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stalled.abort(), stalledMs);
  };
  const stop = (): void => clearTimeout(timer);
  const signal = request.signal
    ? AbortSignal.any([request.signal, stalled.signal])
    : stalled.signal;
  const explain = (error: unknown): SluiceError => {
    stop();
    if (request.signal?.aborted) return interrupted(request);
    if (stalled.signal.aborted) return failure(request, `got no byte for ${stalledMs / 1000} s`);
    return failure(request, `failed: ${networkReason(error)}`);
  };
  restart();
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: request.method,
      headers: { 'accept-encoding': 'identity', 'user-agent': 'sluice', ...request.headers },
      redirect: 'manual',
      signal,
      ...(request.body === undefined ? {} : { body: request.body }),
    });
  } catch (error) {
    throw explain(error);
  }
  if (response.body === null) stop();
  const { body } = response;
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    if (body === null) return;
    restart();
    try {
      for await (const chunk of body) {
        stop();
        yield chunk;
        restart();
      }
    } catch (error) {
      throw explain(error);
    } finally {
      stop();
    }
  }
  stop();
  const arriving = chunks();
  return {
    status: response.status,
    headers: response.headers,
    url: request.url,
    chunks: arriving,
    bytes: async (limit) => {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of arriving) {
        size += chunk.length;
        if (size > limit) throw failure(request, `sent more than ${limit} bytes`);
        parts.push(chunk);
      }
      return Buffer.concat(parts);
    },
    discard: async () => {
      await body?.cancel().catch(() => undefined);
    },
  };
}

function redirectOf(answer: HttpAnswer, method: HttpRequest['method']): URL | undefined {
  const keepsMethod = answer.status === 307 || answer.status === 308;
  const reads = method === 'GET' || method === 'HEAD';
  if (!keepsMethod && !(reads && [301, 302, 303].includes(answer.status))) return undefined;
  const location = answer.headers.get('location');
  if (location === null) return undefined;
  try {
    return new URL(location, answer.url);
  } catch {
    return undefined;
  }
}

/** A redirect may leave the host, but neither encryption nor, from outside, for this machine. */
function refuseUnsafe(request: HttpRequest, from: URL, to: URL): void {
  const target = displayUrl(to);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') {
    throw failure(request, `was redirected to ${to.protocol}, which is refused`);
  }
  if (to.protocol === 'http:' && from.protocol === 'https:') {
    throw failure(request, `was redirected to ${target} without encryption, which is refused`);
  }
  if (isLoopback(hostName(to.host)) && !isLoopback(hostName(from.host))) {
    throw failure(request, `was redirected to ${target} on this machine, which is refused`);
  }
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase()));
  return Object.fromEntries(kept);
}

function failure(request: HttpRequest, what: string): SluiceError {
  const message = `${request.method} ${displayUrl(request.url)} ${what}`;
  return new SluiceError('RegistryFailed', message);
}

function interrupted(request: HttpRequest): SluiceError {
  return new SluiceError('Interrupted', `${displayUrl(request.url)} was interrupted`);
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  for (const item of [inner, cause, error]) {
    if (!(item instanceof Error)) continue;
    const { code } = item as NodeJS.ErrnoException;
    if (item.message !== '' && item !== error) {
      return code === undefined || item.message.includes(code)
        ? item.message
        : `${item.message} (${code})`;
    }
  }
  return error instanceof Error ? error.message : String(error);
}
