/**
 * The snapshots around the instant that is shown, oldest first, bounded.
 * In: snapshots. Out: the pair that encloses a tick. Must not know: time, players' names.
 */
import type { Snapshot } from '../protocol/messages.ts';

/** More than the largest delay holds (1 s at 60 Hz), so only a stopped view loses any. */
const FRAMES_MAX = 128;

export interface SnapshotFrame {
  readonly tick: number;
  /** Integers of each entity, in the order of the snapshot fields. */
  readonly players: ReadonlyMap<number, readonly number[]>;
}

export interface FramePair {
  readonly earlier: SnapshotFrame;
  /** Absent where nothing newer than the tick is known. */
  readonly later: SnapshotFrame | undefined;
  /** The one before `earlier`, where it is still kept; always beside the newest, but the first. */
  readonly previous: SnapshotFrame | undefined;
}

export class SnapshotBuffer {
  readonly #frames: SnapshotFrame[] = [];

  /** Tick of the newest snapshot; 0 before the first. */
  get newestTick(): number {
    return this.#frames.at(-1)?.tick ?? 0;
  }

  /** False for one that is no newer than the newest: it is ignored. */
  add(snapshot: Snapshot): boolean {
    if (this.#frames.length > 0 && snapshot.tick <= this.newestTick) return false;
    const players = new Map(snapshot.players.map((player) => [player.entity, player.fields]));
    this.#frames.push({ tick: snapshot.tick, players });
    if (this.#frames.length > FRAMES_MAX) this.#frames.shift();
    return true;
  }

  /** Forgets what lies wholly before `tick`, never the newest two: they say how it goes on. */
  forgetBefore(tick: number): void {
    while (this.#frames.length > 2 && (this.#frames[1]?.tick ?? Infinity) <= tick) {
      this.#frames.shift();
    }
  }

  /** The frames around `tick`; the oldest known for an older one; undefined before the first. */
  around(tick: number): FramePair | undefined {
    const index = Math.max(
      0,
      this.#frames.findLastIndex((frame) => frame.tick <= tick),
    );
    const earlier = this.#frames[index];
    if (earlier === undefined) return undefined;
    const later = tick < earlier.tick ? undefined : this.#frames[index + 1];
    return { earlier, later, previous: this.#frames[index - 1] };
  }
}
