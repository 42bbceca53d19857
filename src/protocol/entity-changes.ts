/**
 * Which entities a snapshot has and its baseline has not, and the other way round, to bits and
 * back. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import type { SnapshotTable } from './snapshot-table.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const COUNT_ORDER = 0;
/** Of the places of those who left. */
const LEFT_ORDER = 2;
/** Of the first entity that entered; newcomers have high numbers. */
const FIRST_ORDER = 8;
const NEXT_ORDER = 0;

const UINT32_MAX = 0xffff_ffff;

export interface EntityChanges {
  readonly table: SnapshotTable;
  readonly baseline: SnapshotTable | undefined;
  /** Per entity of `table`: its index in `baseline`, −1 = it has entered. */
  readonly sources: Int32Array;
}

/** Writes who left and who entered. */
export function writeEntityChanges(writer: BitWriter, changes: EntityChanges): void {
  writeLeft(writer, changes);
  const { table, sources } = changes;
  let entered = 0;
  for (let index = 0; index < table.count; index += 1) {
    if ((sources[index] as number) < 0) entered += 1;
  }
  writer.golomb(entered, COUNT_ORDER);
  let next = 0;
  let order = FIRST_ORDER;
  for (let index = 0; index < table.count; index += 1) {
    if ((sources[index] as number) >= 0) continue;
    const entity = table.entities[index] as number;
    writer.golomb(entity - next, order);
    next = entity + 1;
    order = NEXT_ORDER;
  }
}

function writeLeft(writer: BitWriter, { table, baseline, sources }: EntityChanges): void {
  const known = baseline?.count ?? 0;
  let stayed = 0;
  for (let index = 0; index < table.count; index += 1) {
    if ((sources[index] as number) >= 0) stayed += 1;
  }
  writer.golomb(known - stayed, COUNT_ORDER);
  if (known === stayed) return;
  let next = 0;
  let expected = 0;
  for (let index = 0; index <= table.count; index += 1) {
    const source = index === table.count ? known : (sources[index] as number);
    for (; expected < source; expected += 1) {
      writer.golomb(expected - next, LEFT_ORDER);
      next = expected + 1;
    }
    if (source >= 0) expected = source + 1;
  }
}

/**
 * Reads them and begins `table` with the entities that are there then. What is wrong, the reader
 * keeps; `table` is of no use then.
 */
export function readEntityChanges(
  reader: BitReader,
  { table, baseline, sources }: EntityChanges,
  tick: number,
): void {
  const stayed = readStayed(reader, baseline, sources);
  const enteredCount = reader.golomb(COUNT_ORDER);
  if (stayed + enteredCount > WIRE_LIMITS.snapshotPlayersMax) reader.fail('out-of-range');
  if (reader.failure !== undefined) return;
  table.reset(tick, stayed + enteredCount);
  const entered = readEntered(reader, enteredCount);
  if (reader.failure === undefined) merge(reader, { table, baseline, sources }, entered);
}

/** Puts the places of those who stayed at the front of `sources`; returns how many. */
function readStayed(
  reader: BitReader,
  baseline: SnapshotTable | undefined,
  sources: Int32Array,
): number {
  const known = baseline?.count ?? 0;
  const leftCount = reader.golomb(COUNT_ORDER);
  if (leftCount > known) return reader.fail('out-of-range');
  let stayed = 0;
  let next = 0;
  for (let count = 0; count < leftCount && reader.failure === undefined; count += 1) {
    const place = next + reader.golomb(LEFT_ORDER);
    if (place >= known) return reader.fail('out-of-range');
    for (; next < place; next += 1) sources[stayed++] = next;
    next = place + 1;
  }
  for (; next < known; next += 1) sources[stayed++] = next;
  return stayed;
}

const enteredScratch = new Uint32Array(WIRE_LIMITS.snapshotPlayersMax);

function readEntered(reader: BitReader, count: number): Uint32Array {
  let next = 0;
  for (let index = 0; index < count && reader.failure === undefined; index += 1) {
    const entity = next + reader.golomb(index === 0 ? FIRST_ORDER : NEXT_ORDER);
    if (entity > UINT32_MAX) reader.fail('out-of-range');
    enteredScratch[index] = entity;
    next = entity + 1;
  }
  return enteredScratch.subarray(0, count);
}

/** From the back, so that `sources` can be spread out in its own place. */
function merge(
  reader: BitReader,
  { table, baseline, sources }: EntityChanges,
  entered: Uint32Array,
): void {
  let newcomer = entered.length - 1;
  let stayer = table.count - entered.length - 1;
  for (let index = table.count - 1; index >= 0; index -= 1) {
    const source = stayer < 0 ? -1 : (sources[stayer] as number);
    const known = source < 0 ? -1 : (baseline?.entities[source] as number);
    const fresh = newcomer < 0 ? -1 : (entered[newcomer] as number);
    if (known === fresh) {
      reader.fail('malformed');
      return;
    }
    table.entities[index] = Math.max(known, fresh);
    sources[index] = known > fresh ? source : -1;
    if (known > fresh) stayer -= 1;
    else newcomer -= 1;
  }
}
