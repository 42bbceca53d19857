/**
 * The fates of a peer's line: one for each direction and lane, over all its connections. In:
 * orders, from sliders, a script or a drawn scenario. Out: the fates that connections ask.
 * Every draw comes from this line's own streams. Must not know: other lines, connections.
 */
import type { Lane } from '../protocol/lanes.ts';
import { completeConditions } from './link-conditions.ts';
import type { Lanes, LinkConditions, LinkDirection, LinkDirections } from './link-conditions.ts';
import { PacketFate } from './packet-fate.ts';
import type { PacketFaults } from './packet-faults.ts';

/** Makes a generator of uniform numbers in [0, 1) for a purpose: equal purposes, equal numbers. */
export type UnitStreams = (purpose: string) => () => number;

export type LaneFates = Readonly<Record<Lane, PacketFate>>;

const DIRECTIONS: readonly LinkDirection[] = ['up', 'down'];
const LANES: readonly Lane[] = ['reliable', 'sync'];

function matches<Choice extends string>(choice: Choice | 'both', one: Choice): boolean {
  return choice === 'both' || choice === one;
}

export class LineFates {
  readonly up: LaneFates;
  readonly down: LaneFates;

  /** `streams` is asked for `up:reliable` and the like. */
  constructor(streams: UnitStreams, faults: PacketFaults) {
    const create = (direction: LinkDirection): LaneFates => ({
      reliable: new PacketFate(streams(`${direction}:reliable`), faults),
      sync: new PacketFate(streams(`${direction}:sync`), faults),
    });
    this.up = create('up');
    this.down = create('down');
  }

  conditions(direction: LinkDirection, lane: Lane): LinkConditions {
    return this[direction][lane].conditions;
  }

  /**
   * For what is sent from now on; what `conditions` leaves out is perfect. Throws HoldfastError
   * `invalid-configuration`, and then nothing has changed.
   */
  setConditions(
    directions: LinkDirections,
    lanes: Lanes,
    conditions: Partial<LinkConditions>,
  ): void {
    const complete = completeConditions(conditions);
    for (const direction of DIRECTIONS) {
      for (const lane of LANES) {
        if (!matches(directions, direction) || !matches(lanes, lane)) continue;
        this[direction][lane].conditions = complete;
      }
    }
  }

  /** Takes over the conditions of another line, not its chances. */
  setConditionsOf(line: LineFates): void {
    for (const direction of DIRECTIONS) {
      for (const lane of LANES) this[direction][lane].conditions = line.conditions(direction, lane);
    }
  }
}
