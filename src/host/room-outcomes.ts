/**
 * What a world tells its players reliably, in order: at once, or, while a tick is held, when that
 * tick is released. In: payloads for one seat or all of them, ticks to hold and to release. Out:
 * each payload once, to the seats that were in the room when it was said. Must not know: why a
 * tick is held (world-keeper.ts does), what bytes mean.
 */
import type { OutboundPayload } from '../transport/transport.ts';
import type { Outbox } from './outbox.ts';
import type { Seat } from './seat.ts';

export interface RoomOutcomesOptions {
  /** Who is in the room; lives as long as it. */
  readonly seats: ReadonlySet<Seat>;
  readonly outbox: Outbox;
  /** Encoded bytes that may wait. */
  readonly heldBytesMax: number;
  /** More than that waited: all of it has left, up to this tick. */
  readonly onOverflow: (tick: number) => void;
}

/** `name`: on the sync lane, newer replaces older of the same name. */
export interface NamedFrame extends Pick<OutboundPayload, 'lane' | 'bytes'> {
  readonly name: string;
}

interface HeldOutcome {
  readonly payload: OutboundPayload;
  /** Undefined = everybody. */
  readonly receiver: Seat | undefined;
  readonly tick: number;
  readonly number: number;
}

export class RoomOutcomes {
  readonly #options: RoomOutcomesOptions;
  /** Oldest first. */
  readonly #held: HeldOutcome[] = [];
  #heldBytes = 0;
  #heldTick: number | undefined;
  #heldCount = 0;
  #isReleasing = false;

  constructor(options: RoomOutcomesOptions) {
    this.#options = options;
  }

  /** Encoded bytes that wait. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /**
   * What is told from here on waits for `release` of this tick or a later one. To be called after
   * the tick has run and before anything of it is told; ticks ascend.
   */
  hold(tick: number): void {
    this.#heldTick = tick;
  }

  /** All that waits for this tick or an earlier one leaves, in order. */
  release(tick: number): void {
    if (this.#heldTick === undefined || this.#isReleasing) return;
    this.#isReleasing = true;
    try {
      // Who hears of it may say something, which comes after all that waits.
      for (let next = this.#held[0]; next && next.tick <= tick; next = this.#held[0]) {
        this.#held.shift();
        this.#heldBytes -= next.payload.bytes.length;
        this.#deliver(next);
      }
      if (tick >= this.#heldTick) this.#heldTick = undefined;
    } finally {
      this.#isReleasing = false;
    }
  }

  /**
   * On the reliable lane to everybody with a seat, or to one of them, connected or not; what is
   * latest on the sync lane at once, to those who are connected.
   */
  tell({ lane, bytes, name }: NamedFrame, receiver?: Seat): void {
    const payload = { lane, bytes };
    if (lane === 'reliable') this.send(payload, receiver);
    else this.#sendLatest(name, payload, receiver);
  }

  /** A counted message to everybody with a seat, or to one of them, connected or not. */
  send(payload: OutboundPayload, receiver?: Seat): void {
    if (this.#heldTick !== undefined) {
      this.#keep({ payload, receiver, tick: this.#heldTick, number: this.#heldCount });
      return;
    }
    const { seats, outbox } = this.#options;
    if (receiver !== undefined) outbox.sendCounted(receiver, payload);
    else for (const seat of seats) outbox.sendCounted(seat, payload);
  }

  /**
   * The seat gets nothing of what waits now: it is being told the state as it is. Answers how many
   * messages that were.
   */
  skip(seat: Seat): number {
    const skipped = this.#held.filter((held) => isFor(held, seat)).length;
    seat.outcomesFrom = this.#heldCount;
    return skipped;
  }

  #sendLatest(name: string, payload: OutboundPayload, receiver: Seat | undefined): void {
    const { seats, outbox } = this.#options;
    for (const { link } of receiver === undefined ? seats : [receiver]) {
      if (link !== undefined) outbox.sendLatest(link, name, payload);
    }
  }

  #keep(held: HeldOutcome): void {
    this.#held.push(held);
    this.#heldCount += 1;
    this.#heldBytes += held.payload.bytes.length;
    if (this.#heldBytes <= this.#options.heldBytesMax || this.#isReleasing) return;
    this.release(held.tick);
    this.#options.onOverflow(held.tick);
  }

  #deliver(held: HeldOutcome): void {
    const { seats, outbox } = this.#options;
    for (const seat of held.receiver === undefined ? seats : [held.receiver]) {
      if (isFor(held, seat)) outbox.sendCounted(seat, held.payload);
    }
  }
}

function isFor({ receiver, number }: HeldOutcome, seat: Seat): boolean {
  return (receiver === undefined || receiver === seat) && number >= seat.outcomesFrom;
}
