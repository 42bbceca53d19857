/**
 * How far bodies move in one tick of a world, against the distance that full speed allows. Who was
 * dead or absent a tick ago may be anywhere. In: worlds after their steps. Out: readings of
 * `displacement`, in metres. Reads the snapshot's rows: what everybody is told.
 */
import type { World } from '../authority/world.ts';
import type { Clock } from '../base/clock.ts';
import type { RunGauges } from './run-gauges.ts';

export interface DisplacementWatchOptions {
  readonly clock: Clock;
  readonly speedMetresPerSecond: number;
  readonly gauges: RunGauges;
}

interface Columns {
  readonly x: number;
  readonly y: number;
  /** -1: nobody dies in this world. */
  readonly isAlive: number;
  readonly metresPerUnit: number;
}

interface Place {
  x: number;
  y: number;
  isAlive: boolean;
  tick: number;
}

export class DisplacementWatch {
  readonly #options: DisplacementWatchOptions;
  readonly #worlds = new WeakMap<World, Map<number, Place>>();
  readonly #columns = new WeakMap<World, Columns | null>();
  #largestExcess = -Infinity;

  constructor(options: DisplacementWatchOptions) {
    this.#options = options;
  }

  look(world: World): void {
    const columns = this.#columnsOf(world);
    if (columns === null || world.failure !== undefined) return;
    let places = this.#worlds.get(world);
    if (places === undefined) this.#worlds.set(world, (places = new Map()));
    const { entities, rows } = world.snapshot;
    for (let index = 0; index < entities.length; index += 1) {
      this.#lookAt(world, { columns, places, entity: entities[index]!, row: rows[index]! });
    }
  }

  #lookAt(
    world: World,
    {
      columns,
      places,
      entity,
      row,
    }: {
      readonly columns: Columns;
      readonly places: Map<number, Place>;
      readonly entity: number;
      readonly row: readonly number[];
    },
  ): void {
    const x = row[columns.x]!;
    const y = row[columns.y]!;
    const isAlive = columns.isAlive === -1 || row[columns.isAlive] === 1;
    const { tick } = world;
    const place = places.get(entity);
    if (place === undefined) {
      places.set(entity, { x, y, isAlive, tick });
      return;
    }
    if (place.isAlive && place.tick === tick - 1) {
      const units = Math.hypot(x - place.x, y - place.y);
      this.#read(world, { entity, metres: units * columns.metresPerUnit, columns });
    }
    place.x = x;
    place.y = y;
    place.isAlive = isAlive;
    place.tick = tick;
  }

  #read(
    world: World,
    {
      entity,
      metres,
      columns,
    }: {
      readonly entity: number;
      readonly metres: number;
      readonly columns: Columns;
    },
  ): void {
    const { clock, speedMetresPerSecond, gauges } = this.#options;
    // Both places are rounded, each coordinate by half a unit at most.
    const bound = speedMetresPerSecond / world.tickRateHz + Math.SQRT2 * columns.metresPerUnit;
    const excess = metres - bound;
    if (excess <= this.#largestExcess) return;
    this.#largestExcess = excess;
    const of = `entity ${entity} of ${world.worldId}, tick ${world.tick}`;
    gauges.read('displacement', { value: metres, bound, at: clock.now(), of });
  }

  #columnsOf(world: World): Columns | null {
    let columns = this.#columns.get(world);
    if (columns === undefined) this.#columns.set(world, (columns = findColumns(world)));
    return columns;
  }
}

/** Null: this world's rules show no places. */
function findColumns({ snapshotFields }: World): Columns | null {
  const indexOf = (name: string): number =>
    snapshotFields.findIndex((field) => field.name === name);
  const [x, y] = [indexOf('x'), indexOf('y')];
  if (x === -1 || y === -1) return null;
  const metresPerUnit = snapshotFields[x]!.precision;
  return { x, y, isAlive: indexOf('isAlive'), metresPerUnit };
}
