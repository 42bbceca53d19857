/**
 * When each logged-in session is due for a heartbeat: the first goes out with LoginAccepted, then
 * one every 250 ms for 2 s (clock sync settles on many samples), then one every interval.
 * In: slots, instants. Out: slots that are due; when the last heartbeat was sent.
 * Must not know: nonces, ticks, who sends.
 */
import { hasPassed } from '../base/clock.ts';
import { TimingWheel } from '../base/timing-wheel.ts';

/** lifecycle-rules, "Heartbeats": every 250 ms for 2 s. */
const BURST_INTERVAL_MS = 250;
const BURST_COUNT = 8;
const SLOTS_AT_FIRST = 64;

export class HeartbeatSchedule {
  readonly #intervalMs: number;
  readonly #wheel: TimingWheel;
  /** Columns by slot. */
  #dueAt = new Float64Array(SLOTS_AT_FIRST);
  #sentAt = new Float64Array(SLOTS_AT_FIRST);
  #burstLeft = new Uint8Array(SLOTS_AT_FIRST);

  constructor(options: { readonly now: number; readonly intervalMs: number }) {
    this.#intervalMs = options.intervalMs;
    this.#wheel = new TimingWheel({ now: options.now });
  }

  /** A session logs in, or continues on a new connection. */
  start(slot: number, now: number): void {
    if (slot >= this.#dueAt.length) this.#grow(slot + 1);
    this.#burstLeft[slot] = BURST_COUNT;
    this.#sentAt[slot] = Number.NaN;
    this.#armNext(slot, now, now);
  }

  stop(slot: number): void {
    this.#wheel.disarm(slot);
  }

  /** A heartbeat goes out now, out of turn; the next one is a full step away. */
  restart(slot: number, now: number): void {
    this.#armNext(slot, now, now);
  }

  /**
   * One is owed out of turn: it is due at the next collection, and the steps go on from there. Yet
   * not sooner than a burst's step after the last: whoever asks at each tick would have the peer
   * answer so many that those on their way are forgotten, and its life with them.
   */
  owe(slot: number, now: number): void {
    const earliest = (this.lastSentAt(slot) ?? -Infinity) + BURST_INTERVAL_MS;
    const dueAt = Math.min(this.#dueAt[slot]!, Math.max(now, earliest));
    this.#dueAt[slot] = dueAt;
    this.#wheel.arm(slot, dueAt);
  }

  /** Appends the slots that are due, and sets the next instant of each. */
  collectDue(now: number, slots: number[]): void {
    const first = slots.length;
    this.#wheel.collectDue(now, slots);
    for (let index = first; index < slots.length; index += 1) {
      const slot = slots[index]!;
      this.#armNext(slot, this.#dueAt[slot]!, now);
    }
  }

  sent(slot: number, now: number): void {
    this.#sentAt[slot] = now;
  }

  /** When the last heartbeat of this connection was sent (monotonic ms); undefined before. */
  lastSentAt(slot: number): number | undefined {
    const sentAt = this.#sentAt[slot];
    return sentAt === undefined || Number.isNaN(sentAt) ? undefined : sentAt;
  }

  /** Counts from the instant that was due, so late evaluations don't add up; never a volley. */
  #armNext(slot: number, from: number, now: number): void {
    const burstLeft = this.#burstLeft[slot]!;
    const inBurst = burstLeft > 0 && BURST_INTERVAL_MS < this.#intervalMs;
    const stepMs = inBurst ? BURST_INTERVAL_MS : this.#intervalMs;
    if (burstLeft > 0) this.#burstLeft[slot] = burstLeft - 1;
    const next = from + stepMs;
    const dueAt = hasPassed(next, now) ? now + stepMs : next;
    this.#dueAt[slot] = dueAt;
    this.#wheel.arm(slot, dueAt);
  }

  #grow(slotsMin: number): void {
    const length = Math.max(slotsMin, 2 * this.#dueAt.length);
    const [dueAt, sentAt, burstLeft] = [this.#dueAt, this.#sentAt, this.#burstLeft];
    this.#dueAt = new Float64Array(length);
    this.#sentAt = new Float64Array(length);
    this.#burstLeft = new Uint8Array(length);
    this.#dueAt.set(dueAt);
    this.#sentAt.set(sentAt);
    this.#burstLeft.set(burstLeft);
  }
}
