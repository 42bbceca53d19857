/**
 * Who has a seat in one world, and the changes that wait for the next step. Look-ups change at
 * once, authorities learn of it at the begin of a tick, in the order in which it happened. Must not
 * know: inputs, ticks.
 */
import { catchRejection } from '../base/catch-rejection.ts';
import { assert } from '../base/assert.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { Authority } from './authority.ts';
import { WorldMember } from './world-member.ts';
import { NO_ROSTER_CHANGES, type RosterChanges, type RosterEntry } from './world-step.ts';

type Change =
  | { readonly kind: 'join' | 'leave' | 'resume'; readonly member: WorldMember }
  | { readonly kind: 'suspend'; readonly member: WorldMember; readonly ghost: GhostPolicy };

export interface MembershipOptions {
  readonly inputAheadTicksMax: number;
  readonly createPlayerRandom: (playerId: PlayerId) => () => number;
}

export class Membership {
  readonly #options: MembershipOptions;
  /** Insertion order is the order of entities. */
  readonly #byPlayer = new Map<PlayerId, WorldMember>();
  readonly #bySession = new Map<ManagedSession, WorldMember>();
  #changes: Change[] = [];
  #entitiesCreated = 0;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byPlayer.size;
  }

  get(playerId: PlayerId): WorldMember | undefined {
    return this.#byPlayer.get(playerId);
  }

  /** The member whose live handle this is. */
  ofSession(session: ManagedSession): WorldMember | undefined {
    return this.#bySession.get(session);
  }

  /** Everybody, in ascending order of entities. */
  [Symbol.iterator](): MapIterator<WorldMember> {
    return this.#byPlayer.values();
  }

  /** The next number of the generator that lasts as long as the player's seat. */
  randomFor(playerId: PlayerId): number {
    const member = this.#byPlayer.get(playerId);
    assert(member !== undefined, 'only a player with a seat has randomness of its own');
    return member.random();
  }

  join(session: ManagedSession): WorldMember {
    const { playerId } = session;
    assert(playerId !== undefined, 'only a proven player joins a world');
    assert(!this.#byPlayer.has(playerId), 'a player joins a world once');
    this.#entitiesCreated += 1;
    const member = new WorldMember(session, playerId, {
      entity: this.#entitiesCreated,
      inputAheadTicksMax: this.#options.inputAheadTicksMax,
      random: this.#options.createPlayerRandom(playerId),
    });
    this.#byPlayer.set(playerId, member);
    this.#bySession.set(session, member);
    this.#changes.push({ kind: 'join', member });
    return member;
  }

  /** From now on `session` is the member's handle. */
  resume(member: WorldMember, session: ManagedSession): void {
    this.#bySession.delete(member.session);
    this.#bySession.set(session, member);
    member.session = session;
    member.isSuspended = false;
    this.#changes.push({ kind: 'resume', member });
  }

  suspend(member: WorldMember, ghost: GhostPolicy): void {
    member.isSuspended = true;
    this.#changes.push({ kind: 'suspend', member, ghost });
  }

  leave(member: WorldMember): void {
    this.#byPlayer.delete(member.playerId);
    this.#bySession.delete(member.session);
    member.hasLeft = true;
    this.#changes.push({ kind: 'leave', member });
  }

  /**
   * Tells the authorities what happened since the last call. Throws what they throw; what a promise
   * of theirs is rejected with goes to `onLateFault`.
   */
  applyChanges(
    authorities: readonly Authority[],
    onLateFault: (error: unknown) => void,
  ): RosterChanges {
    if (this.#changes.length === 0) return NO_ROSTER_CHANGES;
    const changes = this.#changes;
    this.#changes = [];
    const entered: RosterEntry[] = [];
    const left: number[] = [];
    for (const change of changes) {
      const { member } = change;
      // Who came and left between two ticks was never there.
      if (member.hasLeft && !member.hasJoined) continue;
      for (const authority of authorities) catchRejection(tell(authority, change), onLateFault);
      if (change.kind === 'join') {
        member.hasJoined = true;
        entered.push({ entity: member.entity, playerId: member.playerId });
      }
      if (change.kind === 'leave') left.push(member.entity);
    }
    return { entered, left };
  }
}

function tell(authority: Authority, change: Change): unknown {
  const { playerId } = change.member;
  switch (change.kind) {
    case 'join':
      return authority.addPlayer(playerId);
    case 'leave':
      return authority.removePlayer(playerId);
    case 'resume':
      return authority.resumePlayer(playerId);
    case 'suspend':
      return authority.suspendPlayer(playerId, change.ghost);
  }
}
