// The sentences of YAML: what the parser makes of tokens, one list of events per document.

export const EVENT = { SCALAR: 1, ALIAS: 2, LIST: 3, MAP: 4, END: 5 } as const;
export type EventKind = (typeof EVENT)[keyof typeof EVENT];

export interface YamlEvent {
  readonly kind: EventKind;
  /** Where the node starts, its anchor and tag included; -1 for a value that was left out. */
  readonly offset: number;
  /** From 0. */
  readonly line: number;
  /** Text of a scalar, name of an alias. */
  readonly text: string;
  /** A scalar without quotes and without tag: its text decides what it is. */
  readonly plain: boolean;
  readonly anchor: string | undefined;
  /** In short form: `!!str`, `!custom`; `!` alone switches resolution off on a scalar. */
  readonly tag: string | undefined;
}

/** True for a plain `<<`, or one tagged `!!merge`; Go lets `!` pass too. */
export function isMergeKey(event: YamlEvent): boolean {
  if (event.text !== '<<' || event.kind !== EVENT.SCALAR) return false;
  return event.plain || event.tag === '!!merge' || event.tag === '!';
}
