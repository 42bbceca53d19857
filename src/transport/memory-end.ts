/**
 * One end of a memory connection and the rules of ending: a close travels behind what was written
 * before it, a drop loses what is in flight, the owner hears of the end exactly once and of nothing
 * after it. In: calls of the owner, deliveries of the other end. Out: the owner's events.
 * Must not know: which end it is, addresses, what bytes mean.
 */
import type { Scheduler, Timer } from '../base/clock.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { MemoryPipe } from './memory-pipe.ts';

/** What a view is filled with when its time is over: a receiver that keeps it reads this. */
const POISON = 0xdd;
/** Bytes around a view in its buffer, so that `bytes.buffer` isn't the message either. */
const VIEW_MARGIN_BYTES = 4;

export interface MemoryEndOptions {
  readonly scheduler: Scheduler;
  readonly outbound: MemoryPipe;
  /** False: one ordered stream carries both lanes and everything arrives as `reliable`. */
  readonly hasSyncLane: boolean;
  /** Bytes that the network takes in flight before they count as buffered. */
  readonly windowBytes: number;
  /** How long a close waits for the other end, in ms. */
  readonly closeTimeoutMs: number;
  readonly onReceived: (lane: Lane, bytes: Uint8Array) => void;
  readonly onEnded: (code: CloseCode | undefined) => void;
}

/** Lends `bytes` to `receive` as a view that is destroyed when it returns. */
export function lendView(bytes: Uint8Array, receive: (view: Uint8Array) => void): void {
  const buffer = new Uint8Array(bytes.length + 2 * VIEW_MARGIN_BYTES);
  const view = buffer.subarray(VIEW_MARGIN_BYTES, VIEW_MARGIN_BYTES + bytes.length);
  view.set(bytes);
  try {
    receive(view);
  } finally {
    buffer.fill(POISON);
  }
}

export class MemoryEnd {
  readonly #options: MemoryEndOptions;
  #remote: MemoryEnd | undefined;
  #phase: 'opening' | 'open' | 'closing' | 'dropped' | 'ended' = 'opening';
  #closeTimer: Timer | undefined;

  constructor(options: MemoryEndOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  get bufferedBytes(): number {
    const { outbound, windowBytes } = this.#options;
    return Math.max(0, outbound.inFlightBytes - windowBytes);
  }

  /** From now on what is sent reaches `remote`. */
  attach(remote: MemoryEnd): void {
    this.#remote = remote;
  }

  /** Ready to send and receive; false when it has ended meanwhile. */
  open(): boolean {
    if (this.#phase !== 'opening') return false;
    this.#phase = 'open';
    return true;
  }

  send(lane: Lane, bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const { outbound, hasSyncLane } = this.#options;
    if (hasSyncLane && lane === 'sync') {
      outbound.pushDatagram({ deliver: () => this.#remote?.receive('sync', bytes) });
    } else {
      const deliver = (): void => this.#remote?.receive('reliable', bytes);
      outbound.push({ bytesCount: bytes.length, deliver });
    }
  }

  receive(lane: Lane, bytes: Uint8Array): void {
    if (this.isOpen) this.#options.onReceived(lane, bytes);
  }

  /** Says goodbye behind what was sent, and drops when nobody answers in time. */
  close(code: CloseCode | undefined): void {
    if (this.#phase === 'opening') this.drop();
    if (this.#phase !== 'open') return;
    this.#phase = 'closing';
    this.#sendEnd(code);
    const { scheduler, closeTimeoutMs } = this.#options;
    this.#closeTimer = scheduler.setTimer(closeTimeoutMs, () => this.drop());
  }

  /** Loses what is in flight; the owner hears of the end after this call. */
  drop(): void {
    if (this.#phase === 'dropped' || this.#phase === 'ended') return;
    this.#phase = 'dropped';
    this.#options.outbound.clear();
    this.#sendEnd(undefined);
    this.#options.scheduler.defer(() => this.end(undefined));
  }

  /** Tells the owner, once. */
  end(code: CloseCode | undefined): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#closeTimer?.cancel();
    this.#options.onEnded(code);
  }

  /** The other end has closed with `code`, or was lost. */
  hearEnd(code: CloseCode | undefined): void {
    if (this.#phase === 'open') this.#sendEnd(undefined);
    this.end(code);
  }

  #sendEnd(code: CloseCode | undefined): void {
    this.#options.outbound.push({ bytesCount: 0, deliver: () => this.#remote?.hearEnd(code) });
  }
}
