// Kubernetes' syntax of labels, with the messages that its API gives.

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** What is wrong with a qualified name such as `app.kubernetes.io/name`; empty when nothing is. */
export function qualifiedNameProblems(key: string): readonly string[] {
  const slash = key.indexOf('/');
  const problems: string[] = [];
  if (slash !== key.lastIndexOf('/')) {
    return [
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  if (slash >= 0) {
    const prefix = key.slice(0, slash);
    if (prefix === '') problems.push('prefix part must be non-empty');
    else {
      if (prefix.length > 253) problems.push('prefix part must be no more than 253 bytes');
      if (!SUBDOMAIN.test(prefix)) problems.push(`prefix part ${SUBDOMAIN_RULE}`);
    }
  }
  const name = key.slice(slash + 1);
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes');
  if (!NAME.test(name)) problems.push(`name part ${NAME_RULE}`);
  return problems;
}

/** What is wrong with a label value; empty when nothing is. */
export function labelValueProblems(value: string): readonly string[] {
  const problems: string[] = [];
  if (value.length > 63) problems.push('must be no more than 63 bytes');
  if (value !== '' && !NAME.test(value)) problems.push(VALUE_RULE);
  return problems;
}

export interface LabelProblem {
  readonly key: string;
  /** `metadata.labels: Invalid value: "/123": prefix part must be non-empty` */
  readonly message: string;
}

/** All problems of a label map, in the order of its keys. */
export function labelProblems(labels: Readonly<Record<string, string>>): readonly LabelProblem[] {
  const found: LabelProblem[] = [];
  for (const key of Object.keys(labels).sort()) {
    const value = labels[key] ?? '';
    const add = (subject: string, reason: string): void => {
      const quoted = JSON.stringify(subject);
      found.push({ key, message: `metadata.labels: Invalid value: ${quoted}: ${reason}` });
    };
    for (const reason of qualifiedNameProblems(key)) add(key, reason);
    for (const reason of labelValueProblems(value)) add(value, reason);
  }
  return found;
}
