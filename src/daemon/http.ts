// The daemon's own small HTTP server: /healthz, /readyz, /metrics. It changes nothing and needs no credentials.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SluiceError } from '../model/sluice-error.ts';
import type { Metrics } from './metrics.ts';

export interface HttpDeps {
  /** `127.0.0.1:9440`, `:9440` for every address, port 0 for any free one. */
  readonly listen: string;
  readonly metrics: Metrics;
  /** Why the instance is not ready, or undefined when it is. */
  readonly notReady: () => string | undefined;
}

export interface HttpServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Opens the server. @throws SluiceError UsageInvalid when it cannot listen there */
export async function startHttp(deps: HttpDeps): Promise<HttpServer> {
  const { host, port } = parseListen(deps.listen);
  const server = createServer((request, response) => {
    handle(request, response, deps).catch((error: unknown) => {
      respond(response, 500, `${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new SluiceError('UsageInvalid', `cannot listen on ${deps.listen}: ${error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    address: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  deps: HttpDeps,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    respond(response, 405, 'only GET\n');
    return;
  }
  const path = (request.url ?? '/').split('?')[0];
  switch (path) {
    case '/healthz':
      respond(response, 200, 'ok\n');
      return;
    case '/readyz': {
      const reason = deps.notReady();
      respond(
        response,
        reason === undefined ? 200 : 503,
        reason === undefined ? 'ok\n' : `${reason}\n`,
      );
      return;
    }
    case '/metrics':
      respond(
        response,
        200,
        await deps.metrics.registry.metrics(),
        deps.metrics.registry.contentType,
      );
      return;
    default:
      respond(response, 404, 'not found: /healthz, /readyz and /metrics are here\n');
  }
}

function respond(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

function parseListen(listen: string): { readonly host: string | undefined; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) {
    throw new SluiceError(
      'UsageInvalid',
      `"${listen}" is no address to listen on; write it as 127.0.0.1:9440`,
    );
  }
  const host = match[1] ?? match[2];
  return { host: host === undefined || host === '' ? undefined : host, port };
}
