/**
 * Packets of one lane of one connection and direction, until they arrive. One timer, of the
 * receiver, waits for the next one: a receiver that stands still takes its packets later. A
 * stream keeps its order and waits behind a shut gate; datagrams go each their own way and are lost
 * there. In: packets with the instant of their arrival. Out: the same packets, when it has come.
 * Must not know: why a packet takes as long as it does, what else a packet says.
 */
import { clearArray } from '../base/clear-array.ts';
import { hasPassed } from '../base/clock.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Gate } from './gate.ts';
import type { PacketFaults } from './packet-faults.ts';

/** Below this many taken packets at the front, the array is not worth moving. */
const TAKEN_MAX = 64;
/** What the sum of an instant and a duration may be off by. */
const ROUNDING_MS = 1e-6;

/** What is under way: a message, or one act in its place. */
export interface Arrival {
  /** Empty for an act. */
  readonly bytes: Uint8Array;
  /** Planned; a receiver that is held up takes it later. */
  arrivesAt: number;
  /** What happens on arrival instead of a message. */
  readonly act: (() => void) | undefined;
}

export interface ArrivalQueueOptions<Packet extends Arrival> {
  readonly kind: 'stream' | 'datagrams';
  /** The true time; in a simulation a node's own clock decides nothing here. */
  readonly clock: Clock;
  /** A timer of the receiver. */
  readonly setArrival: (delayMs: number, callback: () => void) => Timer;
  readonly gate: Gate;
  readonly faults: Pick<PacketFaults, 'partition'>;
  readonly receive: (packet: Packet) => void;
}

export class ArrivalQueue<Packet extends Arrival> {
  readonly #options: ArrivalQueueOptions<Packet>;
  readonly #isStream: boolean;
  readonly #fire: () => void;
  /** In order of arrival; those before `#head` are taken. */
  #packets: Packet[] = [];
  #head = 0;
  #inFlightBytes = 0;
  #lastArrivesAt = 0;
  #isSevered = false;
  #isTaking = false;
  #timer: Timer | undefined;
  #timerDueAt = 0;

  constructor(options: ArrivalQueueOptions<Packet>) {
    this.#options = options;
    this.#isStream = options.kind === 'stream';
    this.#fire = () => {
      this.#timer = undefined;
      this.#takeArrived();
    };
  }

  /** Bytes that were pushed and have not arrived. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /** Packets and acts that were pushed and have not arrived. */
  get length(): number {
    return this.#packets.length - this.#head;
  }

  /** Packets that have arrived and that the receiving node has not taken yet. */
  get arrivedCount(): number {
    const { clock, gate } = this.#options;
    if (gate.isShut) return 0;
    const now = clock.now() + ROUNDING_MS;
    let count = 0;
    for (let index = this.#head; index < this.#packets.length; index += 1) {
      const packet = this.#packets[index]!;
      if (!hasPassed(packet.arrivesAt, now)) break;
      if (packet.act === undefined) count += 1;
    }
    return count;
  }

  push(packet: Packet): void {
    this.#inFlightBytes += packet.bytes.length;
    if (this.#isSevered) return;
    if (!this.#isStream) this.#insert(packet);
    else if (this.#append(packet)) return;
    this.#arm();
  }

  /** Loses what is in flight. */
  clear(): void {
    this.#packets = [];
    this.#head = 0;
    this.#inFlightBytes = 0;
    this.#disarm();
  }

  /** Nothing arrives any more, and the sender doesn't learn it: its bytes stay in flight. */
  sever(): void {
    this.#isSevered = true;
    this.#packets = [];
    this.#head = 0;
    this.#disarm();
  }

  /** Hands the next one over before its time; false = there is none. */
  takeFirst(): boolean {
    const first = this.#packets[this.#head];
    if (first === undefined) return false;
    this.#shift(first);
    this.#options.receive(first);
    return true;
  }

  /** The gate has opened; what waits arrives at `earliestAt` at the earliest. */
  release(earliestAt: number): void {
    for (let index = this.#head; index < this.#packets.length; index += 1) {
      const packet = this.#packets[index];
      if (packet === undefined || packet.arrivesAt >= earliestAt) break;
      packet.arrivesAt = earliestAt;
    }
    this.#lastArrivesAt = Math.max(this.#lastArrivesAt, earliestAt);
    this.#disarm();
    this.#arm();
  }

  /** Whatever would arrive later than `latestAt` arrives then. */
  hasten(latestAt: number): void {
    for (let index = this.#head; index < this.#packets.length; index += 1) {
      const packet = this.#packets[index];
      if (packet !== undefined) packet.arrivesAt = Math.min(packet.arrivesAt, latestAt);
    }
    this.#lastArrivesAt = Math.min(this.#lastArrivesAt, latestAt);
    this.#disarm();
    this.#arm();
  }

  /** True when the packet waits for the gate, not for its time. */
  #append(packet: Packet): boolean {
    const { gate, faults } = this.#options;
    if (packet.arrivesAt < this.#lastArrivesAt) packet.arrivesAt = this.#lastArrivesAt;
    else this.#lastArrivesAt = packet.arrivesAt;
    this.#packets.push(packet);
    if (gate.isPartitioned) faults.partition += 1;
    return gate.isShut;
  }

  #insert(packet: Packet): void {
    const packets = this.#packets;
    let index = packets.length;
    while (index > this.#head && packets[index - 1]!.arrivesAt > packet.arrivesAt) index -= 1;
    if (index === packets.length) packets.push(packet);
    else packets.splice(index, 0, packet);
  }

  #arm(): void {
    const next = this.#packets[this.#head];
    if (next === undefined || this.#isTaking) return;
    if (this.#timer !== undefined) {
      if (this.#timerDueAt <= next.arrivesAt) return;
      this.#timer.cancel();
    }
    const { clock, setArrival } = this.#options;
    this.#timerDueAt = next.arrivesAt;
    this.#timer = setArrival(Math.max(0, next.arrivesAt - clock.now()), this.#fire);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #takeArrived(): void {
    const { clock, gate, faults, receive } = this.#options;
    const now = clock.now() + ROUNDING_MS;
    this.#isTaking = true;
    try {
      for (let next = this.#packets[this.#head]; next !== undefined;) {
        if (!hasPassed(next.arrivesAt, now)) break;
        if (gate.isShut) {
          if (gate.isPartitioned) faults.partition += 1;
          // The stream waits for `release`.
          if (this.#isStream) return;
          this.#shift(next);
        } else {
          this.#shift(next);
          receive(next);
        }
        next = this.#packets[this.#head];
      }
    } finally {
      this.#isTaking = false;
      if (!this.#isStream || !gate.isShut) this.#arm();
    }
  }

  #shift(packet: Packet): void {
    this.#inFlightBytes -= packet.bytes.length;
    this.#head += 1;
    if (this.#head === this.#packets.length) {
      clearArray(this.#packets);
      this.#head = 0;
    } else if (this.#head > TAKEN_MAX && this.#head * 2 > this.#packets.length) {
      this.#packets = this.#packets.slice(this.#head);
      this.#head = 0;
    }
  }
}
