/**
 * The frame around a world's checkpoint and around each record of its journal: what it is, in which
 * format, and a checksum. Whoever reads learns whether the bytes are what was written before a
 * single value of them is believed.
 */
import { crc32 } from '../base/crc32.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { StateReader } from './state-reader.ts';
import type { StateWriter } from './state-writer.ts';

/** The format of checkpoints and journals; another one is refused. */
export const WORLD_STATE_FORMAT = 2;
/** Checkpoints and records have at most so many bytes; a host's store has to hold them. */
export const WORLD_STATE_BYTES_MAX = 16 * 1_024 * 1_024;

/** What sealed bytes are; also the third of them. */
export const SEALED_KINDS = { checkpoint: 0x43, journal: 0x4a } as const;
export type SealedKind = keyof typeof SEALED_KINDS;

/** "HF", kind, format. */
const MARK_BYTES = 4;
const HEADER_BYTES = MARK_BYTES + 4;
const FIRST_BYTE = 0x48;
const SECOND_BYTE = 0x46;

/** Begins sealed bytes; what `writer` held is forgotten. */
export function beginSealed(writer: StateWriter, kind: SealedKind): void {
  writer.clear();
  writer.byte(FIRST_BYTE);
  writer.byte(SECOND_BYTE);
  writer.byte(SEALED_KINDS[kind]);
  writer.byte(WORLD_STATE_FORMAT);
  // The place of the checksum.
  writer.word(0);
}

/** The sealed bytes; undefined when they are more than may be. */
export function finishSealed(writer: StateWriter): Uint8Array | undefined {
  if (writer.length > WORLD_STATE_BYTES_MAX) return undefined;
  const sealed = writer.finish();
  new DataView(sealed.buffer).setUint32(MARK_BYTES, checksum(sealed), true);
  return sealed;
}

/**
 * A reader behind the seal. Throws HoldfastError `world-state-corrupt` or
 * `world-state-version-mismatch`; `what` begins the messages.
 */
export function openSealed(sealed: Uint8Array, kind: SealedKind, what: string): StateReader {
  const isSized = sealed.length >= HEADER_BYTES && sealed.length <= WORLD_STATE_BYTES_MAX;
  if (!isSized) fail(`${what} can't have ${sealed.length} bytes`);
  const isMarked = sealed[0] === FIRST_BYTE && sealed[1] === SECOND_BYTE;
  if (!isMarked || sealed[2] !== SEALED_KINDS[kind]) fail(`${what} is none`);
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (view.getUint32(MARK_BYTES, true) !== checksum(sealed)) {
    fail(`${what} is not as it was written`);
  }
  const format = sealed[MARK_BYTES - 1];
  if (format !== WORLD_STATE_FORMAT) {
    const formats = `format ${format}, this version reads ${WORLD_STATE_FORMAT}`;
    throw new HoldfastError('world-state-version-mismatch', `${what} was written in ${formats}`);
  }
  return new StateReader(sealed.subarray(HEADER_BYTES), what);
}

/** Of everything but the checksum itself. */
function checksum(sealed: Uint8Array): number {
  return crc32(sealed.subarray(HEADER_BYTES), crc32(sealed.subarray(0, MARK_BYTES)));
}

function fail(problem: string): never {
  throw new HoldfastError('world-state-corrupt', problem);
}
