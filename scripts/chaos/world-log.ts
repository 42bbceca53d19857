/**
 * What the server says to everybody, written down once: snapshots, outcomes, who has which entity.
 * In: frames as any client got them. Out: rows; two that differ where they should be the same are
 * two rows, and the checker sees it.
 */
import type { CombatEvent, LoginAccepted, Roster, Snapshot } from 'holdfast/protocol';
import type { LogRow, PlayerNumbers } from './log-rows.ts';

/** Snapshots that are kept to recognise the same one at clients that read later. */
const SNAPSHOTS_KEPT = 256;

const FIELDS = ['x', 'y', 'hitPoints', 'isAlive', 'kills', 'deaths', 'tokens'] as const;

export interface SeenSnapshot {
  readonly tick: number;
  readonly players: ReadonlyMap<number, PlayerNumbers>;
}

interface KeptSnapshot extends SeenSnapshot {
  readonly process: number;
  /** All that it says. */
  readonly text: string;
}

export class WorldLog {
  readonly #write: (row: LogRow) => void;
  readonly #snapshots: KeptSnapshot[] = [];
  readonly #eventIds = new Map<string, number>();
  readonly #seats = new Set<string>();
  /** Where in a player's numbers the fields are; the same for all processes. */
  #columns: readonly number[] | undefined;

  constructor(write: (row: LogRow) => void) {
    this.#write = write;
  }

  noteFields({ snapshotFields }: LoginAccepted): void {
    this.#columns ??= FIELDS.map((name) =>
      snapshotFields.findIndex((field) => field.name === name),
    );
  }

  /** As a client has read it: each from a frame of its own. */
  noteSnapshot(process: number, snapshot: Snapshot): SeenSnapshot {
    const text = JSON.stringify(snapshot);
    const kept = this.#snapshots.find((one) => one.process === process && one.text === text);
    if (kept !== undefined) return kept;
    const players = this.#playersOf(snapshot);
    const { tick } = snapshot;
    this.#write({ kind: 'snapshot', process, tick, players });
    const seen = { process, tick, text, players: byEntity(players) };
    this.#snapshots.unshift(seen);
    this.#snapshots.length = Math.min(this.#snapshots.length, SNAPSHOTS_KEPT);
    return seen;
  }

  /** The number of this outcome in the log. */
  noteEvent(process: number, event: CombatEvent): number {
    const key = `${process} ${JSON.stringify(event)}`;
    const known = this.#eventIds.get(key);
    if (known !== undefined) return known;
    const id = this.#eventIds.size + 1;
    this.#eventIds.set(key, id);
    this.#write({ kind: 'event', process, id, event });
    return id;
  }

  noteRoster(process: number, { entered }: Roster): void {
    for (const { entity, playerId } of entered) {
      const key = `${process} ${entity} ${playerId}`;
      if (this.#seats.has(key)) continue;
      this.#seats.add(key);
      this.#write({ kind: 'seat', process, entity, playerId });
    }
  }

  #playersOf({ players }: Snapshot): PlayerNumbers[] {
    const columns = this.#columns ?? [];
    return players.map(({ entity, fields }) => {
      const numbers = columns.map((column) => fields[column] ?? 0);
      return [entity, ...numbers] as unknown as PlayerNumbers;
    });
  }
}

function byEntity(players: readonly PlayerNumbers[]): ReadonlyMap<number, PlayerNumbers> {
  return new Map(players.map((numbers) => [numbers[0], numbers]));
}
