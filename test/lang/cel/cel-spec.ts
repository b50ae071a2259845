// Runs the official conformance tests: which ones apply, what they expect, what the engine says.
import { getConformanceSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import type { IncrementalTest, IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import { compile, createEnvironment } from '../../../src/lang/cel/index.ts';
import type { Environment, Outcome, Value } from '../../../src/lang/cel/index.ts';
import { equals } from '../../../src/lang/cel/equality.ts';
import { global, member, overload } from '../../../src/lang/cel/library.ts';
import type { FunctionDeclaration, Library } from '../../../src/lang/cel/library.ts';
import * as libraries from '../../../src/lang/cel/libraries/index.ts';
import {
  bindLibrary,
  optionalLibrary,
  twoVariableLibrary,
} from '../../../src/lang/cel/standard/index.ts';
import { timestampFrom } from '../../../src/lang/cel/time.ts';
import * as types from '../../../src/lang/cel/type.ts';
import type { Type } from '../../../src/lang/cel/type.ts';
import {
  CelMap,
  doubleFrom,
  Duration,
  intFrom,
  typeName,
  TypeValue,
  Uint,
} from '../../../src/lang/cel/value.ts';

export interface SpecTest {
  /** `file/section/name`. */
  readonly id: string;
  readonly file: string;
  readonly test: IncrementalTest;
}

type Original = IncrementalTest['original'];

/** All tests of the suite, in its order. */
export function specTests(): SpecTest[] {
  const found: SpecTest[] = [];
  const walk = (suite: IncrementalTestSuite, path: string): void => {
    const file = path.split('/')[0] ?? '';
    for (const test of suite.tests) found.push({ id: `${path}/${test.name}`, file, test });
    for (const inner of suite.suites) walk(inner, `${path}/${inner.name}`);
  };
  for (const suite of getConformanceSuite().suites) walk(suite, suite.name);
  return found;
}

/** Files that are about protobuf messages and enums from end to end. */
const PROTO_FILES = new Set(['proto2', 'proto2_ext', 'proto3', 'enums', 'wrappers']);
const PROTO =
  /TestAllTypes|NestedEnum|GlobalEnum|NullValue|google\.protobuf\.(?!Timestamp\b|Duration\b)|proto[23]|google\.(type|rpc)|expr\.proto/;
/** Well-known wrapper names, used without their package. */
const SHORT =
  /\b(Any|Value|Struct|ListValue|(Bool|Bytes|Double|Float|String|U?Int(32|64))Value)\s*\{/;

/** True for a test that needs message types, which no JSON object has. */
export function needsMessages({ file, test }: SpecTest): boolean {
  if (PROTO_FILES.has(file)) return true;
  const { original } = test;
  const text = JSON.stringify([original.container, original.typeEnv, original.bindings], plain);
  const result = JSON.stringify(original.resultMatcher, plain);
  if (SHORT.test(original.expr)) return true;
  if (/messageType":"(?!google\.protobuf\.(Timestamp|Duration))|"wrapper"/.test(text + result))
    return true;
  return (
    PROTO.test(original.expr) ||
    PROTO.test(text) ||
    /TestAllTypes|"objectValue"(?!.*(Timestamp|Duration))/.test(result)
  );
}

function plain(key: string, value: unknown): unknown {
  if (key === '$typeName') return undefined;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return [...value].join(' ');
  // A oneof prints as `{case, value}`; make its case a key, so that patterns can find it.
  if (typeof value === 'object' && value !== null && 'case' in value && 'value' in value) {
    return { [String(value.case)]: value.value };
  }
  return value;
}

interface ProtoValue {
  readonly kind: { readonly case: string | undefined; readonly value?: unknown };
}

/** A `cel.expr.Value` as a value of the engine. */
export function fromProto(message: unknown): Value {
  const { kind } = message as ProtoValue;
  const value = kind.value;
  switch (kind.case) {
    case 'boolValue':
    case 'stringValue':
    case 'bytesValue':
      return value as Value;
    case 'int64Value':
      return intFrom(value as bigint) as Value;
    case 'uint64Value':
      return new Uint(value as bigint);
    case 'doubleValue':
      return doubleFrom(value as number);
    case 'nullValue':
      return null;
    case 'typeValue':
      return new TypeValue(value as string);
    case 'listValue':
      return (value as { values: unknown[] }).values.map(fromProto);
    case 'mapValue':
      return new CelMap(
        (value as { entries: { key: unknown; value: unknown }[] }).entries.map((entry) => [
          fromProto(entry.key),
          fromProto(entry.value),
        ]),
      );
    case 'objectValue':
      return fromAny(value as { typeUrl: string; value: Uint8Array });
    default:
      throw new Error(`no such value: ${kind.case}`);
  }
}

/** Timestamps and durations arrive as packed messages: two varint fields. */
function fromAny(any: { typeUrl: string; value: Uint8Array }): Value {
  const fields = [0n, 0n, 0n];
  let at = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = any.value[at++] ?? 0;
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, result);
    }
  };
  while (at < any.value.length) {
    const field = Number(varint() >> 3n);
    fields[field] = varint();
  }
  const [, seconds = 0n, nanos = 0n] = fields;
  if (any.typeUrl.endsWith('Timestamp')) return timestampFrom(seconds, nanos);
  if (any.typeUrl.endsWith('Duration')) return new Duration(seconds * 1_000_000_000n + nanos);
  throw new Error(`message: ${any.typeUrl}`);
}

interface ProtoType {
  readonly typeKind: { readonly case: string | undefined; readonly value?: unknown };
}

const PRIMITIVES: readonly Type[] = [
  types.DYN,
  types.BOOL,
  types.INT,
  types.UINT,
  types.DOUBLE,
  types.STRING,
  types.BYTES,
];

/** A `cel.expr.Type` as a checker type. */
export function typeFromProto(message: unknown): Type {
  const { typeKind } = message as ProtoType;
  const value = typeKind.value;
  switch (typeKind.case) {
    case 'primitive':
      return PRIMITIVES[value as number] ?? types.DYN;
    case 'null':
      return types.NULL;
    case 'dyn':
      return types.DYN;
    case 'listType':
      return types.listOf(typeFromProto((value as { elemType: unknown }).elemType));
    case 'mapType': {
      const map = value as { keyType: unknown; valueType: unknown };
      return types.mapOf(typeFromProto(map.keyType), typeFromProto(map.valueType));
    }
    case 'wellKnown':
      return [types.DYN, types.DYN, types.TIMESTAMP, types.DURATION][value as number] ?? types.DYN;
    case 'type':
      return types.typeTypeOf(typeFromProto(value));
    case 'typeParam':
      return types.typeParam(value as string);
    case 'messageType':
      return value === 'google.protobuf.Timestamp' ? types.TIMESTAMP : types.DURATION;
    case 'abstractType': {
      const abstract = value as { name: string; parameterTypes: unknown[] };
      const params = abstract.parameterTypes.map(typeFromProto);
      return { kind: 'opaque', name: abstract.name, params };
    }
    default:
      return types.DYN;
  }
}

const ALL_LIBRARIES = [
  optionalLibrary,
  twoVariableLibrary,
  bindLibrary,
  libraries.strings,
  libraries.math,
  libraries.encoders,
];

/** Variables and functions that a test declares; the functions are only there to be typed. */
function declared(original: Original): { variables: Record<string, Type>; functions: Library } {
  const variables: Record<string, Type> = {};
  const functions: FunctionDeclaration[] = [];
  for (const { name, declKind } of original.typeEnv) {
    if (declKind.case === 'ident') variables[name] = typeFromProto(declKind.value.type);
    if (declKind.case !== 'function') continue;
    for (const signature of declKind.value.overloads) {
      const params = signature.params.map(typeFromProto);
      const result = typeFromProto(signature.resultType);
      const declare = signature.isInstanceFunction ? member : global;
      functions.push(
        declare(
          name,
          overload(params, result, () => null),
        ),
      );
    }
  }
  return { variables, functions: { name: 'declared', functions } };
}

function environmentOf(original: Original): Environment {
  const { variables, functions } = declared(original);
  return createEnvironment({
    name: 'spec',
    version: 1,
    libraries: [...ALL_LIBRARIES, functions],
    variables,
    container: original.container,
    // The suite compares numbers of unlike static types only through dyn.
    mixedNumbers: true,
  });
}

/** What the test's expression came to. */
export type SpecOutcome =
  Outcome | { readonly kind: 'diagnostic'; readonly class: string; readonly message: string };

export interface SpecResult {
  readonly outcome: SpecOutcome;
  readonly type: Type | undefined;
}

export function runSpecTest({ test }: SpecTest): SpecResult {
  const { original } = test;
  const environment = environmentOf(original);
  const compilation = compile(original.expr, environment, { check: !original.disableCheck });
  if (!compilation.ok) {
    const message = compilation.diagnostics.map((diagnostic) => diagnostic.message).join('; ');
    const faultClass = compilation.diagnostics[0]?.class ?? '';
    return { outcome: { kind: 'diagnostic', class: faultClass, message }, type: undefined };
  }
  const { program } = compilation;
  const variables: Record<string, Value> = {};
  for (const [name, binding] of Object.entries(original.bindings)) {
    if (binding.kind.case === 'value') variables[name] = fromProto(binding.kind.value);
  }
  return { outcome: program.evaluate(variables), type: program.type };
}

/** Which error classes a message of the suite stands for. */
const CLASSES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/undeclared reference|unknown variable/, ['noSuchVariable']],
  [/unbound function/, ['noSuchOverload']],
  [/overload|does not support field selection/, ['noSuchOverload', 'noSuchKey']],
  [/range error|^range$|overflow/, ['overflow', 'invalidArgument']],
  [
    /UTF-8|Type conversion|unsupported key type|repeated key|invalid_argument/,
    ['invalidArgument', 'indexOutOfBounds'],
  ],
  [/no such key/, ['noSuchKey']],
  [/zero|foo/, ['divideByZero']],
  [/negative offset|formatt|out of range|substring range/, ['invalidArgument', 'indexOutOfBounds']],
];

/** Undefined where the test passes, otherwise what is wrong. */
export function judge(spec: SpecTest, { outcome, type }: SpecResult): string | undefined {
  const { original } = spec.test;
  const { resultMatcher } = original;
  switch (resultMatcher.case) {
    case 'evalError':
      return judgeError(original, resultMatcher.value.errors[0]?.message ?? '', outcome);
    case 'typedResult': {
      const wanted = typeFromProto(resultMatcher.value.deducedType);
      const found = type === undefined ? describe(outcome) : types.formatType(type);
      if (types.formatType(wanted) !== found)
        return `type ${found}, not ${types.formatType(wanted)}`;
      if (original.checkOnly || resultMatcher.value.result === undefined) return undefined;
      return judgeValue(fromProto(resultMatcher.value.result), outcome);
    }
    case 'value':
      return judgeValue(fromProto(resultMatcher.value), outcome);
    case undefined:
      return judgeValue(true, outcome);
    default:
      return `matcher ${resultMatcher.case}`;
  }
}

function judgeError(original: Original, message: string, outcome: SpecOutcome): string | undefined {
  // A literal that a function refuses is found while compiling, with the class it would have later.
  const isError = outcome.kind === 'error' || outcome.kind === 'diagnostic';
  if (!isError) return `${describe(outcome)}, not an error (${message})`;
  // Some tests of && and || name the overload of what is an error of their operand.
  if (/\/\s*0/.test(original.expr) && outcome.class === 'divideByZero') return undefined;
  const allowed = CLASSES.find(([pattern]) => pattern.test(message))?.[1] ?? [];
  return allowed.includes(outcome.class) ? undefined : `${outcome.class}, not ${message}`;
}

function judgeValue(wanted: Value, outcome: SpecOutcome): string | undefined {
  if (outcome.kind !== 'value') return describe(outcome);
  return identical(wanted, outcome.value) ? undefined : `${describe(outcome)}`;
}

/** Equal and of the same types all the way down; NaN is NaN. */
function identical(wanted: Value, found: Value): boolean {
  if (typeName(wanted) !== typeName(found)) return false;
  if (typeof wanted === 'number' && Number.isNaN(wanted)) return Number.isNaN(found);
  if (Array.isArray(wanted) && Array.isArray(found)) {
    const other = found as readonly Value[];
    return (
      wanted.length === other.length &&
      (wanted as readonly Value[]).every((item, index) => identical(item, other[index] as Value))
    );
  }
  return equals(wanted, found);
}

function describe(outcome: SpecOutcome): string {
  if (outcome.kind === 'value') {
    return `value of type ${typeName(outcome.value)}: ${JSON.stringify(outcome.value, plain)}`;
  }
  if (outcome.kind === 'error') return `error ${outcome.class}: ${outcome.message}`;
  return `${outcome.kind}: ${outcome.message}`;
}
