/**
 * The rule as it was first written, with the mistake that the simulator finds: see README.md before
 * you look for it. In: where everybody is. Out: `coins` in each player's state.
 */
import { rejected } from 'holdfast/authority';
import type {
  Authority,
  MovementAuthority,
  Point,
  Verdict,
  WorldContext,
} from 'holdfast/authority';
import type { PlayerId } from 'holdfast/protocol';

const REACH_METRES = 4;

export class FirstDraft implements Authority {
  readonly name = 'coins';
  readonly inputKinds = [];
  readonly snapshotFields = [{ name: 'coins', precision: 1, interpolation: 'step' }] as const;
  readonly #context: WorldContext;
  readonly #movement: MovementAuthority;
  /** Who plays, in the order in which they came. */
  readonly #players: PlayerId[] = [];
  /** How many coins each of them has, in the same order. */
  readonly #coins: number[] = [];
  #coin: Point | undefined;

  constructor(context: WorldContext, movement: MovementAuthority) {
    this.#context = context;
    this.#movement = movement;
  }

  addPlayer(playerId: PlayerId): void {
    this.#players.push(playerId);
    this.#coins[this.#players.length - 1] = 0;
  }

  removePlayer(playerId: PlayerId): void {
    this.#players.splice(this.#players.indexOf(playerId), 1);
  }

  suspendPlayer(): void {}

  resumePlayer(): void {}

  handleInput(): Verdict {
    return rejected('unknown-input');
  }

  step(): readonly [] {
    this.#coin ??= this.#pickPlace();
    for (const [index, playerId] of this.#players.entries()) {
      const place = this.#movement.placeOf(playerId);
      if (place === undefined || !isNear(place, this.#coin)) continue;
      this.#coins[index] = this.#coinsAt(index) + 1;
      this.#coin = this.#pickPlace();
    }
    return [];
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    target.push(this.#coinsAt(this.#players.indexOf(playerId)));
  }

  #coinsAt(index: number): number {
    return this.#coins[index] ?? 0;
  }

  #pickPlace(): Point {
    const { bounds } = this.#movement.geometry;
    return {
      x: bounds.minX + this.#context.random() * (bounds.maxX - bounds.minX),
      y: bounds.minY + this.#context.random() * (bounds.maxY - bounds.minY),
    };
  }
}

function isNear(one: Point, other: Point): boolean {
  return Math.hypot(one.x - other.x, one.y - other.y) <= REACH_METRES;
}
