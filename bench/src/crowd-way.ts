/**
 * The way of a `RunningCrowd`, written down before, so that going it costs next to nothing: the
 * same rows with other numbers in each step, as a world has them. In: how many players, how many
 * steps. Out: rows.
 */
import { RunningCrowd } from './running-crowd.ts';

/** x, y and yaw; the rest stays. */
const MOVING = 3;

export class CrowdWay {
  readonly entities: readonly number[];
  readonly rows: readonly number[][];
  readonly #numbers: Int32Array;
  #next = 0;

  constructor(players: number, steps: number) {
    const crowd = new RunningCrowd(players);
    const first = crowd.step();
    this.entities = first.entities;
    this.rows = first.rows.map((row) => [...row]);
    const numbers: number[] = [];
    for (let count = 0; count < steps; count += 1) {
      for (const row of crowd.step().rows) numbers.push(...row.slice(0, MOVING));
    }
    this.#numbers = Int32Array.from(numbers);
  }

  step(): void {
    const numbers = this.#numbers;
    let at = this.#next;
    for (const row of this.rows) {
      row[0] = numbers[at] as number;
      row[1] = numbers[at + 1] as number;
      row[2] = numbers[at + 2] as number;
      at += MOVING;
    }
    this.#next = at === numbers.length ? 0 : at;
  }
}
