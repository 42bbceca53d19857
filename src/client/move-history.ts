/**
 * The moves that were sent and may still matter: what the server does at each tick, as far as the
 * client knows. In: moves, verdicts, confirmations. Out: the intent of any tick, the server's rule
 * for missing inputs included. Bounded. Must not know: places, time.
 */
import type { MoveIntent } from '../authority/movement-step.ts';

export class MoveHistory {
  readonly #movesMax: number;
  readonly #holdTicksMax: number;
  /** By tick, ascending: stamps always rise. */
  readonly #moves = new Map<number, MoveIntent>();

  /** `holdTicksMax`: for how many ticks the server repeats an input when the next is missing. */
  constructor(options: { readonly movesMax: number; readonly holdTicksMax: number }) {
    this.#movesMax = options.movesMax;
    this.#holdTicksMax = Math.min(options.holdTicksMax, options.movesMax);
  }

  /** False: it holds as many as it may. */
  add(tick: number, intent: MoveIntent): boolean {
    if (this.#moves.size >= this.#movesMax) return false;
    this.#moves.set(tick, intent);
    return true;
  }

  /** For a move that never ran; false when it isn't known. */
  remove(tick: number): boolean {
    return this.#moves.delete(tick);
  }

  /** What the player wants in `tick`; undefined = nothing has been heard for too long: stop. */
  intentAt(tick: number): MoveIntent | undefined {
    for (let age = 0; age <= this.#holdTicksMax; age += 1) {
      const intent = this.#moves.get(tick - age);
      if (intent !== undefined) return intent;
    }
    return undefined;
  }

  countAfter(tick: number): number {
    let count = 0;
    for (const each of this.#moves.keys()) if (each > tick) count += 1;
    return count;
  }

  /** `tick` is confirmed: what it and the ticks after it can't repeat is forgotten. */
  confirm(tick: number): void {
    this.#forgetThrough(tick - this.#holdTicksMax);
  }

  /** The server has stopped the player in `tick`: nothing up to it counts any more. */
  stopAt(tick: number): void {
    this.#forgetThrough(tick);
  }

  #forgetThrough(tick: number): void {
    for (const each of this.#moves.keys()) {
      if (each > tick) return;
      this.#moves.delete(each);
    }
  }
}
