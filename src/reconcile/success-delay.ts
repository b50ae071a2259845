// `successDelaySeconds` with a timer of its own: upstream waits for some other event (package-operator §7.1, QUIRK). Pure.

/**
 * @param delaySeconds how long an available revision must stay so
 * @param sinceMs when it became available, milliseconds
 */
export function isAvailableLongEnough(
  delaySeconds: number,
  sinceMs: number,
  nowMs: number,
): { readonly done: true } | { readonly done: false; readonly waitMs: number } {
  const left = sinceMs + delaySeconds * 1000 - nowMs;
  return left <= 0 ? { done: true } : { done: false, waitMs: left };
}
