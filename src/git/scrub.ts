// Takes credentials out of text that goes into errors, logs and diagnostics.

/** What a secret is replaced by. */
const MASK = '***';

/** Shorter secrets would blank out half the message and protect nothing. */
const SHORTEST = 3;

/**
 * Removes user information from addresses, and the given secrets in plain and URL-encoded form.
 * @param secrets passwords and tokens that the process was given
 */
export function scrub(text: string, secrets: readonly string[] = []): string {
  let result = text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/giu, (match, scheme: string) =>
    // `ssh://git@host` names an account, not a secret; anything with a colon carries a password.
    scheme.toLowerCase() === 'ssh://' && !match.slice(scheme.length).includes(':')
      ? match
      : `${scheme}${MASK}@`,
  );
  result = result.replace(/(authorization:\s*\S+\s+)\S+/giu, `$1${MASK}`);
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    for (const form of [secret, encodeURIComponent(secret)]) {
      result = result.replaceAll(form, MASK);
    }
  }
  return result;
}
