// The id that git gives to content, without asking git: lets us see that nothing changed before writing.
import { createHash } from 'node:crypto';

/** SHA-1 blob id of the bytes (text as UTF-8). */
export function blobHash(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}
