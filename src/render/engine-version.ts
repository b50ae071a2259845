// Part of every input hash and template hash: raise it when the same input renders to something else.

export const ENGINE_VERSION = '1';
