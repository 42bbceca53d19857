/**
 * How far each entity is still shown from where the frames have it, because a guess was wrong, and
 * how that fades: never so fast that the entity is seen at more than 1.45 times the speed at which
 * it moves. What time passes and the playhead doesn't use of it is left for fading.
 * In: what was wrong. Out: what is left of it at an instant; at most one for each entity that was
 * guessed. Must not know: snapshots, inputs.
 */
import type { Point } from '../authority/arena-geometry.ts';
import type { PlayerId } from '../protocol/ids.ts';

/** Below the 1.5 that still looks like running: places are rounded on the wire. */
const SPEED_RATIO_MAX = 1.45;
/** Less than a snapshot can say. */
const NOTHING_METRES = 0.001;
/** The playhead has jumped: nothing that was shown before goes on. */
const JUMP_TICKS = 1;

export interface ShownInstant {
  /** The tick that is shown. */
  readonly tick: number;
  /** The present, in ticks of one's own clock. */
  readonly nowTicks: number;
}

export interface WrongGuess {
  readonly playerId: PlayerId;
  /** Where it was shown, minus where the frames have it. */
  readonly offset: Point;
  /** The fastest of what was guessed and what is known; > 0. */
  readonly metresPerTick: number;
}

interface Fade extends WrongGuess {
  readonly metres: number;
  readonly startedAt: number;
  /** From this tick on it is another life, or another way: nothing of it is left. */
  endTick: number;
}

export class FadingGuesses {
  readonly #fades = new Map<number, Fade>();

  get isEmpty(): boolean {
    return this.#fades.size === 0;
  }

  /** Who is shown elsewhere; a view. */
  get entities(): Iterable<number> {
    return this.#fades.keys();
  }

  /** From this instant on it fades from there. Replaces what was left of an earlier one. */
  set(entity: number, guess: WrongGuess, instant: ShownInstant): void {
    const metres = Math.hypot(guess.offset.x, guess.offset.y);
    if (metres < NOTHING_METRES || guess.metresPerTick <= 0) {
      this.#fades.delete(entity);
      return;
    }
    const startedAt = leftForFading(instant);
    this.#fades.set(entity, { ...guess, metres, startedAt, endTick: Infinity });
  }

  /** What is left of it; undefined = nothing, the entity is where the frames have it. */
  at(entity: number, instant: ShownInstant): WrongGuess | undefined {
    const fade = this.#fades.get(entity);
    if (fade === undefined || instant.tick >= fade.endTick) return undefined;
    const ticks = leftForFading(instant) - fade.startedAt;
    if (ticks < -JUMP_TICKS) return undefined;
    const part = 1 - (Math.max(0, ticks) * fade.metresPerTick) / fade.metres;
    if (part * fade.metres < NOTHING_METRES) return undefined;
    const { playerId, metresPerTick, offset } = fade;
    return { playerId, metresPerTick, offset: { x: offset.x * part, y: offset.y * part } };
  }

  /** Nothing of it may be seen from `tick` on. */
  endAt(entity: number, tick: number): void {
    const fade = this.#fades.get(entity);
    if (fade !== undefined) fade.endTick = Math.min(fade.endTick, tick);
  }

  /** Forgets of whom nothing is left. */
  forgetFaded(instant: ShownInstant): void {
    for (const entity of this.#fades.keys()) {
      if (this.at(entity, instant) === undefined) this.#fades.delete(entity);
    }
  }
}

/** Grows by what may be used for fading: all that may be seen, less what the playhead moves. */
function leftForFading({ tick, nowTicks }: ShownInstant): number {
  return SPEED_RATIO_MAX * nowTicks - tick;
}
