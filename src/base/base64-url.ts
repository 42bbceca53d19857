/**
 * Bytes as text that may stand anywhere: base64url without padding (RFC 4648 §5).
 * In: bytes. Out: text. Must not know: what the bytes are.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BITS_PER_DIGIT = 6;

export function base64Url(bytes: Uint8Array): string {
  let text = '';
  let waiting = 0;
  let waitingBits = 0;
  for (const byte of bytes) {
    waiting = (waiting << 8) | byte;
    waitingBits += 8;
    while (waitingBits >= BITS_PER_DIGIT) {
      waitingBits -= BITS_PER_DIGIT;
      text += DIGITS[(waiting >> waitingBits) & 63];
    }
    waiting &= (1 << waitingBits) - 1;
  }
  if (waitingBits > 0) text += DIGITS[(waiting << (BITS_PER_DIGIT - waitingBits)) & 63];
  return text;
}
