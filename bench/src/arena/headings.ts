/** Where players of the bench run: round a square, so that nobody gets to the bounds for long. */
export interface Heading {
  readonly directionX: number;
  readonly directionY: number;
  readonly yaw: number;
}

/** Each is a quarter to the left of the one before. */
export const HEADINGS: readonly Heading[] = [
  { directionX: 1, directionY: 0, yaw: 0.1 },
  { directionX: 0, directionY: 1, yaw: 1.6 },
  { directionX: -1, directionY: 0, yaw: 3.1 },
  { directionX: 0, directionY: -1, yaw: 4.7 },
];

export function headingAt(index: number): Heading {
  return HEADINGS[index % HEADINGS.length]!;
}
