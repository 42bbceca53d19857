/**
 * Where the frames have an entity: between two of them on the line from the one to the other, past
 * the newest on along the line between the last two. Who died, came anew, came back from a gap or
 * was put elsewhere is not guessed: it stays where the newest frame has it.
 * In: frames. Out: places in metres. Must not know: time, what is shown.
 */
import type { SnapshotField } from '../protocol/messages.ts';
import type { PlayerRoster } from './player-roster.ts';
import type { FramePair, SnapshotFrame } from './snapshot-buffer.ts';

/** Across a longer gap nothing is drawn between: who knows where they went. */
const GAP_MS_MAX = 500;
/** 144 km/h. Who is faster has been put elsewhere, and that doesn't go on. */
const WAY_METRES_PER_SECOND_MAX = 40;

export interface FrameMotionOptions {
  readonly fields: readonly SnapshotField[];
  readonly ticksPerMs: number;
  readonly roster: PlayerRoster;
}

export interface EntityMotion {
  readonly x: number;
  readonly y: number;
  /** How fast it is moving there; 0 = it stays. */
  readonly metresPerTick: number;
}

export class FrameMotion {
  readonly #options: FrameMotionOptions;
  readonly #x: number;
  readonly #y: number;
  readonly #isAliveIndex: number;
  readonly #metresPerTickMax: number;

  constructor(options: FrameMotionOptions) {
    const { fields, ticksPerMs } = options;
    this.#options = options;
    this.#x = motionIndex(fields, 'x');
    this.#y = motionIndex(fields, 'y');
    this.#isAliveIndex = fields.findIndex((field) => field.name === 'isAlive');
    this.#metresPerTickMax = WAY_METRES_PER_SECOND_MAX / (ticksPerMs * 1_000);
  }

  /** Whether the entity went from the one frame to the other, in one life. */
  isContinuous(entity: number, earlier: SnapshotFrame, later: SnapshotFrame): boolean {
    const from = earlier.players.get(entity);
    const to = later.players.get(entity);
    if (from === undefined || to === undefined) return false;
    const gapTicksMax = Math.max(2, GAP_MS_MAX * this.#options.ticksPerMs);
    if (later.tick - earlier.tick > gapTicksMax) return false;
    return this.#isAlive(from) || !this.#isAlive(to);
  }

  /** Whether it also was no faster than anybody goes. */
  isWay(entity: number, earlier: SnapshotFrame, later: SnapshotFrame): boolean {
    return this.speedBetween(entity, earlier, later) <= this.#metresPerTickMax;
  }

  /** In metres per tick; Infinity where there is no way from the one frame to the other. */
  speedBetween(entity: number, earlier: SnapshotFrame, later: SnapshotFrame): number {
    if (!this.isContinuous(entity, earlier, later)) return Infinity;
    const from = this.#placeIn(earlier, entity);
    const to = this.#placeIn(later, entity);
    return Math.hypot(to.x - from.x, to.y - from.y) / (later.tick - earlier.tick);
  }

  /** Undefined when the entity is not there, or the world has no places. */
  at(pair: FramePair, tick: number, entity: number): EntityMotion | undefined {
    const { earlier } = pair;
    if (this.#x < 0 || this.#y < 0 || !earlier.players.has(entity)) return undefined;
    const place = this.#placeIn(earlier, entity);
    const isPast = pair.later === undefined;
    const [from, to] = isPast ? [pair.previous, earlier] : [earlier, pair.later];
    const isMoving =
      from !== undefined &&
      to !== undefined &&
      (isPast ? this.#isGuessed(entity, from, to) : this.isContinuous(entity, from, to));
    if (!isMoving) return { ...place, metresPerTick: 0 };
    const [start, end] = [this.#placeIn(from, entity), this.#placeIn(to, entity)];
    const part = Math.max(0, tick - earlier.tick) / (to.tick - from.tick);
    return {
      x: place.x + (end.x - start.x) * part,
      y: place.y + (end.y - start.y) * part,
      metresPerTick: this.speedBetween(entity, from, to),
    };
  }

  /** Whether the way from the last frame but one to the newest is taken to go on. */
  #isGuessed(entity: number, previous: SnapshotFrame, newest: SnapshotFrame): boolean {
    return (
      this.#isAlive(newest.players.get(entity)) &&
      this.#options.roster.playerAt(entity, previous.tick) !== undefined &&
      this.isWay(entity, previous, newest)
    );
  }

  #isAlive(row: readonly number[] | undefined): boolean {
    return (row?.[this.#isAliveIndex] ?? 1) !== 0;
  }

  #placeIn(frame: SnapshotFrame, entity: number): { readonly x: number; readonly y: number } {
    const row = frame.players.get(entity);
    const { fields } = this.#options;
    return {
      x: (row?.[this.#x] ?? 0) * (fields[this.#x]?.precision ?? 0),
      y: (row?.[this.#y] ?? 0) * (fields[this.#y]?.precision ?? 0),
    };
  }
}

function motionIndex(fields: readonly SnapshotField[], name: 'x' | 'y'): number {
  return fields.findIndex((field) => field.name === name && field.interpolation === 'linear');
}
