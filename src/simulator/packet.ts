/** One message on its way over a simulated line, or one act of the line itself. */
import type { Lane } from '../protocol/lanes.ts';
import type { Arrival } from '../transport/arrival-queue.ts';
import type { LinkDirection } from '../transport/link-conditions.ts';

/** `bytes` are the sender's own, not a copy; `act` is opening, refusing, ending. */
export interface Packet extends Arrival {
  readonly direction: LinkDirection;
  /** The lane on which it arrives. */
  readonly lane: Lane;
  /** Which connection of its peer it belongs to, from 1. */
  readonly connection: number;
  readonly sentAt: number;
}
