/**
 * Bytes that are no message: noise, frames cut short, flipped or grown, frames of servers, text,
 * nothing at all; before its login and after. The server counts strikes, closes it, and it is back.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';
import { WIRE_LIMITS } from '../../protocol/wire-limits.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, randomBytes, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 40;
const LENGTH_MAX = 96;

const KINDS = [
  'noise',
  'noise of a kind',
  'cut short',
  'flipped bit',
  'grown',
  'of a server',
  'too large',
  'empty',
  'text',
] as const;
type GarbageKind = (typeof KINDS)[number];

export class GarbageActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #random: () => number;
  readonly #session: RawSession;

  constructor(options: ActorOptions) {
    const { random } = options;
    this.#random = random;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      logsIn: false,
      onOpen: () => {
        if (random() < 0.7) this.#session.login(options.credentials);
      },
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #act(): void {
    // What is too large ends the connection at once: rarely, or nothing else is ever tried.
    const kind = pick(this.#random, KINDS);
    if (kind === 'too large' && this.#random() < 0.9) return;
    if (this.#send(kind)) this.counts.add(kind);
  }

  #send(kind: GarbageKind): boolean {
    if (kind === 'text') return this.#session.sendText();
    const lane = pick(this.#random, ['reliable', 'sync'] as const);
    return this.#session.sendBytes(this.#bytes(kind), lane);
  }

  #bytes(kind: GarbageKind): Uint8Array {
    const random = this.#random;
    const noise = (): Uint8Array => randomBytes(random, whole(random, 1, LENGTH_MAX));
    switch (kind) {
      case 'noise':
        return noise();
      case 'noise of a kind':
        return Uint8Array.of(pick(random, Object.values(MESSAGE_KIND_BYTES)), ...noise());
      case 'cut short': {
        const frame = this.#validFrame();
        return frame.slice(0, whole(random, 1, frame.length - 1));
      }
      case 'flipped bit': {
        const frame = this.#validFrame();
        frame[whole(random, 0, frame.length - 1)]! ^= 1 << whole(random, 0, 7);
        return frame;
      }
      case 'grown':
        return Uint8Array.of(...this.#validFrame(), ...noise());
      case 'of a server':
        return Uint8Array.of(MESSAGE_KIND_BYTES.snapshot, ...noise());
      case 'too large':
        return randomBytes(random, WIRE_LIMITS.clientFrameBytesMax + 1);
      case 'empty':
      case 'text':
        return new Uint8Array(0);
      default:
        return kind satisfies never;
    }
  }

  #validFrame(): Uint8Array {
    const tick = this.#session.serverTick + 2;
    return encodeClientMessage(
      pick(this.#random, [
        { kind: 'move-input', tick, directionX: 1, directionY: 0.5, yaw: 1 },
        {
          kind: 'shoot-input',
          tick,
          targetPlayerId: undefined,
          directionX: 1,
          directionY: 0,
          viewTick: tick,
        },
        { kind: 'heartbeat-answer', nonce: 'garbage', serverTick: tick, reliableReceived: 0 },
        { kind: 'user-message', name: 'garbage', payload: '{"a":1}' },
      ]),
    );
  }
}
