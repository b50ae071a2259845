// The one error class; everything expected is a Diagnostic instead.
import type { ErrorCode } from './error-codes.ts';

export class SluiceError extends Error {
  override readonly name = 'SluiceError';
  readonly code: ErrorCode;

  /**
   * @param code entry of the table of codes
   * @param message what failed, on what, in a form fit for users; never a secret
   */
  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
