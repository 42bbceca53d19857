/**
 * What waits to be written to one connection. The reliable lane keeps all, in order, up to a bound;
 * the sync lane keeps the latest of each key, so a slow reader gets newer state, never more of it.
 * In: payloads. Out: one gathered write per flush. Must not know: sessions, what bytes mean.
 */
import { clearArray } from '../base/clear-array.ts';
import type { OutboundPayload, TransportConnection } from '../transport/transport.ts';

export interface OutboundQueueLimits {
  /** Reliable bytes queued or not yet taken by the network. */
  readonly reliableQueueBytesMax: number;
  /** Above this many untaken bytes the sync lane waits (and is replaced by newer). */
  readonly syncBufferedBytesMax: number;
}

/** Sync bytes; whoever asked is told when those with a stamp are written. */
export interface StampedPayload extends OutboundPayload {
  readonly stamp?: number;
}

export class OutboundQueue {
  readonly #connection: TransportConnection;
  readonly #limits: OutboundQueueLimits;
  #reliable: OutboundPayload[] = [];
  #reliableBytes = 0;
  /** Empty, for what is queued while `#reliable` is written. */
  #spare: OutboundPayload[] = [];
  /** `#keys[i]` is the key of `#latest[i]`; a handful, so a search costs less than a map. */
  readonly #keys: string[] = [];
  readonly #latest: StampedPayload[] = [];
  readonly #onWritten: (stamp: number) => void;
  #coalesced = 0;

  /** `onWritten` is told the stamp of what was really written, not of what a newer one replaced. */
  constructor(
    connection: TransportConnection,
    limits: OutboundQueueLimits,
    onWritten: (stamp: number) => void = () => undefined,
  ) {
    this.#connection = connection;
    this.#limits = limits;
    this.#onWritten = onWritten;
  }

  /** Bytes of ours that the network has not taken. */
  get pendingBytes(): number {
    return this.#reliableBytes + this.#connection.bufferedBytes;
  }

  /** Sync payloads that a newer one replaced before they were written. */
  get coalesced(): number {
    return this.#coalesced;
  }

  /** False, and nothing is queued, when the bound is reached: the peer reads too slowly. */
  pushReliable(payload: OutboundPayload): boolean {
    if (this.pendingBytes + payload.bytes.length > this.#limits.reliableQueueBytesMax) return false;
    this.#reliable.push(payload);
    this.#reliableBytes += payload.bytes.length;
    return true;
  }

  /** Replaces what waits under the same key. */
  putLatest(key: string, payload: StampedPayload): void {
    const index = this.#keys.indexOf(key);
    if (index === -1) {
      this.#keys.push(key);
      this.#latest.push(payload);
    } else {
      this.#coalesced += 1;
      this.#latest[index] = payload;
    }
  }

  /** Writes the reliable lane, then the sync lane unless the network is behind. */
  flush(): void {
    this.#gatherLatest();
    const payloads = this.#reliable;
    if (payloads.length === 0) return;
    this.#reliable = this.#spare;
    this.#reliableBytes = 0;
    this.#connection.write(payloads);
    clearArray(payloads);
    this.#spare = payloads;
  }

  /** The last flush: what waits on both lanes, then `payload`, if the peer's bound has room. */
  flushWithLast(payload: OutboundPayload): void {
    const hasRoom = this.pendingBytes + payload.bytes.length <= this.#limits.reliableQueueBytesMax;
    this.#gatherLatest();
    if (hasRoom) this.#reliable.push(payload);
    this.flush();
  }

  #gatherLatest(): void {
    if (this.#latest.length === 0) return;
    if (this.#connection.bufferedBytes > this.#limits.syncBufferedBytesMax) return;
    for (const payload of this.#latest) {
      this.#reliable.push(payload);
      if (payload.stamp !== undefined) this.#onWritten(payload.stamp);
    }
    clearArray(this.#keys);
    clearArray(this.#latest);
  }
}
