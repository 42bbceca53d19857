/**
 * Where the coordinator finds its sessions: by peer, by player, by session id, by slot, and in
 * order of creation. In: records. Out: records. Maps, so that an id such as `__proto__` is an id
 * like any other. Must not know: states, time.
 */
import type { PeerId, PlayerId, SessionId } from '../protocol/ids.ts';
import type { SessionRecord } from './session-record.ts';

export interface SessionPlace {
  readonly creation: number;
  readonly slot: number;
}

export class SessionIndex<Data> {
  readonly #byPeer = new Map<PeerId, SessionRecord<Data>>();
  readonly #byPlayer = new Map<PlayerId, SessionRecord<Data>>();
  /** Insertion order is order of creation: a resume and a takeover set an existing key. */
  readonly #bySession = new Map<SessionId, SessionRecord<Data>>();
  readonly #bySlot: (SessionRecord<Data> | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #createdCount = 0;

  get size(): number {
    return this.#bySession.size;
  }

  get(peerId: PeerId): SessionRecord<Data> | undefined {
    return this.#byPeer.get(peerId);
  }

  getByPlayer(playerId: PlayerId): SessionRecord<Data> | undefined {
    return this.#byPlayer.get(playerId);
  }

  getBySession(sessionId: SessionId): SessionRecord<Data> | undefined {
    return this.#bySession.get(sessionId);
  }

  getBySlot(slot: number): SessionRecord<Data> | undefined {
    return this.#bySlot[slot];
  }

  /** In order of creation; records may be removed and replaced meanwhile. */
  values(): IterableIterator<SessionRecord<Data>> {
    return this.#bySession.values();
  }

  /** A number and a slot for a record that is about to be added. */
  takePlace(): SessionPlace {
    this.#createdCount += 1;
    return { creation: this.#createdCount, slot: this.#freeSlots.pop() ?? this.#bySlot.length };
  }

  add(record: SessionRecord<Data>): void {
    this.#byPeer.set(record.peerId, record);
    this.#bySession.set(record.sessionId, record);
    this.#bySlot[record.slot] = record;
  }

  /** Makes the record the one that its player is found by. */
  addPlayer(record: SessionRecord<Data>): void {
    if (record.playerId !== undefined) this.#byPlayer.set(record.playerId, record);
  }

  /** The successor stands where the older record of the same session stood. */
  replace(older: SessionRecord<Data>, successor: SessionRecord<Data>): void {
    this.#byPeer.delete(older.peerId);
    this.add(successor);
    this.addPlayer(successor);
  }

  remove(record: SessionRecord<Data>): void {
    const { sessionId, peerId, playerId, slot } = record;
    if (this.#byPeer.get(peerId) === record) this.#byPeer.delete(peerId);
    if (playerId !== undefined && this.#byPlayer.get(playerId) === record) {
      this.#byPlayer.delete(playerId);
    }
    this.#bySession.delete(sessionId);
    this.#bySlot[slot] = undefined;
    this.#freeSlots.push(slot);
  }
}
