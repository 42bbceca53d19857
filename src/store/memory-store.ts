/**
 * A store that lasts as long as this object: for tests and simulations, in which a process dies and
 * the disk stays. Give the same one to the next host. A commit takes effect in one instant, in a
 * callback of its owner's scheduler; a host that died before it is as if it had never asked.
 * In: what every store gets. Out: the same. Must not know: hosts, simulators.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { MemoryEngine } from './memory-engine.ts';
import type { CommitFate } from './memory-engine.ts';
import { MemoryImage } from './memory-image.ts';
import { QueuedStore } from './queued-store.ts';
import type { SessionStore, StoreOpening, StoreOpenOptions } from './session-store.ts';
import { validateStoreLimits } from './store-limits.ts';
import type { StoreLimits } from './store-limits.ts';
import { checkWitness, createStoreId } from './store-witness.ts';

export interface MemoryStoreOptions {
  readonly limits?: Partial<StoreLimits>;
  /** Asked once for each commit: how the disk that isn't there behaves. Default: at once, well. */
  readonly drawFate?: () => CommitFate;
}

export class MemoryStore implements SessionStore {
  readonly name = 'memory';
  readonly #limits: StoreLimits;
  readonly #drawFate: () => CommitFate;
  #image = new MemoryImage();
  #owner: MemoryEngine | undefined;

  /** Throws HoldfastError('invalid-configuration'). */
  constructor({ limits = {}, drawFate = () => ({}) }: MemoryStoreOptions = {}) {
    this.#limits = validateStoreLimits(limits);
    this.#drawFate = drawFate;
  }

  async open(options: StoreOpenOptions): Promise<StoreOpening> {
    const image = this.#image;
    if (this.#owner !== undefined) {
      throw new HoldfastError('store-in-use', 'another host has this store, and has not closed it');
    }
    checkWitness(image.witness, options.witness);
    const storeId = image.witness?.storeId ?? createStoreId(options.randomStreams);
    const witness = { storeId, term: (image.witness?.term ?? 0) + 1 };
    image.witness = witness;
    const engine: MemoryEngine = new MemoryEngine({
      image,
      scheduler: options.scheduler,
      drawFate: this.#drawFate,
      onClosed: () => {
        if (this.#owner === engine) this.#owner = undefined;
      },
    });
    this.#owner = engine;
    return QueuedStore.open({ open: options, limits: this.#limits, engine, witness });
  }

  /** The owner's process has died: what it had not committed is gone, its place is free. */
  crash(): void {
    this.#owner?.die();
    this.#owner = undefined;
  }

  /** A copy of all that is kept now, as a backup would be. */
  capture(): MemoryImage {
    return this.#image.copy();
  }

  /** Everything is as in the copy; `new MemoryImage()` = empty. An owner dies by it. */
  restore(image: MemoryImage): void {
    this.crash();
    this.#image = image.copy();
  }
}
