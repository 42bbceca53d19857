/**
 * An opened store that tells of each promise it makes: virtual time lets promises settle only where
 * it knows that somebody waits. In: a host's calls. Out: the same calls, answers and errors.
 */
import type { WorldId } from '../protocol/ids.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type {
  OpenedStore,
  PutSessionCondition,
  StoreCounters,
  StoredEpoch,
  StoredTick,
  StoreHealth,
  StoreWitness,
} from '../store/session-store.ts';

export class TrackedStore implements OpenedStore {
  readonly #store: OpenedStore;
  readonly #note: (promise: Promise<unknown>) => void;

  constructor(store: OpenedStore, note: (promise: Promise<unknown>) => void) {
    this.#store = store;
    this.#note = note;
  }

  get term(): number {
    return this.#store.term;
  }

  get witness(): StoreWitness {
    return this.#store.witness;
  }

  get health(): StoreHealth {
    return this.#store.health;
  }

  get counters(): StoreCounters {
    return this.#store.counters;
  }

  putSession(record: SessionRecord, condition: PutSessionCondition): Promise<boolean> {
    return this.#noted(this.#store.putSession(record, condition));
  }

  deleteSession(session: StoredEpoch): Promise<boolean> {
    return this.#noted(this.#store.deleteSession(session));
  }

  putCheckpoint(worldId: WorldId, checkpoint: StoredTick): Promise<void> {
    return this.#noted(this.#store.putCheckpoint(worldId, checkpoint));
  }

  appendJournal(worldId: WorldId, record: StoredTick): Promise<void> {
    return this.#noted(this.#store.appendJournal(worldId, record));
  }

  deleteWorld(worldId: WorldId): Promise<void> {
    return this.#noted(this.#store.deleteWorld(worldId));
  }

  close(): Promise<void> {
    return this.#noted(this.#store.close());
  }

  #noted<Value>(promise: Promise<Value>): Promise<Value> {
    this.#note(promise);
    return promise;
  }
}
