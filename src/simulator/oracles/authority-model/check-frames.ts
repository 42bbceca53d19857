/**
 * What a world's players are told: rosters and events complete and in order, to those whom they are
 * for; snapshots and acknowledgements of the pass that was the last. In: what modelled worlds owe,
 * the frames in traces. Out: findings. A frame that came last may be lost with its connection.
 */
import type { DecodeRejection } from '../../../protocol/decode-rejection.ts';
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { LoginAccepted, ServerMessage } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { RunResult } from '../../run-result.ts';
import type { TraceEntry } from '../../trace.ts';
import { areEqual } from '../are-equal.ts';
import { TraceDecoder } from '../trace-decoder.ts';
import { DownCount } from '../reliable/down-count.ts';
import {
  handleKey,
  type ModelHandle,
  type ModelStay,
  type OwedAck,
  type OwedMessage,
} from './model-handle.ts';
import { snapshotProblem } from './model-snapshot.ts';
import type { ModelPass, ModelWorld } from './model-world.ts';

export interface FrameProblem {
  readonly peer: string;
  readonly at: number;
  readonly text: string;
}

/** Floats on the wire have 24 bits; places are at most some ten metres from the origin. */
const METRES_TOLERANCE = 0.001;
const IS_JUDGED: ReadonlySet<number> = new Set(
  (
    [
      'login-accepted',
      'resynced',
      'snapshot',
      'input-ack',
      'roster',
      'combat-event',
      'verdict-report',
      'user-message',
    ] as const
  ).map((kind) => MESSAGE_KIND_BYTES[kind]),
);
/** Margins are rounded to 1/16 tick. */
const MARGIN_TOLERANCE = 1 / 16;

/** The first problem of each connection. */
export function checkFrames(
  { peers, durability }: Pick<RunResult, 'peers' | 'durability'>,
  worlds: readonly ModelWorld[],
): FrameProblem[] {
  const areHeld = durability?.journal === 'ahead';
  const handles = new Map<string, ModelHandle>();
  for (const world of worlds) {
    if (world.problem !== undefined) continue;
    for (const handle of world.handles) handles.set(handle.key, handle);
  }
  const problems: FrameProblem[] = [];
  for (const { name, trace } of peers.values()) {
    const report = (at: number, text: string): void => {
      problems.push({ peer: name, at, text });
    };
    const readers = new Map<number, ConnectionReader>();
    const places = new Map<ModelStay, Place>();
    const count = new DownCount();
    const decoder = new TraceDecoder();
    for (const cursor = trace.cursor(); cursor.next();) {
      const { kind, connection, firstByte } = cursor;
      const bytes = (): Uint8Array => cursor.bytes();
      if (kind === 'server-received') count.handleReceived(connection, firstByte, bytes);
      if (kind !== 'server-sent' || !IS_JUDGED.has(firstByte)) continue;
      const isAgain = count.handleSent(connection, firstByte, bytes)?.isAgain === true;
      if (firstByte === MESSAGE_KIND_BYTES.snapshot) {
        const { at } = cursor;
        // Each of them, for the sake of the next.
        const told = decoder.decode(connection, bytes());
        readers.get(connection)?.readSnapshot(told, at);
      } else if (firstByte === MESSAGE_KIND_BYTES['login-accepted']) {
        decoder.decode(connection, bytes());
        const reader = beginReader(cursor.entry(), { handles, places, count, report, areHeld });
        if (reader !== undefined) readers.set(connection, reader);
        else readers.delete(connection);
        // What was sent before was judged then.
      } else if (!isAgain) {
        readers.get(connection)?.read(cursor.entry());
      }
    }
    for (const { reader } of places.values()) reader?.finish();
  }
  return problems;
}

type Report = (at: number, text: string) => void;

/** How much of what a stay is told has been sent. */
interface Place {
  next: number;
  /** The newest connection of the stay. */
  reader: ConnectionReader | undefined;
  /** A peer that lies of its count has left out nobody knows what. */
  isUnknown: boolean;
}

interface ReaderManner {
  readonly report: Report;
  /** What a tick tells waits until the tick is durable. */
  readonly areHeld: boolean;
}

interface ReaderFrame extends ReaderManner {
  readonly handles: ReadonlyMap<string, ModelHandle>;
  readonly places: Map<ModelStay, Place>;
  readonly count: DownCount;
}

/** Undefined: of a world that is not judged. */
function beginReader(
  { at, bytes, connection }: TraceEntry,
  { handles, places, count, report, areHeld }: ReaderFrame,
): ConnectionReader | undefined {
  const login = decodeServerMessage(bytes) as LoginAccepted;
  const handle = handles.get(handleKey(login.sessionId, login.epoch));
  const link = count.link(connection);
  if (handle === undefined) return undefined;
  if (login.entity !== handle.entity || login.playerId !== handle.playerId) {
    report(at, `logged in as entity ${login.entity} of ${login.playerId}, not ${handle.entity}`);
  }
  const place = places.get(handle.stay) ?? {
    next: 0,
    reader: undefined,
    isUnknown: false,
  };
  places.set(handle.stay, place);
  place.reader?.finish();
  const { clientReceived = 0, topBefore = 0, continuation } = link ?? {};
  if (continuation === 'normal' && clientReceived > topBefore) place.isUnknown = true;
  const reader = new ConnectionReader(handle, place, { report, areHeld });
  place.reader = reader;
  if (login.reliableReceived === undefined) reader.beginAnew();
  return reader;
}

class ConnectionReader {
  readonly #handle: ModelHandle;
  readonly #report: Report;
  readonly #passes: Latest<ModelPass>;
  readonly #acks: Latest<OwedAck>;
  readonly #place: Place;
  readonly #areHeld: boolean;
  #isRosterDue = false;
  #isOver = false;

  constructor(handle: ModelHandle, place: Place, { report, areHeld }: ReaderManner) {
    this.#handle = handle;
    this.#place = place;
    this.#areHeld = areHeld;
    this.#passes = new Latest(handle.world.passes);
    this.#acks = new Latest(handle.acks);
    this.#report = (at, text) => {
      if (!this.#isOver) report(at, text);
      // What follows a wrong frame says nothing new.
      this.#isOver = true;
    };
  }

  /** It does not go on with what the connection before was told, and begins with a whole roster. */
  beginAnew(): void {
    this.#isRosterDue = true;
    this.#place.next = this.#handle.toldBefore;
    this.#place.isUnknown = false;
  }

  read(entry: TraceEntry): void {
    if (this.#isOver) return;
    switch (entry.firstByte) {
      case MESSAGE_KIND_BYTES.resynced:
        this.beginAnew();
        return;
      case MESSAGE_KIND_BYTES['input-ack']:
        this.#readAck(entry);
        return;
      case MESSAGE_KIND_BYTES.roster:
      case MESSAGE_KIND_BYTES['combat-event']:
        this.#readOwed(entry);
        return;
      default:
        return;
    }
  }

  /** Nothing is missing but what the end of the connection may have taken with it. */
  finish(): void {
    const { roster, endedAt, stay } = this.#handle;
    // What waits for the disk comes with the next connection.
    if (this.#place.isUnknown || (this.#areHeld && !this.#isRosterDue)) return;
    const owed = this.#isRosterDue ? roster : stay.told[this.#place.next];
    if (owed === undefined || owed.at >= endedAt) return;
    this.#report(owed.at, `never sent: ${JSON.stringify(owed.message)}`);
  }

  readSnapshot(snapshot: ServerMessage | DecodeRejection, at: number): void {
    if (this.#isOver) return;
    if (snapshot.kind !== 'snapshot') {
      const { kind, code = kind } = snapshot as Partial<DecodeRejection>;
      this.#report(at, `sent a snapshot that can't be read (${code})`);
      return;
    }
    const { tick } = snapshot;
    const pass = this.#passes.upTo(at).find((each) => each.tick === tick);
    if (pass === undefined) {
      const last = this.#passes.upTo(at)[0]?.tick ?? 'none';
      this.#report(at, `a snapshot of tick ${tick}, where the world's last is ${last}`);
      return;
    }
    const problem = snapshotProblem(snapshot, pass.shown);
    if (problem !== undefined) this.#report(at, `the snapshot of tick ${tick}: ${problem}`);
  }

  #readAck({ at, bytes }: TraceEntry): void {
    const ack = decodeServerMessage(bytes);
    if (ack.kind !== 'input-ack') return;
    const { lastInputTick: tick, marginTicks } = ack;
    const right = this.#acks.upTo(at);
    const isRight = right.some(
      (each) => each.tick === tick && Math.abs(each.marginTicks - marginTicks) <= MARGIN_TOLERANCE,
    );
    if (isRight) return;
    this.#report(at, `an ack of ${tick} (margin ${marginTicks}), not ${JSON.stringify(right[0])}`);
  }

  #takeOwed(): OwedMessage | undefined {
    if (!this.#isRosterDue) return this.#handle.stay.told[this.#place.next++];
    this.#isRosterDue = false;
    return this.#handle.roster;
  }

  #readOwed({ at, bytes }: TraceEntry): void {
    if (this.#place.isUnknown) return;
    const owed = this.#takeOwed();
    if (owed?.seen !== undefined && owed.at <= at && areEqual(owed.seen, bytes)) return;
    const message = decodeServerMessage(bytes);
    const isRight = owed !== undefined && owed.at <= at && saysTheSame(message, owed.message);
    if (isRight) {
      owed.seen = bytes;
      return;
    }
    const right = owed === undefined ? 'nothing' : JSON.stringify(owed.message);
    this.#report(at, `told ${JSON.stringify(message)}, where ${right} is due`);
  }
}

/** The newest of a list up to instants that only grow. */
class Latest<Item extends { readonly at: number }> {
  readonly #items: readonly Item[];
  #next = 0;

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  /** The newest; and the one before it, when the newest is of this very instant. */
  upTo(at: number): readonly Item[] {
    while ((this.#items[this.#next]?.at ?? Infinity) <= at) this.#next += 1;
    const newest = this.#items[this.#next - 1];
    if (newest === undefined) return [];
    const before = this.#items[this.#next - 2];
    return newest.at < at || before === undefined ? [newest] : [newest, before];
  }
}

/** Equal but for the rounding of places, whose names end in X or Y. */
function saysTheSame(one: unknown, other: unknown, name = ''): boolean {
  if (typeof one === 'number' && typeof other === 'number') {
    return Math.abs(one - other) <= (/[XY]$/.test(name) ? METRES_TOLERANCE : 0);
  }
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return one === other;
  }
  const entries = Object.entries(one);
  const values = other as Readonly<Record<string, unknown>>;
  const hasAll = entries.length === Object.keys(values).length;
  return hasAll && entries.every(([key, value]) => saysTheSame(value, values[key], key));
}
