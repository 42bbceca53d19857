/**
 * The engine of an LMDB store: one transaction for each commit, made only while the term is ours,
 * and a beat for contenders who can't see our process. Layout: lmdb-key.ts.
 * In: writes. Out: bytes on the disk.
 */
import type { Scheduler, Timer } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { LmdbDatabase, LmdbTransaction } from './lmdb-database.ts';
import { META_KEY, encodeKey, idOfKey, tableRange, tickOfKey, tickRange } from './lmdb-key.ts';
import { decodeMeta, encodeMeta } from './lmdb-meta.ts';
import type { LmdbMeta } from './lmdb-meta.ts';
import type { StoreBytes, StoreEngine, WorldBytes, WorldTicks } from './store-engine.ts';
import type { StoredTick } from './session-store.ts';
import type { StoreWrite } from './store-write.ts';

export interface LmdbEngineOptions {
  readonly database: LmdbDatabase;
  readonly term: number;
  readonly scheduler: Scheduler;
  readonly beatIntervalMs: number;
  /** The store has no owner any more. */
  readonly onReleased: () => Promise<void>;
  /** The disk fails, though nobody may have asked for anything. */
  readonly onFailed: (error: unknown) => void;
  /** Another process has taken the store over. */
  readonly onLost: (error: HoldfastError) => void;
}

export class LmdbEngine implements StoreEngine {
  readonly #options: LmdbEngineOptions;
  #beatTimer: Timer | undefined;
  #beating: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: LmdbEngineOptions) {
    this.#options = options;
    this.#armBeat();
  }

  async commit(writes: readonly StoreWrite[]): Promise<void> {
    await this.#options.database.transaction((transaction) => {
      this.#readOwnMeta(transaction);
      for (const write of writes) applyWrite(transaction, write);
    });
  }

  async load(): Promise<StoreBytes> {
    const { database } = this.#options;
    const sessions = Array.from(database.entries(tableRange('session')), ([, bytes]) => bytes);
    const journals = this.#loadJournals();
    const worlds: WorldBytes[] = [];
    for (const [key, bytes] of database.entries(tableRange('checkpoint'))) {
      const worldId = idOfKey(key) as WorldId;
      const checkpoint = { tick: tickOfKey(key), bytes };
      worlds.push({ worldId, checkpoint, journal: journals.get(worldId) ?? [] });
      journals.delete(worldId);
    }
    if (journals.size === 0) return { sessions, worlds };
    throw new HoldfastError('store-corrupt', 'the store has a journal without a checkpoint');
  }

  async loadSession(sessionId: SessionId): Promise<Uint8Array | undefined> {
    return this.#options.database.get(encodeKey('session', sessionId));
  }

  async loadTicks(worldId: WorldId): Promise<WorldTicks | undefined> {
    const { database } = this.#options;
    const [checkpoint] = database.keys(tickRange('checkpoint', worldId));
    if (checkpoint === undefined) return undefined;
    const last = database.keys(tickRange('journal', worldId)).at(-1);
    return { checkpointTick: tickOfKey(checkpoint), lastTick: tickOfKey(last ?? checkpoint) };
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#beatTimer?.cancel();
    await this.#beating;
    const { database, onReleased } = this.#options;
    try {
      await database.transaction((transaction) => {
        const meta = this.#readOwnMeta(transaction);
        transaction.put(META_KEY, encodeMeta({ ...meta, owner: undefined }));
      });
      await onReleased();
    } catch {
      // Lost, full, or no longer there: our process's end says the same.
    }
    await database.close();
  }

  /** Throws `store-lost` when somebody else has opened the store since. */
  #readOwnMeta(transaction: LmdbTransaction): LmdbMeta {
    const bytes = transaction.get(META_KEY);
    const meta = bytes === undefined ? undefined : decodeMeta(bytes);
    const { term } = this.#options;
    if (meta?.term === term) return meta;
    const message = `another process opened the store (term ${meta?.term}); this one had ${term}`;
    throw new HoldfastError('store-lost', message);
  }

  #armBeat(): void {
    const { scheduler, beatIntervalMs } = this.#options;
    this.#beatTimer = scheduler.setTimer(beatIntervalMs, () => {
      this.#beating = this.#beat();
    });
  }

  /** Never rejects. */
  async #beat(): Promise<void> {
    try {
      await this.#options.database.transaction((transaction) => {
        const meta = this.#readOwnMeta(transaction);
        transaction.put(META_KEY, encodeMeta({ ...meta, beat: meta.beat + 1 }));
      });
    } catch (error) {
      const isLost = error instanceof HoldfastError && error.code === 'store-lost';
      if (isLost && !this.#isClosed) this.#options.onLost(error);
      if (isLost) return;
      if (!this.#isClosed) this.#options.onFailed(error);
    }
    if (!this.#isClosed) this.#armBeat();
  }

  #loadJournals(): Map<WorldId, StoredTick[]> {
    const journals = new Map<WorldId, StoredTick[]>();
    for (const [key, bytes] of this.#options.database.entries(tableRange('journal'))) {
      const worldId = idOfKey(key) as WorldId;
      const journal = journals.get(worldId) ?? [];
      journal.push({ tick: tickOfKey(key), bytes });
      journals.set(worldId, journal);
    }
    return journals;
  }
}

function applyWrite(transaction: LmdbTransaction, write: StoreWrite): void {
  switch (write.kind) {
    case 'put-session':
      transaction.put(encodeKey('session', write.sessionId), write.bytes);
      if (write.replaced !== undefined) {
        transaction.remove(encodeKey('session', write.replaced.sessionId));
      }
      break;
    case 'delete-session':
      transaction.remove(encodeKey('session', write.sessionId));
      break;
    case 'put-checkpoint':
      transaction.removeRange(tickRange('checkpoint', write.worldId));
      transaction.removeRange(tickRange('journal', write.worldId, write.tick));
      transaction.put(encodeKey('checkpoint', write.worldId, write.tick), write.bytes);
      break;
    case 'append-journal':
      transaction.put(encodeKey('journal', write.worldId, write.tick), write.bytes);
      break;
    case 'delete-world':
      transaction.removeRange(tickRange('checkpoint', write.worldId));
      transaction.removeRange(tickRange('journal', write.worldId));
      break;
  }
}
