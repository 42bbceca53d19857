/** Where players of the bench run: round a square, so that nobody gets to the bounds for long. */
export interface Heading {
  readonly directionX: number;
  readonly directionY: number;
  readonly yaw: number;
}

/**
 * Each is a quarter to the left of the one before, and none along an axis: on the way both
 * coordinates change with each tick, as with players who go where they please.
 */
export const HEADINGS: readonly Heading[] = [
  { directionX: 0.8, directionY: 0.6, yaw: 0.6435 },
  { directionX: -0.6, directionY: 0.8, yaw: 2.2143 },
  { directionX: -0.8, directionY: -0.6, yaw: 3.7851 },
  { directionX: 0.6, directionY: -0.8, yaw: 5.3559 },
];

export function headingAt(index: number): Heading {
  return HEADINGS[index % HEADINGS.length]!;
}
