/**
 * The line of one peer to the server, over all its connections: what is wrong with it now. In:
 * orders, from a script or a drawn scenario. Out: faults in what the peer's connections carry.
 * Every draw comes from this line's own streams. Must not know: other lines.
 */
import type { Lane } from '../protocol/lanes.ts';
import { Gate } from '../transport/gate.ts';
import { LineFates } from '../transport/line-fates.ts';
import type { UnitStreams } from '../transport/line-fates.ts';
import type {
  Lanes,
  LinkConditions,
  LinkDirection,
  LinkDirections,
} from '../transport/link-conditions.ts';
import type { FaultCounters } from './fault-counters.ts';
import type { Direction } from './one-way.ts';
import type { SimulatedLink } from './simulated-link.ts';

const DIRECTIONS: readonly LinkDirection[] = ['up', 'down'];

function matches(directions: LinkDirections, direction: LinkDirection): boolean {
  return directions === 'both' || directions === direction;
}

export interface SimulatedLineOptions {
  readonly name: string;
  /** Asked for `up:reliable` and the like. */
  readonly streams: UnitStreams;
  readonly faults: FaultCounters;
  /** Bytes in flight, each way, before they count as `bufferedBytes`. */
  readonly windowBytes: number;
}

/** The way between one peer and the server, over all its connections, and what is wrong with it. */
export class SimulatedLine {
  /** The peer's name. */
  readonly name: string;
  readonly #faults: FaultCounters;
  readonly #fates: LineFates;
  readonly #directions: Readonly<Record<LinkDirection, Direction>>;
  readonly #links = new Set<SimulatedLink>();
  #connections = 0;

  constructor({ name, streams, faults, windowBytes }: SimulatedLineOptions) {
    this.name = name;
    this.#faults = faults;
    this.#fates = new LineFates(streams, faults);
    const create = (direction: LinkDirection): Direction => ({
      windowBytes,
      direction,
      gate: new Gate(),
      fates: this.#fates[direction],
    });
    this.#directions = { up: create('up'), down: create('down') };
  }

  /** Connections of which at least one end is not over. */
  get openLinks(): number {
    return this.#links.size;
  }

  /** Connections that were ever begun; also the number of the newest. */
  get connections(): number {
    return this.#connections;
  }

  conditions(direction: LinkDirection, lane: Lane): LinkConditions {
    return this.#fates.conditions(direction, lane);
  }

  /** For what is sent from now on; what `conditions` leaves out is perfect. */
  setConditions(
    directions: LinkDirections,
    lanes: Lanes,
    conditions: Partial<LinkConditions>,
  ): void {
    this.#fates.setConditions(directions, lanes, conditions);
  }

  /** From now on the receiver's computer takes so much before the sender's `bufferedBytes` grow. */
  setWindow(directions: LinkDirections, windowBytes: number): void {
    for (const direction of DIRECTIONS) {
      if (matches(directions, direction)) this.#directions[direction].windowBytes = windowBytes;
    }
  }

  /** Nothing gets through, and nobody is told: the stream waits, datagrams are lost. */
  partition(directions: LinkDirections): void {
    for (const direction of DIRECTIONS) {
      if (matches(directions, direction)) this.#directions[direction].gate.isPartitioned = true;
    }
  }

  /** Ends every partition; what waited arrives one delay later. */
  heal(): void {
    for (const direction of DIRECTIONS) {
      const { gate } = this.#directions[direction];
      if (!gate.isPartitioned) continue;
      gate.isPartitioned = false;
      if (!gate.isShut) for (const link of this.#links) link.release(direction, true);
    }
  }

  /** Perfect conditions, no partition, a reading client; what is under way arrives at once. */
  makePerfect(): void {
    this.setConditions('both', 'both', {});
    this.heal();
    this.resumeReading();
    for (const link of this.#links) link.hasten();
  }

  /** Every connection breaks, and both ends learn it. */
  reset(): void {
    for (const link of this.#links) {
      this.#faults.reset += 1;
      link.reset();
    }
  }

  /** Every connection breaks: the end at `lostBy` learns it, the other hears nothing any more. */
  halfOpen(lostBy: 'client' | 'server'): void {
    for (const link of this.#links) {
      this.#faults.halfOpen += 1;
      link.halfOpen(lostBy);
    }
  }

  /**
   * The process at `side` has died with all its connections of this line, and hears nothing of it.
   * `tellsOther`: its computer is still up and says so.
   */
  die(side: 'client' | 'server', tellsOther: boolean): void {
    for (const link of this.#links) {
      this.#faults.crash += 1;
      link.die(side, tellsOther);
    }
  }

  /** The client takes nothing from the network until `resumeReading`; datagrams are lost. */
  stopReading(): void {
    this.#faults.stoppedReader += 1;
    this.#directions.down.gate.isReaderStopped = true;
  }

  resumeReading(): void {
    const { gate } = this.#directions.down;
    if (!gate.isReaderStopped) return;
    gate.isReaderStopped = false;
    if (!gate.isShut) for (const link of this.#links) link.release('down', false);
  }

  /** For the network alone: a connection begins. */
  begin(create: (connection: number, up: Direction, down: Direction) => SimulatedLink) {
    this.#connections += 1;
    const link = create(this.#connections, this.#directions.up, this.#directions.down);
    this.#links.add(link);
    return link;
  }

  /** For the network alone: a connection is over. */
  forget(link: SimulatedLink): void {
    this.#links.delete(link);
  }
}
