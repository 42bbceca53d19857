/**
 * What the clients saw of the world, over all server processes. A process that was started after a
 * kill goes on at some tick of the one before: what was seen of later ticks is undone. In: rows.
 * Out: a player's newest state before a tick, the outcomes between two ticks, of what survived.
 */
import type { CombatEvent } from 'holdfast/protocol';
import type { ClientRow, LogRow, PlayerNumbers, WorldRow } from '../log-rows.ts';
import type { Findings } from './findings.ts';

type SnapshotRow = Extract<WorldRow, { kind: 'snapshot' }>;
type JoinedRow = Extract<ClientRow, { kind: 'joined' }>;

/** A tick of one process's history. */
export interface Moment {
  readonly process: number;
  readonly tick: number;
}

export interface SeenOutcome {
  readonly process: number;
  readonly id: number;
  readonly event: CombatEvent;
}

export interface SeenState {
  readonly at: Moment;
  readonly numbers: PlayerNumbers;
}

/** That a process went on from a tick, as a client was told. */
interface ToldRestart {
  readonly client: string;
  readonly successor: number;
  readonly fromTick: number;
}

type PlayersByEntity = ReadonlyMap<number, PlayerNumbers>;

export class WorldHistory {
  readonly outcomes = new Map<number, SeenOutcome>();
  readonly #findings: Findings;
  /** By process, then by tick; ticks in the order in which they were seen. */
  readonly #snapshots = new Map<number, Map<number, PlayersByEntity>>();
  readonly #outcomesOf = new Map<number, SeenOutcome[]>();
  readonly #restoredAt = new Map<number, number>();
  readonly #told: ToldRestart[] = [];
  /** In which process a client was last in the world. */
  readonly #lastSeenIn = new Map<string, number>();

  constructor(rows: readonly LogRow[], findings: Findings) {
    this.#findings = findings;
    for (const row of rows) {
      if (row.kind === 'snapshot') this.#addSnapshot(row);
      if (row.kind === 'joined') this.#addJoined(row);
      if (row.kind === 'event') {
        this.outcomes.set(row.id, row);
        const list = this.#outcomesOf.get(row.process);
        if (list === undefined) this.#outcomesOf.set(row.process, [row]);
        else list.push(row);
      }
    }
    for (const told of this.#told) this.#checkTold(told);
    for (const list of this.#outcomesOf.values()) {
      list.sort((one, other) => one.event.tick - other.event.tick);
    }
  }

  /** In the order of their ticks. */
  outcomesOf(process: number): readonly SeenOutcome[] {
    return this.#outcomesOf.get(process) ?? [];
  }

  /** The newest tick that anybody saw of that process. */
  newestTick(process: number): number {
    return Math.max(0, ...(this.#snapshots.get(process)?.keys() ?? []));
  }

  /** The tick at which a process took over; undefined when nobody was told. */
  restoredAt(process: number): number | undefined {
    return this.#restoredAt.get(process);
  }

  /** Whether a later process goes on from before that moment. */
  isUndone({ process, tick }: Moment): boolean {
    return tick > this.#survivingTick(process, Number.POSITIVE_INFINITY);
  }

  /** What was seen last of an entity before the process took over. */
  stateBefore(process: number, entity: number): SeenState | undefined {
    let limit = this.restoredAt(process) ?? 0;
    for (let earlier = process - 1; earlier >= 0; earlier -= 1) {
      const found = this.stateAt({ process: earlier, tick: limit }, entity);
      if (found !== undefined) return found;
      limit = Math.min(limit, this.restoredAt(earlier) ?? limit);
    }
    return undefined;
  }

  /** What was seen last of an entity, in that process, up to that tick. */
  stateAt({ process, tick }: Moment, entity: number): SeenState | undefined {
    let found: SeenState | undefined;
    for (const [seenTick, players] of this.#snapshots.get(process) ?? []) {
      if (seenTick > tick || seenTick <= (found?.at.tick ?? -1)) continue;
      const numbers = players.get(entity);
      if (numbers !== undefined) found = { at: { process, tick: seenTick }, numbers };
    }
    return found;
  }

  /** Outcomes of ticks after the one and up to the other, but for what was undone in between. */
  *outcomesBetween(from: Moment, to: Moment): Generator<CombatEvent> {
    for (let process = from.process; process <= to.process; process += 1) {
      const after = process === from.process ? from.tick : (this.restoredAt(process) ?? 0);
      const upTo = process === to.process ? to.tick : this.#survivingTick(process, to.process);
      for (const { event } of this.outcomesOf(process)) {
        if (event.tick > after && event.tick <= upTo) yield event;
      }
    }
  }

  /** Up to which tick that process's history is part of that of a later one. */
  #survivingTick(process: number, later: number): number {
    let tick = Number.POSITIVE_INFINITY;
    for (const [successor, restoredAt] of this.#restoredAt) {
      if (successor > process && successor <= later) tick = Math.min(tick, restoredAt);
    }
    return tick;
  }

  #addSnapshot({ process, tick, players }: SnapshotRow): void {
    let ticks = this.#snapshots.get(process);
    if (ticks === undefined) this.#snapshots.set(process, (ticks = new Map()));
    const known = ticks.get(tick);
    if (known === undefined) {
      ticks.set(tick, new Map(players.map((numbers) => [numbers[0], numbers])));
    } else if (!isSame(known, players)) {
      const words = `tick ${tick} of process ${process} was seen in two ways`;
      this.#findings.add('stateMismatches', words);
    }
  }

  /** Who was away over several kills is told of the first process that was started meanwhile. */
  #addJoined({ client, process, resynced }: JoinedRow): void {
    const successor = Math.min(process, (this.#lastSeenIn.get(client) ?? process - 1) + 1);
    this.#lastSeenIn.set(client, process);
    // A number of events that were missed is a gap of the same process.
    if (resynced === undefined || resynced.eventsMissed !== null) return;
    const { fromTick } = resynced;
    this.#told.push({ client, successor, fromTick });
    const known = this.#restoredAt.get(successor) ?? fromTick;
    this.#restoredAt.set(successor, Math.max(known, fromTick));
  }

  /** A server that has not heard from a client before it died tells of the process before again. */
  #checkTold({ client, successor, fromTick }: ToldRestart): void {
    const known = this.#restoredAt.get(successor);
    if (known === fromTick) return;
    for (let earlier = successor - 1; earlier > 0; earlier -= 1) {
      if (this.#restoredAt.get(earlier) === fromTick) return;
    }
    const words = `process ${successor} goes on from ${fromTick}, not ${known}`;
    this.#findings.add('stateMismatches', `${client} was told that ${words}`);
  }
}

function isSame(known: PlayersByEntity, players: readonly PlayerNumbers[]): boolean {
  return (
    known.size === players.length &&
    players.every((numbers) => known.get(numbers[0])?.join() === numbers.join())
  );
}
