/**
 * The way of one body through the last ticks, by the design alone: a shot is held against where its
 * shooter saw others, as far back as the server itself has measured that this may have been, never
 * before a life, a return, or a place that no way led to. Own arithmetic: nothing of authority/.
 */
import type { GameRules } from './game-rules.ts';

interface Vector {
  readonly x: number;
  readonly y: number;
}

export interface SeenShot {
  /** In which it runs. */
  readonly tick: number;
  readonly viewTick: number;
  readonly roundTripMs: number;
}

const PARTS_PER_TICK = 16;
const MS_PER_SECOND = 1_000;
/** More than any shot may ask for. */
const KEPT_MAX = 64;

export class ModelTrail {
  #steps: { readonly tick: number; readonly place: Vector }[] = [];

  /** Nothing before counts any more. */
  begin(): void {
    this.#steps = [];
  }

  /** Where the body was at the end of the tick. */
  add(tick: number, { x, y }: Vector): void {
    this.#steps.push({ tick, place: { x, y } });
    if (this.#steps.length > KEPT_MAX) this.#steps.shift();
  }

  /** Undefined where there is no trail. */
  at(tick: number): Vector | undefined {
    const [first] = this.#steps;
    const last = this.#steps.at(-1);
    if (first === undefined || last === undefined) return undefined;
    if (tick <= first.tick) return first.place;
    if (tick >= last.tick) return last.place;
    const later = this.#steps.findIndex((step) => step.tick > tick);
    const [from, to] = [this.#steps[later - 1]!, this.#steps[later]!];
    const part = (tick - from.tick) / (to.tick - from.tick);
    return {
      x: from.place.x * (1 - part) + to.place.x * part,
      y: from.place.y * (1 - part) + to.place.y * part,
    };
  }
}

/** The instant at which the shot's targets are looked for, in ticks. */
export function instantSeen(shot: SeenShot, rules: GameRules, tickRateHz: number): number {
  const partsOf = (ms: number): number =>
    Math.floor((ms * tickRateHz * PARTS_PER_TICK) / MS_PER_SECOND);
  const believed = partsOf(shot.roundTripMs + rules.viewDelayMsMax) + PARTS_PER_TICK;
  const parts = Math.min(partsOf(rules.rewindMsMax), believed);
  const asked = shot.tick - shot.viewTick;
  return shot.tick - Math.max(0, Math.min(asked, parts / PARTS_PER_TICK));
}
