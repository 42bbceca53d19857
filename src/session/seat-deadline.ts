/**
 * When a seat is lost whose connection is gone (L15): at the end of the window, or later for those
 * who are on their way back, but never later than a second window. Pure.
 */
import type { Lifecycle } from './lifecycle.ts';

export type HeldSeat = Pick<Lifecycle, 'policy' | 'awaitedUntil' | 'heldUntil'> & {
  /** The end of the window (monotonic ms). */
  readonly seatUntil: number;
};

export function seatDeadline({ policy, seatUntil, awaitedUntil, heldUntil }: HeldSeat): number {
  const asked = Math.max(awaitedUntil ?? -Infinity, heldUntil ?? -Infinity);
  return Math.max(seatUntil, Math.min(asked, seatUntil + policy.reconnectWindowMs));
}
