// The rules of a schema (`x-kubernetes-validations`), compiled for the places where they stand, and what is wrong with them.
import { compileRule, estimateCost, mostOccurrences, schemaSize } from '../../lang/cel/index.ts';
import type { BoundedSchema, Compilation, Program, RulePlace } from '../../lang/cel/index.ts';
import { isObject, objectAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { forbidden, invalid } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import { relativePath } from './relative-path.ts';
import { RULES, rulesOf } from './rule.ts';
import type { Rule } from './rule.ts';

/** A rule that can be asked. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly place: RulePlace;
  readonly program: Program;
  readonly message: Program | undefined;
  /** What `fieldPath` appends to the path of the value. */
  readonly suffix: string;
  /** It compares with an old value, so there is nothing to ask while there is none. */
  readonly isTransition: boolean;
}

/** Rules along the structure of the schema; parts without any are left out. */
export interface RuleTree {
  readonly schema: JsonObject;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly items: RuleTree | undefined;
  readonly values: RuleTree | undefined;
}

export interface RuleCompilation {
  /** Undefined where the schema has no rules that can be asked. */
  readonly tree: RuleTree | undefined;
  readonly errors: readonly FieldError[];
}

/** Kubernetes' limits of estimated cost: of one rule, and of all rules of a schema (package-operator §1.5). */
const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** Rules that are named when the whole is too expensive. */
const MOST_EXPENSIVE = 4;

/**
 * Compiles the rules of a structural schema.
 * @param path where the schema stands
 */
export function compileRules(schema: JsonObject, path: string): RuleCompilation {
  const compiler = new RuleCompiler();
  const root: Place = { path, isObject: true, occurrences: 1, uncorrelated: undefined };
  const tree = compiler.compile(schema, root);
  return { tree, errors: [...compiler.errors, ...compiler.totalErrors(path)] };
}

interface Place {
  readonly path: string;
  /** Whether values are whole resources. */
  readonly isObject: boolean;
  /** How often the part can occur by the limits above it; undefined where one of them is missing. */
  readonly occurrences: number | undefined;
  /** The list above whose entries cannot be told apart between two versions of an object. */
  readonly uncorrelated: string | undefined;
}

class RuleCompiler {
  readonly errors: FieldError[] = [];
  private readonly costs: { readonly field: string; readonly cost: number }[] = [];

  compile(schema: JsonObject, place: Place): RuleTree | undefined {
    const rules = rulesOf(schema).flatMap((rule, index) => {
      const at = `${place.path}.${RULES}[${index}]`;
      return this.rule(rule, { schema, place, at }) ?? [];
    });
    const occurrences = times(place.occurrences, mostElements(schema));
    const below = (part: JsonObject, path: string, uncorrelated: string | undefined) =>
      this.compile(part, {
        path,
        isObject: part['x-kubernetes-embedded-resource'] === true,
        occurrences,
        uncorrelated: place.uncorrelated ?? uncorrelated,
      });
    const properties = new Map<string, RuleTree>();
    for (const [name, part] of Object.entries(objectAt(schema, 'properties'))) {
      if (!isObject(part)) continue;
      const tree = below(part, `${place.path}.properties[${name}]`, undefined);
      if (tree) properties.set(name, tree);
    }
    const { items: itemSchema, additionalProperties } = schema;
    const isMapList = schema['x-kubernetes-list-type'] === 'map';
    const items = isObject(itemSchema)
      ? below(itemSchema, `${place.path}.items`, isMapList ? undefined : place.path)
      : undefined;
    const values = isObject(additionalProperties)
      ? below(additionalProperties, `${place.path}.additionalProperties`, undefined)
      : undefined;
    const isEmpty = rules.length === 0 && properties.size === 0 && !items && !values;
    return isEmpty ? undefined : { schema, rules, properties, items, values };
  }

  /** All rules together, where each of them is small enough; one that is not comes first. */
  totalErrors(path: string): readonly FieldError[] {
    const total = this.costs.reduce((sum, { cost }) => sum + cost, 0);
    if (total <= SCHEMA_LIMIT || this.costs.some(({ cost }) => cost > RULE_LIMIT)) return [];
    const expensive = this.costs
      .filter(({ cost }) => cost >= SCHEMA_LIMIT / 100)
      .toSorted((a, b) => b.cost - a.cost)
      .slice(0, MOST_EXPENSIVE)
      .map(({ field }) => {
        const why =
          'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
        return forbidden(field, why);
      });
    const name = `${RULES} estimated rule cost total for entire OpenAPIv3 schema`;
    return [...expensive, forbidden(path, tooExpensive(name, total, SCHEMA_LIMIT))];
  }

  private rule(
    rule: Rule,
    {
      schema,
      place,
      at,
    }: { readonly schema: JsonObject; readonly place: Place; readonly at: string },
  ): CompiledRule | undefined {
    const typed = schema as unknown as BoundedSchema;
    const rulePlace: RulePlace = {
      schema: typed,
      isObject: place.isObject,
      optionalOldSelf: rule.optionalOldSelf === true,
    };
    const occurrences = place.occurrences ?? mostOccurrences(typed);
    const program = this.program(compileRule(rule.rule, rulePlace), `${at}.rule`, rule.rule);
    if (program === undefined) return undefined;
    const readsOld = program.variables.includes('oldSelf');
    this.cost(program, { typed, field: `${at}.rule`, occurrences, name: 'estimated rule cost' });
    this.checkOldSelf(rule, readsOld, { at, uncorrelated: place.uncorrelated });
    const expression = rule.messageExpression;
    const field = `${at}.messageExpression`;
    let message: Program | undefined;
    if (expression.trim() !== '') {
      message = this.program(compileRule(expression, rulePlace, 'message'), field, expression);
      const name = 'estimated messageExpression cost';
      if (message) this.cost(message, { typed, field, occurrences: 1, name });
    }
    const named = relativePath(rule.fieldPath, schema);
    return {
      rule,
      place: rulePlace,
      program,
      message,
      suffix: named.kind === 'ok' ? named.suffix : '',
      isTransition: readsOld && rule.optionalOldSelf !== true,
    };
  }

  private program(compilation: Compilation, field: string, source: string): Program | undefined {
    if (compilation.ok) return compilation.program;
    for (const { message, line, column, hint } of compilation.diagnostics) {
      const error = invalid(field, shorten(source), `compilation failed: ${message}`);
      this.errors.push({ ...error, at: { line, column }, ...(hint === undefined ? {} : { hint }) });
    }
    return undefined;
  }

  private cost(
    program: Program,
    about: {
      readonly typed: BoundedSchema;
      readonly field: string;
      readonly occurrences: number;
      readonly name: string;
    },
  ): void {
    const size = schemaSize(about.typed);
    const once = estimateCost(program, { self: size, oldSelf: size });
    const cost = once === 0 ? 0 : once * about.occurrences;
    this.costs.push({ field: about.field, cost });
    if (cost <= RULE_LIMIT) return;
    this.errors.push(forbidden(about.field, tooExpensive(about.name, cost, RULE_LIMIT)));
  }

  private checkOldSelf(
    rule: Rule,
    readsOld: boolean,
    { at, uncorrelated }: { readonly at: string; readonly uncorrelated: string | undefined },
  ): void {
    if (readsOld && uncorrelated !== undefined) {
      const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`;
      this.errors.push(invalid(`${at}.rule`, shorten(rule.rule), why));
    }
    if (!readsOld && rule.optionalOldSelf !== undefined) {
      const why = 'may not be set if oldSelf is not used in rule';
      this.errors.push(invalid(`${at}.optionalOldSelf`, rule.optionalOldSelf, why));
    }
  }
}

/** How many children of one part there can be; undefined where nothing limits it. */
function mostElements(schema: JsonObject): number | undefined {
  const limit = (key: string): number | undefined => {
    const value = schema[key];
    return typeof value === 'number' ? Math.max(0, value) : undefined;
  };
  if (schema['type'] === 'array') return limit('maxItems');
  if (schema['type'] !== 'object' || schema['additionalProperties'] === undefined) return 1;
  return limit('maxProperties');
}

function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

function tooExpensive(name: string, cost: number, limit: number): string {
  const factor = cost / limit;
  let shown = `${factor.toFixed(1)}x`;
  if (factor > 100) shown = 'more than 100x';
  // A factor of 1.0 would say nothing.
  else if (factor < 1.5) shown = `${factor.toFixed(6)}x`;
  const advice =
    'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';
  return `${name} exceeds budget by factor of ${shown} (${advice})`;
}

/** Longest piece of a rule that a message repeats. */
const SHOWN = 200;

function shorten(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
