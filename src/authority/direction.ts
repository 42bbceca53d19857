/**
 * A vector that somebody sent, made usable: direction and length apart, for any finite numbers,
 * however large or small. Only `+ - * /` and square root, so every engine computes the same bits.
 */
export interface Direction {
  /** Unit vector; (0, 0) when the vector has no direction. */
  readonly x: number;
  readonly y: number;
  /** Length of what was given; Infinity when it is too long for a number. */
  readonly length: number;
}

const NONE: Direction = Object.freeze({ x: 0, y: 0, length: 0 });

/** The direction and length of (x, y); both must be finite. */
export function directionOf(x: number, y: number): Direction {
  const scale = Math.max(Math.abs(x), Math.abs(y));
  if (scale === 0) return NONE;
  const scaledX = x / scale;
  const scaledY = y / scale;
  const scaledLength = Math.sqrt(scaledX * scaledX + scaledY * scaledY);
  return { x: scaledX / scaledLength, y: scaledY / scaledLength, length: scale * scaledLength };
}
