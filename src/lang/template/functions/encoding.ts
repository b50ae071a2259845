// Sprig's base64 and base32 (go-templates §6, Encoding): a decoding error is the output.
import { fromBytes, toBytes } from '../bytes.ts';
import { defineFunction } from '../function.ts';
import type { TemplateFunction } from '../function.ts';
import { chargeText, reserve } from './elements.ts';
import { decodeBase32, decodeBase64, encodeBase32, encodeBase64 } from './library/base-encoding.ts';
import type { Result } from './library/result.ts';

function encoder(name: string, encode: (bytes: Uint8Array) => string): TemplateFunction {
  return defineFunction(name, 'func(string) string', (context, text) => {
    reserve(context, 2 * text.length);
    return encode(toBytes(text));
  });
}

function decoder(
  name: string,
  decode: (input: Uint8Array) => Result<Uint8Array>,
): TemplateFunction {
  return defineFunction(name, 'func(string) string', (context, text) => {
    chargeText(context, 8 * text.length);
    const decoded = decode(toBytes(text));
    return decoded.ok ? fromBytes(decoded.value) : decoded.error;
  });
}

export const ENCODING = [
  encoder('b64enc', encodeBase64),
  decoder('b64dec', decodeBase64),
  encoder('b32enc', encodeBase32),
  decoder('b32dec', decodeBase32),
];
