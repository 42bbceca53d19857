/**
 * What one peer lived through in a run, as bytes: messages on its wire both ways with virtual time,
 * moves of its sessions, verdicts. In: facts as they happen, in order. Out: a buffer that two runs
 * compare word by word, a hash, entries for reports. Cheap: one copy per message, no objects.
 * Layout of an entry, padded to 8 bytes: at (float64, ms), kind, detail, first byte, low byte of
 * the connection (uint8 each), size (24 bits), high byte of the connection, then `size` bytes where
 * the kind keeps them.
 * Must not know: who compares.
 */
import type { AuthorityInput } from '../authority/authority.ts';
import type { Verdict, VerdictOutcome } from '../authority/verdict.ts';
import { assert } from '../base/assert.ts';
import type { Lane } from '../protocol/lanes.ts';

/** `sent` and `received` are of the end that is named; the server's side keeps the bytes. */
export const TRACE_ENTRY_KINDS = [
  'client-sent',
  'server-received',
  'server-sent',
  'client-received',
  'connection-opened',
  'connection-closed',
  'server-move',
  'client-move',
  'verdict',
  'note',
  'suspicion',
] as const;

export type TraceEntryKind = (typeof TRACE_ENTRY_KINDS)[number];

/** The ends of a message's way, in the order of its travel. */
export type WireMoment = 'client-sent' | 'server-received' | 'server-sent' | 'client-received';

/** Kinds whose entries are text, as UTF-16 units. */
export type TextMoment = Exclude<TraceEntryKind, WireMoment | 'verdict'>;

const KIND_NUMBERS = Object.fromEntries(
  TRACE_ENTRY_KINDS.map((kind, index) => [kind, index]),
) as Readonly<Record<TraceEntryKind, number>>;

/** Kinds whose bytes are not kept: the other end of the same way has them. */
const BYTELESS: ReadonlySet<TraceEntryKind> = new Set(['client-sent', 'client-received']);
const IS_BYTELESS = Uint8Array.from(TRACE_ENTRY_KINDS, (kind) => (BYTELESS.has(kind) ? 1 : 0));

const OUTCOMES: readonly VerdictOutcome[] = [
  'accepted',
  'clamped',
  'stale',
  'duplicate',
  'rejected',
];
const INPUTS: readonly AuthorityInput['kind'][] = ['move-input', 'shoot-input', 'user-input'];
const HEADER_BYTES = 16;
/** What the word of the size has for the size. */
const SIZE_BITS = 24;
const SIZE_MASK = 2 ** SIZE_BITS - 1;
const LOOP_BYTES_MAX = 48;
const CAPACITY_BYTES_DEFAULT = 65_536;

/** One entry, taken apart; `bytes` is a view of the trace. */
export interface TraceEntry {
  readonly at: number;
  readonly kind: TraceEntryKind;
  /** Wire only. */
  readonly lane: Lane | undefined;
  /** First byte of a frame: its message kind; -1 for an empty one and for what is no frame. */
  readonly firstByte: number;
  /** Which connection of its peer a frame was on or a judged input came by, below 65 536; or 0. */
  readonly connection: number;
  /** Bytes of the message, also where they are not kept. */
  readonly size: number;
  readonly bytes: Uint8Array;
  /** What a text entry says, or a verdict in words. */
  readonly text: string | undefined;
  /** The two bytes of its header that depend on the kind. */
  readonly details: readonly [number, number];
  /** Where the entry begins. */
  readonly offset: number;
}

interface EntryShape {
  readonly size: number;
  readonly connection: number;
}

export interface TracedMessage {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  /** Which connection of its peer. Default 1. */
  readonly connection?: number;
}

export interface TracedVerdict {
  readonly verdict: Verdict;
  /** Which connection of its peer. */
  readonly connection: number;
}

/** Walks over a trace without making an object for each entry. */
export interface TraceCursor {
  /** Moves to the next entry, the first at first; false at the end. */
  next(): boolean;
  readonly at: number;
  readonly kind: TraceEntryKind;
  /** As in TraceEntry, but 0 where there is no first byte. */
  readonly firstByte: number;
  readonly connection: number;
  readonly isSync: boolean;
  readonly size: number;
  /** As in TraceEntry: a view. */
  bytes(): Uint8Array;
  /** The whole of it. */
  entry(): TraceEntry;
}

export class Trace {
  readonly peerName: string;
  #bytes: Uint8Array;
  #words: Uint32Array;
  #times: Float64Array;
  #size = 0;
  #entriesCount = 0;

  /** `capacityBytes`: how much it will hold at least; it grows. */
  constructor(peerName: string, capacityBytes: number = CAPACITY_BYTES_DEFAULT) {
    this.peerName = peerName;
    const buffer = new ArrayBuffer(padded(capacityBytes));
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#times = new Float64Array(buffer);
  }

  get bytesCount(): number {
    return this.#size;
  }

  get entriesCount(): number {
    return this.#entriesCount;
  }

  /** A message at one end of its way. The bytes are copied. */
  recordFrame(at: number, moment: WireMoment, message: TracedMessage): void {
    const { lane, bytes, connection = 1 } = message;
    const kind = KIND_NUMBERS[moment];
    const { length } = bytes;
    const offset = this.#append(at, kind, { size: length, connection });
    const target = this.#bytes;
    target[offset + 9] = lane === 'sync' ? 1 : 0;
    target[offset + 10] = length === 0 ? 0 : bytes[0]!;
    if (IS_BYTELESS[kind] === 1) return;
    const begin = offset + HEADER_BYTES;
    // Deliberate: for a few bytes `set` costs more than it copies.
    if (length > LOOP_BYTES_MAX) target.set(bytes, begin);
    else for (let index = 0; index < length; index += 1) target[begin + index] = bytes[index]!;
  }

  /** A verdict on one input of the peer, which came by that connection. */
  recordVerdict(at: number, input: AuthorityInput, { verdict, connection }: TracedVerdict): void {
    const name = input.kind === 'user-input' ? input.name : '';
    const text = verdict.outcome === 'rejected' ? `${verdict.code} ${name}` : name;
    const size = 8 + 2 * text.length;
    const offset = this.#append(at, KIND_NUMBERS.verdict, { size, connection });
    this.#bytes[offset + 9] = OUTCOMES.indexOf(verdict.outcome);
    this.#bytes[offset + 10] = INPUTS.indexOf(input.kind);
    this.#times[(offset + HEADER_BYTES) >>> 3] = input.kind === 'user-input' ? 0 : input.tick;
    this.#writeText(offset + HEADER_BYTES + 8, text);
  }

  recordText(at: number, kind: TextMoment, text: string): void {
    const offset = this.#append(at, KIND_NUMBERS[kind], { size: 2 * text.length, connection: 0 });
    this.#writeText(offset + HEADER_BYTES, text);
  }

  /** True when both hold the same entries, times included. Costs one pass over the words. */
  equals(other: Trace): boolean {
    return this.#size === other.#size && this.firstUnequalOffset(other) === undefined;
  }

  /** Where the two begin to differ, rounded down to 4 bytes; undefined = nowhere. */
  firstUnequalOffset(other: Trace): number | undefined {
    const ours = this.#words;
    const theirs = other.#words;
    const end = Math.min(this.#size, other.#size) >>> 2;
    for (let index = 0; index < end; index += 1) {
      if (ours[index] !== theirs[index]) return index * 4;
    }
    return this.#size === other.#size ? undefined : end * 4;
  }

  /** 64 bits of everything in the trace, as 16 hex digits; equal traces have equal hashes. */
  hash(): string {
    return hashWords(this.#words, this.#size >>> 2);
  }

  /** The entries in order; with `kinds`, only those: the others cost next to nothing. */
  *entries(...kinds: readonly TraceEntryKind[]): IterableIterator<TraceEntry> {
    const isWanted = Uint8Array.from(TRACE_ENTRY_KINDS, (kind) =>
      kinds.length === 0 || kinds.includes(kind) ? 1 : 0,
    );
    for (let offset = 0; offset < this.#size; offset = this.#offsetAfter(offset)) {
      if (isWanted[this.#bytes[offset + 8]!] === 1) yield this.#entryAt(offset);
    }
  }

  /** Over what is there now. */
  cursor(): TraceCursor {
    const [bytes, words, times] = [this.#bytes, this.#words, this.#times];
    const end = this.#size;
    const entryAt = (at: number): TraceEntry => this.#entryAt(at);
    const bytesAt = (at: number): Uint8Array => this.#bytesAt(at);
    const after = (at: number): number => this.#offsetAfter(at);
    let offset = -1;
    let nextOffset = 0;
    return {
      next() {
        offset = nextOffset;
        if (offset >= end) return false;
        nextOffset = after(offset);
        return true;
      },
      get at() {
        return times[offset >>> 3]!;
      },
      get kind() {
        return TRACE_ENTRY_KINDS[bytes[offset + 8]!]!;
      },
      get firstByte() {
        return bytes[offset + 10]!;
      },
      get connection() {
        return connectionIn(bytes[offset + 11]!, words[(offset >>> 2) + 3]!);
      },
      get isSync() {
        return bytes[offset + 9] === 1;
      },
      get size() {
        return words[(offset >>> 2) + 3]! & SIZE_MASK;
      },
      bytes: () => bytesAt(offset),
      entry: () => entryAt(offset),
    };
  }

  /** Appends an entry of another trace as it is. */
  append({ at, kind, size, connection, bytes, details }: TraceEntry): void {
    const offset = this.#append(at, KIND_NUMBERS[kind], { size, connection });
    this.#bytes[offset + 9] = details[0];
    this.#bytes[offset + 10] = details[1];
    this.#bytes.set(bytes, offset + HEADER_BYTES);
  }

  /** The entry that covers the byte at `offset`; undefined beyond the end. */
  entryCovering(offset: number): TraceEntry | undefined {
    for (let begin = 0; begin < this.#size; begin = this.#offsetAfter(begin)) {
      if (offset < this.#offsetAfter(begin)) return this.#entryAt(begin);
    }
    return undefined;
  }

  #append(at: number, kind: number, { size, connection }: EntryShape): number {
    assert(size <= SIZE_MASK, 'an entry of a trace is below 16 MiB');
    const offset = this.#size;
    const end = offset + HEADER_BYTES + (IS_BYTELESS[kind] === 1 ? 0 : padded(size));
    if (end > this.#bytes.length) this.#grow(end);
    this.#times[offset >>> 3] = at;
    this.#words[(offset >>> 2) + 3] = size | ((connection >>> 8) << SIZE_BITS);
    this.#bytes[offset + 8] = kind;
    this.#bytes[offset + 11] = connection;
    this.#size = end;
    this.#entriesCount += 1;
    return offset;
  }

  #grow(bytesMin: number): void {
    const grown = new ArrayBuffer(padded(Math.max(bytesMin, 2 * this.#bytes.length)));
    new Uint8Array(grown).set(this.#bytes.subarray(0, this.#size));
    this.#bytes = new Uint8Array(grown);
    this.#words = new Uint32Array(grown);
    this.#times = new Float64Array(grown);
  }

  #writeText(offset: number, text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      this.#bytes[offset + 2 * index] = unit & 0xff;
      this.#bytes[offset + 2 * index + 1] = unit >>> 8;
    }
  }

  #readText(begin: number, end: number): string {
    let text = '';
    for (let offset = begin; offset < end; offset += 2) {
      text += String.fromCharCode(this.#bytes[offset]! | (this.#bytes[offset + 1]! << 8));
    }
    return text;
  }

  #offsetAfter(offset: number): number {
    const size = this.#sizeAt(offset);
    const isByteless = IS_BYTELESS[this.#bytes[offset + 8]!] === 1;
    return offset + HEADER_BYTES + (isByteless ? 0 : padded(size));
  }

  #sizeAt(offset: number): number {
    return this.#words[(offset >>> 2) + 3]! & SIZE_MASK;
  }

  #bytesAt(offset: number): Uint8Array {
    const begin = offset + HEADER_BYTES;
    const isByteless = IS_BYTELESS[this.#bytes[offset + 8]!] === 1;
    const size = isByteless ? 0 : this.#sizeAt(offset);
    return this.#bytes.subarray(begin, begin + size);
  }

  #entryAt(offset: number): TraceEntry {
    const kind = TRACE_ENTRY_KINDS[this.#bytes[offset + 8]!]!;
    const size = this.#sizeAt(offset);
    const begin = offset + HEADER_BYTES;
    const isFrame = kind.endsWith('-sent') || kind.endsWith('-received');
    const isText = !isFrame && kind !== 'verdict';
    const detail = this.#bytes[offset + 9]!;
    return {
      at: this.#times[offset >>> 3]!,
      kind,
      lane: isFrame ? (detail === 1 ? 'sync' : 'reliable') : undefined,
      firstByte: isFrame && size > 0 ? this.#bytes[offset + 10]! : -1,
      connection: connectionIn(this.#bytes[offset + 11]!, this.#words[(offset >>> 2) + 3]!),
      size,
      bytes: this.#bytesAt(offset),
      text: isText
        ? this.#readText(begin, begin + size)
        : kind === 'verdict'
          ? this.#verdictText(offset, size)
          : undefined,
      details: [detail, this.#bytes[offset + 10]!],
      offset,
    };
  }

  /** `move-input 17 accepted`, `shoot-input 4 rejected cooldown`, `cheer 0 accepted`. */
  #verdictText(offset: number, size: number): string {
    const begin = offset + HEADER_BYTES;
    const outcome = OUTCOMES[this.#bytes[offset + 9]!]!;
    const [code, name] = this.#readText(begin + 8, begin + size).split(' ');
    const kind = INPUTS[this.#bytes[offset + 10]!]!;
    const isRejected = outcome === 'rejected';
    const userName = isRejected ? name : code;
    const input = kind === 'user-input' ? `${kind}:${userName}` : kind;
    const tick = this.#times[begin >>> 3]!;
    return [input, tick, outcome, ...(isRejected ? [code] : [])].join(' ');
  }
}

/** The low byte stands in the header, the high one above the size. */
function connectionIn(low: number, sizeWord: number): number {
  return low | ((sizeWord >>> SIZE_BITS) << 8);
}

function padded(size: number): number {
  return (size + 7) & ~7;
}

/**
 * Two lanes of multiply and rotate over 32-bit words, mixed at the end as MurmurHash3 does (Austin
 * Appleby, 2011, public domain). Not for secrets.
 */
function hashWords(words: Uint32Array, count: number): string {
  let low = 0x9e3779b9 ^ count;
  let high = 0x85ebca6b;
  for (let index = 0; index < count; index += 1) {
    const word = words[index]!;
    low = Math.imul(low ^ word, 0xcc9e2d51);
    low = (low << 15) | (low >>> 17);
    high = Math.imul(high + word, 0x1b873593);
    high = (high << 13) | (high >>> 19);
  }
  return hex(finish(low)) + hex(finish(high ^ low));
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
