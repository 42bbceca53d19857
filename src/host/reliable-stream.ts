/**
 * The counted messages of one session, across its connections: how many went each way, and those
 * sent that the client may lack. In: payloads as they are sent, acknowledgements, what a resuming
 * client says it has. Out: how the stream goes on, and what to send again. Both ends count for
 * themselves: no number travels with a message. Must not know: connections, what bytes mean.
 */
import type { StoredReliableCounts } from '../store/session-record.ts';
import type { OutboundPayload } from '../transport/transport.ts';

/** What a client that resumes says of the counted messages. */
export interface ReliableClaim {
  /** How many it has taken; undefined = it remembers nothing. */
  readonly reliableReceived: number | undefined;
  /** It holds the token before the last: what came with the last one has not reached it. */
  readonly isPreviousToken: boolean;
}

/** What a `resynced` tells of the ticks. */
export interface ToldLoss {
  readonly fromTick: number;
  readonly ticksLost: number;
}

/**
 * `restart`: both ends count from 0, nothing is sent again. `gap`: the counts go on, what the
 * client lacks is gone. `normal`: the counts go on, what the client lacks is sent again.
 */
export type StreamContinuation = 'restart' | 'gap' | 'normal';

/** Who plays in a quiet world has no more than these between two acknowledgements. */
const SLOTS_MIN = 4;
/** 1 kB: room for the counted messages of a lively second or two, held on to while empty. */
const SLOTS_KEPT = 128;

export class ReliableStream {
  readonly #bytesMax: number;
  #sent = 0;
  #received = 0;
  /** Number of the oldest message that is held; `sent + 1` = none is. */
  #heldFrom = 1;
  #heldBytes = 0;
  /** Message n lies in slot n modulo the length. */
  #slots: (OutboundPayload | undefined)[] = [];
  /** A crash took the counts, and nobody has been told yet. */
  #isUnknown = false;
  /** The client has shown that it counts from where we do. */
  #isConfirmed = false;
  #told: ToldLoss | undefined;

  /** Holds the newest messages, up to `bytesMax` encoded bytes. */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Counted messages sent since the counts began. */
  get sent(): number {
    return this.#sent;
  }

  /** Counted messages of the client that have arrived since the counts began. */
  get received(): number {
    return this.#received;
  }

  /** Encoded bytes of what may have to be sent again. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** What an orderly stop writes down; undefined = something is lost that may not be heard yet. */
  get counts(): StoredReliableCounts | undefined {
    const isUnheard = this.#isUnknown || this.#told !== undefined;
    return isUnheard ? undefined : { sent: this.#sent, received: this.#received };
  }

  /** What the last restart has told the client, while it is not certain that it heard. */
  get told(): ToldLoss | undefined {
    return this.#told;
  }

  /** True while a crash has taken the counts and nobody has been told. */
  get isUnknown(): boolean {
    return this.#isUnknown;
  }

  /** Takes up the counts of an earlier process; undefined = it could not write them down. */
  restore(counts: StoredReliableCounts | undefined): void {
    this.restart();
    this.#isUnknown = counts === undefined;
    this.#sent = counts?.sent ?? 0;
    this.#received = counts?.received ?? 0;
    this.#heldFrom = this.#sent + 1;
  }

  /** Counts one message and holds it. Answers how many older ones it has pushed out. */
  push(payload: OutboundPayload): number {
    // Who has been told nothing yet counts from 0 in any case.
    if (this.#isUnknown) return 0;
    this.#sent += 1;
    const held = this.#sent - this.#heldFrom + 1;
    if (held > this.#slots.length) this.#grow(held);
    this.#slots[this.#sent % this.#slots.length] = payload;
    this.#heldBytes += payload.bytes.length;
    const heldFrom = this.#heldFrom;
    while (this.#heldBytes > this.#bytesMax) this.#forgetOldest();
    return this.#heldFrom - heldFrom;
  }

  /** One counted message of the client has arrived, whatever becomes of it. */
  noteReceived(): void {
    this.#received += 1;
  }

  /** The client has taken so many. False, and nothing changes: that many were never sent. */
  acknowledge(received: number): boolean {
    if (received > this.#sent) return false;
    this.#confirm();
    this.#forgetUpTo(received);
    return true;
  }

  /** How the stream goes on for this client. Changes nothing. */
  continuationFor(claim: ReliableClaim): StreamContinuation {
    const { reliableReceived: received, isPreviousToken } = claim;
    if (received === undefined || this.#isUnknown || received > this.#sent) return 'restart';
    // The words of the last restart were lost, or may have been: this client counts from before it.
    const isUnheard = isPreviousToken || this.#told !== undefined;
    if (isUnheard && !this.#isConfirmed) return 'restart';
    return received + 1 < this.#heldFrom ? 'gap' : 'normal';
  }

  /** Both ends count from 0. `told`: what the client is told of it in a `resynced`, if it is. */
  restart(told?: ToldLoss): void {
    this.#forgetUpTo(this.#sent);
    this.#sent = 0;
    this.#received = 0;
    this.#heldFrom = 1;
    this.#isUnknown = false;
    this.#isConfirmed = false;
    this.#told = told;
  }

  /**
   * After a `gap`: what was sent until now is never sent again, nor are `unsent` more, which count
   * as sent: this may have to be said once more. Answers how many messages the client lacks.
   */
  skip(received: number, unsent: number): number {
    this.#confirm();
    this.#forgetUpTo(this.#sent);
    this.#sent += unsent;
    this.#heldFrom = this.#sent + 1;
    return this.#sent - received;
  }

  /** After `normal`: what the client lacks, in order; held until it is acknowledged. */
  *resend(received: number): Generator<OutboundPayload, undefined> {
    this.#confirm();
    this.#forgetUpTo(received);
    const last = this.#sent;
    for (let number = this.#heldFrom; number <= last; number += 1) {
      yield this.#slots[number % this.#slots.length]!;
    }
  }

  #confirm(): void {
    this.#isConfirmed = true;
    this.#told = undefined;
  }

  #forgetUpTo(number: number): void {
    while (this.#heldFrom <= number) this.#forgetOldest();
    // A burst is not paid for for ever.
    if (this.#heldFrom > this.#sent && this.#slots.length > SLOTS_KEPT) this.#slots = [];
  }

  #forgetOldest(): void {
    const slot = this.#heldFrom % this.#slots.length;
    this.#heldBytes -= this.#slots[slot]?.bytes.length ?? 0;
    this.#slots[slot] = undefined;
    this.#heldFrom += 1;
  }

  #grow(held: number): void {
    const length = Math.max(SLOTS_MIN, this.#slots.length * 2);
    // Deliberate: of just that length. What grows by `push` has room for 17 from the first one on.
    const slots: (OutboundPayload | undefined)[] = Array.from({ length }, () => undefined);
    for (let number = this.#sent - held + 1; number < this.#sent; number += 1) {
      slots[number % length] = this.#slots[number % this.#slots.length];
    }
    this.#slots = slots;
  }
}
