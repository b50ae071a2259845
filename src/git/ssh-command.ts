// The ssh call that git makes: never a prompt, and only the keys and hosts that were named.

export interface SshOptions {
  /** Private key; the agent and default keys are used when absent. */
  readonly sshKeyFile?: string;
  /** Known hosts; with it, unknown hosts are refused. */
  readonly knownHostsFile?: string;
}

/** Value for GIT_SSH_COMMAND, which git hands to a shell. */
export function sshCommand(options: SshOptions): string {
  const words = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15'];
  words.push('-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=2');
  // A shared connection that stays behind would hold our pipes open after git has ended.
  words.push('-o', 'ControlMaster=no');
  if (options.sshKeyFile !== undefined) {
    words.push('-o', 'IdentitiesOnly=yes', '-o', 'IdentityAgent=none');
    words.push('-i', quote(options.sshKeyFile));
  }
  // BatchMode alone refuses unknown hosts too; naming the file replaces the user's and the machine's.
  if (options.knownHostsFile !== undefined) {
    words.push('-o', 'StrictHostKeyChecking=yes', '-o', 'GlobalKnownHostsFile=/dev/null');
    words.push('-o', quote(`UserKnownHostsFile="${options.knownHostsFile}"`));
  }
  return words.join(' ');
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
