// How much of a file the reader is willing to take, so that one hostile file cannot stop the rest.

export interface YamlLimits {
  /** Bytes of one file. Default 4 MiB. */
  readonly maxBytes: number;
  /** Nested lists and maps. Default 200. */
  readonly maxDepth: number;
  /** Aliases (`*name`) in one document. Default 1000. */
  readonly maxAliases: number;
  /** Values that aliases add to one document when they are written out. Default 100,000. */
  readonly maxAliasedValues: number;
  /** Documents in one file, empty ones included. Default 10,000. */
  readonly maxDocuments: number;
}

export const DEFAULT_YAML_LIMITS: YamlLimits = {
  maxBytes: 4 * 1024 * 1024,
  maxDepth: 200,
  maxAliases: 1000,
  maxAliasedValues: 100_000,
  maxDocuments: 10_000,
};
