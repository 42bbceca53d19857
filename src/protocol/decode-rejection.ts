/** Bytes that are not a message: an ordinary outcome of decoding, counted by the host. */
import type { DecodeRejectionCode } from './codes.ts';

export interface DecodeRejection {
  readonly kind: 'rejected';
  readonly code: DecodeRejectionCode;
}

/** A rejection with `code`. Without more in it, so that nothing hostile reaches a log. */
export function decodeRejection(code: DecodeRejectionCode): DecodeRejection {
  return { kind: 'rejected', code };
}
