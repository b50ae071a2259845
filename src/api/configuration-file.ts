// Reading a configuration file of ours: one document of one kind, where a misspelt field is an error.
import { readManifests } from '../lang/yaml/index.ts';
import type { Position } from '../lang/yaml/index.ts';
import { diagnostic } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ErrorCode } from '../model/error-codes.ts';
import { isObject } from '../model/json.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SchemaValidator } from '../schema/index.ts';
import { admit } from './admission.ts';
import { apiVersionOf } from './api-kind.ts';
import type { ApiKind } from './api-kind.ts';

export type ConfigurationFile =
  | {
      readonly kind: 'ok';
      readonly object: JsonObject;
      /** Where a value stands, for checks that the schema cannot make. */
      readonly lineOf: (path: readonly (string | number)[]) => number;
      /** Line and column of a character of the text at a path. */
      readonly textPlaceOf: (path: readonly (string | number)[], at: Position) => Position;
    }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

export interface ConfigurationFileOptions {
  /** Path that diagnostics name. */
  readonly file: string;
  readonly kind: ApiKind;
  readonly validator: SchemaValidator;
  /** Code of diagnostics about the content. */
  readonly code: ErrorCode;
}

/** Reads, defaults and validates the file. All problems are reported, not the first. */
export function readConfigurationFile(
  bytes: Uint8Array,
  options: ConfigurationFileOptions,
): ConfigurationFile {
  const { file, kind, code } = options;
  const read = readManifests(bytes, { file });
  if (read.diagnostics.length > 0) return { kind: 'invalid', diagnostics: read.diagnostics };
  const [document, second] = read.documents;
  const invalid = (message: string, line: number): ConfigurationFile => ({
    kind: 'invalid',
    diagnostics: [diagnostic(code, message, { file, line })],
  });
  if (!document) return invalid(`the file is empty; it must hold a ${kind.kind}`, 1);
  if (second) return invalid(`the file holds more than one document`, second.line);
  const value = document.value as Json;
  const expected = `${kind.kind} of ${apiVersionOf(kind)}`;
  if (!isObject(value)) return invalid(`the file must hold a ${expected}`, document.line);
  if (value['kind'] !== kind.kind || value['apiVersion'] !== apiVersionOf(kind)) {
    const found = `${shown(value['kind'])} of ${shown(value['apiVersion'])}`;
    return invalid(`the file must hold a ${expected}, not ${found}`, document.line);
  }
  const lineOf = (path: readonly (string | number)[]): number => document.positionOf(path).line;
  const { object, problems } = admit(kind, value as Manifest, options.validator);
  const textPlaceOf = (path: readonly (string | number)[], at: Position): Position => {
    const { line, column } = document.textPositionOf(path, at);
    return { line, column };
  };
  if (problems.length === 0) return { kind: 'ok', object, lineOf, textPlaceOf };
  return {
    kind: 'invalid',
    diagnostics: problems.map(({ path, message }) => {
      const { line, column } = document.positionOf(path);
      const text = message.replace(', it has no effect', '');
      return diagnostic(code, text, { file, line, column });
    }),
  };
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? value : 'nothing';
}
