/**
 * What a hostile peer sees of its world, as a client would: where each player was in each of the
 * last snapshots. In: what its session hears. Out: places, now and then. Must not know: what is
 * done with them.
 */
import type { LoginAccepted, Roster, Snapshot } from '../../protocol/messages.ts';

export interface SeenPlace {
  readonly x: number;
  readonly y: number;
}

/** 200 ms at 20 Hz, what a rewind reaches back at most, and one more. */
const PLACES_KEPT = 5;
const NOWHERE: SeenPlace = { x: 0, y: 0 };
/** Nobody walks that far in a tick. */
const LEAP_METRES = 2;

export class SeenWorld {
  #entity = 0;
  #precisions: readonly [number, number] = [0, 0];
  readonly #names = new Map<number, string>();
  /** By entity, newest last. */
  readonly #places = new Map<number, SeenPlace[]>();

  /** Where oneself was in the newest snapshot. */
  get ownPlace(): SeenPlace | undefined {
    return this.#places.get(this.#entity)?.at(-1);
  }

  /** Who else is there, from west to east: who came first, or is called what, decides nothing. */
  get others(): readonly number[] {
    const others = [...this.#places].filter(([entity]) => entity !== this.#entity);
    return others.toSorted(([, a], [, b]) => compare(a.at(-1), b.at(-1))).map(([entity]) => entity);
  }

  /** Those who have just begun a life somewhere else. */
  get leapt(): readonly number[] {
    return this.others.filter((entity) => {
      const [first, ...later] = this.#places.get(entity) ?? [];
      const last = later.at(-1);
      if (first === undefined || last === undefined) return false;
      return Math.hypot(last.x - first.x, last.y - first.y) > LEAP_METRES;
    });
  }

  handleAccepted({ entity, snapshotFields }: LoginAccepted): void {
    const [x, y] = snapshotFields;
    this.#entity = entity;
    this.#precisions = [x?.precision ?? 0, y?.precision ?? 0];
    this.#places.clear();
  }

  handle(message: Roster | Snapshot): void {
    if (message.kind === 'roster') this.#handleRoster(message);
    else this.#handleSnapshot(message);
  }

  nameOf(entity: number): string | undefined {
    return this.#names.get(entity);
  }

  /** From the oldest that is kept to the newest. */
  placesOf(entity: number): readonly SeenPlace[] {
    return this.#places.get(entity) ?? [];
  }

  #handleRoster({ isComplete, entered, left }: Roster): void {
    if (isComplete) this.#names.clear();
    for (const { entity, playerId } of entered) this.#names.set(entity, playerId);
    for (const entity of left) this.#names.delete(entity);
  }

  #handleSnapshot({ players }: Snapshot): void {
    const [precisionX, precisionY] = this.#precisions;
    const there = new Set(players.map(({ entity }) => entity));
    for (const entity of this.#places.keys()) if (!there.has(entity)) this.#places.delete(entity);
    for (const { entity, fields } of players) {
      const [x = 0, y = 0] = fields;
      const places = this.#places.get(entity) ?? [];
      places.push({ x: x * precisionX, y: y * precisionY });
      this.#places.set(entity, places.slice(-PLACES_KEPT));
    }
  }
}

function compare(a: SeenPlace = NOWHERE, b: SeenPlace = NOWHERE): number {
  return a.x - b.x || a.y - b.y;
}
