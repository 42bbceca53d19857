/**
 * How often each kind of fault has acted: once per packet, or once per act for what is done to a
 * whole line. A campaign that counts 0 of a kind has not tested it.
 */
import { PacketFaults } from '../transport/packet-faults.ts';

export class FaultCounters extends PacketFaults {
  halfOpen = 0;
  reset = 0;
  /** Times that a reader has stopped. */
  stoppedReader = 0;
  /** Ends whose process died. */
  crash = 0;
}
