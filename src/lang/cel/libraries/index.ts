// The libraries that an environment can carry.
export { cidr } from './cidr.ts';
export { encoders } from './encoders.ts';
export { format } from './format.ts';
export { ip } from './ip.ts';
export { jsonpatch } from './jsonpatch.ts';
export { lists, listsExt } from './lists.ts';
export { math } from './math.ts';
export { quantity } from './quantity.ts';
export { regex } from './regex.ts';
export { semver } from './semver.ts';
export { sets } from './sets.ts';
export { strings, stringsV2 } from './strings.ts';
export { url } from './url.ts';
