// Which units a text means that people typed, and which they may have meant where it means none.
import { SluiceError } from '../model/sluice-error.ts';
import { formatUnitId, parseUnitId } from '../model/unit-id.ts';
import type { UnitId } from '../model/unit-id.ts';

/** Where units of the status branch are, for messages. */
export const ON_BRANCH = ' on the status branch';

/** Names at most in one message. */
const MAX_NAMES = 5;

/** Whether a unit is meant by a text, with or without the target. A text that is no id, as a bare name, means none. */
export function unitFilter(text: string): (id: UnitId) => boolean {
  const name = parseUnitId(text, '');
  if (!name) return () => false;
  const id = formatUnitId(name);
  return name.target === ''
    ? (candidate) => candidate.endsWith(id)
    : (candidate) => candidate === id;
}

/**
 * The units that a text means, with or without the target.
 * @param ids all there are
 * @param where they are, for the message
 * @throws SluiceError UsageInvalid where it means none
 */
export function chooseUnits(text: string, ids: readonly UnitId[], where = ''): readonly UnitId[] {
  const found = ids.filter(unitFilter(text));
  if (found.length > 0) return found;
  throw new SluiceError('UsageInvalid', `no unit ${text}${where}${likelyUnits(text, ids)}`);
}

/**
 * `; did you mean local:Package.package-operator.run/web/shop?` for `shop`, `package/shop`, `Package/web/shop` and
 * the like, else how ids are written.
 */
export function likelyUnits(text: string, ids: readonly string[]): string {
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  const endingIn = (end: string): readonly string[] =>
    end === '' ? [] : ids.filter((id) => `/${id}`.endsWith(`/${end}`));
  const sameEnd = endingIn(parts.slice(parts.length === 1 ? 0 : 1).join('/'));
  const sameName = endingIn(parts.at(-1) ?? '');
  const kind = kindOf(text);
  const ofKind = (candidates: readonly string[]): readonly string[] =>
    candidates.filter((id) => kindOf(id) === kind);
  const alike = [ofKind(sameEnd), ofKind(sameName), sameEnd, sameName].find(
    (found) => found.length > 0,
  );
  if (alike === undefined) return '; write it as Kind.group/namespace/name';
  const more = alike.length > MAX_NAMES ? ', or another of that name' : '';
  return `; did you mean ${alike.slice(0, MAX_NAMES).join(' or ')}${more}?`;
}

/** `package` of `local:Package.package-operator.run/web/shop`. */
function kindOf(text: string): string {
  const [head = ''] = text.replace(/^[^/:]*:/u, '').split('/');
  return (head.split('.')[0] ?? '').toLowerCase();
}
