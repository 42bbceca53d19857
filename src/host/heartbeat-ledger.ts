/**
 * The heartbeats of one connection that wait for their answer: nonce and time of sending.
 * Bounded: the oldest is forgotten, so its late answer is an unknown nonce.
 */
import type { RandomSource } from '../base/random-source.ts';
import { randomHex } from '../base/random-source.ts';

/** 8 heartbeats go out in the first 2 s; twice that covers any sane round trip. */
const OUTSTANDING_MAX = 16;
const NONCE_BYTES = 8;

export class HeartbeatLedger {
  readonly #random: RandomSource;
  readonly #sentAtByNonce = new Map<string, number>();

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Notes one sent at `now` (monotonic ms) and returns its nonce. */
  issue(now: number): string {
    const nonce = randomHex(this.#random, NONCE_BYTES);
    if (this.#sentAtByNonce.size >= OUTSTANDING_MAX) {
      const [oldest] = this.#sentAtByNonce.keys();
      if (oldest !== undefined) this.#sentAtByNonce.delete(oldest);
    }
    this.#sentAtByNonce.set(nonce, now);
    return nonce;
  }

  /** When the heartbeat with this nonce was sent; undefined for an unknown or answered one. */
  settle(nonce: string): number | undefined {
    const sentAt = this.#sentAtByNonce.get(nonce);
    if (sentAt !== undefined) this.#sentAtByNonce.delete(nonce);
    return sentAt;
  }
}
