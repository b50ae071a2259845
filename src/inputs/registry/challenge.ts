// WWW-Authenticate as registries send it: schemes with their parameters (RFC 9110 §11).

export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]+))`, 'u');
const SCHEME = new RegExp(`^(${TOKEN})(?:\\s+|$)`, 'u');

/** All challenges of a header; what cannot be read ends the list. */
export function parseChallenges(header: string): readonly Challenge[] {
  const found: { scheme: string; parameters: Record<string, string> }[] = [];
  for (let rest = header.trim(); rest !== '';) {
    const current = found.at(-1);
    const parameter = PARAMETER.exec(rest);
    if (parameter && current) {
      const [whole, name = '', quoted, plain = ''] = parameter;
      current.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain;
      rest = rest.slice(whole.length);
    } else {
      const scheme = SCHEME.exec(rest);
      if (!scheme) break;
      found.push({ scheme: (scheme[1] ?? '').toLowerCase(), parameters: {} });
      rest = rest.slice(scheme[0].length);
    }
    rest = rest.replace(/^[\s,]+/u, '');
  }
  return found;
}
