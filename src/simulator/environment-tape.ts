/**
 * Everything that was done to the worlds of a run, in order: who joined, went, came back, which
 * inputs arrived, when each tick ran. That, and nothing else, is what legitimately connects peers;
 * a solo run plays the others' part from here. In: the calls of a RecordingWorld. Out: one
 * recording for each life of a world. Must not know: sessions' states, connections, bytes.
 */
import type { AuthorityInput } from '../authority/authority.ts';
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { GhostPolicy } from '../session/session-policy.ts';

/** What a world's rules may know of a session. `data` is the run's own object, never changed. */
export interface TapedSession {
  readonly sessionId: SessionId;
  readonly peerId: PeerId;
  readonly playerId: PlayerId;
  readonly worldId: WorldId | undefined;
  readonly epoch: number;
  readonly data: unknown;
}

/** `at` is virtual ms. */
export type TapeEntry = { readonly at: number } & (
  | {
      readonly op: 'add';
      readonly playerId: PlayerId;
      readonly session: TapedSession;
      readonly entity: number;
    }
  | { readonly op: 'resume'; readonly playerId: PlayerId; readonly session: TapedSession }
  | { readonly op: 'suspend'; readonly playerId: PlayerId; readonly ghost: GhostPolicy }
  | { readonly op: 'remove'; readonly playerId: PlayerId }
  | {
      readonly op: 'receive';
      readonly playerId: PlayerId;
      readonly input: AuthorityInput;
      readonly tickFraction: number;
    }
  /** `hasFailed`: one of the world's rules threw in it. */
  | { readonly op: 'step'; readonly tick: number; readonly hasFailed?: true }
  | { readonly op: 'fail'; readonly error: unknown }
);

/** One life of a world, from its first player to its last. */
export interface WorldTape {
  readonly worldId: WorldId;
  readonly openedAt: number;
  readonly entries: readonly TapeEntry[];
  /**
   * It goes on after this tick of an earlier life, which a store has kept; undefined = it is new.
   * What comes first are the calls of the recovery: nobody is connected.
   */
  readonly restoredTick: number | undefined;
}

/** A life as it is being recorded. */
export interface OpenTape extends WorldTape {
  readonly entries: TapeEntry[];
  restoredTick: number | undefined;
}

export class EnvironmentTape {
  readonly #worlds = new Map<WorldId, WorldTape[]>();

  /** Begins the recording of one life of a world; the caller writes into what it gets. */
  open(worldId: WorldId, openedAt: number): OpenTape {
    const life: OpenTape = { worldId, openedAt, entries: [], restoredTick: undefined };
    const lives = this.#worlds.get(worldId) ?? [];
    lives.push(life);
    this.#worlds.set(worldId, lives);
    return life;
  }

  /**
   * What a life goes on from: all that was done to its world up to the tick after which it was
   * restored, over however many processes.
   */
  historyBefore(life: WorldTape): readonly TapeEntry[] {
    const { restoredTick, worldId } = life;
    if (restoredTick === undefined) return [];
    const lives = this.livesOf(worldId);
    // A later world of that name may have come to nothing on the disk.
    for (const before of lives.slice(0, lives.indexOf(life)).toReversed()) {
      const history = [...this.historyBefore(before), ...before.entries];
      const isLast = (entry: TapeEntry): boolean =>
        entry.op === 'step' && entry.tick === restoredTick;
      const end = history.findLastIndex(isLast);
      if (end !== -1) return history.slice(0, end + 1);
    }
    return [];
  }

  /** The lives of a world, oldest first. */
  livesOf(worldId: WorldId): readonly WorldTape[] {
    return this.#worlds.get(worldId) ?? [];
  }

  /** All recordings, by world, then by age. */
  *[Symbol.iterator](): IterableIterator<WorldTape> {
    for (const lives of this.#worlds.values()) yield* lives;
  }

  get entriesCount(): number {
    let count = 0;
    for (const { entries } of this) count += entries.length;
    return count;
  }
}
