// One request of `eval template --batch` to its answer: pure, so that any front may offer it.
import { hasInvalidBytes, toBytes } from './bytes.ts';
import type { Dialect } from './dialect.ts';
import { createTemplateSet } from './dialect.ts';
import { DIALECTS, isDialectName } from './dialects.ts';
import type { ExecuteOptions } from './execute.ts';
import { execute } from './execute.ts';
import { filesObject, templateObject, withoutNoValue } from './functions/index.ts';
import type { TemplateHooks } from './hooks.ts';
import { JsonError, parseJson } from './json.ts';
import type { NumberMode } from './json.ts';
import { packageContext } from './package-context.ts';
import type { MissingKey, TemplateSet } from './set.ts';
import { readTypedData, TypedDataError } from './typed-data.ts';
import type { Value } from './value.ts';
import { GoMap } from './value.ts';

/** What a request may say; `dataText` is the exact JSON text where numbers matter. */
export interface TemplateRequest {
  readonly id?: unknown;
  readonly template: string;
  /** Name of the template, for errors. Default `template`. */
  readonly name?: string;
  /** Associated templates by name, parsed before `template` in order of names. */
  readonly templates?: Readonly<Record<string, string>>;
  /** Files by path, for `.Files` and getFile. */
  readonly files?: Readonly<Record<string, string>>;
  readonly data?: unknown;
  readonly dataText?: string;
  /** Data carries `{"$go": kind, "v": value}` markers. */
  readonly typed?: boolean;
  /** Default `go`. */
  readonly dialect?: string;
  readonly missingkey?: string;
  /** Helm's strict mode: a missing key is an error. */
  readonly strict?: boolean;
  /** Default `float64`. */
  readonly numbers?: string;
  readonly delims?: readonly string[];
}

export type TemplateAnswer =
  | { readonly id?: unknown; readonly output: string }
  | { readonly id?: unknown; readonly outputBase64: string }
  | { readonly id?: unknown; readonly error: string };

/**
 * Answers one request.
 * @param given a parsed JSON value of any shape; what is no request is answered with an error
 * @param options limits, clock and hooks; `files` of the request take the place of its file hooks
 */
export function answerTemplateRequest(
  given: unknown,
  options: ExecuteOptions = {},
): TemplateAnswer {
  const id = idOf(given);
  try {
    return { ...id, ...evaluate(readRequest(given), options) };
  } catch (error) {
    if (error instanceof RequestError) return { ...id, error: error.message };
    if (error instanceof RangeError) return { ...id, error: 'the request is nested too deeply' };
    throw error;
  }
}

/** A request that cannot be carried out, in words for the one who wrote it. */
class RequestError extends Error {}

function idOf(given: unknown): { readonly id?: unknown } {
  return isRecord(given) && given.id !== undefined ? { id: given.id } : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === 'string';
const isBoolean: Check = (value) => typeof value === 'boolean';

const FIELDS: Readonly<Record<string, { readonly check: Check; readonly want: string }>> = {
  template: { check: isString, want: 'text' },
  name: { check: isString, want: 'text' },
  templates: { check: isTextRecord, want: 'an object of texts' },
  files: { check: isTextRecord, want: 'an object of texts' },
  dataText: { check: isString, want: 'JSON text' },
  typed: { check: isBoolean, want: 'true or false' },
  strict: { check: isBoolean, want: 'true or false' },
  dialect: { check: isString, want: `one of ${Object.keys(DIALECTS).join(', ')}` },
  missingkey: { check: isMissingKey, want: 'default, zero or error' },
  numbers: { check: isNumberMode, want: 'float64 or int64' },
  delims: { check: isDelimiters, want: 'two texts' },
};

function isMissingKey(value: unknown): value is MissingKey {
  return value === 'default' || value === 'zero' || value === 'error';
}

function isNumberMode(value: unknown): value is NumberMode {
  return value === 'float64' || value === 'int64';
}

function isDelimiters(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(isString);
}

function readRequest(given: unknown): TemplateRequest {
  if (!isRecord(given)) throw new RequestError('a request is a JSON object');
  if (given.template === undefined) throw new RequestError('template is missing');
  for (const [name, { check, want }] of Object.entries(FIELDS)) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    if (!check(value)) throw new RequestError(`${name} must be ${want}`);
  }
  return given as unknown as TemplateRequest;
}

type Outcome =
  { readonly output: string } | { readonly outputBase64: string } | { readonly error: string };

function evaluate(request: TemplateRequest, options: ExecuteOptions): Outcome {
  const dialect = dialectOf(request);
  const name = request.name ?? 'template';
  const set = createTemplateSet(dialect, {
    name: dialect.rootName ?? name,
    missingKey: missingKeyOf(request, dialect),
    ...(isDelimiters(request.delims) ? { delimiters: request.delims } : {}),
  });
  const problem = parseAll(set, request, name);
  if (problem !== undefined) return { error: problem };
  const data = prepareData(request, dialect, name);
  const hooks = withFiles(options.hooks ?? {}, request.files);
  const result = execute(set, name, data, { ...options, hooks });
  if (!result.ok) return { error: result.error.message };
  const output = dialect.dropsNoValue ? withoutNoValue(result.output) : result.output;
  if (!hasInvalidBytes(output)) return { output };
  return { outputBase64: Buffer.from(toBytes(output)).toString('base64') };
}

function dialectOf({ dialect = 'go' }: TemplateRequest): Dialect {
  if (!isDialectName(dialect)) {
    throw new RequestError(`dialect must be ${FIELDS.dialect?.want}`);
  }
  return DIALECTS[dialect];
}

function missingKeyOf(request: TemplateRequest, dialect: Dialect): MissingKey {
  if (isMissingKey(request.missingkey)) return request.missingkey;
  return request.strict === true ? 'error' : dialect.missingKey;
}

/** The first complaint, or nothing. */
function parseAll(set: TemplateSet, request: TemplateRequest, name: string): string | undefined {
  const associated = Object.entries(request.templates ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [other, text] of [...associated, [name, request.template] as const]) {
    const added = set.parse(other, text);
    if (!added.ok) return added.error.message;
  }
  return undefined;
}

function readData(request: TemplateRequest): Value {
  const numbers = isNumberMode(request.numbers) ? request.numbers : 'float64';
  const text = request.dataText ?? JSON.stringify(request.data ?? null);
  try {
    const data = parseJson(text, numbers);
    return request.typed === true ? readTypedData(data) : data;
  } catch (error) {
    if (error instanceof JsonError || error instanceof TypedDataError) {
      throw new RequestError(`data: ${error.message}`);
    }
    throw error;
  }
}

/** The data with what the dialect puts beside it. */
function prepareData(request: TemplateRequest, dialect: Dialect, name: string): Value {
  const data = readData(request);
  if (!(data instanceof GoMap)) return data;
  if (dialect.name === 'package') return packageContext(data);
  if (dialect.name !== 'helm') return data;
  const basePath = /^(.*?\/templates|templates)\//.exec(name)?.[1] ?? 'templates';
  const entries = new Map(data.entries);
  entries.set('Template', templateObject(name, basePath));
  entries.set('Files', filesObject(Object.entries(request.files ?? {})));
  return new GoMap(entries, data.type);
}

function withFiles(
  hooks: TemplateHooks,
  files: Readonly<Record<string, string>> | undefined,
): TemplateHooks {
  if (files === undefined) return hooks;
  const entries = new Map(Object.entries(files));
  return { ...hooks, getFile: (path) => entries.get(path), listFiles: () => entries };
}
