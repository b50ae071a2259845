// User and password or token for a remote: read when needed, handed over without a command line or a file.
import { readFile } from 'node:fs/promises';
import { SluiceError } from '../model/sluice-error.ts';
import type { Environment } from './environment.ts';

/** Where a value comes from; files are read again for every process, because they rotate. */
export type SecretSource =
  { readonly env: string } | { readonly file: string } | { readonly value: string };

export interface CredentialOptions {
  /** `x-access-token` unless given, which the large hosts accept beside a token. */
  readonly usernameFrom?: SecretSource;
  /** Password or token. */
  readonly passwordFrom: SecretSource;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const TOKEN_USER = 'x-access-token';
const USER_VARIABLE = 'SLUICE_GIT_USERNAME';
const PASSWORD_VARIABLE = 'SLUICE_GIT_PASSWORD';

/**
 * Reads the values.
 * @throws SluiceError GitFailed naming the variable or file that is missing, never a value
 */
export async function readCredentials(
  options: CredentialOptions,
  environment: Environment,
): Promise<Credentials> {
  const username = options.usernameFrom
    ? await readSecret(options.usernameFrom, environment, 'user')
    : TOKEN_USER;
  const password = await readSecret(options.passwordFrom, environment, 'password');
  return { username, password };
}

/**
 * Settings and variables that make git ask us for the credentials of exactly this address.
 *
 * A helper that prints two variables, rather than http.extraHeader: git asks it for the host it talks to, so a
 * redirect to another host never gets the password, and neither the command line nor a file ever holds it.
 * @param scope scheme, host and port: `https://git.example.test:8443`
 */
export function credentialSettings(
  credentials: Credentials,
  scope: string,
): { readonly config: readonly string[]; readonly environment: Record<string, string> } {
  const helper =
    `!f() { test "$1" = get || exit 0; ` +
    `printf 'username=%s\\npassword=%s\\n' "$${USER_VARIABLE}" "$${PASSWORD_VARIABLE}"; }; f`;
  return {
    config: [`credential.${scope}.helper=${helper}`],
    environment: {
      [USER_VARIABLE]: credentials.username,
      [PASSWORD_VARIABLE]: credentials.password,
    },
  };
}

async function readSecret(
  source: SecretSource,
  environment: Environment,
  what: string,
): Promise<string> {
  const value = await readSource(source, environment, what);
  // git's helper protocol is line based: a line break would add an attribute of its own.
  if (/[\r\n\0]/u.test(value)) {
    throw new SluiceError('GitFailed', `the ${what} for the repository holds a line break`);
  }
  return value;
}

async function readSource(
  source: SecretSource,
  environment: Environment,
  what: string,
): Promise<string> {
  if ('value' in source) return source.value;
  if ('env' in source) {
    const value = environment[source.env];
    if (value !== undefined && value !== '') return value;
    throw new SluiceError('GitFailed', `the ${what} is missing: ${source.env} is not set`);
  }
  try {
    return (await readFile(source.file, 'utf8')).replace(/\r?\n$/u, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new SluiceError('GitFailed', `the ${what} cannot be read from ${source.file}: ${code}`);
  }
}
