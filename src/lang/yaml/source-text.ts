// Bytes to text, with everything that is not plain UTF-8 text named: encoding, NUL, control characters, size.
import type { Problem } from './diagnostic.ts';
import type { YamlLimits } from './limits.ts';

export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string; readonly problem: Problem };

// What Go's reader calls "control characters are not allowed": they may stand escaped in double quotes only.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/u;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const BOM = '\ufeff';
/** Made once: making one costs more than decoding a manifest. Without `stream` it keeps nothing between calls. */
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes a file and drops its byte order mark. A refused file keeps the text up to the fault, for its position. */
export function readSourceText(input: string | Uint8Array, limits: YamlLimits): SourceText {
  const size = input.length;
  if (size > limits.maxBytes) {
    const message = `the file is larger than ${limits.maxBytes} bytes`;
    return refuse(
      '',
      'YamlLimit',
      0,
      message,
      'Split the file, or move generated content elsewhere.',
    );
  }
  if (typeof input !== 'string') return checkText(decodeUtf8(input));
  const lone = LONE_SURROGATE.exec(input);
  if (lone !== null)
    return refuse(input, 'FileEncoding', lone.index, 'the file is not valid UTF-8', UTF8_HINT);
  return checkText({ kind: 'text', text: input });
}

const UTF8_HINT = 'Save the file as UTF-8.';

function checkText(source: SourceText): SourceText {
  if (source.kind === 'refused') return source;
  const text = source.text.startsWith(BOM) ? source.text.slice(1) : source.text;
  const control = CONTROL.exec(text);
  if (control === null) return { kind: 'text', text };
  const code = control[0].charCodeAt(0);
  const name =
    code === 0
      ? 'a NUL byte'
      : `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const hint =
    code === 0
      ? 'This looks like a binary or UTF-16 file; save it as UTF-8 text.'
      : 'Remove it, or write it as \\xNN or \\uNNNN in double quotes.';
  return refuse(text, 'FileEncoding', control.index, `${name} stands in the file`, hint);
}

function decodeUtf8(bytes: Uint8Array): SourceText {
  try {
    return {
      kind: 'text',
      text: UTF8.decode(bytes),
    };
  } catch {
    const wide =
      (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const text = validPrefix(bytes);
    const message = wide ? 'the file is UTF-16' : 'the file is not valid UTF-8';
    return refuse(text, 'FileEncoding', text.length, message, UTF8_HINT);
  }
}

/** The longest valid beginning. A lenient decoder marks the first fault with U+FFFD, which valid text may hold too. */
function validPrefix(bytes: Uint8Array): string {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodes(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, low), {
    stream: true,
  });
}

function decodes(bytes: Uint8Array): boolean {
  try {
    // Streaming accepts a character that is cut in two at the end.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function refuse(
  text: string,
  code: Problem['code'],
  offset: number,
  ...[message, hint]: [string, string]
): SourceText {
  return { kind: 'refused', text, problem: { code, offset, message, hint } };
}
