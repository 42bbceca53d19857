/**
 * A store on a disk that is slow, fails, loses answers, hangs, or comes back older or empty: the
 * production queue over memory, each commit with a fate that a random stream draws. It outlives the
 * hosts of a simulation. In: faults, orders to crash and to roll back. Out: a SessionStore for the
 * host, counts of what was done to it. Must not know: hosts, networks.
 */
import { assert } from '../base/assert.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { CommitFate } from '../store/memory-engine.ts';
import { MemoryImage } from '../store/memory-image.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type {
  OpenedStore,
  SessionStore,
  StoreOpening,
  StoreOpenOptions,
} from '../store/session-store.ts';
import type { StoreLimits } from '../store/store-limits.ts';
import { TrackedStore } from './tracked-store.ts';

/** Rates are shares of commits, 0 to 1; what is left out is 0. */
export interface StoreFaults {
  /** How long a commit takes, drawn evenly. */
  readonly delayMsMin?: number;
  readonly delayMsMax?: number;
  /** Nothing is written, and the commit fails. */
  readonly failureRate?: number;
  /** All is written, and the commit fails all the same. */
  readonly answerLossRate?: number;
  /** The commit never ends. */
  readonly hangRate?: number;
  /** The store can't be opened. */
  readonly isUnavailable?: boolean;
}

export interface FaultyStoreOptions {
  /** The store's own stream; uniform in [0, 1). */
  readonly random: () => number;
  /** Told of each promise that the store makes, so that virtual time lets it settle. */
  readonly track?: (promise: Promise<unknown>) => void;
  readonly limits?: Partial<StoreLimits>;
}

type FateCounts = { commits: number; failures: number; lostAnswers: number; hangs: number };

export class FaultyStore implements SessionStore {
  readonly name = 'faulty';
  readonly #random: () => number;
  readonly #track: (promise: Promise<unknown>) => void;
  readonly #store: MemoryStore;
  readonly #counts: FateCounts = { commits: 0, failures: 0, lostAnswers: 0, hangs: 0 };
  #faults: StoreFaults = {};

  constructor({ random, track = () => undefined, limits = {} }: FaultyStoreOptions) {
    this.#random = random;
    this.#track = track;
    this.#store = new MemoryStore({ limits, drawFate: () => this.#drawFate() });
  }

  /** What has been done to commits so far. */
  get counts(): Readonly<FateCounts> {
    return this.#counts;
  }

  /** From the next commit on; what is left out ends. */
  setFaults(faults: StoreFaults): void {
    const { delayMsMin = 0, delayMsMax = delayMsMin } = faults;
    assert(delayMsMin >= 0 && delayMsMax >= delayMsMin, 'delays are ≥ 0, the least one first');
    this.#faults = faults;
  }

  async open(options: StoreOpenOptions): Promise<StoreOpening> {
    if (this.#faults.isUnavailable === true) {
      throw new HoldfastError('store-unavailable', 'the disk is not there');
    }
    const opening = this.#store.open(options);
    this.#track(opening);
    const { store, contents } = await opening;
    return { store: this.#watch(store), contents };
  }

  /** The owner's process has died: what was not committed is gone, its place is free. */
  crash(): void {
    this.#store.crash();
  }

  /** A backup, for `rollBack`. */
  capture(): MemoryImage {
    return this.#store.capture();
  }

  /** The owner dies, and the disk is as it was when the backup was made. */
  rollBack(backup: MemoryImage): void {
    this.#store.restore(backup);
  }

  /** The owner dies, and the disk is a new one. */
  empty(): void {
    this.#store.restore(new MemoryImage());
  }

  #watch(store: OpenedStore): OpenedStore {
    return new TrackedStore(store, this.#track);
  }

  /** Always as many draws, so that a fault that is turned on moves none of the others. */
  #drawFate(): CommitFate {
    const { delayMsMin = 0, delayMsMax = delayMsMin } = this.#faults;
    const { failureRate = 0, answerLossRate = 0, hangRate = 0 } = this.#faults;
    const delayMs = delayMsMin + (delayMsMax - delayMsMin) * this.#random();
    const draw = this.#random();
    this.#counts.commits += 1;
    if (draw < hangRate) {
      this.#counts.hangs += 1;
      return { delayMs: Infinity };
    }
    if (draw < hangRate + failureRate) {
      this.#counts.failures += 1;
      return { delayMs, fault: 'nothing-written' };
    }
    if (draw < hangRate + failureRate + answerLossRate) {
      this.#counts.lostAnswers += 1;
      return { delayMs, fault: 'answer-lost' };
    }
    return { delayMs };
  }
}
