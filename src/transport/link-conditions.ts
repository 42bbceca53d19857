/**
 * What one lane of one direction of a peer's line does to what is sent over it. Rates are
 * probabilities per packet, from 0 to 1; everything defaults to a perfect lane.
 * Must not know: who sends, when, and what is drawn.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { Lane } from '../protocol/lanes.ts';

/** Seen from the peer: `up` goes to the server. */
export type LinkDirection = 'up' | 'down';
export type LinkDirections = LinkDirection | 'both';
export type Lanes = Lane | 'both';

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

/** Ten minutes: what comes later than that has not come. */
const DURATION_MS_MAX = 600_000;

type BurstName = `burst.${keyof BurstLoss}`;

const BURST_NAMES = ['enterRate', 'leaveRate', 'lossRate'] as const;

/** The most that each number may be; the least is 0. */
const BOUNDS: Readonly<Record<Exclude<keyof LinkConditions, 'burst'> | BurstName, number>> = {
  delayMs: DURATION_MS_MAX,
  jitterMs: DURATION_MS_MAX,
  lossRate: 1,
  'burst.enterRate': 1,
  'burst.leaveRate': 1,
  'burst.lossRate': 1,
  duplicateRate: 1,
  reorderRate: 1,
  reorderMs: DURATION_MS_MAX,
  bandwidthBytesPerSecond: Number.MAX_SAFE_INTEGER,
  pieceBytesMax: Number.MAX_SAFE_INTEGER,
};

function refuse(name: string, problem: string): never {
  throw new HoldfastError('invalid-configuration', `${name} ${problem}`);
}

/** NaN and what is no number are none of it. */
function checkNumber(name: string, value: unknown): void {
  if (!Object.hasOwn(BOUNDS, name)) refuse(name, 'is no condition of a line');
  const most = BOUNDS[name as keyof typeof BOUNDS];
  if (typeof value === 'number' && value >= 0 && value <= most) return;
  refuse(name, `must be from 0 to ${most}, not ${String(value)}`);
}

function checkBurst(burst: unknown): void {
  if (burst === undefined) return;
  if (typeof burst !== 'object' || burst === null) refuse('burst', 'must be an object');
  for (const name of BURST_NAMES) checkNumber(`burst.${name}`, burst[name as keyof typeof burst]);
  for (const [name, value] of Object.entries(burst)) checkNumber(`burst.${name}`, value);
}

/**
 * Fills in a perfect lane. Throws HoldfastError `invalid-configuration` that names the condition
 * which is none or out of range.
 */
export function completeConditions(given: Partial<LinkConditions>): LinkConditions {
  if (typeof given !== 'object' || given === null) refuse('conditions', 'must be an object');
  for (const [name, value] of Object.entries(given)) {
    if (name === 'burst') checkBurst(value);
    else checkNumber(name, value);
  }
  return { ...PERFECT_CONDITIONS, ...given };
}
