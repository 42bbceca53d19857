/**
 * The newest movement inputs of one connection, to be repeated with the next where one may get
 * lost. In: inputs that were sent. Out: copies for the next. Must not know: lanes, connections.
 */
import type { EarlierMove, MoveInput } from '../protocol/messages.ts';

export interface SentMovesOptions {
  /** How many are repeated. */
  readonly repeatsMax: number;
  /** How far ahead of the last tick the server takes an input: an older copy has run. */
  readonly aheadTicksMax: number;
}

export class SentMoves {
  readonly #options: SentMovesOptions;
  /** The oldest first. */
  readonly #moves: EarlierMove[] = [];

  constructor(options: SentMovesOptions) {
    this.#options = options;
  }

  /** The input with copies of those before it that may still be of use. */
  withEarlier(input: MoveInput): MoveInput {
    const { repeatsMax, aheadTicksMax } = this.#options;
    const earlier = this.#moves.filter(({ tick }) => input.tick - tick < aheadTicksMax);
    return earlier.length === 0 ? input : { ...input, earlier: earlier.slice(-repeatsMax) };
  }

  /** It was sent. Inputs come in order. */
  note({ tick, directionX, directionY, yaw }: MoveInput): void {
    if (this.#options.repeatsMax === 0) return;
    this.#moves.push({ tick, directionX, directionY, yaw });
    if (this.#moves.length > this.#options.repeatsMax) this.#moves.shift();
  }
}
