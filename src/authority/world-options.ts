/** What a world is made with. */
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { CreateAuthorities, InputLimits } from './authority.ts';

export interface WorldOptions {
  readonly worldId: WorldId;
  /** Steps per second; whole steps of equal length. */
  readonly tickRateHz: number;
  readonly createAuthorities: CreateAuthorities;
  readonly inputLimits?: Partial<InputLimits>;
  /** The world's own seeded generator, uniform in [0, 1). A `Prng` can outlive the process. */
  readonly random: () => number;
  /** Makes one for each player's stay. Default: they share the world's. */
  readonly createPlayerRandom?: (playerId: PlayerId) => () => number;
  /** Makes a record of each tick (`journalRecord`), if the world allows it. Default false. */
  readonly keepsJournal?: boolean;
  /** What `checkpoint()` answered in an earlier process: the world goes on from there. */
  readonly checkpoint?: Uint8Array;
  /** The handles of players who are in it by then. Default: stand-ins, until they resume. */
  readonly sessionOf?: (playerId: PlayerId) => ManagedSession | undefined;
}
