// What the surroundings may offer to template functions: injected, so that the engine stays pure.
import type { Value } from './value.ts';

/** Every hook is optional; a function that needs an absent one fails and says so. */
export interface TemplateHooks {
  /** Helm's `lookup`: an object or a list of a cluster. Absent: an empty map, as without a cluster. */
  readonly lookup?: (apiVersion: string, kind: string, namespace: string, name: string) => Value;
  /**
   * Package Operator's `cel`: evaluates an expression against the template's root data.
   * @throws TemplateFunctionError with the evaluator's message
   */
  readonly cel?: (expression: string) => Value;
  /** Text of one file of the package, or `undefined` when there is none. */
  readonly getFile?: (path: string) => string | Uint8Array | undefined;
  /** Every file of the package as [path, content], for globs. */
  readonly listFiles?: () => Iterable<readonly [string, string | Uint8Array]>;
  /** Nanoseconds since 1970, UTC. */
  readonly now?: () => bigint;
  /** The local time zone; UTC when absent. */
  readonly timeZone?: string;
  readonly randomBytes?: (count: number) => Uint8Array;
}
