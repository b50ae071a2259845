// Label selectors as API servers read them from a query: `a=b,c!=d,e in (x,y),f notin (z),g,!h`.

export type LabelSelector = (labels: Readonly<Record<string, string>>) => boolean;

const TERM =
  /^\s*(?:(!)\s*([\w./-]+)|([\w./-]+)\s*(?:(==?|!=)\s*([\w.-]*)|\s(in|notin)\s*\(([^()]*)\))?)\s*$/;

/** @returns undefined when the text is no selector; the empty text selects everything */
export function parseLabelSelector(text: string): LabelSelector | undefined {
  const terms: LabelSelector[] = [];
  for (const part of splitTerms(text)) {
    const term = readTerm(part);
    if (!term) return undefined;
    terms.push(term);
  }
  return (labels) => terms.every((term) => term(labels));
}

function splitTerms(text: string): string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
}

function readTerm(text: string): LabelSelector | undefined {
  const match = TERM.exec(text);
  if (!match) return undefined;
  const [, not, absent, key = '', operator, value = '', word, list = ''] = match;
  if (not !== undefined) return (labels) => !Object.hasOwn(labels, absent ?? '');
  if (word !== undefined) {
    const values = new Set(list.split(',').map((item) => item.trim()));
    return word === 'in'
      ? (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '')
      : (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
  }
  if (operator === undefined) return (labels) => Object.hasOwn(labels, key);
  if (operator === '!=') return (labels) => labels[key] !== value;
  return (labels) => Object.hasOwn(labels, key) && labels[key] === value;
}
