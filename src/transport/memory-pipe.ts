/**
 * One direction of a memory link: what is pushed is delivered later, by the scheduler. The stream
 * keeps its order whatever the delays are; datagrams each go their own way, are lost or doubled.
 * In: deliveries with their size. Out: the same deliveries, called. Must not know: what they carry.
 */
import { randomUnit } from '../base/random-source.ts';
import type { RandomSource } from '../base/random-source.ts';
import type { Scheduler } from '../base/clock.ts';

/** How long a delivery takes: evenly between the two, in ms. Both default to 0. */
export interface MemoryDelay {
  readonly delayMsMin?: number;
  readonly delayMsMax?: number;
}

/** A lane that promises nothing. Rates are probabilities from 0 (default) to 1. */
export interface MemorySyncLane extends MemoryDelay {
  readonly lossRate?: number;
  readonly duplicateRate?: number;
}

export interface MemoryPipeOptions {
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly stream: MemoryDelay;
  readonly datagrams: MemorySyncLane;
}

/** What happens on arrival. */
interface Datagram {
  readonly deliver: () => void;
}

/** The same, and the bytes that are in flight until then. */
interface Delivery extends Datagram {
  readonly bytesCount: number;
}

interface QueuedDelivery extends Delivery {
  hasArrived: boolean;
}

export class MemoryPipe {
  readonly #options: MemoryPipeOptions;
  #stream: QueuedDelivery[] = [];
  #inFlightBytes = 0;
  #isPaused = false;
  /** Which `clear()` a datagram was pushed after. */
  #generation = 0;

  constructor(options: MemoryPipeOptions) {
    this.#options = options;
  }

  /** Bytes of the stream that were pushed and are not delivered. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** Delivers after everything that was pushed before. */
  push(delivery: Delivery): void {
    const queued: QueuedDelivery = { ...delivery, hasArrived: false };
    this.#stream.push(queued);
    this.#inFlightBytes += delivery.bytesCount;
    this.#after(this.#options.stream, () => {
      queued.hasArrived = true;
      this.#deliverArrived();
    });
  }

  /** Delivers never, once or twice, in any order. A reader that has stopped misses it. */
  pushDatagram(datagram: Datagram): void {
    const { datagrams } = this.#options;
    if (this.#happens(datagrams.lossRate)) return;
    const generation = this.#generation;
    const copies = this.#happens(datagrams.duplicateRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#after(datagrams, () => {
        if (generation === this.#generation && !this.#isPaused) datagram.deliver();
      });
    }
  }

  /** The reader stops: the stream waits, datagrams are lost. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#options.scheduler.defer(() => this.#deliverArrived());
  }

  /** Loses what is in flight. */
  clear(): void {
    this.#generation += 1;
    this.#stream = [];
    this.#inFlightBytes = 0;
  }

  #deliverArrived(): void {
    while (!this.#isPaused && this.#stream[0]?.hasArrived === true) {
      const delivery = this.#stream.shift();
      if (delivery === undefined) return;
      this.#inFlightBytes -= delivery.bytesCount;
      delivery.deliver();
    }
  }

  #happens(rate = 0): boolean {
    return rate > 0 && randomUnit(this.#options.random) < rate;
  }

  #after({ delayMsMin = 0, delayMsMax = delayMsMin }: MemoryDelay, arrive: () => void): void {
    const { scheduler, random } = this.#options;
    const span = delayMsMax - delayMsMin;
    const delayMs = delayMsMin + (span > 0 ? span * randomUnit(random) : 0);
    if (delayMs > 0) scheduler.setTimer(delayMs, arrive);
    else scheduler.defer(arrive);
  }
}
