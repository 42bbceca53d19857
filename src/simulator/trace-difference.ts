/**
 * The first point at which two traces of one peer part, in words for people: when, which way, what
 * each of them says there, and what came just before. In: two traces. Out: undefined, or the
 * difference with the frames at it decoded. Slow, and asked only when something is wrong.
 */
import { decodeClientMessage } from '../protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES } from '../protocol/message-kinds.ts';
import { decodeServerMessage } from '../protocol/server-codec.ts';
import { TraceDecoder } from './oracles/trace-decoder.ts';
import { readBaselineAge } from './oracles/wire/frame-peek.ts';
import type { Trace, TraceEntry } from './trace.ts';

export interface TraceDifference {
  readonly peerName: string;
  /** Virtual ms of the earlier of the two entries. */
  readonly at: number;
  /** Undefined: that trace has ended. */
  readonly expected: TraceEntry | undefined;
  readonly actual: TraceEntry | undefined;
  /** Names of the values that differ, as paths: `at`, `players.2.fields.0`. */
  readonly differing: readonly string[];
  /** All of it, over several lines. */
  readonly text: string;
}

const CONTEXT_ENTRIES = 4;
const PATHS_MAX = 12;
const VALUE_LENGTH_MAX = 120;
const ENTRY_LENGTH_MAX = 600;

/** Undefined when the two are equal. `expected` is the trace that is taken to be right. */
export function firstDifference(expected: Trace, actual: Trace): TraceDifference | undefined {
  const offset = expected.firstUnequalOffset(actual);
  if (offset === undefined) return undefined;
  const before = precedingEntries(expected, offset);
  const one = expected.entryCovering(offset);
  const other = actual.entryCovering(offset);
  const differing = differingPaths(shownOf(expected, one), shownOf(actual, other));
  const at = Math.min(one?.at ?? Infinity, other?.at ?? Infinity);
  const { peerName } = expected;
  const lines = [
    `${peerName}: the traces part at ${at} ms`,
    ...before.map((entry) => `    before    ${describeIn(expected, entry)}`),
    `    expected  ${describeIn(expected, one)}`,
    `    actual    ${describeIn(actual, other)}`,
    ...describePaths(differing, shownOf(expected, one), shownOf(actual, other)),
  ];
  return { peerName, at, expected: one, actual: other, differing, text: lines.join('\n') };
}

/** One entry as a line: time, what it is, and the message; of a snapshot its bytes. */
export function describeEntry(entry: TraceEntry): string {
  return describe(entry, messageOf(entry, undefined));
}

function describeIn(trace: Trace, entry: TraceEntry | undefined): string {
  return entry === undefined ? 'nothing more' : describe(entry, messageOf(entry, trace));
}

/** All of them, with what they say. */
export function describeTrace(trace: Trace): string[] {
  const decoder = new TraceDecoder();
  return Array.from(trace.entries(), (entry) => {
    if (!isRead(entry)) return describeEntry(entry);
    return describe(entry, decodeOrHex(entry, decoder.decode(entry.connection, entry.bytes)));
  });
}

/** What a snapshot is read from. */
function isRead({ kind, firstByte }: TraceEntry): boolean {
  const { snapshot, 'login-accepted': accepted } = MESSAGE_KIND_BYTES;
  return kind === 'server-sent' && (firstByte === snapshot || firstByte === accepted);
}

function describe(entry: TraceEntry, message: unknown): string {
  const { at, kind, lane, size, text } = entry;
  const head = `${at.toFixed(3)} ms ${kind}${lane === undefined ? '' : ` (${lane}, ${size} B)`}`;
  if (text !== undefined) return `${head} ${text}`;
  return cut(message === undefined ? head : `${head} ${JSON.stringify(message)}`, ENTRY_LENGTH_MAX);
}

/** The frame's meaning; undefined where the bytes are not kept. */
function messageOf(entry: TraceEntry, trace: Trace | undefined): unknown {
  if (entry.kind === 'server-sent' && entry.firstByte === MESSAGE_KIND_BYTES.snapshot) {
    return decodeOrHex(entry, snapshotOf(entry, trace));
  }
  if (entry.kind === 'server-received') return decodeOrHex(entry, decodeClientMessage(entry.bytes));
  if (entry.kind === 'server-sent') return decodeOrHex(entry, decodeServerMessage(entry.bytes));
  return undefined;
}

interface Shown {
  readonly kind: string;
  readonly baselineAge?: number;
}

/** What came before it on its connection says what it is the difference from. */
function snapshotOf(entry: TraceEntry, trace: Trace | undefined): Shown {
  const decoder = new TraceDecoder();
  for (const each of trace?.entries('server-sent') ?? []) {
    if (each.connection !== entry.connection || !isRead(each)) continue;
    const message = decoder.decode(each.connection, each.bytes);
    if (each.offset !== entry.offset) continue;
    return { ...message, baselineAge: readBaselineAge(entry.bytes) };
  }
  return { kind: 'rejected' };
}

function decodeOrHex({ bytes }: TraceEntry, message: { readonly kind: string }): unknown {
  if (message.kind !== 'rejected') return message;
  const hex = Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0'));
  return { ...message, hex: hex.join('') };
}

function precedingEntries(trace: Trace, offset: number): TraceEntry[] {
  const found: TraceEntry[] = [];
  let isCovered = false;
  for (const entry of trace.entries()) {
    if (entry.offset > offset) {
      isCovered = true;
      break;
    }
    found.push(entry);
    if (found.length > CONTEXT_ENTRIES + 1) found.shift();
  }
  // The last one found covers the offset, unless the trace ends before it.
  const last = found.at(-1);
  const endsBefore = !isCovered && last !== undefined && trace.entryCovering(offset) === undefined;
  return endsBefore ? found.slice(-CONTEXT_ENTRIES) : found.slice(0, -1);
}

/** Everything of an entry that can differ, as one value. */
function shownOf(trace: Trace, entry: TraceEntry | undefined): object | undefined {
  if (entry === undefined) return undefined;
  const { at, kind, lane, size, text } = entry;
  return { at, kind, lane, size, text, message: messageOf(entry, trace) };
}

function differingPaths(one: object | undefined, other: object | undefined): string[] {
  const paths: string[] = [];
  if (one === undefined || other === undefined) return paths;
  collectPaths(one, other, { path: '', paths });
  return paths;
}

function collectPaths(
  one: unknown,
  other: unknown,
  into: { readonly path: string; readonly paths: string[] },
): void {
  const { path, paths } = into;
  if (Object.is(one, other) || paths.length >= PATHS_MAX) return;
  const areObjects = [one, other].every((each) => typeof each === 'object' && each !== null);
  if (!areObjects) {
    paths.push(path);
    return;
  }
  const ours = one as Readonly<Record<string, unknown>>;
  const theirs = other as Readonly<Record<string, unknown>>;
  for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
    const deeper = path === '' ? key : `${path}.${key}`;
    collectPaths(ours[key], theirs[key], { path: deeper, paths });
  }
}

function describePaths(
  paths: readonly string[],
  one: object | undefined,
  other: object | undefined,
): string[] {
  return paths.map((path) => {
    const [left, right] = [lookUp(one, path), lookUp(other, path)];
    return `    differs   ${path}: ${shown(left)} ≠ ${shown(right)}`;
  });
}

function lookUp(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    found = (found as Readonly<Record<string, unknown>> | undefined)?.[key];
  }
  return found;
}

function shown(value: unknown): string {
  return cut(JSON.stringify(value) ?? 'undefined', VALUE_LENGTH_MAX);
}

function cut(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
