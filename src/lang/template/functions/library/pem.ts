// PEM blocks: base64 in lines of 64 between BEGIN and END.
import { encodeBase64 } from './base-encoding.ts';

export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export function encodePem(type: string, bytes: Uint8Array): string {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ''].join('\n');
}

/** The first block of a text; headers inside it are skipped. */
export function decodePem(text: string): PemBlock | undefined {
  for (const match of text.matchAll(/^-----BEGIN ([^\n-]*)-----[ \t\r]*\n/gm)) {
    const type = match[1] ?? '';
    const start = match.index + match[0].length;
    const end = text.indexOf(`-----END ${type}-----`, start);
    if (end < 0) continue;
    const body = text
      .slice(start, end)
      .split('\n')
      .filter((line) => !line.includes(':'))
      .join('')
      .replace(/\s/g, '');
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body)) continue;
    return { type, bytes: Uint8Array.from(Buffer.from(body, 'base64')) };
  }
  return undefined;
}
