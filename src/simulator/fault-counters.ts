/**
 * How often each kind of fault has acted: once per packet, or once per act for what is done to a
 * whole line. A campaign that counts 0 of a kind has not tested it.
 */
export class FaultCounters {
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
  halfOpen = 0;
  reset = 0;
  /** Times that a reader has stopped. */
  stoppedReader = 0;
  /** Ends whose process died. */
  crash = 0;
}
