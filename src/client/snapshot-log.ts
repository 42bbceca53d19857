/**
 * Which snapshots of one connection have come, for a lane that loses: the server may then tell
 * others as differences from them. In: ticks, in any order. Out: what to acknowledge.
 */
import { shiftLeft } from '../base/shift-left.ts';
import type { SnapshotAck } from '../protocol/messages.ts';

/** Acknowledges nothing: what comes next shall be whole. */
export const NO_SNAPSHOT: SnapshotAck = { kind: 'snapshot-ack', tick: 0, earlier: 0 };

export class SnapshotLog {
  #newest = 0;
  #earlier = 0;

  /** The snapshot of that tick has come and was read. */
  note(tick: number): void {
    const ticks = tick - this.#newest;
    if (ticks > 0) {
      this.#earlier = shiftLeft(this.#earlier, ticks);
      if (this.#newest > 0) this.#earlier |= shiftLeft(1, ticks - 1);
      this.#newest = tick;
    } else if (ticks < 0) {
      this.#earlier |= shiftLeft(1, -ticks - 1);
    }
  }

  get ack(): SnapshotAck {
    return { kind: 'snapshot-ack', tick: this.#newest, earlier: this.#earlier >>> 0 };
  }
}
