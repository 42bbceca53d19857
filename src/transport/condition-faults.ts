/** What a conditioned transport has done to messages so far: once per message. */
import { PacketFaults } from './packet-faults.ts';

export class ConditionFaults extends PacketFaults {
  /** Datagrams dropped because `heldBytesMax` were under way. */
  overflow = 0;
  /** Messages of the stream that went on before their time because of `heldBytesMax`. */
  hastened = 0;
}
