/** Bit masks of 32 places, such as one for each of the last ticks. Must not know: what they say. */

/** All places move up; what moves past the last is gone, also by 32 or more. */
export function shiftLeft(mask: number, places: number): number {
  return places < 32 ? mask << places : 0;
}
