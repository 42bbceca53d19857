/**
 * The way back of `SnapshotHistory`, for one connection: frames to snapshots. In: frames that
 * anybody may have sent, in any order. Out: plain values, or why a frame says nothing; that loses
 * nothing of what was decoded before. Keeps the snapshots that can still be somebody's baseline.
 * Never throws. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import { BitReader } from './bit-reader.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { readEntityChanges } from './entity-changes.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { PlayerState, Snapshot, SnapshotField } from './messages.ts';
import { readResiduals } from './residual-code.ts';
import { SNAPSHOT_LADDER } from './snapshot-ladder.ts';
import { SnapshotLayout } from './snapshot-layout.ts';
import { findSources, measureVelocities } from './snapshot-motion.ts';
import { SnapshotTable } from './snapshot-table.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { unzigzag } from './zigzag.ts';

export interface SnapshotDecoderOptions {
  /** True: frames come as they were sent, all of them, so that one baseline is enough. */
  readonly isOrdered?: boolean;
}

const sources = new Int32Array(WIRE_LIMITS.snapshotPlayersMax);
const residuals = new Int32Array(WIRE_LIMITS.snapshotPlayersMax);

export class SnapshotDecoder {
  readonly #layout: SnapshotLayout;
  readonly #keptMax: number;
  readonly #kept: SnapshotTable[] = [];
  /** Where the next frame goes; becomes one of the kept when it is whole. */
  #spare: SnapshotTable;

  /** `fields` are those of the connection's `LoginAccepted.snapshotFields`. */
  constructor(
    fields: readonly SnapshotField[],
    { isOrdered = false }: SnapshotDecoderOptions = {},
  ) {
    this.#layout = new SnapshotLayout(fields);
    this.#keptMax = isOrdered ? 1 : SNAPSHOT_LADDER.snapshotsKept;
    this.#spare = new SnapshotTable(this.#layout);
  }

  /** What a snapshot frame says. The result is the caller's. */
  decode(frame: Uint8Array): Snapshot | DecodeRejection {
    if (frame.length === 0) return decodeRejection('frame-empty');
    if (frame.length > WIRE_LIMITS.serverFrameBytesMax) return decodeRejection('frame-too-large');
    if (frame[0] !== MESSAGE_KIND_BYTES.snapshot) return decodeRejection('unknown-kind');
    const reader = new BitReader(frame, 1);
    const tick = reader.varint();
    const header = reader.bits(8);
    const age = header >> 1;
    if (age > tick || header === 1) reader.fail('out-of-range');
    if (reader.failure !== undefined) return decodeRejection(reader.failure);
    const baseline = age === 0 ? undefined : this.#find(tick - age);
    if (age !== 0 && baseline === undefined) return decodeRejection('unknown-baseline');
    const isMotionTold = age === 0 || (header & 1) === 1;
    this.#read(reader, { tick, age, baseline, isMotionTold });
    reader.expectEnd();
    if (reader.failure !== undefined) return decodeRejection(reader.failure);
    const snapshot = plainSnapshot(this.#spare, this.#layout.fieldsCount);
    this.#keep();
    return snapshot;
  }

  #find(tick: number): SnapshotTable | undefined {
    return this.#kept.find((table) => table.tick === tick);
  }

  #read(reader: BitReader, header: FrameHeader): void {
    const { baseline, tick, isMotionTold } = header;
    const table = this.#spare;
    if (reader.bit() === 0) readEntityChanges(reader, { table, baseline, sources }, tick);
    else copyEntities(table, baseline, tick);
    if (reader.failure !== undefined) return;
    if (table.count > 0) this.#readColumns(reader, header);
    if (reader.failure !== undefined || isMotionTold) return;
    findSources(table, baseline, sources);
    measureVelocities(table, { layout: this.#layout, previous: baseline, sources });
  }

  #readColumns(reader: BitReader, header: FrameHeader): void {
    const table = this.#spare;
    for (let field = 0; field < this.#layout.fieldsCount; field += 1) {
      const velocity = this.#layout.velocityColumnOf(field);
      readResiduals(reader, residuals, table.count);
      if (reader.failure !== undefined) return;
      addValueResiduals(table, header, { field, velocity });
      if (velocity < 0 || !header.isMotionTold) continue;
      readResiduals(reader, residuals, table.count);
      if (reader.failure !== undefined) return;
      addVelocityResiduals(table, header.baseline, velocity);
    }
  }

  /** In place of a copy of itself or, when there are enough, of the oldest. */
  #keep(): void {
    const table = this.#spare;
    const kept = this.#kept;
    let place = kept.findIndex(({ tick }) => tick === table.tick);
    if (place < 0 && kept.length < this.#keptMax) {
      kept.push(table);
      this.#spare = new SnapshotTable(this.#layout);
      return;
    }
    if (place < 0) place = this.#placeOfOldest();
    const replaced = kept[place] as SnapshotTable;
    // Too late to be anybody's baseline; on an ordered lane nothing is.
    if (this.#keptMax > 1 && replaced.tick > table.tick) return;
    kept[place] = table;
    this.#spare = replaced;
  }

  #placeOfOldest(): number {
    let oldest = 0;
    for (let place = 1; place < this.#kept.length; place += 1) {
      if (this.#tickAt(place) < this.#tickAt(oldest)) oldest = place;
    }
    return oldest;
  }

  #tickAt(place: number): number {
    return (this.#kept[place] as SnapshotTable).tick;
  }
}

interface FrameHeader {
  readonly tick: number;
  /** Ticks since the baseline; 0 = there is none. */
  readonly age: number;
  readonly baseline: SnapshotTable | undefined;
  /** False: the baseline is the world's previous snapshot, and says it all. */
  readonly isMotionTold: boolean;
}

function copyEntities(
  table: SnapshotTable,
  baseline: SnapshotTable | undefined,
  tick: number,
): void {
  const count = baseline?.count ?? 0;
  table.reset(tick, count);
  for (let index = 0; index < count; index += 1) {
    table.entities[index] = baseline?.entities[index] as number;
    sources[index] = index;
  }
}

interface ValueColumn {
  readonly field: number;
  /** The column of its velocity; −1 = it has none. */
  readonly velocity: number;
}

function addValueResiduals(
  table: SnapshotTable,
  { baseline, age }: FrameHeader,
  { field, velocity }: ValueColumn,
): void {
  const at = field * table.stride;
  let before = 0;
  for (let index = 0; index < table.count; index += 1) {
    const source = sources[index] as number;
    let predicted = before;
    if (baseline !== undefined && source >= 0) {
      predicted = baseline.values[field * baseline.stride + source] as number;
      if (velocity >= 0) {
        const speed = baseline.velocities[velocity * baseline.stride + source] as number;
        predicted += Math.imul(speed, age);
      }
    }
    before = (predicted + unzigzag(residuals[index] as number)) | 0;
    table.values[at + index] = before;
  }
}

function addVelocityResiduals(
  table: SnapshotTable,
  baseline: SnapshotTable | undefined,
  velocity: number,
): void {
  const at = velocity * table.stride;
  for (let index = 0; index < table.count; index += 1) {
    const source = sources[index] as number;
    const isKnown = baseline !== undefined && source >= 0;
    const known = isKnown ? baseline.velocities[velocity * baseline.stride + source] : 0;
    table.velocities[at + index] = (known as number) + unzigzag(residuals[index] as number);
  }
}

function plainSnapshot(table: SnapshotTable, fieldsCount: number): Snapshot {
  const { tick, count, entities, values, stride } = table;
  const players: PlayerState[] = [];
  const nothing = Array.from({ length: fieldsCount }, () => 0);
  for (let index = 0; index < count; index += 1) {
    // A copy is as long as it will be: growing would leave more garbage than numbers.
    const fields = nothing.slice();
    for (let field = 0; field < fieldsCount; field += 1) {
      fields[field] = values[field * stride + index] as number;
    }
    players.push({ entity: entities[index] as number, fields });
  }
  return { kind: 'snapshot', tick, players };
}
