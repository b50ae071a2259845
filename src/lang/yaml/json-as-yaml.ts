// What happens to a value on Go's detour: it is written as JSON, and that JSON is read back as YAML.
//
// Nearly always nothing. But YAML forbids some characters that JSON passes through, limits the length of keys, and
// takes NEL for a line break (go-templates §7).
import type { WritableYaml } from './write-go-yaml.ts';

/** What YAML's reader refuses although JSON does not escape it; NEL and lone surrogates need a closer look. */
const SUSPICIOUS = /[\u007f-\u009f\ufffe\uffff\ud800-\udfff]/u;
const FORBIDDEN = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/u;
const NEL = '\u0085';
/** Characters of a key's JSON text, quotes included, within which its colon must come. */
const MAX_KEY = 1024;

/** Go's error for the value, or undefined when it passes. Go walks maps in the order of their keys' bytes. */
export function jsonAsYamlFault(value: WritableYaml): string | undefined {
  const state: Walk = { forbidden: false, lines: 0, fault: undefined };
  walk(value, state);
  if (state.fault?.startsWith('error ')) return state.fault;
  return state.forbidden ? 'yaml: control characters are not allowed' : state.fault;
}

interface Walk {
  forbidden: boolean;
  /** Line breaks (NEL) passed so far. */
  lines: number;
  /** The first one wins. */
  fault: string | undefined;
}

function walk(value: WritableYaml, state: Walk): void {
  if (typeof value === 'string') checkText(value, state);
  else if (typeof value === 'number' && !Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    state.fault ??= `error marshaling into JSON: json: unsupported value: ${name}`;
  } else if (typeof value !== 'object' || value === null) return;
  else if (Array.isArray(value))
    for (const item of value as readonly WritableYaml[]) walk(item, state);
  else if (value instanceof Map) {
    for (const [key, member] of value as ReadonlyMap<string, WritableYaml>)
      walkMember(key, member, state);
  } else {
    for (const [key, member] of Object.entries(value as Record<string, WritableYaml | undefined>)) {
      if (member !== undefined) walkMember(key, member, state);
    }
  }
}

function walkMember(key: string, value: WritableYaml, state: Walk): void {
  if (key.length > MAX_KEY / 6 || SUSPICIOUS.test(key)) {
    if (FORBIDDEN.test(key)) state.forbidden = true;
    const lines = state.lines;
    checkText(key, state);
    if (state.lines > lines || jsonLength(key) > MAX_KEY) {
      const where = state.lines > 0 ? `line ${state.lines}: ` : '';
      state.fault ??= `yaml: ${where}did not find expected ',' or '}'`;
    }
  }
  walk(value, state);
}

function checkText(text: string, state: Walk): void {
  if (!SUSPICIOUS.test(text)) return;
  if (FORBIDDEN.test(text)) state.forbidden = true;
  if (!text.includes(NEL)) return;
  const mark = /\u0085(?:---|\.\.\.)[ \u0085]/u.exec(text);
  if (mark !== null) {
    const line = state.lines + text.slice(0, mark.index + 1).split(NEL).length;
    state.fault ??= `yaml: line ${line}: found unexpected document indicator`;
  }
  state.lines += text.split(NEL).length - 1;
}

/** Characters of the JSON text that Go writes for a string. */
function jsonLength(text: string): number {
  let length = 2;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x22 || code === 0x5c) length += 2;
    else if (code < 0x20) length += '\b\f\n\r\t'.includes(character) ? 2 : 6;
    else
      length += '<>&\u2028\u2029'.includes(character) || (code >= 0xd800 && code <= 0xdfff) ? 6 : 1;
  }
  return length;
}

/**
 * The text as it comes back: invalid bytes are U+FFFD, and NEL folds like a line break in double quotes: one is a
 * space, each further one a line feed, and the spaces around are gone.
 */
export function wellFormed(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  const valid = text.replace(/[\ud800-\udfff]/gu, '\ufffd');
  if (!valid.includes(NEL)) return valid;
  return valid.replace(/ *\u0085[ \u0085]*/gu, (run) => {
    const breaks = run.split(NEL).length - 1;
    return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
  });
}
