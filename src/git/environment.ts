// The environment and settings every git process gets: nothing from the machine's or the user's git configuration.

/** What git and ssh need from the machine; every GIT_* variable and SSH_ASKPASS are left behind on purpose. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TMP',
  'TEMP',
  'SystemRoot',
  'SSH_AUTH_SOCK',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
] as const;

/** Variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The fixed environment of git processes, made once per runner. */
export function gitEnvironment(machine: Environment): Record<string, string> {
  const environment: Record<string, string> = {
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C.UTF-8',
  };
  for (const name of PASSED_ON) {
    const value = machine[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/**
 * Settings that hold for every command. They travel as `-c`, because GIT_CONFIG_COUNT needs git 2.31; so
 * nothing secret may ever be added here.
 *
 * The fsck exceptions: with fetch.fsckObjects one odd tree anywhere in the history would make the whole
 * repository unreadable. We never check files out, so names like `..` and odd modes are only data to us.
 */
export const FIXED_CONFIG: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.askPass=',
  'credential.helper=',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'protocol.file.allow=always',
  'protocol.http.allow=always',
  'protocol.https.allow=always',
  'protocol.ssh.allow=always',
  'protocol.ext.allow=never',
  'protocol.version=2',
  'fetch.fsckObjects=true',
  ...['hasDot', 'hasDotdot', 'hasDotgit', 'fullPathname', 'zeroPaddedFilemode'].map(
    (id) => `fetch.fsck.${id}=ignore`,
  ),
  ...['gitmodulesUrl', 'gitmodulesPath', 'gitmodulesName', 'gitmodulesUpdate'].map(
    (id) => `fetch.fsck.${id}=ignore`,
  ),
].flatMap((setting) => ['-c', setting]);
