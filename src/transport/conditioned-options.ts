/**
 * What a conditioned transport is given, on either end, and the check that names what is wrong.
 * In: the user's options and the platform's time and chance. Out: complete options.
 */
import type { Clock, Scheduler } from '../base/clock.ts';
import { createPrng } from '../base/prng.ts';
import { randomSafeInteger } from '../base/random-source.ts';
import type { RandomSource } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { laneOfFrame } from '../protocol/lane-of-frame.ts';
import type { Lane } from '../protocol/lanes.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import { ConditionFaults } from './condition-faults.ts';
import { LineFates } from './line-fates.ts';
import type { LinkConditions } from './link-conditions.ts';

/** Node turns 2^31 ms into 1 ms. */
const DURATION_MS_MAX = 2 ** 31 - 1;
/** Two largest frames: fewer could not even wait for each other. */
const HELD_BYTES_MIN = 2 * WIRE_LIMITS.serverFrameBytesMax;

export interface ConditionedOptions {
  /** Of what goes to the server, on both lanes. Default: perfect. */
  readonly up?: Partial<LinkConditions>;
  /** Of what comes from the server, on both lanes. Default: perfect. */
  readonly down?: Partial<LinkConditions>;
  /** Bytes of the stream under way before they count as `bufferedBytes`. Default 65 536. */
  readonly windowBytes?: number;
  /**
   * Bytes that may be under way, for each connection, direction and lane; each message counts 64
   * more for its place. Beyond it a datagram is dropped, and of the stream what waited longest
   * goes on before its time. Default 4 194 304.
   */
  readonly heldBytesMax?: number;
  /** How long a close waits behind what is under way before it drops. Default 2 000 ms. */
  readonly closeTimeoutMs?: number;
  /**
   * Where the inner transport has one ordered stream for both lanes: the lane of a message that
   * came over it. Default: that of Holdfast's message by its first byte, else `reliable`.
   */
  readonly laneOf?: (frame: Uint8Array) => Lane;
  /** Time, timers and chance. Default: the platform's. */
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
  readonly random?: RandomSource;
}

/** Time and chance as the platform has them. */
export type ConditionedPlatform = Required<
  Pick<ConditionedOptions, 'clock' | 'scheduler' | 'random'>
>;

/** Complete, and shared by all connections of one conditioned transport. */
export interface ConditionedSetting extends ConditionedPlatform {
  readonly windowBytes: number;
  readonly heldBytesMax: number;
  readonly closeTimeoutMs: number;
  readonly laneOf: (frame: Uint8Array) => Lane;
  readonly faults: ConditionFaults;
}

const OPTION_NAMES = {
  up: true,
  down: true,
  windowBytes: true,
  heldBytesMax: true,
  closeTimeoutMs: true,
  laneOf: true,
  clock: true,
  scheduler: true,
  random: true,
} as const satisfies Record<keyof Required<ConditionedOptions>, true>;

/** Throws HoldfastError `invalid-configuration` that names the option. */
export function resolveConditionedSetting(
  options: ConditionedOptions,
  platform: ConditionedPlatform,
): ConditionedSetting {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(OPTION_NAMES, name)) refuse(name, 'is not an option');
  }
  const { windowBytes = 65_536, heldBytesMax = 4_194_304, closeTimeoutMs = 2_000 } = options;
  checkWhole('windowBytes', windowBytes, 0);
  checkWhole('heldBytesMax', heldBytesMax, HELD_BYTES_MIN);
  checkWhole('closeTimeoutMs', closeTimeoutMs, 1);
  return {
    windowBytes,
    heldBytesMax,
    closeTimeoutMs,
    laneOf: options.laneOf ?? laneOfFrame,
    faults: new ConditionFaults(),
    clock: options.clock ?? platform.clock,
    scheduler: options.scheduler ?? platform.scheduler,
    random: options.random ?? platform.random,
  };
}

/** A line with the conditions of `up` and `down`. */
export function createLine(
  { random, faults }: ConditionedSetting,
  { up = {}, down = {} }: ConditionedOptions,
): LineFates {
  const line = new LineFates(() => createPrng(randomSafeInteger(random)), faults);
  line.setConditions('up', 'both', up);
  line.setConditions('down', 'both', down);
  return line;
}

function checkWhole(name: string, value: unknown, least: number): void {
  const isWithin =
    Number.isInteger(value) && Number(value) >= least && Number(value) <= DURATION_MS_MAX;
  if (!isWithin) refuse(name, `must be a whole number from ${least} to ${DURATION_MS_MAX}`);
}

function refuse(name: string, problem: string): never {
  throw new HoldfastError('invalid-configuration', `${name} ${problem}`);
}
