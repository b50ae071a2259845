// What is known of a document that schemas are read from; reading is the business of whoever has files and network.
import type { Json } from '../../../model/json.ts';

export type DocumentAnswer =
  | { readonly kind: 'found'; readonly document: Json }
  /** There is certainly nothing at the address. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The network was not to be used. */
  | { readonly kind: 'offline' };
