/**
 * One direction of one conditioned connection: what is sent arrives when its fate says so, if it
 * does. The stream keeps its order and loses nothing; datagrams go each their own way. Where
 * nothing has to wait, nothing is kept. In: messages and acts. Out: the same, later.
 * Must not know: which end it is on, what bytes mean, how a connection ends.
 */
import type { Timer } from '../base/clock.ts';
import type { Lane } from '../protocol/lanes.ts';
import { ArrivalQueue } from './arrival-queue.ts';
import type { Arrival } from './arrival-queue.ts';
import type { ConditionedSetting } from './conditioned-options.ts';
import { Gate } from './gate.ts';
import type { LaneFates } from './line-fates.ts';
import type { OutboundPayload } from './transport.ts';

/** What a message costs besides its bytes. */
const PLACE_BYTES = 64;
const NO_BYTES = new Uint8Array(0);
/** Nobody cuts a conditioned line. */
const OPEN_GATE = new Gate();
/** Node turns a longer delay into 1 ms. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** A message on its way through; `payload` is set where the sender gave one. */
export interface ConditionedMessage {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  readonly payload?: OutboundPayload | undefined;
}

interface Passage extends Arrival, ConditionedMessage {}

export interface ConditionedWayOptions {
  readonly setting: ConditionedSetting;
  readonly fates: LaneFates;
  /** Whether the sender's bytes are valid during `send` only. */
  readonly isLent: boolean;
  readonly deliver: (message: ConditionedMessage) => void;
  /** After what has arrived at one instant. */
  readonly onDelivered?: () => void;
}

export class ConditionedWay {
  readonly #options: ConditionedWayOptions;
  readonly #stream: ArrivalQueue<Passage>;
  readonly #datagrams: ArrivalQueue<Passage>;
  #isOver = false;

  constructor(options: ConditionedWayOptions) {
    this.#options = options;
    this.#stream = this.#createQueue('stream');
    this.#datagrams = this.#createQueue('datagrams');
  }

  /** Bytes of the stream under way. */
  get inFlightBytes(): number {
    return this.#stream.inFlightBytes;
  }

  send(message: ConditionedMessage): void {
    if (this.#isOver) return;
    const { setting, fates } = this.#options;
    const now = setting.clock.now();
    const { lane, bytes } = message;
    if (lane === 'reliable') {
      this.#pushStream(message, fates.reliable.castStream(now, bytes.length), now);
      return;
    }
    const arrivesAt = fates.sync.castDatagram(now, bytes.length);
    if (arrivesAt === undefined) return;
    // Before anything is delivered, which may send in its turn.
    const { copyArrivesAt } = fates.sync;
    this.#pushDatagram(message, arrivesAt, now);
    if (copyArrivesAt >= 0) this.#pushDatagram(message, copyArrivesAt, now);
  }

  /** Takes its place in the stream. */
  sendAct(act: () => void): void {
    const now = this.#options.setting.clock.now();
    this.sendActFrom(now, act);
  }

  /** The same for what only begins its way at an instant. */
  sendActFrom(sentAt: number, act: () => void): void {
    if (this.#isOver) return;
    const { setting, fates } = this.#options;
    const arrivesAt = fates.reliable.castStream(sentAt, 0);
    if (this.#stream.length === 0 && arrivesAt <= setting.clock.now()) act();
    else this.#stream.push({ lane: 'reliable', bytes: NO_BYTES, arrivesAt, act });
  }

  /** The stream arrives now, within this call; datagrams are lost. */
  hasten(): void {
    this.#datagrams.clear();
    while (this.#stream.takeFirst());
    this.#options.onDelivered?.();
  }

  /** Loses what is under way, and takes nothing more. */
  end(): void {
    this.#isOver = true;
    this.#stream.clear();
    this.#datagrams.clear();
  }

  #createQueue(kind: 'stream' | 'datagrams'): ArrivalQueue<Passage> {
    const { setting, deliver } = this.#options;
    const { clock, scheduler, faults } = setting;
    const setArrival = (delayMs: number, take: () => void): Timer =>
      scheduler.setTimer(Math.min(delayMs, TIMER_MS_MAX), () => {
        take();
        this.#options.onDelivered?.();
      });
    const receive = (passage: Passage): void => {
      if (passage.act === undefined) deliver(passage);
      else passage.act();
    };
    return new ArrivalQueue({ kind, clock, setArrival, gate: OPEN_GATE, faults, receive });
  }

  #pushStream(message: ConditionedMessage, arrivesAt: number, now: number): void {
    const stream = this.#stream;
    if (stream.length === 0 && arrivesAt <= now) {
      this.#options.deliver(message);
      return;
    }
    const kept = this.#keep(message, arrivesAt);
    const { setting } = this.#options;
    while (!this.#hasRoom(stream, kept) && stream.takeFirst()) setting.faults.hastened += 1;
    if (!this.#isOver) stream.push(kept);
  }

  #pushDatagram(message: ConditionedMessage, arrivesAt: number, now: number): void {
    if (arrivesAt <= now) this.#options.deliver(message);
    else if (!this.#hasRoom(this.#datagrams, message)) this.#options.setting.faults.overflow += 1;
    else if (!this.#isOver) this.#datagrams.push(this.#keep(message, arrivesAt));
  }

  #hasRoom(queue: ArrivalQueue<Passage>, { bytes }: ConditionedMessage): boolean {
    const heldBytes = queue.inFlightBytes + queue.length * PLACE_BYTES;
    return heldBytes + bytes.length + PLACE_BYTES <= this.#options.setting.heldBytesMax;
  }

  #keep({ lane, bytes, payload }: ConditionedMessage, arrivesAt: number): Passage {
    const kept = this.#options.isLent ? bytes.slice() : bytes;
    return { lane, bytes: kept, payload, arrivesAt, act: undefined };
  }
}
