// Expected trouble in a YAML file as data, in the project's shape for diagnostics.

export type YamlDiagnosticCode = 'YamlInvalid' | 'YamlDuplicateKey' | 'YamlLimit' | 'FileEncoding';

export interface YamlDiagnostic {
  readonly code: YamlDiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1, in characters. */
  readonly column?: number;
  /** What to do. */
  readonly hint: string;
}

/** Trouble at an offset of the text, before lines and columns are worked out. */
export interface Problem {
  readonly code: YamlDiagnosticCode;
  readonly severity?: 'warning';
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}
