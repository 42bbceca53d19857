/**
 * The way out: all that a host sends goes through here into a link's queue, and leaves in one
 * gathered write, at the end of a tick's pass or, outside one, after the I/O that is being read.
 * A peer that reads too slowly is reported, never waited for.
 */
import { clearArray } from '../base/clear-array.ts';
import type { Scheduler } from '../base/clock.ts';
import type { CloseCode } from '../protocol/codes.ts';
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { PlainServerMessage } from '../protocol/messages.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import type { OutboundPayload } from '../transport/transport.ts';
import type { HostCounters } from './host-counters.ts';
import type { StampedPayload } from './outbound-queue.ts';
import type { PeerLink } from './peer-link.ts';
import type { Seat } from './seat.ts';

export interface OutboxOptions {
  readonly scheduler: Scheduler;
  readonly counters: HostCounters;
  /** The link's reliable queue is full. */
  readonly onSlowConsumer: (link: PeerLink) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  /** For which something waits, in the order in which it came; or has waited since a pass. */
  readonly #dirty: PeerLink[] = [];
  /** Links whose flush is deferred. */
  readonly #planned = new Set<PeerLink>();
  #isInPass = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Queues one reliable message for one peer. */
  send(link: PeerLink, message: PlainServerMessage): void {
    this.sendPayload(link, { lane: 'reliable', bytes: encodeServerMessage(message) });
  }

  /** Queues encoded reliable bytes, which may be shared with other peers. */
  sendPayload(link: PeerLink, payload: OutboundPayload): void {
    if (link.queue.pushReliable(payload)) {
      this.#options.counters.reliableMessagesSent += 1;
      this.#markDirty(link);
    } else {
      this.#options.onSlowConsumer(link);
    }
  }

  /** Counts a reliable message for a session, and queues it when the session has a connection. */
  sendCounted(seat: Seat, payload: OutboundPayload): void {
    this.#options.counters.countedMessagesGivenUp += seat.stream.push(payload);
    if (seat.link !== undefined) this.sendPayload(seat.link, payload);
  }

  /** Queues sync bytes; what waits under the same key is replaced. */
  sendLatest(link: PeerLink, key: string, payload: StampedPayload): void {
    link.queue.putLatest(key, payload);
    this.#markDirty(link);
  }

  /** Says why after all that waits, and closes the connection. The link is done after this. */
  close(link: PeerLink, code: CloseCode, message = ''): void {
    const close = { kind: 'close', code, retryable: CLOSE_CODES[code].retryable, message } as const;
    link.queue.flushWithLast({ lane: 'reliable', bytes: encodeServerMessage(close) });
    link.isDirty = false;
    link.connection.close(code);
  }

  /** Ends the connection without a word. The link is done after this. */
  drop(link: PeerLink): void {
    link.isDirty = false;
    link.connection.drop();
  }

  /** What is sent until `endPass` waits for it. */
  beginPass(): void {
    this.#isInPass = true;
  }

  endPass(): void {
    this.#isInPass = false;
    this.flush();
  }

  /** Writes everything that waits. */
  flush(): void {
    for (let index = 0; index < this.#dirty.length; index += 1) {
      // In bounds; what is queued meanwhile is flushed as well.
      flushOne(this.#dirty[index] as PeerLink);
    }
    clearArray(this.#dirty);
  }

  /**
   * Deliberate: each link plans its own flush. One for all would leave when the first of them asked
   * for it, and what a peer gets in one write would depend on who else was sent something.
   */
  #markDirty(link: PeerLink): void {
    if (!link.isDirty) this.#dirty.push(link);
    link.isDirty = true;
    if (this.#isInPass || this.#planned.has(link)) return;
    this.#planned.add(link);
    this.#options.scheduler.defer(() => {
      this.#planned.delete(link);
      flushOne(link);
    });
  }
}

function flushOne(link: PeerLink): void {
  if (!link.isDirty) return;
  link.isDirty = false;
  link.queue.flush();
}
