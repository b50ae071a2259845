// The gradual type checker: what is known must fit, what is `dyn` is looked at while evaluating.
import type {
  Bind,
  Call,
  Comprehension,
  Expr,
  Ident,
  Index,
  ListLiteral,
  MapLiteral,
  Select,
} from './ast.ts';
import type { Environment } from './environment.ts';
import type { Overload } from './library.ts';
import type { Fault } from './position.ts';
import { namespacedFunction, resolveDotted } from './names.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  ANY,
  DYN,
  formatType,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  STRING,
  UINT,
} from './type.ts';
import type { Type } from './type.ts';
import { suggestion } from '../../lib/suggestion.ts';
import { sameType, Substitution } from './unify.ts';
import { isInt, Uint } from './value.ts';
import type { Value } from './value.ts';

export interface Checked {
  /** The type of the result. */
  readonly type: Type;
  /** Mistakes in the order of the text; empty for a good expression. */
  readonly faults: readonly Fault[];
  /** Calls whose overloads are told apart by static types only (`sum` of an empty list). */
  readonly narrowed: Narrowed;
}

/** The overloads that fit statically, for calls where those are fewer than all. */
export type Narrowed = ReadonlyMap<Call, readonly Overload[]>;

/** Types a parsed expression. */
export function checkTree(tree: Expr, environment: Environment): Checked {
  const checker = new Checker(environment);
  const type = checker.finish(checker.check(tree, undefined));
  const faults = checker.faults.toSorted((a, b) => a.offset - b.offset);
  return { type, faults, narrowed: checker.narrowed };
}

/** The type of every node of an expression that was found to be good. */
export function nodeTypes(tree: Expr, environment: Environment): ReadonlyMap<Expr, Type> {
  const found = new Map<Expr, Type>();
  const checker = new Checker(environment, found);
  checker.check(tree, undefined);
  return new Map([...found].map(([expr, type]) => [expr, checker.finish(type)]));
}

/** The fault of an expression whose type is not the one that its environment asks for. */
export function checkResult(tree: Expr, type: Type, environment: Environment): Fault | undefined {
  const { result, dynamicResult } = environment;
  if (result === undefined || sameType(result, type)) return undefined;
  if (dynamicResult && type.kind === 'dyn') return undefined;
  // The wording for bool is Package Operator's (package-operator §9).
  const wanted = result.kind === 'bool' ? 'a bool' : formatType(result);
  const message = `cel expression must evaluate to ${wanted}`;
  return { class: 'check', message, offset: tree.offset };
}

/** More faults than this help nobody. */
const MAX_FAULTS = 20;

interface Scope {
  readonly name: string;
  readonly type: Type;
  readonly parent: Scope | undefined;
}

const RELATIONS: ReadonlySet<string> = new Set(['_<_', '_<=_', '_>_', '_>=_']);

class Checker {
  readonly faults: Fault[] = [];
  readonly narrowed = new Map<Call, readonly Overload[]>();
  private readonly environment: Environment;
  private readonly types = new Substitution();
  private readonly found: Map<Expr, Type> | undefined;
  private mixed = false;

  constructor(environment: Environment, found?: Map<Expr, Type>) {
    this.environment = environment;
    this.found = found;
  }

  finish(found: Type): Type {
    return this.types.apply(found, true);
  }

  private fault(message: string, offset: number, unknown?: UnknownName): Type {
    if (this.faults.length < MAX_FAULTS) {
      const hint = unknown === undefined ? undefined : suggestion(unknown.name, unknown.known);
      this.faults.push({ class: 'check', message, offset, hint });
    }
    return DYN;
  }

  check(expr: Expr, scope: Scope | undefined): Type {
    const type = this.typeOf(expr, scope);
    this.found?.set(expr, type);
    return type;
  }

  private typeOf(expr: Expr, scope: Scope | undefined): Type {
    switch (expr.kind) {
      case 'literal':
        return literalType(expr.value);
      case 'ident':
        return this.ident(expr, scope);
      case 'select':
        return this.select(expr, scope);
      case 'index':
        return this.index(expr, scope);
      case 'call':
        return this.call(expr, scope);
      case 'list':
        return this.list(expr, scope);
      case 'map':
        return this.map(expr, scope);
      case 'comprehension':
        return this.comprehension(expr, scope);
      case 'bind':
        return this.bind(expr, scope);
      case 'struct':
        return this.undeclared(expr.name, expr.start);
    }
  }

  private undeclared(name: string, offset: number, known: Iterable<string> = []): Type {
    const { container } = this.environment;
    const message = `undeclared reference to '${name}' (in container '${container}')`;
    return this.fault(message, offset, { name, known });
  }

  private named(expr: Ident | Select, scope: Scope | undefined): Type | undefined {
    const isLocal = (name: string): boolean => find(scope, name) !== undefined;
    return resolveDotted(expr, this.environment, isLocal)?.type;
  }

  private ident(expr: Ident, scope: Scope | undefined): Type {
    const local = find(scope, expr.name);
    if (local !== undefined) return local.type;
    const type = this.named(expr, scope);
    // An object may have a field `type` or `list`: which one is meant shows while evaluating.
    if (this.environment.openVariables)
      return type === undefined || type.kind === 'type' ? DYN : type;
    if (type !== undefined) return type;
    const { variables } = this.environment;
    const known = [...variables.keys(), 'true', 'false', 'null'];
    return this.undeclared(expr.name.replace(/^\./, ''), expr.offset, known);
  }

  private select(expr: Select, scope: Scope | undefined): Type {
    const named = expr.test || expr.optional ? undefined : this.named(expr, scope);
    if (named !== undefined) return named;
    const operand = this.types.resolve(this.check(expr.operand, scope));
    const type = this.fieldType(operand, expr);
    if (expr.test) return BOOL;
    return expr.optional && !isOptional(operand) ? optionalOf(type) : type;
  }

  private fieldType(operand: Type, expr: Select): Type {
    switch (operand.kind) {
      case 'dyn':
      case 'param':
        return DYN;
      case 'map':
        return operand.params[1] ?? DYN;
      case 'object':
        return (
          operand.fields?.get(expr.field) ??
          (operand.open === true ? DYN : undefined) ??
          this.fault(`undefined field '${expr.field}'`, expr.offset, {
            name: expr.field,
            known: operand.fields?.keys() ?? [],
          })
        );
      default:
    }
    if (isOptional(operand)) {
      const inner = this.types.resolve(operand.params[0] ?? DYN);
      return optionalOf(this.fieldType(inner, expr));
    }
    const shown = formatType(this.types.apply(operand, true));
    return this.fault(`type '${shown}' does not support field selection`, expr.offset);
  }

  private index(expr: Index, scope: Scope | undefined): Type {
    const operand = this.types.resolve(this.check(expr.operand, scope));
    const index = this.check(expr.index, scope);
    const type = this.elementType(operand, index, expr);
    return expr.optional && !isOptional(operand) ? optionalOf(type) : type;
  }

  private elementType(operand: Type, index: Type, expr: Index): Type {
    if (operand.kind === 'dyn' || operand.kind === 'param') return DYN;
    const [first = DYN, second = DYN] = operand.params;
    if (operand.kind === 'list' && this.types.assign(INT, index)) return first;
    if (operand.kind === 'map' && this.types.assign(first, index)) return second;
    if (operand.kind === 'object' && operand.isMap === true && this.types.assign(STRING, index)) {
      const { kind, value } = expr.index as { readonly kind: string; readonly value?: unknown };
      // A field that is not known is no mistake here: whoever writes it so may have left the schema behind.
      return kind === 'literal' ? (operand.fields?.get(String(value)) ?? DYN) : DYN;
    }
    if (isOptional(operand)) {
      return optionalOf(this.elementType(this.types.resolve(first), index, expr));
    }
    return this.noOverload('_[_]', [operand, index], expr.offset);
  }

  private noOverload(name: string, args: readonly Type[], offset: number): Type {
    const shown = args.map((type) => formatType(this.types.apply(type, true))).join(', ');
    return this.fault(`found no matching overload for '${name}' applied to '(${shown})'`, offset);
  }

  private noMember(name: string, [target, ...args]: readonly Type[], offset: number): Type {
    const [receiver = '', ...shown] = [target ?? DYN, ...args].map((type) =>
      formatType(this.types.apply(type, true)),
    );
    const applied = `${receiver}.(${shown.join(', ')})`;
    return this.fault(`found no matching overload for '${name}' applied to '${applied}'`, offset);
  }

  private call(expr: Call, scope: Scope | undefined): Type {
    const { functions } = this.environment;
    const namespaced = namespacedFunction(expr, this.environment);
    if (expr.target !== undefined && namespaced === undefined) {
      const args = this.memberArguments(expr, scope);
      const overloads = functions.members.get(expr.name);
      if (overloads === undefined) {
        return this.undeclared(expr.name, expr.offset, functions.members.keys());
      }
      return this.resolve(overloads, args, { name: expr.name, call: expr, member: true });
    }
    const args = expr.args.map((arg) => this.check(arg, scope));
    const name = namespaced ?? expr.name.replace(/^\./, '');
    if (name === '_||_' || name === '_&&_') return this.logical(name, args, expr.offset);
    if ((name === '_==_' || name === '_!=_') && obviouslyComparable(args)) return BOOL;
    const overloads = functions.globals.get(name);
    if (overloads === undefined) {
      return this.undeclared(name, expr.offset, functions.globals.keys());
    }
    return this.resolve(overloads, args, { name, call: expr, member: false });
  }

  private memberArguments(expr: Call, scope: Scope | undefined): Type[] {
    const before = this.mixed;
    // What is formatted may be of different types, also where other lists may not (cel-go's validator).
    if (expr.name === 'format') this.mixed = true;
    const args = [expr.target as Expr, ...expr.args].map((arg) => this.check(arg, scope));
    this.mixed = before;
    return args;
  }

  private logical(name: string, args: readonly Type[], offset: number): Type {
    for (let index = 1; index < args.length; index++) {
      const pair = [args[index - 1] as Type, args[index] as Type];
      if (!this.types.assignAll([BOOL, BOOL], pair)) {
        return this.noOverload(name, pair, offset);
      }
    }
    return BOOL;
  }

  private resolve(overloads: readonly Overload[], args: readonly Type[], site: CallSite): Type {
    let result: Type | undefined;
    const fitting: Overload[] = [];
    for (const overload of overloads) {
      if (overload.params.length !== args.length || this.isLeftOut(overload, site)) continue;
      const [first, ...params] = this.types.instantiate([overload.result, ...overload.params]);
      if (!this.types.assignAll(params, args)) continue;
      const type = this.types.apply(first as Type);
      fitting.push(overload);
      if (result === undefined) result = type;
      else if (result.kind !== 'dyn' && !sameType(result, type)) result = DYN;
    }
    if (result === undefined) {
      const report = site.member ? this.noMember : this.noOverload;
      return report.call(this, site.name, args, site.call.offset);
    }
    const containers = fitting[0]?.params.some(
      (type) => type.kind === 'list' || type.kind === 'map',
    );
    if (containers === true && fitting.length < overloads.length) {
      this.narrowed.set(site.call, fitting);
    }
    return result;
  }

  /** Comparisons of unlike number types, where the environment does not have them. */
  private isLeftOut(overload: Overload, site: CallSite): boolean {
    if (this.environment.mixedNumbers || site.member || !RELATIONS.has(site.name)) return false;
    return overload.params[0] !== overload.params[1];
  }

  private list(expr: ListLiteral, scope: Scope | undefined): Type {
    let joined: Type | undefined;
    for (const { value, optional } of expr.elements) {
      const found = this.check(value, scope);
      const type = optional ? this.unwrap(found, value) : found;
      joined = joined === undefined ? type : this.join(joined, type, value);
    }
    return listOf(joined ?? this.types.variable());
  }

  private map(expr: MapLiteral, scope: Scope | undefined): Type {
    let key: Type | undefined;
    let value: Type | undefined;
    for (const entry of expr.entries) {
      const entryKey = this.check(entry.key, scope);
      key = key === undefined ? entryKey : this.join(key, entryKey, entry.key);
      const found = this.check(entry.value, scope);
      const type = entry.optional ? this.unwrap(found, entry.value) : found;
      value = value === undefined ? type : this.join(value, type, entry.value);
    }
    return mapOf(key ?? this.types.variable(), value ?? this.types.variable());
  }

  private unwrap(type: Type, at: Expr): Type {
    const element = this.types.variable();
    if (this.types.assign(optionalOf(element), type)) return this.types.apply(element);
    const shown = formatType(this.types.apply(type, true));
    return this.fault(`expected type 'optional_type' but found '${shown}'`, at.offset);
  }

  private join(a: Type, b: Type, at: Expr): Type {
    const joined = this.types.join(a, b);
    if (joined !== undefined) return joined;
    if (this.environment.homogeneousLiterals && !this.mixed) {
      const [first, second] = [a, b].map((type) => formatType(this.types.apply(type, true)));
      this.fault(`expected type '${first}' but found '${second}'`, at.offset);
    }
    return DYN;
  }

  private comprehension(expr: Comprehension, scope: Scope | undefined): Type {
    const range = this.types.resolve(this.check(expr.range, scope));
    const [key, item] = this.rangeTypes(range, expr);
    const [first, second] = expr.variables;
    const single = range.kind === 'map' || range.isMap === true ? key : item;
    let inner: Scope = { name: first, type: second === undefined ? single : key, parent: scope };
    if (second !== undefined) inner = { name: second, type: item, parent: inner };
    if (expr.condition !== undefined) this.predicate(expr.condition, inner);
    switch (expr.does) {
      case 'all':
      case 'exists':
      case 'existsOne':
        this.predicate(expr.body, inner);
        return BOOL;
      case 'filter':
        this.predicate(expr.body, inner);
        return listOf(single);
      case 'map':
      case 'transformList':
        return listOf(this.check(expr.body, inner));
      case 'transformMap':
        return mapOf(key, this.check(expr.body, inner));
      case 'transformMapEntry':
        return this.entryMap(expr.body, inner);
    }
  }

  /** Key (or position) and element of what a macro walks over. */
  private rangeTypes(range: Type, expr: Comprehension): readonly [Type, Type] {
    const [first = DYN, second = DYN] = range.params;
    switch (range === ANY ? undefined : range.kind) {
      case 'dyn':
      case 'param':
        return [DYN, DYN];
      case 'list':
        return [INT, first];
      case 'map':
        return [first, second];
      default:
    }
    if (range.isMap === true) return [STRING, DYN];
    const shown = formatType(this.types.apply(range, true));
    this.fault(
      `expression of type '${shown}' cannot be range of a comprehension (must be list, map, or dynamic)`,
      expr.range.offset,
    );
    return [DYN, DYN];
  }

  private predicate(expr: Expr, scope: Scope): void {
    const type = this.check(expr, scope);
    if (!this.types.assign(BOOL, type)) this.noOverload('_&&_', [BOOL, type], expr.offset);
  }

  private entryMap(expr: Expr, scope: Scope): Type {
    const type = this.types.resolve(this.check(expr, scope));
    const entry = mapOf(this.types.variable(), this.types.variable());
    if (this.types.assign(entry, type)) return this.types.apply(entry);
    return this.noOverload('cel.@mapInsert', [mapOf(DYN, DYN), type], expr.offset);
  }

  private bind(expr: Bind, scope: Scope | undefined): Type {
    const type = this.check(expr.value, scope);
    return this.check(expr.body, { name: expr.variable, type, parent: scope });
  }
}

/** A name that nothing has, and those that there are. */
interface UnknownName {
  readonly name: string;
  readonly known: Iterable<string>;
}

interface CallSite {
  readonly name: string;
  readonly call: Call;
  readonly member: boolean;
}

function find(scope: Scope | undefined, name: string): Scope | undefined {
  for (let at = scope; at !== undefined; at = at.parent) {
    if (at.name === name) return at;
  }
  return undefined;
}

function isOptional(type: Type): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}

/** The frequent cases of `==` that need no type variables. */
function obviouslyComparable(args: readonly Type[]): boolean {
  const [a, b] = args;
  if (a === undefined || b === undefined || args.length !== 2) return false;
  if (a.kind === 'dyn' || b.kind === 'dyn') return true;
  return a === b && a.kind !== 'param' && a.params.length === 0;
}

function literalType(value: Value): Type {
  if (typeof value === 'string') return STRING;
  if (typeof value === 'boolean') return BOOL;
  if (value === null) return NULL;
  if (isInt(value)) return INT;
  if (value instanceof Uint) return UINT;
  return value instanceof Uint8Array ? BYTES : DOUBLE;
}
