/**
 * The one rule of this little game: whoever comes near the coin takes it, and it turns up somewhere
 * else. In: where everybody is. Out: `coins` in each player's state.
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

export class CoinRule implements Authority {
  readonly name = 'coins';
  readonly inputKinds = [];
  readonly snapshotFields = [{ name: 'coins', precision: 1, interpolation: 'step' }] as const;
  readonly #context: WorldContext;
  readonly #movement: MovementAuthority;
  readonly #coins = new Map<PlayerId, number>();
  #coin: Point | undefined;

  constructor(context: WorldContext, movement: MovementAuthority) {
    this.#context = context;
    this.#movement = movement;
  }

  addPlayer(playerId: PlayerId): void {
    this.#coins.set(playerId, 0);
  }

  removePlayer(playerId: PlayerId): void {
    this.#coins.delete(playerId);
  }

  suspendPlayer(): void {}

  resumePlayer(): void {}

  handleInput(): Verdict {
    return rejected('unknown-input');
  }

  step(): readonly [] {
    this.#coin ??= this.#pickPlace();
    for (const [playerId, coins] of this.#coins) {
      const place = this.#movement.placeOf(playerId);
      if (place === undefined || !isNear(place, this.#coin)) continue;
      this.#coins.set(playerId, coins + 1);
      this.#coin = this.#pickPlace();
    }
    return [];
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    target.push(this.#coins.get(playerId) ?? 0);
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
