/**
 * Calls once per input tick: the moment to say what the player does in it.
 * One timer whose deadline is corrected each time; after a throttled tab it skips, never bursts.
 * Must not know: what is sent then.
 */
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import type { InputPacer } from './input-pacer.ts';

/** Shorter waits are rounding: a timer that is due at once could keep time from moving. */
const WAIT_MS_MIN = 0.25;

export interface InputTickerOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly pacer: InputPacer;
  readonly tickRateHz: number;
  readonly onTick: (tick: number) => void;
}

export class InputTicker {
  readonly #options: InputTickerOptions;
  #timer: Timer | undefined;
  #lastTick = 0;

  constructor(options: InputTickerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer ??= this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): Timer {
    const { clock, scheduler, pacer, tickRateHz } = this.#options;
    const periodMs = 1_000 / tickRateHz;
    const now = clock.now();
    const next = (pacer.tickAt(now) ?? 0) + 1;
    // Looks again after a period at the latest: the estimate may have moved by then.
    const waitMs = Math.min(periodMs, pacer.msUntil(next, now) ?? periodMs);
    return scheduler.setTimer(Math.max(WAIT_MS_MIN, waitMs), () => this.#handleTimer());
  }

  #handleTimer(): void {
    // Armed before the call: a listener may stop the ticker.
    this.#timer = this.#arm();
    const tick = this.#options.pacer.tickAt(this.#options.clock.now());
    if (tick === undefined || tick <= this.#lastTick) return;
    this.#lastTick = tick;
    this.#options.onTick(tick);
  }
}
