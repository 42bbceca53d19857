/**
 * The last snapshots of one world as its server keeps them, and their frames: whole, or as the
 * difference from an earlier one, its baseline. In: the world's numbers, once per tick. Out:
 * bytes that never change, the same for all receivers with one baseline, made once and only when
 * somebody asks. Must not know: receivers. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import { assert } from '../base/assert.ts';
import { BitWriter } from './bit-writer.ts';
import { writeEntityChanges } from './entity-changes.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { SnapshotField } from './messages.ts';
import { writeNoResiduals, writeResiduals } from './residual-code.ts';
import { SNAPSHOT_LADDER } from './snapshot-ladder.ts';
import { SnapshotLayout } from './snapshot-layout.ts';
import { findSources, measureVelocities } from './snapshot-motion.ts';
import { SnapshotTable } from './snapshot-table.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { zigzag } from './zigzag.ts';

const { youngRungs, spacingTicks, oldRungs, snapshotsKept } = SNAPSHOT_LADDER;

const writer = new BitWriter(WIRE_LIMITS.serverFrameBytesMax);
const sources = new Int32Array(WIRE_LIMITS.snapshotPlayersMax);
const residuals = new Int32Array(WIRE_LIMITS.snapshotPlayersMax);

export class SnapshotHistory {
  readonly #layout: SnapshotLayout;
  /** The snapshot of tick `t` is in place `t % snapshotsKept`. */
  readonly #ring: SnapshotTable[] = [];
  #newest: SnapshotTable | undefined;
  #previous: SnapshotTable | undefined;
  readonly #rungTicks: number[] = [];
  /** Of the newest snapshot: the whole one, and behind it those of the rungs. */
  readonly #frames: (Uint8Array | undefined)[] = [];
  #encodings = 0;

  /** `fields` are those of `LoginAccepted.snapshotFields`. */
  constructor(fields: readonly SnapshotField[]) {
    this.#layout = new SnapshotLayout(fields);
    for (let slot = 0; slot < snapshotsKept; slot += 1) {
      this.#ring.push(new SnapshotTable(this.#layout));
    }
    for (let slot = 0; slot <= youngRungs + oldRungs; slot += 1) this.#frames.push(undefined);
  }

  /** Of the newest snapshot; −1 = there is none. */
  get tick(): number {
    return this.#newest?.tick ?? -1;
  }

  /**
   * Ticks that the newest snapshot may be a difference from, the newest first: at most 8, and the
   * same whoever has received what (docs/adr/0023-a-ladder-of-baselines.md). A view until `record`.
   */
  get rungTicks(): readonly number[] {
    return this.#rungTicks;
  }

  /** Frames made since the beginning: at most 9 for each snapshot. */
  get encodings(): number {
    return this.#encodings;
  }

  /**
   * Keeps the world's state at a tick: `rows[i]` are the 32-bit integers of `entities[i]`, in
   * ascending order. The arrays are read during the call only. Ticks ascend.
   */
  record(tick: number, entities: readonly number[], rows: readonly (readonly number[])[]): void {
    assert(Number.isSafeInteger(tick) && tick > this.tick, 'ticks ascend');
    assert(entities.length === rows.length, 'a snapshot needs a row for each entity');
    assert(entities.length <= WIRE_LIMITS.snapshotPlayersMax, 'a snapshot has too many players');
    const table = this.#ring[tick % snapshotsKept] as SnapshotTable;
    // After a leap its place may be taken: then nobody can have it as a baseline, either.
    const previous = this.#newest === table ? undefined : this.#newest;
    table.reset(tick, entities.length);
    fillTable(table, entities, rows);
    findSources(table, previous, sources);
    measureVelocities(table, { layout: this.#layout, previous, sources });
    this.#previous = previous;
    this.#newest = table;
    this.#frames.fill(undefined);
    this.#findRungs(tick);
  }

  /**
   * The frame of the newest snapshot as the difference from that of `baselineTick`; whole when that
   * is undefined or not one of `rungTicks`. Asked again, it is the same bytes.
   */
  encode(baselineTick: number | undefined): Uint8Array {
    const rung = baselineTick === undefined ? -1 : this.#rungTicks.indexOf(baselineTick);
    const made = this.#frames[rung + 1];
    if (made !== undefined) return made;
    const frame = this.#write(rung < 0 ? undefined : this.#at(baselineTick ?? 0));
    this.#frames[rung + 1] = frame;
    this.#encodings += 1;
    return frame;
  }

  #at(tick: number): SnapshotTable | undefined {
    const table = tick < 0 ? undefined : this.#ring[tick % snapshotsKept];
    return table?.tick === tick ? table : undefined;
  }

  #findRungs(tick: number): void {
    this.#rungTicks.length = 0;
    for (let age = 1; age <= youngRungs; age += 1) this.#addRung(tick - age);
    let old = tick - youngRungs - 1;
    old -= old % spacingTicks;
    for (let rung = 0; rung < oldRungs; rung += 1) this.#addRung(old - rung * spacingTicks);
  }

  #addRung(tick: number): void {
    if (this.#at(tick) !== undefined) this.#rungTicks.push(tick);
  }

  #write(baseline: SnapshotTable | undefined): Uint8Array {
    const table = this.#newest;
    assert(table !== undefined, 'there is no snapshot yet');
    const age = baseline === undefined ? 0 : table.tick - baseline.tick;
    const isOlder = baseline !== undefined && baseline !== this.#previous;
    writer.start(MESSAGE_KIND_BYTES.snapshot);
    writer.varint(table.tick);
    writer.bits((age << 1) | (isOlder ? 1 : 0), 8);
    const isSame = findSources(table, baseline, sources);
    writer.bits(isSame ? 1 : 0, 1);
    if (!isSame) writeEntityChanges(writer, { table, baseline, sources });
    if (table.count > 0) {
      const isMotionTold = baseline === undefined || isOlder;
      writeColumns({ layout: this.#layout, table, baseline, age, isSame }, isMotionTold);
    }
    return writer.finish();
  }
}

interface Difference {
  readonly layout: SnapshotLayout;
  readonly table: SnapshotTable;
  readonly baseline: SnapshotTable | undefined;
  /** In ticks. */
  readonly age: number;
  /** Both hold the same entities. */
  readonly isSame: boolean;
}

function fillTable(
  table: SnapshotTable,
  entities: readonly number[],
  rows: readonly (readonly number[])[],
): void {
  const { values, stride } = table;
  // Deliberate: by index, as everywhere here: `for of` allocates numbers.
  for (let index = 0; index < entities.length; index += 1) {
    table.entities[index] = entities[index] as number;
    const row = rows[index] as readonly number[];
    for (let field = 0; field < row.length; field += 1) {
      values[field * stride + index] = row[field] as number;
    }
  }
}

function writeColumns(difference: Difference, isMotionTold: boolean): void {
  const { layout } = difference;
  for (let field = 0; field < layout.fieldsCount; field += 1) {
    const velocity = layout.velocityColumnOf(field);
    if (velocity < 0 && isUnchanged(difference, field)) {
      writeNoResiduals(writer);
      continue;
    }
    writeColumn(difference, findValueResiduals(difference, field, velocity));
    if (velocity < 0 || !isMotionTold) continue;
    writeColumn(difference, findVelocityResiduals(difference, velocity));
  }
}

/** Whether the whole column is that of the baseline: the most frequent case, and a short one. */
function isUnchanged({ table, baseline, isSame }: Difference, field: number): boolean {
  if (!isSame || baseline === undefined) return false;
  const { values, stride, count } = table;
  const known = baseline.values;
  const knownAt = field * baseline.stride;
  const at = field * stride;
  let differing = 0;
  for (let index = 0; index < count; index += 1) {
    differing |= (values[at + index] as number) ^ (known[knownAt + index] as number);
  }
  return differing === 0;
}

function writeColumn({ table }: Difference, differing: number): void {
  if (differing === 0) writeNoResiduals(writer);
  else writeResiduals(writer, residuals, table.count);
}

/** Leaves them in `residuals`; returns 0 when all are. */
function findValueResiduals(difference: Difference, field: number, velocity: number): number {
  const { table, baseline, age } = difference;
  const { values, stride, count } = table;
  const known = baseline?.values ?? values;
  const knownAt = field * (baseline?.stride ?? 0);
  const velocities = baseline?.velocities ?? values;
  const velocityAt = velocity * (baseline?.stride ?? 0);
  const at = field * stride;
  let before = 0;
  let differing = 0;
  for (let index = 0; index < count; index += 1) {
    const value = values[at + index] as number;
    const source = sources[index] as number;
    let predicted = before;
    if (source >= 0) {
      predicted = known[knownAt + source] as number;
      if (velocity >= 0) predicted += Math.imul(velocities[velocityAt + source] as number, age);
    }
    const residual = (value - predicted) | 0;
    residuals[index] = zigzag(residual);
    differing |= residual;
    before = value;
  }
  return differing;
}

/** The same for the velocities. */
function findVelocityResiduals({ table, baseline }: Difference, velocity: number): number {
  const known = baseline?.velocities ?? table.velocities;
  const knownAt = velocity * (baseline?.stride ?? 0);
  const at = velocity * table.stride;
  let differing = 0;
  for (let index = 0; index < table.count; index += 1) {
    const source = sources[index] as number;
    const predicted = source >= 0 ? (known[knownAt + source] as number) : 0;
    const residual = ((table.velocities[at + index] as number) - predicted) | 0;
    residuals[index] = zigzag(residual);
    differing |= residual;
  }
  return differing;
}
