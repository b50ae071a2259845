// The CEL functions of URLs: url, isURL and the methods of the type.
import { global, member, overload } from '../library.ts';
import type { Library } from '../library.ts';
import { BOOL, listOf, mapOf, opaqueType, STRING } from '../type.ts';
import { CelMap } from '../value.ts';
import { textCost } from './cost.ts';
import { converts, early } from './early.ts';
import { checkUrl, parseUrl, URL_TYPE } from './url-value.ts';
import type { Url } from './url-value.ts';

const URL = opaqueType<Url>(URL_TYPE);

function accessor(name: string, read: (url: Url) => string) {
  return member(name, overload([URL], STRING, read));
}

export const url: Library = {
  name: 'kubernetes.urls',
  types: [URL],
  functions: [
    global(
      'url',
      overload([STRING], URL, parseUrl, { cost: textCost, specialise: early<string>(parseUrl) }),
    ),
    global('isURL', overload([STRING], BOOL, converts(checkUrl), { cost: textCost })),
    accessor('getScheme', (value) => value.parts.scheme),
    accessor('getHost', (value) => value.parts.host),
    accessor('getHostname', (value) => value.hostname),
    accessor('getPort', (value) => value.port),
    accessor('getEscapedPath', (value) => value.parts.path),
    member(
      'getQuery',
      overload([URL], mapOf(STRING, listOf(STRING)), (value) => new CelMap(value.queryValues())),
    ),
  ],
};
