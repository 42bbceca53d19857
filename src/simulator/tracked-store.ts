/**
 * An opened store that tells of each promise it makes: virtual time lets promises settle only where
 * it knows that somebody waits. In: a host's calls. Out: the same calls, answers and errors.
 */
import type { WorldId } from '../protocol/ids.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type {
  OpenedStore,
  PutSessionCondition,
  SessionStore,
  StoreCounters,
  StoredEpoch,
  StoredTick,
  StoreHealth,
  StoreOpening,
  StoreOpenOptions,
  StoreWitness,
} from '../store/session-store.ts';

/** A store whose openings are tracked, too: for the host that is given it. */
export class TrackedSessionStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #note: (promise: Promise<unknown>) => void;

  constructor(store: SessionStore, note: (promise: Promise<unknown>) => void) {
    this.#store = store;
    this.#note = note;
  }

  get name(): string {
    return this.#store.name;
  }

  async open(options: StoreOpenOptions): Promise<StoreOpening> {
    const opening = this.#store.open(options);
    this.#note(opening);
    const { store, contents } = await opening;
    return { store: new TrackedStore(store, this.#note), contents };
  }
}

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
