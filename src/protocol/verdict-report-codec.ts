/**
 * What was not plainly accepted in a tick, to bytes and back. Hot where somebody floods.
 * Byte-compatible with `holdfast.v1.VerdictReport` (test/fuzz/differential.test.ts).
 * Bytes: docs/PROTOCOL.md, "VerdictReport".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isCode, isCount, isMessageName, isUint32 } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { VerdictReport } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const TICK = 0x08;
const ENTRIES = 0x12;
const OMITTED = 0x18;
const LAST_FIELD = 3;
/** VerdictEntry. */
const INPUT = 0x0a;
const INPUT_TICK = 0x10;
const OUTCOME = 0x18;
const CODE = 0x22;
const LAST_ENTRY_FIELD = 4;
/** Name and code (64 UTF-16 units are at most 192 bytes), tick, outcome. */
const ENTRY_BYTES_MAX = 3 + 2 * (3 + 192) + 9 + 2;
/** Kind, tick, entries, omitted. */
const FRAME_BYTES_MAX = 1 + 9 + WIRE_LIMITS.verdictEntriesMax * ENTRY_BYTES_MAX + 6;

type Entry = VerdictReport['entries'][number];

/** VerdictOutcome on the wire. */
const OUTCOME_NUMBERS = {
  stale: 1,
  duplicate: 2,
  clamped: 3,
  rejected: 4,
} as const satisfies Record<Entry['outcome'], number>;

/** By number. */
const OUTCOME_WORDS = [undefined, 'stale', 'duplicate', 'clamped', 'rejected'] as const;

/** As read: the outcome may be one that this version doesn't know. */
type ReadEntry = Omit<Entry, 'outcome'> & { readonly outcome: Entry['outcome'] | undefined };

const writer = new WireWriter(FRAME_BYTES_MAX);

/** At most `verdictEntriesMax` entries. Fresh bytes. */
export function encodeVerdictReport({ tick, entries, omitted }: VerdictReport): Uint8Array {
  const isShort = entries.length <= WIRE_LIMITS.verdictEntriesMax;
  const isBounded = isCount(tick) && isUint32(omitted) && isShort && entries.every(isBoundedEntry);
  assert(isBounded, 'a value of a verdict-report is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES['verdict-report']);
  writer.varintField(TICK, tick);
  for (const { input, inputTick, outcome, code } of entries) {
    const begin = writer.open(ENTRIES);
    writer.textField(INPUT, input);
    writer.varintField(INPUT_TICK, inputTick);
    writer.varintField(OUTCOME, OUTCOME_NUMBERS[outcome]);
    if (code !== undefined) writer.optionalTextField(CODE, code);
    writer.close(begin);
  }
  writer.varintField(OMITTED, omitted);
  return writer.finish();
}

/** Decodes a frame whose first byte says `verdict-report`. */
export function decodeVerdictReport(frame: Uint8Array): VerdictReport | DecodeRejection {
  const reader = new WireReader(frame, 1);
  const entries: ReadEntry[] = [];
  let tick = 0;
  let omitted = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (tag === OMITTED) omitted = reader.uint32();
    else if (tag !== ENTRIES) reader.skip(tag, LAST_FIELD);
    else if (entries.length < WIRE_LIMITS.verdictEntriesMax) entries.push(readEntry(reader));
    else reader.fail('out-of-range');
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (!areBounded(entries)) return decodeRejection('out-of-range');
  return { kind: 'verdict-report', tick, entries, omitted };
}

function readEntry(reader: WireReader): ReadEntry {
  const outer = reader.enter();
  let input = '';
  let inputTick = 0;
  let outcome = 0;
  let code: string | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === INPUT) input = reader.text();
    else if (tag === INPUT_TICK) inputTick = reader.safeInteger();
    else if (tag === OUTCOME) outcome = reader.enumeration();
    else if (tag === CODE) code = reader.text();
    else reader.skip(tag, LAST_ENTRY_FIELD);
  }
  reader.leave(outer);
  return { input, inputTick, outcome: OUTCOME_WORDS[outcome], code };
}

function areBounded(entries: readonly ReadEntry[]): entries is readonly Entry[] {
  return entries.every(isBoundedEntry);
}

function isBoundedEntry({ input, inputTick, outcome, code }: ReadEntry): boolean {
  const isKnown = outcome !== undefined && isMessageName(input) && isCount(inputTick);
  return isKnown && (code === undefined || isCode(code));
}
