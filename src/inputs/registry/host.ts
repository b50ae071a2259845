// Which hosts may be talked to, and how: https, except on this machine or where configured otherwise.
import { repositoryOf } from '../../model/image-name.ts';

/** True for names and addresses of this machine. */
export function isLoopback(host: string): boolean {
  const name = hostName(host).toLowerCase();
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    name === '::1' ||
    /^127(?:\.[0-9]{1,3}){3}$/u.test(name)
  );
}

/** The host without its port. */
export function hostName(host: string): string {
  return /:[0-9]+$/u.test(host) ? host.slice(0, host.lastIndexOf(':')) : host;
}

/**
 * Whether the daemon's list names this host. An entry without a port stands for the usual port only, and all
 * names of Docker Hub are one.
 * @param port the usual one of the protocol
 */
export function isAllowedHost(host: string, allowed: readonly string[], port: number): boolean {
  const wanted = canonicalHost(host, port);
  return allowed.some((entry) => canonicalHost(entry, port) === wanted);
}

function canonicalHost(host: string, port: number): string {
  const lower = host.trim().toLowerCase();
  const bare = lower.endsWith(`:${port}`) ? lower.slice(0, -`:${port}`.length) : lower;
  const hub = ['docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];
  if (!hub.includes(bare)) return bare;
  return repositoryOf('docker.io/library/x').split('/')[0] ?? bare;
}
