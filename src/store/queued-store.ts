/**
 * What every store has in common, around its engine: arguments are checked and encoded at the call,
 * writes wait in a bounded queue, conditions are judged in order just before their commit.
 * In: a host's calls. Out: commits for the engine, answers. Must not know: where bytes lie.
 */
import type { Scheduler } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { WorldId } from '../protocol/ids.ts';
import { openSealedBytes, sealBytes } from './sealed-bytes.ts';
import { SessionLedger } from './session-ledger.ts';
import { decodeSessionRecord, encodeSessionRecord } from './session-record-codec.ts';
import type { SessionRecord } from './session-record.ts';
import type {
  OpenedStore,
  PutSessionCondition,
  StoreCounters,
  StoredEpoch,
  StoredTick,
  StoredWorld,
  StoreHealth,
  StoreOpening,
  StoreOpenOptions,
  StoreWitness,
} from './session-store.ts';
import type { StoreEngine, WorldBytes } from './store-engine.ts';
import type { StoreLimits } from './store-limits.ts';
import { isSessionWrite } from './store-write.ts';
import type { StoreWrite, WorldWrite } from './store-write.ts';
import { WorldLedger } from './world-ledger.ts';
import { WriteQueue } from './write-queue.ts';
import type { WriteOutcome } from './write-queue.ts';

/** Longest id that a store takes, in UTF-16 units: keys of a database are bounded. */
const STORED_ID_LENGTH_MAX = 256;

export interface QueuedStoreOptions {
  readonly open: StoreOpenOptions;
  readonly limits: StoreLimits;
  readonly engine: StoreEngine;
  readonly witness: StoreWitness;
}

interface QueuedOpening extends StoreOpening {
  readonly store: QueuedStore;
}

export class QueuedStore implements OpenedStore {
  readonly witness: StoreWitness;
  readonly #engine: StoreEngine;
  readonly #scheduler: Scheduler;
  readonly #limits: StoreLimits;
  readonly #queue: WriteQueue;
  readonly #sessions = new SessionLedger();
  readonly #worlds = new WorldLedger();
  #closing: Promise<void> | undefined;

  /** Reads everything first; closes the engine where that fails. */
  static async open(options: QueuedStoreOptions): Promise<QueuedOpening> {
    const store = new QueuedStore(options);
    try {
      const bytes = await options.engine.load();
      const sessions = bytes.sessions.map(decodeSessionRecord);
      const worlds = bytes.worlds.map(decodeWorld);
      for (const session of sessions) store.#sessions.learn(session);
      for (const { worldId, checkpoint, journal } of worlds) {
        const { tick: checkpointTick } = checkpoint;
        const lastTick = journal.at(-1)?.tick ?? checkpointTick;
        store.#worlds.learn(worldId, { checkpointTick, lastTick });
      }
      return { store, contents: { sessions, worlds } };
    } catch (error) {
      await options.engine.close();
      throw error;
    }
  }

  constructor({ open, limits, engine, witness }: QueuedStoreOptions) {
    this.witness = witness;
    this.#engine = engine;
    this.#scheduler = open.scheduler;
    this.#limits = limits;
    this.#queue = new WriteQueue({
      scheduler: open.scheduler,
      limits,
      commit: (writes) => this.#commit(writes),
      onHealth: open.onHealth ?? (() => undefined),
    });
  }

  get term(): number {
    return this.witness.term;
  }

  get health(): StoreHealth {
    return this.#queue.health;
  }

  get counters(): StoreCounters {
    return this.#queue.counters;
  }

  putSession(record: SessionRecord, condition: PutSessionCondition): Promise<boolean> {
    const { expectedEpoch, replaced } = condition;
    const { sessionId, playerId, worldId, epoch } = record;
    for (const id of [sessionId, playerId, worldId]) checkId(id);
    check(Number.isSafeInteger(expectedEpoch) && expectedEpoch >= 0, 'expectedEpoch is ≥ 0');
    check(replaced?.sessionId !== sessionId, 'a session does not replace itself');
    const bytes = encodeSessionRecord(record, this.#limits.sessionRecordBytesMax);
    const kind = 'put-session';
    return this.#push({ kind, sessionId, epoch, expectedEpoch, replaced, bytes });
  }

  deleteSession({ sessionId, epoch }: StoredEpoch): Promise<boolean> {
    return this.#push({ kind: 'delete-session', sessionId, epoch });
  }

  putCheckpoint(worldId: WorldId, checkpoint: StoredTick): Promise<void> {
    return this.#pushTick('put-checkpoint', worldId, checkpoint);
  }

  appendJournal(worldId: WorldId, record: StoredTick): Promise<void> {
    return this.#pushTick('append-journal', worldId, record);
  }

  deleteWorld(worldId: WorldId): Promise<void> {
    return this.#pushWorld({ kind: 'delete-world', worldId });
  }

  /** The engine has noticed between two commits that the next would fail. */
  noteFailure(cause: unknown): void {
    this.#queue.noteFailure(cause);
  }

  /** The engine has noticed between two commits that the store is somebody else's. */
  lose(error: HoldfastError): void {
    this.#queue.lose(error);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Bounded: a disk that doesn't answer must not keep a server from stopping. */
  #close(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#scheduler.setTimer(this.#limits.closeTimeoutMs, () => {
        const message = 'the store was closed before the disk answered';
        this.#queue.abandon(new HoldfastError('store-write-failed', message));
        resolve();
      });
      const closing = this.#finish().finally(() => timer.cancel());
      closing.then(resolve, reject);
    });
  }

  async #finish(): Promise<void> {
    await this.#queue.end(new HoldfastError('already-stopped', 'the store is closed'));
    await this.#engine.close();
  }

  #pushTick(
    kind: 'put-checkpoint' | 'append-journal',
    worldId: WorldId,
    { tick, bytes }: StoredTick,
  ): Promise<void> {
    checkId(worldId);
    check(Number.isSafeInteger(tick) && tick >= 0, 'a tick is a whole number ≥ 0');
    return this.#pushWorld({ kind, worldId, tick, bytes: sealBytes(bytes) });
  }

  /** Resolves with nothing: there is no condition that could not hold. */
  #pushWorld(write: WorldWrite): Promise<void> {
    const promise = this.#push(write).then(() => undefined);
    promise.catch(() => undefined);
    return promise;
  }

  #push(write: StoreWrite): Promise<boolean> {
    if (this.#closing !== undefined)
      throw new HoldfastError('already-stopped', 'the store is closed');
    return this.#queue.push(write);
  }

  async #commit(writes: readonly StoreWrite[]): Promise<readonly WriteOutcome[]> {
    await this.#resolveDoubts(writes);
    const outcomes = writes.map((write) => this.#judge(write));
    const accepted = writes.filter((_, index) => outcomes[index] === true);
    try {
      if (accepted.length > 0) await this.#engine.commit(accepted);
    } catch (error) {
      this.#sessions.doubt();
      this.#worlds.doubt();
      throw error;
    }
    this.#sessions.commit();
    this.#worlds.commit();
    return outcomes;
  }

  #judge(write: StoreWrite): WriteOutcome {
    if (isSessionWrite(write)) return this.#sessions.judge(write);
    if (this.#worlds.judge(write)) return true;
    const problem =
      write.kind === 'append-journal'
        ? 'a tick before it is missing; the journal goes on after the next checkpoint'
        : 'a newer checkpoint is stored';
    return new HoldfastError('store-write-failed', problem);
  }

  /** Reads again what a failed commit may or may not have written. */
  async #resolveDoubts(writes: readonly StoreWrite[]): Promise<void> {
    for (const write of writes) {
      if (!isSessionWrite(write)) {
        const { worldId } = write;
        if (!this.#worlds.isUnknown(worldId)) continue;
        this.#worlds.learn(worldId, await this.#engine.loadTicks(worldId));
        continue;
      }
      for (const sessionId of this.#sessions.unknownOf(write)) {
        const bytes = await this.#engine.loadSession(sessionId);
        const epoch = bytes === undefined ? 0 : decodeSessionRecord(bytes).epoch;
        this.#sessions.learn({ sessionId, epoch });
      }
    }
  }
}

function decodeWorld({ worldId, checkpoint, journal }: WorldBytes): StoredWorld {
  const world: StoredWorld = {
    worldId,
    checkpoint: openTick(checkpoint, `the checkpoint of world '${worldId}'`),
    journal: journal.map((record) =>
      openTick(record, `tick ${record.tick} of the journal of world '${worldId}'`),
    ),
  };
  let { tick } = world.checkpoint;
  for (const record of world.journal) {
    if (record.tick !== tick + 1) {
      const message = `tick ${tick + 1} of the journal of world '${worldId}' is missing`;
      throw new HoldfastError('store-corrupt', message);
    }
    ({ tick } = record);
  }
  return world;
}

function openTick({ tick, bytes }: StoredTick, what: string): StoredTick {
  return { tick, bytes: openSealedBytes(bytes, what) };
}

function checkId(id: string): void {
  check(id.length <= STORED_ID_LENGTH_MAX, `an id has at most ${STORED_ID_LENGTH_MAX} units`);
}

function check(condition: boolean, truth: string): void {
  if (!condition)
    throw new HoldfastError('invalid-argument', `the store was asked wrongly: ${truth}`);
}
