/**
 * What one lane of one direction of a peer's line does to what is sent over it. Rates are
 * probabilities per packet, from 0 to 1; everything defaults to a perfect lane.
 * Must not know: who sends, when, and what is drawn.
 */
import { assert } from '../base/assert.ts';

/** Seen from the peer: `up` goes to the server. */
export type LinkDirection = 'up' | 'down';

/**
 * Losses that come in bursts: a line that is good or bad, and changes with these rates at each
 * packet. E. N. Gilbert, "Capacity of a burst-noise channel" (Bell System Technical Journal 39,
 * 1960), with losses in the good state too, as E. O. Elliott, "Estimates of error rates for codes
 * on burst-noise channels" (ibid. 42, 1963); that rate is `LinkConditions.lossRate`.
 */
export interface BurstLoss {
  /** From good to bad. */
  readonly enterRate: number;
  /** From bad to good; 1 / `leaveRate` is the mean length of a burst in packets. */
  readonly leaveRate: number;
  /** In the bad state. */
  readonly lossRate: number;
}

export interface LinkConditions {
  /** One way, in ms. */
  readonly delayMs: number;
  /** Up to this much more, evenly drawn per packet, in ms. */
  readonly jitterMs: number;
  /** A datagram is gone; a piece of the stream comes later, and everything behind it waits. */
  readonly lossRate: number;
  readonly burst: BurstLoss | undefined;
  /** A datagram comes twice. A stream drops the copy, as TCP does. */
  readonly duplicateRate: number;
  /** A packet is held up by `reorderMs`, so that later datagrams overtake it; a stream waits. */
  readonly reorderRate: number;
  readonly reorderMs: number;
  /** 0 = no cap. What is over it waits; datagrams that would wait over a second are dropped. */
  readonly bandwidthBytesPerSecond: number;
  /**
   * A message of the stream goes in pieces of this size, each with a fate of its own, and arrives
   * with its last one. 0 = in one piece.
   */
  readonly pieceBytesMax: number;
}

export const PERFECT_CONDITIONS: LinkConditions = {
  delayMs: 0,
  jitterMs: 0,
  lossRate: 0,
  burst: undefined,
  duplicateRate: 0,
  reorderRate: 0,
  reorderMs: 0,
  bandwidthBytesPerSecond: 0,
  pieceBytesMax: 0,
};

function assertRate(name: string, rate: number): void {
  assert(rate >= 0 && rate <= 1, `${name} must be from 0 to 1, not ${rate}`);
}

function assertAmount(name: string, amount: number): void {
  assert(amount >= 0 && Number.isFinite(amount), `${name} must be at least 0, not ${amount}`);
}

/** Fills in a perfect lane; a word that is none, or a value out of range, is the caller's bug. */
export function completeConditions(given: Partial<LinkConditions>): LinkConditions {
  for (const name of Object.keys(given)) {
    assert(Object.hasOwn(PERFECT_CONDITIONS, name), `${name} is no condition of a line`);
  }
  const conditions: LinkConditions = { ...PERFECT_CONDITIONS, ...given };
  assertRate('lossRate', conditions.lossRate);
  assertRate('duplicateRate', conditions.duplicateRate);
  assertRate('reorderRate', conditions.reorderRate);
  const { burst } = conditions;
  if (burst !== undefined) {
    assertRate('burst.enterRate', burst.enterRate);
    assertRate('burst.leaveRate', burst.leaveRate);
    assertRate('burst.lossRate', burst.lossRate);
  }
  assertAmount('delayMs', conditions.delayMs);
  assertAmount('jitterMs', conditions.jitterMs);
  assertAmount('reorderMs', conditions.reorderMs);
  assertAmount('bandwidthBytesPerSecond', conditions.bandwidthBytesPerSecond);
  assertAmount('pieceBytesMax', conditions.pieceBytesMax);
  return conditions;
}
