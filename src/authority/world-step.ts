/** What one step of a world hands to the host. */
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { AuthorityEvent, AuthorityInput } from './authority.ts';
import type { Verdict } from './verdict.ts';

/** What became of one input that was not judged on arrival. */
export interface JudgedInput {
  /** The handle that the input came through; it may be dead by now. */
  readonly session: ManagedSession;
  readonly input: AuthorityInput;
  readonly verdict: Verdict;
}

/** An entity and whose it is. */
export interface RosterEntry {
  readonly entity: number;
  readonly playerId: PlayerId;
}

/** Who came and went. */
export interface RosterChanges {
  readonly entered: readonly RosterEntry[];
  readonly left: readonly number[];
}

export const NO_ROSTER_CHANGES: RosterChanges = Object.freeze({
  entered: Object.freeze([]),
  left: Object.freeze([]),
});

/** Our or the game's code threw while it handled an input of this peer. */
export interface InputFault {
  readonly session: ManagedSession;
  readonly error: unknown;
}

/** The arrays and their entries are valid until the next step. */
export interface WorldStep {
  /** The tick that ran; for a failed world, the one in which it failed. */
  readonly tick: number;
  readonly events: readonly AuthorityEvent[];
  readonly verdicts: readonly JudgedInput[];
  readonly roster: RosterChanges;
  readonly faults: readonly InputFault[];
}
