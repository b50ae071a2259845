// The CEL functions of IP addresses: ip, isIP, ip.isCanonical and the methods of net.IP.
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, INT, opaqueType, STRING } from '../type.ts';
import { rewriteCost, textCost } from './cost.ts';
import { converts, early } from './early.ts';
import { formatIp, IP_TYPE, parseIp } from './ip-address.ts';
import type { Ip } from './ip-address.ts';

export const IP = opaqueType<Ip>(IP_TYPE);

function predicate(name: string, test: (ip: Ip) => boolean) {
  return member(name, overload([IP], BOOL, test));
}

export const ip: Library = {
  name: 'kubernetes.net.ip',
  types: [IP],
  functions: [
    global(
      'ip',
      overload([STRING], IP, parseIp, { cost: textCost, specialise: early<string>(parseIp) }),
    ),
    global('isIP', overload([STRING], BOOL, converts(parseIp), { cost: textCost })),
    global(
      'ip.isCanonical',
      overload([STRING], BOOL, (text) => formatIp(parseIp(text)) === text, {
        cost: (text) => rewriteCost(text.length),
      }),
    ),
    global('string', overload([IP], STRING, formatIp)),
    member(
      'family',
      overload([IP], INT, (address) => address.family),
    ),
    predicate('isUnspecified', (address) => address.isUnspecified()),
    predicate('isLoopback', (address) => address.isLoopback()),
    predicate('isLinkLocalMulticast', (address) => address.isLinkLocalMulticast()),
    predicate('isLinkLocalUnicast', (address) => address.isLinkLocalUnicast()),
    predicate('isGlobalUnicast', (address) => address.isGlobalUnicast()),
  ],
};
