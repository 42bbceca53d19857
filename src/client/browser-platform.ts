/**
 * The seams of the client on a real platform: browsers, and Node, which has the same globals.
 * Out: monotonic clock, timers, deferral by a macrotask, the platform's CSPRNG, network status.
 * Must not know: sessions, connections; nothing else in client/ may touch these globals.
 */
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import type { RandomSource } from '../base/random-source.ts';
import { browserNetworkTo } from './browser-network.ts';

/**
 * Runs callbacks in macrotasks of their own. A MessageChannel, because timers are throttled in
 * hidden tabs and microtasks would run before the bytes that are already there. The channel lives
 * only while something waits: an open port would keep a Node process alive.
 */
class MacrotaskQueue {
  readonly #waiting: (() => void)[] = [];
  #channel: MessageChannel | undefined;

  push(callback: () => void): void {
    this.#waiting.push(callback);
    this.#channel ??= this.#openChannel();
    this.#channel.port2.postMessage(undefined);
  }

  #openChannel(): MessageChannel {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const callback = this.#waiting.shift();
      if (this.#waiting.length === 0) this.#closeChannel();
      callback?.();
    };
    return channel;
  }

  #closeChannel(): void {
    this.#channel?.port1.close();
    this.#channel = undefined;
  }
}

/** A one-shot timer on the platform's, which may fire up to a millisecond too early. */
class PlatformTimer implements Timer {
  readonly #deadline: number;
  readonly #callback: () => void;
  #handle: ReturnType<typeof setTimeout>;

  constructor(delayMs: number, callback: () => void) {
    this.#deadline = performance.now() + delayMs;
    this.#callback = callback;
    this.#handle = this.#wait(delayMs);
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  #wait(delayMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#handleTimeout(), Math.ceil(delayMs));
  }

  #handleTimeout(): void {
    const restMs = this.#deadline - performance.now();
    if (restMs > 0) this.#handle = this.#wait(restMs);
    else this.#callback();
  }
}

const macrotasks = new MacrotaskQueue();

const clock: Clock = { now: () => performance.now() };

const scheduler: Scheduler = {
  setTimer: (delayMs, callback) => new PlatformTimer(delayMs, callback),
  defer: (callback) => macrotasks.push(callback),
};

const random: RandomSource = {
  fillBytes: (target) => {
    crypto.getRandomValues(target as Uint8Array<ArrayBuffer>);
  },
};

/** Tells the developer about an error that nobody else takes; never throws. */
function reportError(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else console.error(error);
}

export const browserPlatform = {
  clock,
  scheduler,
  random,
  reportError,
  networkTo: browserNetworkTo,
} as const;
