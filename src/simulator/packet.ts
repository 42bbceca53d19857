/** One message on its way over a simulated line, or one act of the line itself. */
import type { Lane } from '../protocol/lanes.ts';
import type { LinkDirection } from './link-conditions.ts';

export interface Packet {
  readonly direction: LinkDirection;
  /** The lane on which it arrives. */
  readonly lane: Lane;
  /** The sender's own bytes, not a copy. Empty for an act. */
  readonly bytes: Uint8Array;
  /** Which connection of its peer it belongs to, from 1. */
  readonly connection: number;
  readonly sentAt: number;
  /** Planned; a receiver that is held up takes it later. */
  arrivesAt: number;
  /** What happens on arrival instead of a message: opening, refusing, ending. */
  readonly act: (() => void) | undefined;
}
