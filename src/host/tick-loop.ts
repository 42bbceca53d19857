/**
 * Calls once per tick, on deadlines that don't drift: tick n is due at start + n × interval.
 * In: clock, scheduler. Out: `onTick(steps)`, always from `defer`, so bytes that are ready are read
 * before the tick judges silence. After a stall at most `catchUpStepsMax` steps run, the rest of
 * the lost time is dropped and counted. Must not know: worlds, sessions.
 */
import type { Clock, Scheduler, Timer } from '../base/clock.ts';

export interface TickLoopOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly intervalMs: number;
  readonly catchUpStepsMax: number;
  /** `steps` ≥ 1 ticks have become due since the last call. */
  readonly onTick: (steps: number) => void;
}

export class TickLoop {
  readonly #options: TickLoopOptions;
  #timer: Timer | undefined;
  #isRunning = false;
  #nextDeadline = 0;
  #droppedSteps = 0;

  constructor(options: TickLoopOptions) {
    this.#options = options;
  }

  /** Steps that a stall cost, since the start. */
  get droppedSteps(): number {
    return this.#droppedSteps;
  }

  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#nextDeadline = this.#options.clock.now() + this.#options.intervalMs;
    this.#arm();
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** How far the next tick has come, in ticks: 0 = the last one has just run; > 1 = it is late. */
  fraction(): number {
    const { clock, intervalMs } = this.#options;
    return Math.max(0, 1 - (this.#nextDeadline - clock.now()) / intervalMs);
  }

  #arm(): void {
    const delayMs = Math.max(0, Math.ceil(this.#nextDeadline - this.#options.clock.now()));
    this.#timer = this.#options.scheduler.setTimer(delayMs, () => {
      this.#options.scheduler.defer(() => this.#run());
    });
  }

  #run(): void {
    if (!this.#isRunning) return;
    const { clock, intervalMs, catchUpStepsMax } = this.#options;
    const due = Math.floor((clock.now() - this.#nextDeadline) / intervalMs) + 1;
    if (due > 0) {
      this.#nextDeadline += due * intervalMs;
      const steps = Math.min(due, catchUpStepsMax);
      this.#droppedSteps += due - steps;
      this.#options.onTick(steps);
    }
    if (this.#isRunning) this.#arm();
  }
}
