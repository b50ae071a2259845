// The named text formats of Kubernetes: what `format.dns1123Label().validate(x)` checks.
import { Opaque } from '../value.ts';
import { CelError } from '../error.ts';
import { checkUrl } from './url-value.ts';

export const FORMAT_TYPE = 'kubernetes.NamedFormat';

/** One format: its check gives a sentence per violated rule, none where the text is good. */
export class NamedFormat extends Opaque {
  readonly name: string;
  /** The length of its regular expression, which Kubernetes' cost model counts with. */
  readonly patternLength: number;
  readonly check: (text: string) => readonly string[];

  constructor(name: string, patternLength: number, check: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.patternLength = patternLength;
    this.check = check;
  }

  get celType(): string {
    return FORMAT_TYPE;
  }

  equals(other: Opaque): boolean {
    return other instanceof NamedFormat && other.name === this.name;
  }
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/s;

// Expressions compare these texts, so they are Kubernetes' own, letter by letter.
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_1035_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const NAME_RULE = "use letters, digits, '-', '_' and '.', with a letter or digit at both ends";

export const FORMATS: ReadonlyMap<string, NamedFormat> = new Map(
  [
    new NamedFormat('dns1123Label', 30, label),
    new NamedFormat('dns1123Subdomain', 60, subdomain),
    new NamedFormat('dns1035Label', 30, label1035),
    new NamedFormat('qualifiedName', 60, qualifiedName),
    new NamedFormat('dns1123LabelPrefix', 30, (text) => label(maskDash(text))),
    new NamedFormat('dns1123SubdomainPrefix', 60, (text) => subdomain(maskDash(text))),
    new NamedFormat('dns1035LabelPrefix', 30, (text) => label1035(maskDash(text))),
    new NamedFormat('labelValue', 40, labelValue),
    new NamedFormat('uri', 1103, uri),
    new NamedFormat('uuid', 72, (text) => rule(UUID.test(text), 'does not match the UUID format')),
    new NamedFormat('byte', 84, (text) => rule(BASE64.test(text), 'invalid base64')),
    new NamedFormat('date', 72, (text) => rule(isDate(text), 'invalid date')),
    new NamedFormat('datetime', 72, (text) => rule(isDateTime(text), 'invalid datetime')),
  ].map((format) => [format.name, format]),
);

function rule(valid: boolean, sentence: string): readonly string[] {
  return valid ? [] : [sentence];
}

function atMost(text: string, length: number): readonly string[] {
  return rule(Buffer.byteLength(text) <= length, `must be no more than ${length} characters`);
}

function label(text: string): readonly string[] {
  if (LABEL.test(text)) return atMost(text, 63);
  const dots = text.includes('.') && isSubdomain(text);
  return [...atMost(text, 63), dots ? 'must not contain dots' : LABEL_RULE];
}

function subdomain(text: string): readonly string[] {
  return [...atMost(text, 253), ...rule(isSubdomain(text), SUBDOMAIN_RULE)];
}

function isSubdomain(text: string): boolean {
  return text.split('.').every((part) => LABEL.test(part));
}

function label1035(text: string): readonly string[] {
  return [...atMost(text, 63), ...rule(LABEL_1035.test(text), LABEL_1035_RULE)];
}

/** Kubernetes checks a prefix as if something came after its last dash. */
function maskDash(text: string): string {
  return text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text;
}

function qualifiedName(text: string): readonly string[] {
  const parts = text.split('/');
  if (parts.length > 2) return [`${NAME_RULE}, after an optional DNS subdomain and '/'`];
  const name = parts.at(-1) ?? '';
  return [
    ...(parts.length === 2 ? prefixOf(parts[0] ?? '') : []),
    ...(name === '' ? ['name part must be non-empty'] : []),
    ...atMost(name, 63).map((sentence) => `name part ${sentence}`),
    ...rule(QUALIFIED.test(name), `name part: ${NAME_RULE}`),
  ];
}

function prefixOf(prefix: string): readonly string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return subdomain(prefix).map((sentence) => `prefix part: ${sentence}`);
}

function labelValue(text: string): readonly string[] {
  const valid = text === '' || QUALIFIED.test(text);
  return [...atMost(text, 63), ...rule(valid, `a label value is empty, or: ${NAME_RULE}`)];
}

function uri(text: string): readonly string[] {
  try {
    checkUrl(text);
    return [];
  } catch (error) {
    if (error instanceof CelError) return [error.message];
    throw error;
  }
}

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
  if (day === '') return false;
  const days = new Date(Date.UTC(2000, Number(month), 0)).getUTCDate();
  const leap = isLeap(Number(year));
  const last = Number(month) === 2 && !leap ? 28 : days;
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** A date, `t` and a time; Kubernetes does not look at the size of the offset. */
function isDateTime(text: string): boolean {
  const [date = '', time = '', ...rest] = text.toLowerCase().split('t');
  if (rest.length > 0 || !isDate(date)) return false;
  const [, hours = '99', minutes = '99', seconds = '99'] = TIME.exec(time) ?? [];
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
}
