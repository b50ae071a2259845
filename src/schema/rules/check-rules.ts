// What the rules of a schema say to a value.
import { measureRule } from '../../lang/cel/index.ts';
import type { Outcome, Value } from '../../lang/cel/index.ts';
import { isObject } from '../../model/json.ts';
import type { Json, JsonArray } from '../../model/json.ts';
import { forbidden, required } from '../field-error.ts';
import type { FieldError } from '../field-error.ts';
import type { CompiledRule, RuleTree } from './compile-rules.ts';
import type { Rule } from './rule.ts';

/** Kubernetes' budget for all rules of one object, and for one call. */
const BUDGET = 10_000_000;
const CALL_LIMIT = 1_000_000;
/** Bytes of a message that an expression may write, as in Kubernetes. */
const LONGEST_MESSAGE = 5 * 1024;
/** Characters of a value that a message repeats. */
const SHOWN = 256;

/**
 * Asks every rule about a new value. Rules that compare with an old value are left out: there is none.
 * @param path where the value stands
 */
export function checkRules(tree: RuleTree, value: Json, path: string): readonly FieldError[] {
  const checker = new RuleChecker();
  checker.check(tree, value, path);
  return checker.errors;
}

class RuleChecker {
  readonly errors: FieldError[] = [];
  private budget = BUDGET;

  check(tree: RuleTree, value: Json | undefined, path: string): void {
    // A rule is about values; whether a field is there, or null, is for a rule above it to say.
    if (value === null || value === undefined || this.budget < 0) return;
    for (const rule of tree.rules) {
      if (!rule.isTransition && this.budget >= 0) this.ask(rule, value, path);
    }
    if (Array.isArray(value)) {
      if (tree.items === undefined) return;
      for (const [index, item] of (value as JsonArray).entries()) {
        this.check(tree.items, item, `${path}[${index}]`);
      }
      return;
    }
    if (!isObject(value)) return;
    for (const [key, child] of Object.entries(value)) {
      const property = tree.properties.get(key);
      if (property) this.check(property, child, path === '' ? key : `${path}.${key}`);
      if (tree.values) this.check(tree.values, child, `${path}[${key}]`);
    }
  }

  private ask(compiled: CompiledRule, value: Json, path: string): void {
    const { rule, program, place } = compiled;
    const outcome = this.measure(compiled, program, value);
    const type = String(place.schema.type ?? '');
    const text = ruleText(rule);
    if (this.budget < 0) {
      const why =
        'validation failed due to running out of cost budget, no further validation rules will be run';
      this.errors.push(broken(path, JSON.stringify(type), why));
    } else if (outcome.kind === 'unknown') {
      const why = `no further validation rules will be run due to call cost exceeds limit for rule: ${text}`;
      this.errors.push(broken(path, JSON.stringify(type), why));
      this.budget = -1;
    } else if (outcome.kind === 'error') {
      const why = `${outcome.message} evaluating rule: ${text}`;
      this.errors.push(broken(path, JSON.stringify(type), why));
    } else if (outcome.value !== true) {
      this.errors.push(this.failure(compiled, value, path));
    }
  }

  private failure(compiled: CompiledRule, value: Json, path: string): FieldError {
    const { rule, suffix } = compiled;
    const field = path === '' && suffix.startsWith('.') ? suffix.slice(1) : `${path}${suffix}`;
    const message = this.message(compiled, value) ?? defaultMessage(rule);
    switch (rule.reason) {
      case 'FieldValueForbidden':
        return forbidden(field, message);
      case 'FieldValueRequired':
        return required(field, message);
      case 'FieldValueDuplicate': {
        // Upstream says the value alone; what the author wrote says more.
        const shown = shownValue(value);
        const text = `Duplicate value${shown === undefined ? '' : `: ${shown}`}: ${message}`;
        return { field, reason: 'FieldValueDuplicate', message: text };
      }
      case 'FieldValueInvalid':
      case undefined:
        return broken(field, shownValue(value), message);
    }
  }

  /** What the expression says; undefined where it says nothing fit to print, as Kubernetes has it. */
  private message({ message, ...compiled }: CompiledRule, value: Json): string | undefined {
    if (message === undefined) return undefined;
    const outcome = this.measure(compiled, message, value);
    if (outcome.kind !== 'value' || typeof outcome.value !== 'string') return undefined;
    const text = outcome.value.trim();
    const isFit = text !== '' && !text.includes('\n') && bytesOf(text) <= LONGEST_MESSAGE;
    return isFit ? text : undefined;
  }

  private measure(
    { place }: Pick<CompiledRule, 'place'>,
    program: CompiledRule['program'],
    value: Json,
  ): Outcome {
    const limits = { cost: CALL_LIMIT };
    const { outcome, cost } = measureRule(program, value as Value, { ...place, limits });
    this.budget -= cost;
    return outcome;
  }
}

function broken(field: string, shown: string | undefined, detail: string): FieldError {
  const value = shown === undefined ? '' : `${shown}: `;
  return { field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}${detail}` };
}

/** Scalars as they are, within reason; of lists and maps nothing is repeated. */
function shownValue(value: Json): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined;
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}…`);
}

function ruleText({ rule, message }: Rule): string {
  return message === '' ? rule.trim() : message.trim();
}

function defaultMessage(rule: Rule): string {
  return rule.message === '' ? `failed rule: ${rule.rule.trim()}` : rule.message.trim();
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
