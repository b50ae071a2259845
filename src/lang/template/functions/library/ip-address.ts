// IP addresses as Go's net.ParseIP reads them, in bytes.
import { isIpv4, isIpv6 } from './net-url.ts';

/** Four bytes for IPv4, also when it is mapped into IPv6; else sixteen. */
export function parseAddress(text: string): Uint8Array | undefined {
  if (isIpv4(text)) return Uint8Array.from(text.split('.'), Number);
  if (!isIpv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => 0);
  const bytes = [...front, ...zeros, ...back].flatMap((group) => [group >> 8, group & 0xff]);
  const mapped =
    bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return Uint8Array.from(mapped ? bytes.slice(12) : bytes);
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((word) => {
    if (!word.includes('.')) return [Number.parseInt(word, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = word.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
