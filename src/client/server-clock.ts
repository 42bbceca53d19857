/**
 * The server's tick as it is there now, and the round trip to it.
 * In: heartbeats and snapshots with their time of arrival. Out: an estimate of the server's tick.
 * Must not know: inputs, views, connections.
 */
import type { Heartbeat } from '../protocol/messages.ts';
import { TickTimeline } from './tick-timeline.ts';

/** What a hostile or broken server may at most make us believe. */
const ROUND_TRIP_MS_MAX = 10_000;
/** Round trips whose smallest counts: 8 heartbeats, 2 s after login, 16 s later. */
const ROUND_TRIPS_KEPT = 8;
/**
 * How long the estimate is trusted with nothing heard: an input further from what the player saw
 * is a guess, and after a stall of the server its tick would lie in the future for as long.
 */
const UNHEARD_MS_MAX = 500;
const UNHEARD_TICKS_MAX = 5;

export interface ServerClockOptions {
  readonly tickRateHz: number;
  /** At most how long the first round trip took; counts until one has been measured. */
  readonly handshakeMs?: number | undefined;
}

export class ServerClock {
  readonly #ticksPerMs: number;
  readonly #timeline: TickTimeline;
  readonly #handshakeMs: number;
  #roundTripsMs: readonly number[] = [];

  constructor(options: ServerClockOptions) {
    this.#ticksPerMs = options.tickRateHz / 1_000;
    this.#timeline = new TickTimeline(options);
    this.#handshakeMs = options.handshakeMs ?? 0;
    this.#timeline.setLead(this.uplinkTicks, 0);
  }

  /** As last told by the server; undefined before its first measurement. */
  get roundTripTimeMs(): number | undefined {
    return this.#roundTripsMs.at(-1);
  }

  /** How long a message travels to the server, in ticks: half the smallest of the last trips. */
  get uplinkTicks(): number {
    const { length } = this.#roundTripsMs;
    const roundTripMs = length === 0 ? this.#handshakeMs : Math.min(...this.#roundTripsMs);
    return (roundTripMs / 2) * this.#ticksPerMs;
  }

  observeHeartbeat(heartbeat: Heartbeat, now: number): void {
    if (heartbeat.roundTripTimeMs > 0) {
      const roundTripMs = Math.min(heartbeat.roundTripTimeMs, ROUND_TRIP_MS_MAX);
      this.#roundTripsMs = [...this.#roundTripsMs, roundTripMs].slice(-ROUND_TRIPS_KEPT);
    }
    this.#timeline.setLead(this.uplinkTicks, now);
    this.#timeline.observe(heartbeat.serverTick + heartbeat.tickFraction, now);
  }

  /** A snapshot leaves right after its tick ran: a sample as good, and twenty times as often. */
  observeSnapshot(tick: number, now: number): void {
    this.#timeline.observe(tick, now);
  }

  /** The server's tick at this instant, fractional; undefined before anything was heard. */
  tickAt(now: number): number | undefined {
    return this.#timeline.tickAt(now);
  }

  /** False when so long nothing was heard that the estimate may be off by many ticks. */
  isTrusted(now: number): boolean {
    const unheardMsMax = Math.max(UNHEARD_MS_MAX, UNHEARD_TICKS_MAX / this.#ticksPerMs);
    return now - this.#timeline.observedAt <= unheardMsMax;
  }
}
