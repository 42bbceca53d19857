/**
 * Links and seats without a host: real queues over connections that write down what they are given.
 * In: names. Out: links, seats, and for each connection the messages that reached it. Nothing is
 * lost and nothing waits but what an Outbox defers.
 */
import type { ServerMessage } from '../../src/protocol/messages.ts';
import { encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { ServerFrameDecoder } from '../../src/protocol/server-frame-decoder.ts';
import type { OutboundPayload } from '../../src/transport/transport.ts';
import { HostCounters } from '../../src/host/host-counters.ts';
import type { HostLimits } from '../../src/host/host-limits.ts';
import { validateHostLimits } from '../../src/host/host-limits.ts';
import type { HostNotice } from '../../src/host/host-notice.ts';
import { Outbox } from '../../src/host/outbox.ts';
import { PeerLink } from '../../src/host/peer-link.ts';
import { Seat } from '../../src/host/seat.ts';
import { WorldKeeper } from '../../src/host/world-keeper.ts';
import { fakeSession } from './fake-session.ts';
import { SeededRandom } from './seeded-random.ts';

const RELATIONS = { tickRateHz: 20, livenessTimeoutMs: 10_000 };

/** A counted message that says `text`. */
export function note(text: string): OutboundPayload {
  const message = { kind: 'user-message', name: 'note', payload: JSON.stringify(text) } as const;
  return { lane: 'reliable', bytes: encodeServerMessage(message) };
}

/** What a message is, in a word: the text of a note, else its kind. */
export function wordFor(message: ServerMessage): string {
  return message.kind === 'user-message' ? (JSON.parse(message.payload) as string) : message.kind;
}

export class LinkStage {
  readonly limits: HostLimits;
  readonly counters = new HostCounters();
  readonly slow: PeerLink[] = [];
  readonly notices: HostNotice[] = [];
  /** Of a host without a store: it keeps nothing, and tells of what is lost. */
  readonly keeper: WorldKeeper;
  readonly outbox: Outbox;
  readonly #written = new Map<PeerLink, ServerMessage[]>();

  constructor(limits: Partial<HostLimits> = {}) {
    this.limits = validateHostLimits(limits, RELATIONS);
    const scheduler = {
      setTimer: () => ({ cancel: () => undefined }),
      defer: () => undefined,
    };
    this.keeper = new WorldKeeper({
      clock: { now: () => 0 },
      scheduler,
      durability: undefined,
      onNotice: (notice) => this.notices.push(notice),
      onUserError: (error) => {
        throw error;
      },
    });
    this.outbox = new Outbox({
      scheduler,
      counters: this.counters,
      onSlowConsumer: (link) => this.slow.push(link),
    });
  }

  seat(name: string): Seat {
    return new Seat(name, this.limits);
  }

  /** A new connection; nobody is logged in over it. */
  link(name: string, seat: Seat = this.seat(name)): PeerLink {
    const written: ServerMessage[] = [];
    const decoder = new ServerFrameDecoder();
    const session = fakeSession(name);
    const connection = {
      peerId: session.peerId,
      address: name,
      origin: undefined,
      isSyncOrdered: true,
      bufferedBytes: 0,
      write: (payloads: readonly OutboundPayload[]) => {
        for (const { bytes } of payloads) {
          const message = decoder.decode(bytes);
          if (message.kind === 'rejected') throw new Error(`the host wrote ${message.code}`);
          written.push(message);
        }
      },
      close: () => undefined,
      drop: () => undefined,
    };
    const { limits } = this;
    const nonceRandom = new SeededRandom(1);
    const link = new PeerLink({ connection, session, seat, limits, nonceRandom, now: 0 });
    this.#written.set(link, written);
    return link;
  }

  /** All that has reached this connection, the newest included. */
  writtenTo(link: PeerLink): readonly ServerMessage[] {
    this.outbox.flush();
    return this.#written.get(link) ?? [];
  }

  wordsTo(link: PeerLink): string[] {
    return this.writtenTo(link).map((message) => wordFor(message));
  }
}
