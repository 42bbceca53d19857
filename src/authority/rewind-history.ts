/**
 * Where everybody was in the last ticks, the newest included: a ring over ticks, in columns. In:
 * the place of each body after each step, and where a life, a teleport or a return begins, across
 * which nobody is looked for. Out: places between ticks, and who may have been near a line. Nothing
 * is allocated per tick. Must not know: shots, health, who may look how far back.
 */
import { assert } from '../base/assert.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { Point } from './arena-geometry.ts';
import { PlaceGrid, type PlaceBox } from './place-grid.ts';
import type { PlaceHistory, ShotPath } from './place-history.ts';
import type { StateReader } from './state-reader.ts';
import type { StateWriter } from './state-writer.ts';

const SLOTS_AT_FIRST = 16;
/** Two doubles. */
const ENTRY_BYTES = 16;

export class RewindHistory implements PlaceHistory {
  readonly ticks: number;
  readonly #rows: number;
  #slotCount = SLOTS_AT_FIRST;
  /** By row, then by slot; the row of a tick is its remainder. */
  #xs: Float64Array;
  #ys: Float64Array;
  /** By slot: the first tick of the stretch that leads to the present place. */
  #since = new Float64Array(SLOTS_AT_FIRST);
  /** By slot. */
  readonly #players: (PlayerId | undefined)[] = [];
  readonly #slots = new Map<PlayerId, number>();
  readonly #freeSlots: number[] = [];
  /** Made at the first search: a world without shots has none. */
  #grid: PlaceGrid | undefined;
  readonly #box: PlaceBox = { minX: 0, minY: 0, maxX: 0, maxY: 0 };
  #isGridStale = true;
  #tick: number;

  /** Looks `ticks` ≥ 1 back from `tick`, the last that ran. */
  constructor({ ticks, tick }: { readonly ticks: number; readonly tick: number }) {
    this.ticks = ticks;
    this.#rows = ticks + 1;
    this.#tick = tick;
    this.#xs = new Float64Array(this.#rows * SLOTS_AT_FIRST);
    this.#ys = new Float64Array(this.#rows * SLOTS_AT_FIRST);
  }

  /** The newest. */
  get tick(): number {
    return this.#tick;
  }

  /** The number under which `note` takes the player's places. Begins like `restart`. */
  add(playerId: PlayerId, place: Point, tick: number): number {
    assert(!this.#slots.has(playerId), 'a history has a player once');
    const slot = this.#freeSlots.pop() ?? this.#players.length;
    if (slot >= this.#slotCount) this.#grow();
    this.#players[slot] = playerId;
    this.#slots.set(playerId, slot);
    this.restart(slot, place, tick);
    return slot;
  }

  remove(playerId: PlayerId): void {
    const slot = this.#slots.get(playerId);
    if (slot === undefined) return;
    this.#slots.delete(playerId);
    this.#players[slot] = undefined;
    this.#freeSlots.push(slot);
    this.#isGridStale = true;
  }

  /** A new tick: its places take the place of the oldest. `note` each body's then. */
  advance(tick: number): void {
    this.#tick = tick;
    this.#isGridStale = true;
  }

  /** Where the body is now, on the way from where it was. */
  note(slot: number, { x, y }: Point): void {
    const index = this.#indexOf(this.#tick, slot);
    this.#xs[index] = x;
    this.#ys[index] = y;
    this.#isGridStale = true;
  }

  /** Where the body is from `tick` on; no way leads there, and nobody is looked for before. */
  restart(slot: number, place: Point, tick: number): void {
    this.#since[slot] = tick;
    this.note(slot, place);
  }

  placeAt(playerId: PlayerId, tick: number): Point | undefined {
    const slot = this.#slots.get(playerId);
    if (slot === undefined) return undefined;
    const at = Math.min(Math.max(tick, this.#oldestTick(slot)), this.#tick);
    const from = Math.floor(at);
    const index = this.#indexOf(from, slot);
    const x = this.#xs[index]!;
    const y = this.#ys[index]!;
    const part = at - from;
    if (part === 0) return { x, y };
    const next = this.#indexOf(from + 1, slot);
    return { x: x + (this.#xs[next]! - x) * part, y: y + (this.#ys[next]! - y) * part };
  }

  playersNear(path: ShotPath, radiusMetres: number): readonly PlayerId[] {
    this.#grid ??= new PlaceGrid();
    if (this.#isGridStale) this.#fillGrid(this.#grid);
    const players: PlayerId[] = [];
    for (const slot of this.#grid.find(path, radiusMetres)) {
      const playerId = this.#players[slot];
      if (playerId !== undefined) players.push(playerId);
    }
    return players;
  }

  /** Of one body, all but the newest place, oldest first. */
  write(writer: StateWriter, slot: number): void {
    const oldest = this.#oldestTick(slot);
    writer.varint(this.#tick - oldest);
    for (let tick = oldest; tick < this.#tick; tick += 1) {
      const index = this.#indexOf(tick, slot);
      writer.double(this.#xs[index]!);
      writer.double(this.#ys[index]!);
    }
  }

  /** The other way, for a body that was just added at `place`. */
  read(reader: StateReader, slot: number, place: Point): void {
    const count = reader.count(ENTRY_BYTES);
    reader.check(count <= this.#tick, 'remembers more ticks than there were');
    const first = this.#tick - count;
    for (let tick = first; tick < this.#tick; tick += 1) {
      // What is longer ago than this history looks is written over by what follows.
      const index = this.#indexOf(tick, slot);
      this.#xs[index] = reader.finite();
      this.#ys[index] = reader.finite();
    }
    this.restart(slot, place, first);
  }

  /** The first that is remembered of the stretch that leads to the present place. */
  #oldestTick(slot: number): number {
    return Math.min(Math.max(this.#since[slot]!, this.#tick - this.ticks), this.#tick);
  }

  #indexOf(tick: number, slot: number): number {
    return (tick % this.#rows) * this.#slotCount + slot;
  }

  /** The box of each body around all that is remembered of its way. */
  #fillGrid(grid: PlaceGrid): void {
    grid.begin(this.#slots.size);
    for (const slot of this.#slots.values()) {
      const box = this.#box;
      box.minX = box.minY = Infinity;
      box.maxX = box.maxY = -Infinity;
      for (let tick = this.#oldestTick(slot); tick <= this.#tick; tick += 1) {
        const index = this.#indexOf(tick, slot);
        box.minX = Math.min(box.minX, this.#xs[index]!);
        box.minY = Math.min(box.minY, this.#ys[index]!);
        box.maxX = Math.max(box.maxX, this.#xs[index]!);
        box.maxY = Math.max(box.maxY, this.#ys[index]!);
      }
      grid.add(slot, box);
    }
    grid.finish();
    this.#isGridStale = false;
  }

  #grow(): void {
    const slotCount = 2 * this.#slotCount;
    const [xs, ys] = [this.#xs, this.#ys];
    this.#xs = new Float64Array(this.#rows * slotCount);
    this.#ys = new Float64Array(this.#rows * slotCount);
    for (let row = 0; row < this.#rows; row += 1) {
      const from = row * this.#slotCount;
      this.#xs.set(xs.subarray(from, from + this.#slotCount), row * slotCount);
      this.#ys.set(ys.subarray(from, from + this.#slotCount), row * slotCount);
    }
    const since = new Float64Array(slotCount);
    since.set(this.#since);
    this.#since = since;
    this.#slotCount = slotCount;
  }
}
