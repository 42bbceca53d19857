/** Signed integers of 32 bits as unsigned ones that are small in both directions, and back. */

/** 0, −1, 1, −2 … become 0, 1, 2, 3 …. */
export function zigzag(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

/** `value`: of 32 bits, signed or not. */
export function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}
