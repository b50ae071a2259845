// Debian's docker-registry on a free port of this machine, with a configuration and storage of its own.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface DockerRegistry {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Where it keeps its content. */
  readonly storage: string;
  /** Ends the server; its content stays. */
  goDown(): Promise<void>;
  /** Starts the server again where it was. */
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Why the registry cannot be started here, or undefined. */
export function registryMissing(): string | undefined {
  try {
    execFileSync('docker-registry', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'docker-registry is not installed (Debian: apt-get install docker-registry)';
  }
}

/** @param htpasswd lines of `user:bcrypt`; without them everybody may do everything */
export async function startDockerRegistry(htpasswd?: string): Promise<DockerRegistry> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-registry-'));
  const port = await freePort();
  const passwords = path.join(folder, 'htpasswd');
  if (htpasswd !== undefined) writeFileSync(passwords, htpasswd);
  const auth =
    htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: passwords } } };
  const config = {
    version: '0.1',
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, secret: createHash('sha256').update(folder).digest('hex') },
    ...auth,
  };
  const file = path.join(folder, 'config.yml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config));
  const host = `127.0.0.1:${port}`;
  const serve = async (): Promise<() => Promise<void>> => {
    const child = spawn('docker-registry', ['serve', file], {
      stdio: 'ignore',
      env: { PATH: process.env['PATH'], OTEL_TRACES_EXPORTER: 'none' },
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await waitUntilUp(host);
    return () => {
      child.kill('SIGTERM');
      return ended;
    };
  };
  let end = await serve();
  return {
    host,
    storage: folder,
    goDown: () => end(),
    comeBack: async () => {
      end = await serve();
    },
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function waitUntilUp(host: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const status = await fetch(`http://${host}/v2/`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200 || status === 401) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('docker-registry did not start within 10 seconds');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
