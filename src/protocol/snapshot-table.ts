/**
 * One snapshot in flat arrays, column by column, used again for later ones. Both ends keep their
 * baselines so. Must not know: bits, who has received it.
 */
import type { SnapshotLayout } from './snapshot-layout.ts';

const FIRST_CAPACITY = 16;

export class SnapshotTable {
  /** −1 = holds nothing. */
  tick = -1;
  /** Entities that it holds. */
  count = 0;
  /** In ascending order; only the first `count` are meant. */
  entities: Uint32Array = new Uint32Array(0);
  /** The number of field `f` of entity `i` is at `f * stride + i`. */
  values: Int32Array = new Int32Array(0);
  /** The velocity `v` of entity `i`, in steps a tick, is at `v * stride + i`. */
  velocities: Int32Array = new Int32Array(0);
  stride = 0;
  readonly #layout: SnapshotLayout;

  constructor(layout: SnapshotLayout) {
    this.#layout = layout;
  }

  /** Begins another snapshot; everything is to be written anew. */
  reset(tick: number, count: number): void {
    this.tick = tick;
    this.count = count;
    if (count <= this.stride) return;
    this.stride = Math.max(FIRST_CAPACITY, 2 ** Math.ceil(Math.log2(count)));
    this.entities = new Uint32Array(this.stride);
    this.values = new Int32Array(this.stride * this.#layout.fieldsCount);
    this.velocities = new Int32Array(this.stride * this.#layout.movingCount);
  }
}
