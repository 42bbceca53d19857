/**
 * What a world's players are told: rosters and events complete and in order, to those whom they are
 * for; snapshots and acknowledgements of the pass that was the last. In: what modelled worlds owe,
 * the frames in traces. Out: findings. A frame that came last may be lost with its connection.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { LoginAccepted } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { PeerRun } from '../../run-result.ts';
import type { TraceEntry } from '../../trace.ts';
import { handleKey, type ModelHandle, type OwedAck } from './model-handle.ts';
import { areEqual, snapshotProblem, snapshotTick } from './model-snapshot.ts';
import type { ModelPass, ModelWorld } from './model-world.ts';

export interface FrameProblem {
  readonly peer: string;
  readonly at: number;
  readonly text: string;
}

/** Floats on the wire have 24 bits; places are at most some ten metres from the origin. */
const METRES_TOLERANCE = 0.001;
const IS_JUDGED: ReadonlySet<number> = new Set(
  (['login-accepted', 'snapshot', 'input-ack', 'roster', 'combat-event'] as const).map(
    (kind) => MESSAGE_KIND_BYTES[kind],
  ),
);
/** Margins are rounded to 1/16 tick. */
const MARGIN_TOLERANCE = 1 / 16;

/** The first problem of each connection. */
export function checkFrames(
  peers: ReadonlyMap<string, PeerRun>,
  worlds: readonly ModelWorld[],
): FrameProblem[] {
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
    for (const cursor = trace.cursor(); cursor.next();) {
      if (cursor.kind !== 'server-sent' || !IS_JUDGED.has(cursor.firstByte)) continue;
      if (cursor.firstByte === MESSAGE_KIND_BYTES['login-accepted']) {
        const reader = beginReader(cursor.entry(), handles, report);
        if (reader !== undefined) readers.set(cursor.connection, reader);
      } else {
        readers.get(cursor.connection)?.read(cursor.entry());
      }
    }
    for (const reader of readers.values()) reader.finish();
  }
  return problems;
}

type Report = (at: number, text: string) => void;

/** Undefined: of a world that is not judged. */
function beginReader(
  { at, bytes }: TraceEntry,
  handles: ReadonlyMap<string, ModelHandle>,
  report: Report,
): ConnectionReader | undefined {
  const login = decodeServerMessage(bytes) as LoginAccepted;
  const handle = handles.get(handleKey(login.sessionId, login.epoch));
  if (handle === undefined) return undefined;
  if (login.entity !== handle.entity || login.playerId !== handle.playerId) {
    report(at, `logged in as entity ${login.entity} of ${login.playerId}, not ${handle.entity}`);
  }
  return new ConnectionReader(handle, report);
}

class ConnectionReader {
  readonly #handle: ModelHandle;
  readonly #report: Report;
  readonly #passes: Latest<ModelPass>;
  readonly #acks: Latest<OwedAck>;
  #nextOwed = 0;
  #isOver = false;

  constructor(handle: ModelHandle, report: Report) {
    this.#handle = handle;
    this.#passes = new Latest(handle.world.passes);
    this.#acks = new Latest(handle.acks);
    this.#report = (at, text) => {
      if (!this.#isOver) report(at, text);
      // What follows a wrong frame says nothing new.
      this.#isOver = true;
    };
  }

  read(entry: TraceEntry): void {
    if (this.#isOver) return;
    switch (entry.firstByte) {
      case MESSAGE_KIND_BYTES.snapshot:
        this.#readSnapshot(entry);
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
    const owed = this.#handle.owed[this.#nextOwed];
    if (owed === undefined || owed.at >= this.#handle.endedAt) return;
    this.#report(owed.at, `never sent: ${JSON.stringify(owed.message)}`);
  }

  #readSnapshot({ at, bytes }: TraceEntry): void {
    const tick = snapshotTick(bytes);
    const pass = this.#passes.upTo(at).find((each) => each.tick === tick);
    if (pass === undefined) {
      const last = this.#passes.upTo(at)[0]?.tick ?? 'none';
      this.#report(at, `a snapshot of tick ${tick}, where the world's last is ${last}`);
      return;
    }
    const problem = snapshotProblem(bytes, pass.bytes);
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

  #readOwed({ at, bytes }: TraceEntry): void {
    const owed = this.#handle.owed[this.#nextOwed];
    this.#nextOwed += 1;
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
