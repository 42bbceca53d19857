/**
 * Randomness as the rest of the code sees it. The real source is the platform's CSPRNG (host/,
 * client/); a simulation passes a seeded one per peer and purpose.
 */
export interface RandomSource {
  /** Fills the whole array. */
  fillBytes(target: Uint8Array): void;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `bytesCount` random bytes as lower-case hexadecimal text. */
export function randomHex(source: RandomSource, bytesCount: number): string {
  const bytes = new Uint8Array(bytesCount);
  source.fillBytes(bytes);
  // Deliberate: `+=` leaves a chain of halves, five times the text, for as long as an id lives.
  return Array.from(bytes, (byte) => HEX[byte]).join('');
}

/** A number in [0, 1) with 32 random bits. */
export function randomUnit(source: RandomSource): number {
  const bytes = new Uint8Array(4);
  source.fillBytes(bytes);
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32;
}

/** A random stream per purpose (and peer): what one draws never moves another. */
export type RandomStreams = (purpose: string) => RandomSource;

/** A safe integer ≥ 0 with 53 random bits, such as a seed. */
export function randomSafeInteger(source: RandomSource): number {
  const bytes = new Uint8Array(8);
  source.fillBytes(bytes);
  const view = new DataView(bytes.buffer);
  return (view.getUint32(0) >>> 11) * 2 ** 32 + view.getUint32(4);
}
