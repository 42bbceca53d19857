/**
 * Which of many boxes a line passes near, without asking each: a uniform grid over their centres.
 * In: boxes, all at once; then lines. Out: the keys of those that the line may touch. Boxes stand
 * in one cell each, and a search is as much wider as the largest box is. Method: Ericson,
 * "Real-Time Collision Detection" (2004), 7.1; ours walks columns instead of single cells.
 * Must not know: what the boxes are of.
 */
import type { ShotPath } from './place-history.ts';

/** Metres. Read by `add` and not kept, so that one object does for all. */
export interface PlaceBox {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** About the width of a search: smaller cells are more of them, larger ones hold more boxes. */
const CELL_METRES_MIN = 2;
/** Of one side; 64 × 64 cells are cleared in some microseconds. */
const CELLS_MAX = 64;
/** Above what sums of places up to a million metres are rounded by. */
const SLACK_METRES = 0.000_001;

export class PlaceGrid {
  #count = 0;
  #keys = new Int32Array(0);
  /** Four numbers per box: minX, minY, maxX, maxY. */
  #boxes = new Float64Array(0);
  /** Of the centres. */
  #span: PlaceBox = emptyBox();
  #halfSize = 0;
  #columns = 1;
  #rows = 1;
  #cellMetres = CELL_METRES_MIN;
  /** Where each cell's boxes begin in `#sorted`; one more than cells. */
  readonly #begins = new Int32Array(CELLS_MAX * CELLS_MAX + 1);
  #sorted = new Int32Array(0);

  /** Forgets all boxes, and makes room for so many. */
  begin(count: number): void {
    this.#count = 0;
    this.#halfSize = 0;
    this.#span = emptyBox();
    if (count <= this.#keys.length) return;
    this.#keys = new Int32Array(count * 2);
    this.#sorted = new Int32Array(count * 2);
    this.#boxes = new Float64Array(count * 8);
  }

  add(key: number, { minX, minY, maxX, maxY }: PlaceBox): void {
    const index = this.#count;
    this.#count += 1;
    this.#keys[index] = key;
    this.#boxes[index * 4] = minX;
    this.#boxes[index * 4 + 1] = minY;
    this.#boxes[index * 4 + 2] = maxX;
    this.#boxes[index * 4 + 3] = maxY;
    this.#halfSize = Math.max(this.#halfSize, (maxX - minX) / 2, (maxY - minY) / 2);
    growBox(this.#span, (minX + maxX) / 2, (minY + maxY) / 2);
  }

  /** Sorts the boxes into cells: counted, summed up, filled from behind. */
  finish(): void {
    const { minX, minY, maxX, maxY } = this.#span;
    const [width, height] = [Math.max(0, maxX - minX), Math.max(0, maxY - minY)];
    this.#cellMetres = Math.max(CELL_METRES_MIN, width / CELLS_MAX, height / CELLS_MAX);
    this.#columns = cellsIn(width, this.#cellMetres);
    this.#rows = cellsIn(height, this.#cellMetres);
    const cells = this.#columns * this.#rows;
    const begins = this.#begins.fill(0, 0, cells + 1);
    for (let index = 0; index < this.#count; index += 1) begins[this.#cellOf(index)]! += 1;
    for (let cell = 1; cell <= cells; cell += 1) begins[cell]! += begins[cell - 1]!;
    for (let index = 0; index < this.#count; index += 1) {
      const cell = this.#cellOf(index);
      begins[cell]! -= 1;
      this.#sorted[begins[cell]!] = index;
    }
  }

  /** The keys of boxes that may be nearer to the path than `radius`. Fresh. */
  find(path: ShotPath, radius: number): number[] {
    const keys: number[] = [];
    if (this.#count === 0) return keys;
    const reach = radius + SLACK_METRES;
    const margin = reach + this.#halfSize;
    const { minX } = this.#span;
    const [low, high] = ordered(path.x, path.x + path.deltaX);
    const last = this.#columnOf(high + margin);
    for (let column = this.#columnOf(low - margin); column <= last; column += 1) {
      // The first and the last column take in what lies beside the grid.
      const left = column === 0 ? -Infinity : minX + column * this.#cellMetres;
      const right =
        column === this.#columns - 1 ? Infinity : minX + (column + 1) * this.#cellMetres;
      const part = rangeWithin(path, left - margin, right + margin);
      if (part === undefined) continue;
      const [begin, end] = part;
      const lowest = this.#rowOf(begin - margin);
      const highest = this.#rowOf(end + margin);
      for (let row = lowest; row <= highest; row += 1) {
        this.#collect(row * this.#columns + column, { path, reach, keys });
      }
    }
    return keys;
  }

  #collect(
    cell: number,
    { path, reach, keys }: { path: ShotPath; reach: number; keys: number[] },
  ): void {
    for (let place = this.#begins[cell]!; place < this.#begins[cell + 1]!; place += 1) {
      const index = this.#sorted[place]!;
      const at = index * 4;
      const box = this.#boxes;
      const alongX = within(path.x, path.deltaX, [box[at]! - reach, box[at + 2]! + reach]);
      if (alongX === undefined) continue;
      const alongY = within(path.y, path.deltaY, [box[at + 1]! - reach, box[at + 3]! + reach]);
      if (alongY === undefined) continue;
      const isTouched = Math.max(alongX[0], alongY[0]) <= Math.min(alongX[1], alongY[1]);
      if (isTouched) keys.push(this.#keys[index]!);
    }
  }

  #cellOf(index: number): number {
    const at = index * 4;
    const boxes = this.#boxes;
    const column = this.#columnOf((boxes[at]! + boxes[at + 2]!) / 2);
    return this.#rowOf((boxes[at + 1]! + boxes[at + 3]!) / 2) * this.#columns + column;
  }

  #columnOf(x: number): number {
    return clampCell((x - this.#span.minX) / this.#cellMetres, this.#columns);
  }

  #rowOf(y: number): number {
    return clampCell((y - this.#span.minY) / this.#cellMetres, this.#rows);
  }
}

/** Holds nothing; `growBox` makes it hold places. */
function emptyBox(): PlaceBox {
  return { minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
}

function growBox(box: PlaceBox, x: number, y: number): void {
  box.minX = Math.min(box.minX, x);
  box.minY = Math.min(box.minY, y);
  box.maxX = Math.max(box.maxX, x);
  box.maxY = Math.max(box.maxY, y);
}

function cellsIn(metres: number, cellMetres: number): number {
  return Math.min(CELLS_MAX, Math.floor(metres / cellMetres) + 1);
}

function clampCell(cell: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.floor(cell)));
}

function ordered(one: number, other: number): readonly [number, number] {
  return one < other ? [one, other] : [other, one];
}

/** The parts of the way, from 0 to 1, between which it is in the slab; undefined: never. */
function within(
  from: number,
  delta: number,
  [low, high]: readonly [number, number],
): readonly [number, number] | undefined {
  if (delta === 0) return from < low || from > high ? undefined : [0, 1];
  const [enter, leave] = ordered((low - from) / delta, (high - from) / delta);
  return enter > 1 || leave < 0 ? undefined : [Math.max(0, enter), Math.min(1, leave)];
}

/** The lowest and highest y of the way while its x is in the slab; undefined: never. */
function rangeWithin(
  path: ShotPath,
  left: number,
  right: number,
): readonly [number, number] | undefined {
  const parts = within(path.x, path.deltaX, [left, right]);
  if (parts === undefined) return undefined;
  return ordered(path.y + parts[0] * path.deltaY, path.y + parts[1] * path.deltaY);
}
