/**
 * One player's movement inputs on their way to the ticks they are for: a ring over the next ticks.
 * In: inputs as they arrive, in any order. Out: at most one per tick, and a verdict at once for
 * each that will never run. Its only memory between ticks is the ring itself: no input, however
 * absurd, leaves a mark that could make it deaf. Numbers live in typed arrays; accepting allocates
 * nothing.
 */
import type { EarlierMove, MoveInput } from '../protocol/messages.ts';
import { judgeLookAhead, judgeTick } from './tick-check.ts';
import { DUPLICATE, rejected, STALE, type Verdict } from './verdict.ts';

/** What became of a player's own movement inputs; for InputAck. */
export interface InputProgress {
  /** Newest input tick that was accepted on this connection; 0 = none. */
  readonly lastInputTick: number;
  /** How early that input arrived before its tick ran, in ticks; ≥ 0. */
  readonly marginTicks: number;
  /**
   * Whether a copy of an input would be of use: it could run, and the input that it repeats has
   * not come. The world has run `lastRunTick`.
   */
  lacks(copy: EarlierMove, lastRunTick: number): boolean;
}

/** Where `take` writes an input to. */
export interface MoveInputTarget {
  kind: 'move-input';
  tick: number;
  directionX: number;
  directionY: number;
  yaw: number;
}

const EMPTY = -1;
const VALUES_PER_SLOT = 3;
const NUMBERS_PER_SLOT = 1 + VALUES_PER_SLOT;
const NOT_FINITE = rejected('not-finite');

export class InputBuffer implements InputProgress {
  readonly #aheadTicksMax: number;
  readonly #slots: number;
  /** By slot its tick; behind them all three numbers per slot: directionX, directionY, yaw. */
  readonly #numbers: Float64Array;
  #lastInputTick = 0;
  #marginTicks = 0;

  /** `aheadTicksMax`: how far ahead of the last run tick an input may be. */
  constructor(aheadTicksMax: number) {
    this.#aheadTicksMax = aheadTicksMax;
    this.#slots = aheadTicksMax + 1;
    // Deliberate: one array. What an array of numbers costs by itself is more than its numbers.
    this.#numbers = new Float64Array(this.#slots * NUMBERS_PER_SLOT).fill(EMPTY, 0, this.#slots);
  }

  get lastInputTick(): number {
    return this.#lastInputTick;
  }

  get marginTicks(): number {
    return this.#marginTicks;
  }

  /**
   * Keeps the input for its tick (undefined), or says at once why it will never run. The world has
   * run `lastRunTick`; the next tick has come `tickFraction` far.
   */
  accept(input: MoveInput, lastRunTick: number, tickFraction: number): Verdict | undefined {
    if (!isFiniteMove(input)) return NOT_FINITE;
    const problem =
      judgeTick(input.tick) ?? judgeLookAhead(input.tick, lastRunTick, this.#aheadTicksMax);
    if (problem !== undefined) return problem;
    if (input.tick <= lastRunTick) return STALE;
    const slot = input.tick % this.#slots;
    if (this.#numbers[slot] === input.tick) return DUPLICATE;
    const values = this.#valuesOf(slot);
    this.#numbers[slot] = input.tick;
    this.#numbers[values] = input.directionX;
    this.#numbers[values + 1] = input.directionY;
    this.#numbers[values + 2] = input.yaw;
    if (input.tick > this.#lastInputTick) {
      this.#lastInputTick = input.tick;
      this.#marginTicks = Math.max(0, input.tick - lastRunTick - tickFraction);
    }
    return undefined;
  }

  lacks(copy: EarlierMove, lastRunTick: number): boolean {
    const { tick } = copy;
    const isDue = tick > lastRunTick && tick - lastRunTick <= this.#aheadTicksMax;
    return isDue && isFiniteMove(copy) && this.#numbers[tick % this.#slots] !== tick;
  }

  /** Moves the input for `tick` into `target`; false when there is none. */
  take(tick: number, target: MoveInputTarget): boolean {
    const slot = tick % this.#slots;
    if (this.#numbers[slot] !== tick) return false;
    const values = this.#valuesOf(slot);
    this.#numbers[slot] = EMPTY;
    target.tick = tick;
    target.directionX = this.#numbers[values] ?? 0;
    target.directionY = this.#numbers[values + 1] ?? 0;
    target.yaw = this.#numbers[values + 2] ?? 0;
    return true;
  }

  /** Starts again for a new connection; returns the inputs that will not run, oldest first. */
  rebase(): MoveInput[] {
    const dropped: MoveInput[] = [];
    for (const tick of this.#numbers.subarray(0, this.#slots).toSorted()) {
      const input: MoveInputTarget = emptyMoveInput();
      if (tick !== EMPTY && this.take(tick, input)) dropped.push(input);
    }
    this.#lastInputTick = 0;
    this.#marginTicks = 0;
    return dropped;
  }

  #valuesOf(slot: number): number {
    return this.#slots + slot * VALUES_PER_SLOT;
  }
}

/** A target for `InputBuffer.take`. */
export function emptyMoveInput(): MoveInputTarget {
  return { kind: 'move-input', tick: 0, directionX: 0, directionY: 0, yaw: 0 };
}

function isFiniteMove(input: EarlierMove): boolean {
  return (
    Number.isFinite(input.directionX) &&
    Number.isFinite(input.directionY) &&
    Number.isFinite(input.yaw)
  );
}
