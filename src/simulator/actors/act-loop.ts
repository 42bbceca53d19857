/**
 * Acts again and again, at uneven intervals of an actor's own stream. In: a scheduler, a period.
 * Out: calls. Must not know: what an act is.
 */
import type { Timer } from '../../base/clock.ts';
import type { ActorOptions } from './actor.ts';

export class ActLoop {
  readonly #options: Pick<ActorOptions, 'scheduler' | 'random'>;
  readonly #periodMs: number;
  readonly #act: () => void;
  #timer: Timer | undefined;

  /** An act every `periodMs` on average: from half of that to one and a half. */
  constructor(
    options: Pick<ActorOptions, 'scheduler' | 'random'>,
    periodMs: number,
    act: () => void,
  ) {
    this.#options = options;
    this.#periodMs = periodMs;
    this.#act = act;
  }

  start(): void {
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const { scheduler, random } = this.#options;
    this.#timer = scheduler.setTimer(this.#periodMs * (0.5 + random()), () => {
      // First the next one: an act may stop the loop.
      this.#arm();
      this.#act();
    });
  }
}
