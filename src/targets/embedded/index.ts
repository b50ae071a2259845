// Public surface of the embedded target.
export { BEHAVIOUR } from './controllers/behaviour.ts';
export { createEmbeddedTarget } from './embedded-target.ts';
export type { EmbeddedOptions, EmbeddedTarget, ListOptions } from './embedded-target.ts';
