/**
 * One direction of one connection: the stream and, where the peer has one, a sync lane of its own.
 * In: messages and acts of the sender. Out: the same to the receiver, when the line's faults let
 * them through. Must not know: who opens or ends the connection, and why.
 */
import type { Clock, Timer } from '../base/clock.ts';
import type { Lane } from '../protocol/lanes.ts';
import { ArrivalQueue } from '../transport/arrival-queue.ts';
import type { FaultCounters } from './fault-counters.ts';
import type { Gate } from '../transport/gate.ts';
import type { LinkDirection } from '../transport/link-conditions.ts';
import type { NetworkTap } from './network-tap.ts';
import type { PacketFate } from '../transport/packet-fate.ts';
import type { Packet } from './packet.ts';
import type { NodeScheduler } from './virtual-node.ts';

const NO_BYTES = new Uint8Array(0);

/** What all connections of a line share in one direction. */
export interface Direction {
  /** Bytes in flight before they count as buffered: how much the receiver's computer takes. */
  windowBytes: number;
  readonly direction: LinkDirection;
  readonly gate: Gate;
  readonly fates: Readonly<Record<Lane, PacketFate>>;
}

export interface OneWayOptions {
  readonly peer: string;
  readonly connection: number;
  readonly direction: Direction;
  readonly hasSyncLane: boolean;
  readonly clock: Clock;
  /** Of the receiving node. */
  readonly scheduler: NodeScheduler;
  readonly faults: FaultCounters;
  readonly tap: NetworkTap | undefined;
  readonly receive: (packet: Packet) => void;
}

export class OneWay {
  readonly #options: OneWayOptions;
  readonly #clock: Clock;
  readonly #streamFate: PacketFate;
  readonly #datagramFate: PacketFate;
  readonly #stream: ArrivalQueue<Packet>;
  readonly #datagrams: ArrivalQueue<Packet> | undefined;

  constructor(options: OneWayOptions) {
    const { direction, clock, scheduler, faults, receive, hasSyncLane } = options;
    this.#options = options;
    this.#clock = clock;
    this.#streamFate = direction.fates.reliable;
    this.#datagramFate = direction.fates.sync;
    const { gate } = direction;
    const setArrival = (delayMs: number, callback: () => void): Timer =>
      scheduler.setArrival(delayMs, callback);
    const create = (kind: 'stream' | 'datagrams'): ArrivalQueue<Packet> =>
      new ArrivalQueue({ kind, clock, setArrival, gate, faults, receive });
    this.#stream = create('stream');
    this.#datagrams = hasSyncLane ? create('datagrams') : undefined;
  }

  /** Bytes of the stream that were sent and have not arrived. */
  get inFlightBytes(): number {
    return this.#stream.inFlightBytes;
  }

  /** Messages that have arrived and that the receiving node has not taken yet. */
  get arrivedCount(): number {
    return this.#stream.arrivedCount + (this.#datagrams?.arrivedCount ?? 0);
  }

  send(lane: Lane, bytes: Uint8Array): void {
    if (lane === 'sync' && this.#datagrams !== undefined) {
      this.#sendDatagram(this.#datagrams, bytes);
      return;
    }
    const packet = this.#packet('reliable', bytes, undefined);
    packet.arrivesAt = this.#streamFate.castStream(packet.sentAt, bytes.length);
    this.#tell(packet);
    this.#stream.push(packet);
  }

  /** Takes its place in the stream. */
  sendAct(act: () => void): void {
    const packet = this.#packet('reliable', NO_BYTES, act);
    packet.arrivesAt = this.#streamFate.castStream(packet.sentAt, 0);
    this.#stream.push(packet);
  }

  /** Loses what is in flight. */
  clear(): void {
    this.#stream.clear();
    this.#datagrams?.clear();
  }

  /** Nothing arrives any more, and the sender doesn't learn it. */
  sever(): void {
    this.#stream.sever();
    this.#datagrams?.sever();
  }

  /** The gate has opened: what waits arrives then, or after the line's delay. */
  release(afterDelay: boolean): void {
    const delayMs = afterDelay ? this.#streamFate.conditions.delayMs : 0;
    this.#stream.release(this.#clock.now() + delayMs);
  }

  /** The line is perfect now: what is under way arrives at once. */
  hasten(): void {
    const now = this.#clock.now();
    this.#stream.hasten(now);
    this.#datagrams?.hasten(now);
  }

  #sendDatagram(datagrams: ArrivalQueue<Packet>, bytes: Uint8Array): void {
    const fate = this.#datagramFate;
    const packet = this.#packet('sync', bytes, undefined);
    const arrivesAt = fate.castDatagram(packet.sentAt, bytes.length);
    this.#tell(packet);
    if (arrivesAt === undefined) return;
    if (this.#options.direction.gate.isPartitioned) {
      this.#options.faults.partition += 1;
      return;
    }
    packet.arrivesAt = arrivesAt;
    datagrams.push(packet);
    if (fate.copyArrivesAt >= 0) datagrams.push({ ...packet, arrivesAt: fate.copyArrivesAt });
  }

  #tell(packet: Packet): void {
    const { tap, peer } = this.#options;
    tap?.handleSent?.(peer, packet);
  }

  #packet(lane: Lane, bytes: Uint8Array, act: (() => void) | undefined): Packet {
    const { direction, connection } = this.#options;
    const sentAt = this.#clock.now();
    return {
      direction: direction.direction,
      lane,
      bytes,
      connection,
      sentAt,
      arrivesAt: sentAt,
      act,
    };
  }
}
