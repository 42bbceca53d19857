/**
 * A world's newest snapshot on its way out: picks for each receiver the difference that it can
 * read. In: the world's last snapshots, what a receiver has. Out: frames that never change, each
 * made once however many receive it. Must not know: connections, queues.
 */
import type { SnapshotHistory } from '../protocol/snapshot-history.ts';
import type { SnapshotReceipts } from './snapshot-receipts.ts';

/** A snapshot as a payload, the same object for all its receivers. */
export interface SnapshotFrame {
  readonly lane: 'sync';
  readonly bytes: Uint8Array;
  /** Its tick: what the queue reports when it is written. */
  readonly stamp: number;
}

/** No tick. */
const NO_BASELINE = -1;

export class SnapshotFeed {
  readonly #history: SnapshotHistory;
  /** Of what the frames are. */
  #tick = -1;
  /** By the tick of the baseline. */
  readonly #frames = new Map<number, SnapshotFrame>();

  /** `history` is the world's own: it lives and dies with it. */
  constructor(history: SnapshotHistory) {
    this.#history = history;
  }

  /** Frames made since the beginning: at most 9 for each snapshot. */
  get encodings(): number {
    return this.#history.encodings;
  }

  /** The newest snapshot for who has those: as the difference from the newest of them, or whole. */
  frameFor(receipts: SnapshotReceipts): SnapshotFrame {
    const { tick } = this.#history;
    if (tick !== this.#tick) this.#frames.clear();
    this.#tick = tick;
    const baseline = this.#newestOf(receipts);
    const made = this.#frames.get(baseline);
    if (made !== undefined) return made;
    const bytes = this.#history.encode(baseline === NO_BASELINE ? undefined : baseline);
    const frame: SnapshotFrame = { lane: 'sync', bytes, stamp: tick };
    this.#frames.set(baseline, frame);
    return frame;
  }

  #newestOf(receipts: SnapshotReceipts): number {
    const { rungTicks } = this.#history;
    for (let rung = 0; rung < rungTicks.length; rung += 1) {
      const tick = rungTicks[rung] as number;
      if (receipts.has(tick)) return tick;
    }
    return NO_BASELINE;
  }
}
