/**
 * What happens to the next packet of one lane: when it arrives, whether at all, how often. One
 * object per peer, direction and lane, with a random stream of its own, so that what one peer's
 * line does never moves another's. In: instants and sizes. Out: instants.
 * Must not know: queues, connections, bytes.
 */
import { PERFECT_CONDITIONS } from './link-conditions.ts';
import type { LinkConditions } from './link-conditions.ts';
import type { PacketFaults } from './packet-faults.ts';

/**
 * How long a sender waits for an acknowledgement before it sends a lost piece again, at least, and
 * twice as long each further time: RFC 6298 (https://www.rfc-editor.org/rfc/rfc6298), with the
 * 200 ms of Linux instead of its 1 s.
 */
const RETRANSMIT_MS_MIN = 200;
/** After this many losses of one piece it gets through: 12.6 s later, beyond any liveness. */
const RETRANSMITS_MAX = 6;
/** Datagrams that would wait longer for a capped line are dropped, as by a full router. */
const BACKLOG_MS_MAX = 1_000;

export class PacketFate {
  readonly #random: () => number;
  readonly #faults: PacketFaults;
  #conditions: LinkConditions = PERFECT_CONDITIONS;
  /** Nothing is drawn: only the delay counts. */
  #isPlain = true;
  #isInBurst = false;
  /** When the capped line has sent what it was given. */
  #freeAt = 0;
  /** When the second copy of the datagram that was cast last arrives. */
  copyArrivesAt = 0;

  /** `random` is uniform in [0, 1), for this lane alone. */
  constructor(random: () => number, faults: PacketFaults) {
    this.#random = random;
    this.#faults = faults;
  }

  get conditions(): LinkConditions {
    return this.#conditions;
  }

  /** For what is sent from now on. */
  set conditions(conditions: LinkConditions) {
    this.#conditions = conditions;
    this.#isPlain =
      conditions.jitterMs === 0 &&
      conditions.lossRate === 0 &&
      conditions.burst === undefined &&
      conditions.duplicateRate === 0 &&
      conditions.reorderRate === 0 &&
      conditions.bandwidthBytesPerSecond === 0 &&
      conditions.pieceBytesMax === 0;
    if (conditions.burst === undefined) this.#isInBurst = false;
    if (conditions.bandwidthBytesPerSecond === 0) this.#freeAt = 0;
  }

  /** When a message of the stream arrives, were it not for those before it. */
  castStream(now: number, bytesCount: number): number {
    const { delayMs, pieceBytesMax } = this.#conditions;
    if (delayMs > 0) this.#faults.delay += 1;
    if (this.#isPlain) return now + delayMs;
    let pieces = 1;
    if (pieceBytesMax > 0 && bytesCount > pieceBytesMax) {
      pieces = Math.ceil(bytesCount / pieceBytesMax);
      this.#faults.partialWrite += 1;
    }
    const departsAt = this.#depart(now, bytesCount);
    let arrivesAt = departsAt;
    for (let piece = 0; piece < pieces; piece += 1) {
      const travelMs = this.#travelMs() + this.#retransmitMs();
      arrivesAt = Math.max(arrivesAt, departsAt + travelMs);
    }
    return arrivesAt;
  }

  /** When a datagram arrives, if it does; its copy arrives at `copyArrivesAt`, if that is ≥ 0. */
  castDatagram(now: number, bytesCount: number): number | undefined {
    const { delayMs, duplicateRate } = this.#conditions;
    this.copyArrivesAt = -1;
    if (delayMs > 0) this.#faults.delay += 1;
    if (this.#isPlain) return now + delayMs;
    if (this.#freeAt - now > BACKLOG_MS_MAX) {
      this.#faults.bandwidth += 1;
      return undefined;
    }
    const departsAt = this.#depart(now, bytesCount);
    if (this.#isLost()) return undefined;
    const arrivesAt = departsAt + this.#travelMs();
    if (duplicateRate > 0 && this.#random() < duplicateRate) {
      this.#faults.duplicate += 1;
      this.copyArrivesAt = departsAt + this.#travelMs();
    }
    return arrivesAt;
  }

  /** When the last byte has left the sender. */
  #depart(now: number, bytesCount: number): number {
    const { bandwidthBytesPerSecond } = this.#conditions;
    if (bandwidthBytesPerSecond === 0) return now;
    this.#faults.bandwidth += 1;
    const startsAt = Math.max(now, this.#freeAt);
    this.#freeAt = startsAt + (bytesCount / bandwidthBytesPerSecond) * 1000;
    return this.#freeAt;
  }

  #travelMs(): number {
    const { delayMs, jitterMs, reorderRate, reorderMs } = this.#conditions;
    let travelMs = delayMs;
    if (jitterMs > 0) {
      travelMs += jitterMs * this.#random();
      this.#faults.jitter += 1;
    }
    if (reorderRate > 0 && this.#random() < reorderRate) {
      travelMs += reorderMs;
      this.#faults.reorder += 1;
    }
    return travelMs;
  }

  #retransmitMs(): number {
    const { delayMs, jitterMs } = this.#conditions;
    let waitMs = 0;
    let nextMs = Math.max(RETRANSMIT_MS_MIN, 2 * (delayMs + jitterMs));
    for (let losses = 0; losses < RETRANSMITS_MAX && this.#isLost(); losses += 1) {
      waitMs += nextMs;
      nextMs *= 2;
    }
    return waitMs;
  }

  #isLost(): boolean {
    const { burst, lossRate } = this.#conditions;
    if (burst !== undefined) {
      const changeRate = this.#isInBurst ? burst.leaveRate : burst.enterRate;
      if (this.#random() < changeRate) this.#isInBurst = !this.#isInBurst;
      if (this.#isInBurst) {
        if (this.#random() >= burst.lossRate) return false;
        this.#faults.burstLoss += 1;
        return true;
      }
    }
    if (lossRate === 0 || this.#random() >= lossRate) return false;
    this.#faults.loss += 1;
    return true;
  }
}
