/**
 * What the players of a run achieved: so that a campaign knows that there was something to disturb.
 * In: verdicts, moves of sessions, steps of worlds. Out: counts. Changes nothing.
 */
import type { AuthorityInput } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import type { World } from '../authority/world.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionEvent } from '../session/session-event.ts';

export class PlayTally {
  acceptedInputs = 0;
  hits = 0;
  timeOuts = 0;
  takeovers = 0;
  readonly #loggedIn = new Set<string>();
  readonly #moved = new Set<string>();
  readonly #shot = new Set<string>();

  handleMove({ session, to, cause }: SessionEvent): void {
    if (to === 'timed-out') this.timeOuts += 1;
    if (cause === 'taken-over') this.takeovers += 1;
    if (to === 'logged-in' && session.playerId !== undefined) this.#loggedIn.add(session.playerId);
  }

  handleVerdict({ playerId }: ManagedSession, input: AuthorityInput, { outcome }: Verdict): void {
    if (outcome !== 'accepted' && outcome !== 'clamped') return;
    this.acceptedInputs += 1;
    if (playerId === undefined) return;
    if (input.kind === 'shoot-input') this.#shot.add(playerId);
    else if (input.kind === 'move-input' && (input.directionX !== 0 || input.directionY !== 0)) {
      this.#moved.add(playerId);
    }
  }

  /** Counts the hits in it. */
  watchWorld<Watched extends World>(world: Watched): Watched {
    const step = world.step.bind(world);
    world.step = () => {
      const done = step();
      for (const { message } of done.events) {
        if (message.kind === 'combat-event' && message.event === 'hit') this.hits += 1;
      }
      return done;
    };
    return world;
  }

  /** What this player never did, in words; undefined when it did all of it. */
  lackOf(playerId: string): string | undefined {
    const id = playerId as PlayerId;
    if (!this.#loggedIn.has(id)) return 'never logged in';
    if (!this.#moved.has(id)) return 'never moved';
    return this.#shot.has(id) ? undefined : 'never shot';
  }
}
