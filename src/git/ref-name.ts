// Which names may stand in a ref: git's check-ref-format, without asking git.

/** True when `refs/heads/<name>` is a ref that git accepts and no command line can misread. */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.length > 240) return false;
  if (name.startsWith('-') || name.startsWith('/') || name.endsWith('/') || name.endsWith('.')) {
    return false;
  }
  if (/[\u0000-\u0020\u007f~^:?*[\\]/u.test(name)) return false;
  if (name.includes('..') || name.includes('//') || name.includes('@{')) return false;
  return name
    .split('/')
    .every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** The full ref of a branch. */
export function branchRef(branch: string): string {
  return `refs/heads/${branch}`;
}

/** True for a full object id: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(text);
}
