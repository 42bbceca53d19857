/** The event by which a shooter, and nobody else, learns that a shot did not count, and why. */
import type { PlayerId } from '../protocol/ids.ts';
import type { ShootInput } from '../protocol/messages.ts';
import type { AuthorityEvent } from './authority.ts';
import type { Verdict } from './verdict.ts';

export interface RefusedShot {
  readonly playerId: PlayerId;
  readonly input: ShootInput;
  readonly verdict: Verdict;
  readonly tick: number;
}

/** The event, or undefined for a shot that counted. A tick that was none is reported as 0. */
export function shootRejected(shot: RefusedShot): AuthorityEvent | undefined {
  const { playerId, input, verdict, tick } = shot;
  if (verdict.outcome === 'accepted' || verdict.outcome === 'clamped') return undefined;
  const code = verdict.outcome === 'rejected' ? verdict.code : verdict.outcome;
  const inputTick = Number.isSafeInteger(input.tick) ? Math.max(0, input.tick) : 0;
  return {
    scope: { to: 'peer', playerId },
    message: { kind: 'combat-event', tick, event: 'shoot-rejected', inputTick, code },
  };
}
