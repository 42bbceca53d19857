/**
 * Which tick the other side has come to, from samples that arrive late by unknown, varying time.
 * In: ticks with their time of arrival. Out: a smooth estimate between and after them.
 * A line of slope `tickRateHz` through the least delayed samples of the last seconds: the
 * minimum-delay filter of NTP (D. Mills, RFC 5905 §10, 2010), over time instead of over counts.
 */
import { SlewedValue } from './slewed-value.ts';
import { WindowedMaximum } from './windowed-maximum.ts';

/** The window, 4 s: at least two heartbeats; clocks drift apart by < 1 ms in it. */
const SLICE_MS = 500;
const SLICES_COUNT = 8;
/** When the last whole second says something else than the window, the window is outdated. */
const RECENT_SLICES_COUNT = 2;
const OUTDATED_MS = 150;
/** Corrections walk at a tenth of the speed of time: invisible, and time never runs backwards. */
const SLEW_RATE = 0.1;
/** After a longer gap (a sleeping computer, a stalled server) the estimate starts anew. */
const JUMP_MS = 500;

export class TickTimeline {
  readonly #ticksPerMs: number;
  /** Tick minus the ticks of our own clock: larger = arrived with less delay. */
  readonly #offsets = new WindowedMaximum({ sliceMs: SLICE_MS, slicesCount: SLICES_COUNT });
  readonly #offset: SlewedValue;
  #lead = 0;
  #observedAt = -Infinity;

  constructor(options: { readonly tickRateHz: number }) {
    this.#ticksPerMs = options.tickRateHz / 1_000;
    this.#offset = new SlewedValue({
      ratePerMs: SLEW_RATE * this.#ticksPerMs,
      jumpDistance: JUMP_MS * this.#ticksPerMs,
    });
  }

  /** When the last sample arrived (monotonic ms); -Infinity before the first. */
  get observedAt(): number {
    return this.#observedAt;
  }

  /** The other side had come to `tick` (may be fractional) when it sent what arrives `now`. */
  observe(tick: number, now: number): void {
    this.#observedAt = now;
    this.#offsets.observe(tick - now * this.#ticksPerMs, now);
    if (this.#isOutdated(now)) this.#offsets.forgetOlder(now, RECENT_SLICES_COUNT);
    this.#aim(now);
  }

  /** How far ahead of the least delayed samples the estimate shall be, in ticks. */
  setLead(leadTicks: number, now: number): void {
    this.#lead = leadTicks;
    if (this.#observedAt > -Infinity) this.#aim(now);
  }

  /** The estimate, fractional; undefined before the first sample. */
  tickAt(now: number): number | undefined {
    const offset = this.#offset.at(now);
    return offset === undefined ? undefined : now * this.#ticksPerMs + offset;
  }

  #isOutdated(now: number): boolean {
    // After a silence the first samples are late together: they say nothing yet.
    if (!this.#offsets.hasPreviousSlice(now)) return false;
    const recent = this.#offsets.maximum(now, RECENT_SLICES_COUNT);
    return this.#offsets.maximum(now) - recent > OUTDATED_MS * this.#ticksPerMs;
  }

  #aim(now: number): void {
    const best = this.#offsets.maximum(now);
    if (best > -Infinity) this.#offset.aimAt(best + this.#lead, now);
  }
}
