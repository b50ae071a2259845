// The words of YAML: what the scanner hands to the parser.

export const TOKEN = {
  STREAM_END: 0,
  DIRECTIVE: 1,
  DOCUMENT_START: 2,
  DOCUMENT_END: 3,
  BLOCK_SEQUENCE: 4,
  BLOCK_MAPPING: 5,
  BLOCK_END: 6,
  FLOW_SEQUENCE: 7,
  FLOW_SEQUENCE_END: 8,
  FLOW_MAPPING: 9,
  FLOW_MAPPING_END: 10,
  BLOCK_ENTRY: 11,
  FLOW_ENTRY: 12,
  KEY: 13,
  VALUE: 14,
  ALIAS: 15,
  ANCHOR: 16,
  TAG: 17,
  SCALAR: 18,
} as const;
export type TokenKind = (typeof TOKEN)[keyof typeof TOKEN];

export interface Token {
  readonly kind: TokenKind;
  readonly offset: number;
  /** From 0. */
  readonly line: number;
  /** Decoded text of a scalar, name of an anchor or alias, handle of a tag, name of a directive. */
  readonly text: string;
  /** Suffix of a tag; arguments of a directive. */
  readonly suffix: string;
  /** A scalar without quotes or block indicator. */
  readonly plain: boolean;
}
