/**
 * The heartbeats of one connection that wait for their answer: nonce and time of sending.
 * Bounded: the oldest is forgotten, so its late answer is an unknown nonce.
 */
import type { RandomSource } from '../base/random-source.ts';
import { randomHex } from '../base/random-source.ts';

/** 8 heartbeats go out in the first 2 s; twice that covers any sane round trip. */
const OUTSTANDING_MAX = 16;
const NONCE_BYTES = 8;

interface Outstanding {
  readonly nonce: string;
  /** Monotonic ms. */
  readonly sentAt: number;
}

export class HeartbeatLedger {
  readonly #random: RandomSource;
  /**
   * The oldest first; mostly one or none. Deliberate: a new array of just that length for each
   * change. A map that runs empty leaves its old table, and all in it, to the next full collection.
   */
  #outstanding: readonly Outstanding[] = [];

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Notes one sent at `now` (monotonic ms) and returns its nonce. */
  issue(now: number): string {
    const nonce = randomHex(this.#random, NONCE_BYTES);
    const kept = this.#outstanding.slice(1 - OUTSTANDING_MAX);
    this.#outstanding = [...kept, { nonce, sentAt: now }];
    return nonce;
  }

  /** When the heartbeat with this nonce was sent; undefined for an unknown or answered one. */
  settle(nonce: string): number | undefined {
    const index = this.#outstanding.findIndex((each) => each.nonce === nonce);
    const sentAt = this.#outstanding[index]?.sentAt;
    if (index !== -1) this.#outstanding = this.#outstanding.toSpliced(index, 1);
    return sentAt;
  }
}
