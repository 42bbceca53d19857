/**
 * More than anybody may send, on one lane or both: moves of one tick, shots, user messages that
 * nobody defined, answers that nobody asked for. Every lane has a budget of its own, and this is
 * over it; the server closes it again and again, and it comes back.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import { MESSAGE_LANES } from '../../protocol/lanes.ts';
import type { Lane } from '../../protocol/lanes.ts';
import type { ClientMessage } from '../../protocol/messages.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
const BURST_MIN = 5;
const BURST_MAX = 60;

const KINDS = ['move-input', 'shoot-input', 'user-message', 'heartbeat-answer'] as const;
type FloodKind = (typeof KINDS)[number];

export interface FloodOptions extends ActorOptions {
  /** Default: drawn. */
  readonly lane?: Lane | 'both';
}

export class FloodActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #random: () => number;
  readonly #kinds: readonly FloodKind[];
  readonly #session: RawSession;

  constructor(options: FloodOptions) {
    this.#random = options.random;
    const lane = options.lane ?? pick(options.random, ['sync', 'reliable', 'both']);
    this.#kinds = KINDS.filter((kind) => lane === 'both' || MESSAGE_LANES[kind] === lane);
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#burst() },
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  /** The same bytes many times: to make them is not what a flood spends its time on. */
  #burst(): void {
    const message = this.#message(pick(this.#random, this.#kinds));
    const bytes = encodeClientMessage(message);
    for (let left = whole(this.#random, BURST_MIN, BURST_MAX); left > 0; left -= 1) {
      if (!this.#session.sendBytes(bytes, MESSAGE_LANES[message.kind])) return;
      this.counts.add(message.kind);
    }
  }

  #message(kind: FloodKind): ClientMessage {
    const tick = this.#session.serverTick + whole(this.#random, 0, 6);
    const direction = { directionX: this.#random() * 2 - 1, directionY: this.#random() * 2 - 1 };
    switch (kind) {
      case 'move-input':
        return { kind, tick, yaw: 0, ...direction };
      case 'shoot-input':
        return { kind, tick, targetPlayerId: undefined, viewTick: tick, ...direction };
      case 'heartbeat-answer':
        return { kind, nonce: 'flood', serverTick: tick, reliableReceived: 0 };
      case 'user-message':
        return { kind, name: 'flood', payload: '{}' };
      default:
        return kind satisfies never;
    }
  }
}
