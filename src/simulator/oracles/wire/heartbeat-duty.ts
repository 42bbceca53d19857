/**
 * The heartbeats of one connection: the first with LoginAccepted, then every 250 ms for 2 s, then
 * every interval, counted from the instant that was due, one at once after a stall, one out of turn
 * when somebody else is refused the seat; a nonce that is nobody else's; the round trip of the
 * newest answer. In: passes, heartbeats, answers. Out: what is wrong with them.
 */
import type { Heartbeat } from '../../../protocol/messages.ts';

const BURST_MS = 250;
const BURST_COUNT = 8;
const OUTSTANDING_MAX = 16;
/** A shot may look back by the worst of so many round trips. */
const ROUND_TRIPS_KEPT = 4;
/** 0 = none yet. */
const MEASURED_MS_MIN = 0.001;
/** 64 bits in hexadecimal. */
const NONCE = /^[0-9a-f]{16,}$/;

export interface HeartbeatDutyOptions {
  readonly loggedInAt: number;
  readonly intervalMs: number;
  readonly nonces: Set<string>;
  /** L18: when somebody else was refused because of this one, oldest first. Default: never. */
  readonly askedAt?: readonly number[];
}

export class HeartbeatDuty {
  readonly #intervalMs: number;
  /** Of the whole run. */
  readonly #nonces: Set<string>;
  readonly #sentAt = new Map<string, number>();
  #burstLeft = BURST_COUNT;
  #dueAt: number;
  #roundTripMs = 0;
  #lastRoundTripsMs: number[] = [];
  #sentCount = 0;
  #lastSentAt = -Infinity;
  #sentBeforeLast = -Infinity;
  /** When somebody else wanted the seat, oldest first; and how many of them have been heeded. */
  readonly #askedAt: readonly number[];
  #asksHeeded = 0;
  /** When one may be owed out of turn, or not. */
  #perhapsAt = Infinity;

  constructor(options: HeartbeatDutyOptions) {
    this.#intervalMs = options.intervalMs;
    this.#nonces = options.nonces;
    this.#askedAt = (options.askedAt ?? []).filter((at) => at >= options.loggedInAt);
    this.#dueAt = options.loggedInAt + this.#stepMs();
  }

  handleSent({ nonce, roundTripTimeMs }: Heartbeat, at: number): string | undefined {
    this.#sentCount += 1;
    this.#sentBeforeLast = this.#lastSentAt;
    this.#lastSentAt = at;
    if (this.#sentAt.size >= OUTSTANDING_MAX) {
      const [oldest] = this.#sentAt.keys();
      if (oldest !== undefined) this.#sentAt.delete(oldest);
    }
    this.#sentAt.set(nonce, at);
    if (this.#nonces.has(nonce)) return `a heartbeat has the nonce ${nonce} of another`;
    this.#nonces.add(nonce);
    if (!NONCE.test(nonce)) return `a heartbeat has the nonce '${nonce}', which can be guessed`;
    if (roundTripTimeMs === Math.fround(this.#roundTripMs)) return undefined;
    return `a heartbeat tells a round trip of ${roundTripTimeMs} ms, not ${this.#roundTripMs}`;
  }

  /** An answer that was admitted. */
  handleAnswered(nonce: string, at: number): void {
    const sentAt = this.#sentAt.get(nonce);
    if (sentAt === undefined) return;
    this.#sentAt.delete(nonce);
    this.#roundTripMs = Math.max(MEASURED_MS_MIN, at - sentAt);
    this.#lastRoundTripsMs = [this.#roundTripMs, ...this.#lastRoundTripsMs];
    this.#lastRoundTripsMs.splice(ROUND_TRIPS_KEPT);
  }

  /** Of the newest four; 0 before the first. */
  get worstRoundTripMs(): number {
    return Math.max(0, ...this.#lastRoundTripsMs);
  }

  /** After a pass: `sent` heartbeats went out in it. */
  handlePass(at: number, sent: number, hasStalled: boolean): string | undefined {
    this.#heedAsks(at);
    // Asked in the very instant of a heartbeat, before it or after it.
    if (sent > 0 && at < this.#dueAt && this.#perhapsAt <= at) this.#dueAt = this.#perhapsAt;
    const isLeft = sent === 0 && this.#askedAt[this.#asksHeeded - 1] === at;
    if (this.#perhapsAt <= at) this.#perhapsAt = Infinity;
    const owed = this.#takeOwed(at, hasStalled) ? 1 : 0;
    if (isLeft) this.#perhapsAt = at;
    if (this.#sentCount === 0) return 'no heartbeat came with LoginAccepted';
    return sent === owed ? undefined : `${sent} heartbeats are sent, ${owed} owed`;
  }

  /** L18: one is owed out of turn, yet not sooner than a burst's step after the last. */
  #heedAsks(until: number): void {
    for (let askedAt = this.#askedAt[this.#asksHeeded]; askedAt !== undefined;) {
      if (askedAt > until) return;
      const last = this.#lastSentAt < askedAt ? this.#lastSentAt : this.#sentBeforeLast;
      const soonest = Math.max(askedAt, last + BURST_MS);
      const isUnsure = soonest <= until && (askedAt === until || askedAt === this.#lastSentAt);
      if (isUnsure) this.#perhapsAt = soonest;
      else this.#dueAt = Math.min(this.#dueAt, soonest);
      askedAt = this.#askedAt[(this.#asksHeeded += 1)];
    }
  }

  #takeOwed(at: number, hasStalled: boolean): boolean {
    if (hasStalled) {
      this.#dueAt = at + this.#stepMs();
      return true;
    }
    if (at < this.#dueAt) return false;
    const stepMs = this.#stepMs();
    const next = this.#dueAt + stepMs;
    // Deliberate: whoever comes very late owes one, not all.
    this.#dueAt = next <= at ? at + stepMs : next;
    return true;
  }

  #stepMs(): number {
    const isBurst = this.#burstLeft > 0 && BURST_MS < this.#intervalMs;
    this.#burstLeft = Math.max(0, this.#burstLeft - 1);
    return isBurst ? BURST_MS : this.#intervalMs;
  }
}
