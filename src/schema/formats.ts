// String formats that API servers check; names they do not know are no constraint.

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
const HOSTNAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i;

/** Each test gets a value of at most a few hundred characters; none of the expressions backtracks. */
export const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
  password: () => true,
  date: isDate,
  'date-time': isDateTime,
  datetime: isDateTime,
  duration: (text) => /^(?:[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w) ?)+$/.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  hostname: (text) => HOSTNAME.test(text),
  ipv4: (text) => IPV4.test(text),
  ipv6: isIpv6,
  cidr: isCidr,
  mac: (text) => /^[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}$/i.test(text),
  uri: (text) => URL.canParse(text) || /^\/\S*$/.test(text),
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  hexcolor: (text) => /^#?(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
};

const INT32 = 2 ** 31;
const INT64 = 2 ** 63;

/** Ranges of numbers; the upper end of int64 is not to be told apart in a float. */
export const NUMBER_FORMATS: Readonly<Record<string, (value: number) => boolean>> = {
  int32: (value) => value >= -INT32 && value < INT32,
  int64: (value) => value >= -INT64 && value <= INT64,
};

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(match[3]);
}

function isDateTime(text: string): boolean {
  const match =
    /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[-+]\d{2}:?\d{2})$/.exec(
      text,
    );
  return match?.[1] !== undefined && isDate(match[1]);
}

function isIpv6(text: string): boolean {
  if (!text.includes(':')) return false;
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return false;
  const groups = [head, tail ?? ''].flatMap((part) => (part === '' ? [] : part.split(':')));
  const last = groups.at(-1);
  let count = groups.length;
  if (last?.includes('.')) {
    if (!IPV4.test(last)) return false;
    groups.pop();
    count++;
  }
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return tail === undefined ? count === 8 : count < 8;
}

function isCidr(text: string): boolean {
  const [address = '', bits = ''] = text.split('/');
  if (!/^\d{1,3}$/.test(bits)) return false;
  if (IPV4.test(address)) return Number(bits) <= 32;
  return isIpv6(address) && Number(bits) <= 128;
}
