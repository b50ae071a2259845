// One entry of `x-kubernetes-validations`: what it may hold, and whether it holds that.
import { isObject, listAt, stringAt } from '../../model/json.ts';
import type { JsonObject } from '../../model/json.ts';
import { invalid, notSupported, required } from '../field-error.ts';
import type { FieldError, FieldErrorReason } from '../field-error.ts';
import { relativePath } from './relative-path.ts';

export const RULES = 'x-kubernetes-validations';

export interface Rule {
  readonly rule: string;
  readonly message: string;
  readonly messageExpression: string;
  readonly reason: RuleReason | undefined;
  readonly fieldPath: string;
  readonly optionalOldSelf: boolean | undefined;
}

export type RuleReason = Extract<
  FieldErrorReason,
  'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueInvalid' | 'FieldValueRequired'
>;

const REASONS: readonly RuleReason[] = [
  'FieldValueDuplicate',
  'FieldValueForbidden',
  'FieldValueInvalid',
  'FieldValueRequired',
];
const TEXTS = ['rule', 'message', 'messageExpression', 'reason', 'fieldPath'] as const;
const LINE_BREAK = /[\n\r]/;

/** The rules of a schema; entries of the wrong form are left out, `ruleErrors` tells of them. */
export function rulesOf(schema: JsonObject): readonly Rule[] {
  return listAt(schema, RULES)
    .filter(isObject)
    .map((entry): Rule => {
      const text = (key: string): string => stringAt(entry, key) ?? '';
      const optional = entry['optionalOldSelf'];
      return {
        rule: text('rule'),
        message: text('message'),
        messageExpression: text('messageExpression'),
        reason: REASONS.find((reason) => reason === entry['reason']),
        fieldPath: text('fieldPath'),
        optionalOldSelf: typeof optional === 'boolean' ? optional : undefined,
      };
    });
}

/** What is wrong with the form of a schema's rules, in the words of an API server. */
export function ruleErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const given = schema[RULES];
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return [invalid(`${path}.${RULES}`, given, 'must be a list')];
  return listAt(schema, RULES).flatMap((entry, index) => {
    const at = `${path}.${RULES}[${index}]`;
    if (!isObject(entry)) return [invalid(at, entry, 'must be a map')];
    const types = typeErrors(entry, at);
    return types.length > 0 ? types : entryErrors(schema, entry, at);
  });
}

function typeErrors(entry: JsonObject, at: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const key of TEXTS) {
    const value = entry[key];
    if (value === undefined || typeof value === 'string') continue;
    errors.push(invalid(`${at}.${key}`, value, 'must be a string'));
  }
  const optional = entry['optionalOldSelf'];
  if (optional !== undefined && typeof optional !== 'boolean') {
    errors.push(invalid(`${at}.optionalOldSelf`, optional, 'must be a boolean'));
  }
  return errors;
}

function entryErrors(schema: JsonObject, entry: JsonObject, at: string): readonly FieldError[] {
  const [rule = '', message = '', expression = '', reason = '', fieldPath = ''] = TEXTS.map(
    (key) => stringAt(entry, key) ?? '',
  );
  const errors: FieldError[] = [];
  const say = (...found: readonly FieldError[]): number => errors.push(...found);
  if (rule.trim() === '') say(required(`${at}.rule`, 'rule is not specified'));
  else say(...messageErrors(rule, message, `${at}.message`));
  if (expression !== '' && expression.trim() === '') {
    const why = 'messageExpression must be non-empty if specified';
    say(required(`${at}.messageExpression`, why));
  }
  if (entry['reason'] !== undefined && !REASONS.some((known) => known === reason)) {
    say(notSupported(`${at}.reason`, reason, REASONS));
  }
  if (fieldPath !== '') say(...fieldPathErrors(schema, fieldPath, `${at}.fieldPath`));
  return errors;
}

function messageErrors(rule: string, message: string, at: string): readonly FieldError[] {
  const trimmed = message.trim();
  if (message !== '' && trimmed === '') {
    return [invalid(at, message, 'must be non-empty if specified')];
  }
  if (LINE_BREAK.test(trimmed)) return [invalid(at, message, 'must not contain line breaks')];
  if (LINE_BREAK.test(rule.trim()) && trimmed === '') {
    return [required(at, 'message must be specified if rule contains line breaks')];
  }
  return [];
}

function fieldPathErrors(schema: JsonObject, fieldPath: string, at: string): readonly FieldError[] {
  if (fieldPath.trim() === '') return [invalid(at, fieldPath, 'must be non-empty if specified')];
  if (LINE_BREAK.test(fieldPath)) return [invalid(at, fieldPath, 'must not contain line breaks')];
  const found = relativePath(fieldPath, schema);
  if (found.kind === 'ok') return [];
  return [invalid(at, fieldPath, `must be a valid path: ${found.reason}`)];
}
