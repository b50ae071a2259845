// Where the embedded target keeps its objects: a port with one adapter for disk and one for memory.
import type { LiveObject } from '../target.ts';

export interface StoreChange {
  readonly key: string;
  /** Undefined removes the entry. */
  readonly object: LiveObject | undefined;
}

/**
 * Ordered map from storage keys to objects. Writes take effect for readers at once and become durable in
 * groups; objects handed in or out are never changed by anybody.
 */
export interface ObjectStore {
  /** Given once when the store was made. */
  readonly id: string;
  readonly readOnly: boolean;
  /** The highest version that any write carried. A read-only store sees what the writer made durable. */
  version(): number;
  get(key: string): LiveObject | undefined;
  /** Entries whose key starts with the prefix, in order of keys. */
  entries(prefix: string): Iterable<readonly [key: string, object: LiveObject]>;
  keys(prefix: string): Iterable<string>;
  write(version: number, changes: readonly StoreChange[]): void;
  /** Resolves when everything written so far survives a crash; rejects when the disk refused it. */
  durable(): Promise<void>;
  /** Called with each version up to which all writes are durable, in order. */
  onDurable(listener: (version: number) => void): void;
  close(): Promise<void>;
}
