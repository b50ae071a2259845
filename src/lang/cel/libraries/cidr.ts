// The CEL functions of networks: cidr, isCIDR and the methods of net.CIDR.
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, INT, opaqueType, STRING } from '../type.ts';
import { above, textCost } from './cost.ts';
import { converts, early } from './early.ts';
import { IP } from './ip.ts';
import { CIDR_TYPE, formatCidr, parseCidr, parseIp } from './ip-address.ts';
import type { Cidr } from './ip-address.ts';

const CIDR = opaqueType<Cidr>(CIDR_TYPE);

export const cidr: Library = {
  name: 'kubernetes.net.cidr',
  types: [CIDR, IP],
  functions: [
    global(
      'cidr',
      overload([STRING], CIDR, parseCidr, {
        cost: textCost,
        specialise: early<string>(parseCidr),
      }),
    ),
    global('isCIDR', overload([STRING], BOOL, converts(parseCidr), { cost: textCost })),
    global('string', overload([CIDR], STRING, formatCidr)),
    member(
      'containsIP',
      overload([CIDR, IP], BOOL, (net, address) => net.containsIp(address), { cost: compareCost }),
      overload([CIDR, STRING], BOOL, (net, text) => net.containsIp(parseIp(text)), {
        cost: (net, text) => compareCost(net) + textCost(text) + 1,
      }),
    ),
    member(
      'containsCIDR',
      overload([CIDR, CIDR], BOOL, (net, other) => net.containsCidr(other), { cost: maskCost }),
      overload([CIDR, STRING], BOOL, (net, text) => net.containsCidr(parseCidr(text)), {
        cost: (net, text) => maskCost(net) + textCost(text) + 1,
      }),
    ),
    member(
      'ip',
      overload([CIDR], IP, (net) => net.address),
    ),
    member(
      'prefixLength',
      overload([CIDR], INT, (net) => net.length),
    ),
    member(
      'masked',
      overload([CIDR], CIDR, (net) => net.masked()),
    ),
  ],
};

/** Kubernetes counts the bytes of the prefix, twice: two byte strings are compared. */
function compareCost(net: Cidr): number {
  return above(Math.ceil(prefixBytes(net) * 0.2));
}

/** The same, and masking the other network first. */
function maskCost(net: Cidr): number {
  return Math.ceil(prefixBytes(net) * 0.2) + Math.ceil(prefixBytes(net) * 0.1);
}

function prefixBytes(net: Cidr): number {
  return Math.ceil(net.length / 8);
}
