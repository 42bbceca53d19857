/** How often each kind of fault has met a packet: once per packet. */
export class PacketFaults {
  delay = 0;
  jitter = 0;
  loss = 0;
  burstLoss = 0;
  duplicate = 0;
  reorder = 0;
  bandwidth = 0;
  /** Messages of several pieces. */
  partialWrite = 0;
  /** Packets that met a partition. */
  partition = 0;
}
