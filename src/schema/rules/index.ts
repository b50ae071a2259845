// Validation rules in CEL: their form, whether they compile, and what they say to values.
export { checkRules } from './check-rules.ts';
export { compileRules } from './compile-rules.ts';
export type { RuleTree } from './compile-rules.ts';
export { RULES, ruleErrors } from './rule.ts';
