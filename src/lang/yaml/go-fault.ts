// Why a text is no YAML to Go, in Go's words and with Go's way of counting lines.

export interface GoFaultPlace {
  /** Offset at which the reader gave up. */
  readonly offset: number;
  /** Line of that offset, from 0. */
  readonly line: number;
}

export interface GoFaultDetails {
  /** Who noticed: the scanner adds one to its line, the parser does not. */
  readonly by: 'scanner' | 'parser';
  readonly problem: string;
  readonly at: GoFaultPlace;
  /** Where the construct began that could not be finished. */
  readonly context: GoFaultPlace | undefined;
}

/** Thrown by the scanner and the parser; never leaves this folder. */
export class GoYamlFault extends Error {
  readonly details: GoFaultDetails;

  constructor(details: GoFaultDetails) {
    super(details.problem);
    this.name = 'GoYamlFault';
    this.details = details;
  }

  /** `line 2: did not find expected key`. Go leaves the line out where it comes to 0. */
  get goText(): string {
    const { at, by, context, problem } = this.details;
    const line = at.line === 0 ? (context?.line ?? 0) : at.line + (by === 'scanner' ? 1 : 0);
    return line === 0 ? problem : `line ${line}: ${problem}`;
  }
}
