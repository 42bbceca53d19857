/**
 * Players who run at 5 m/s in straight lines, a tenth of them turning in each tick: the state that
 * snapshots are measured with, ours and a peer's. The same in every run.
 */
const STEP_METRES = 5 / 20;
const TURNING = 0.1;
const YAW_STEPS = 65_536;
const FIRST_TICK = 100_000;
const TURN = 2 * Math.PI;

export interface CrowdState {
  readonly tick: number;
  readonly entities: readonly number[];
  /** x, y (mm), yaw, isSuspended, hitPoints, isAlive, kills, deaths. */
  readonly rows: readonly (readonly number[])[];
  /** Metres, and radians. */
  readonly places: readonly { readonly x: number; readonly y: number; readonly yaw: number }[];
}

export class RunningCrowd {
  readonly #places: { x: number; y: number; yaw: number }[];
  #tick = FIRST_TICK;
  #seed = 0x9e37_79b9;

  constructor(players: number) {
    this.#places = Array.from({ length: players }, () => ({
      x: this.#random() * 40,
      y: this.#random() * 24,
      yaw: this.#random() * TURN,
    }));
  }

  step(): CrowdState {
    this.#tick += 1;
    for (const place of this.#places) {
      if (this.#random() < TURNING) place.yaw = this.#random() * TURN;
      place.x += Math.cos(place.yaw) * STEP_METRES;
      place.y += Math.sin(place.yaw) * STEP_METRES;
    }
    const rows = this.#places.map(({ x, y, yaw }, index) => [
      Math.round(x * 1_000),
      Math.round(y * 1_000),
      Math.round((yaw / TURN) * YAW_STEPS) % YAW_STEPS,
      0,
      100 - (index % 4) * 25,
      1,
      index % 7,
      index % 5,
    ]);
    const entities = this.#places.map((_, index) => index + 1);
    return { tick: this.#tick, entities, rows, places: this.#places };
  }

  /** Mulberry32, Tommy Ettinger, public domain. Uniform in [0, 1). */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
