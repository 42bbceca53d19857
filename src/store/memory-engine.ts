/**
 * The engine of a memory store: commits change an image in one instant, after the delay and with
 * the fault that they are given. In: writes, fates. Out: the image, changed.
 */
import type { Scheduler } from '../base/clock.ts';
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { MemoryImage } from './memory-image.ts';
import type { StoreBytes, StoreEngine, WorldTicks } from './store-engine.ts';
import type { StoreWrite } from './store-write.ts';

/** How one commit goes. */
export interface CommitFate {
  /** How long it takes; Infinity = it never ends. Default 0. */
  readonly delayMs?: number;
  /** `nothing-written`: it fails. `answer-lost`: it is written, and fails all the same. */
  readonly fault?: 'nothing-written' | 'answer-lost' | undefined;
}

export interface MemoryEngineOptions {
  readonly image: MemoryImage;
  readonly scheduler: Scheduler;
  readonly drawFate: () => CommitFate;
  readonly onClosed: () => void;
}

export class MemoryEngine implements StoreEngine {
  readonly #options: MemoryEngineOptions;
  #isDead = false;

  constructor(options: MemoryEngineOptions) {
    this.#options = options;
  }

  /** From now on it never answers and never writes. */
  die(): void {
    this.#isDead = true;
  }

  commit(writes: readonly StoreWrite[]): Promise<void> {
    const { image, scheduler, drawFate } = this.#options;
    const { delayMs = 0, fault } = drawFate();
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        if (this.#isDead) return;
        if (fault !== 'nothing-written') for (const write of writes) image.apply(write);
        if (fault === undefined) resolve();
        else reject(new Error(`the disk failed: ${fault}`));
      };
      if (delayMs === 0) finish();
      else if (delayMs !== Infinity) scheduler.setTimer(delayMs, finish);
    });
  }

  async load(): Promise<StoreBytes> {
    return this.#options.image.read();
  }

  async loadSession(sessionId: SessionId): Promise<Uint8Array | undefined> {
    return this.#options.image.readSession(sessionId);
  }

  async loadTicks(worldId: WorldId): Promise<WorldTicks | undefined> {
    return this.#options.image.readTicks(worldId);
  }

  async close(): Promise<void> {
    this.#isDead = true;
    this.#options.onClosed();
  }
}
