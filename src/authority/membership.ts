/**
 * Who has a seat in one world, and the changes that wait for the next step. Look-ups change at
 * once, authorities learn of it at the begin of a tick, in the order in which it happened. Must not
 * know: inputs, ticks.
 */
import { catchRejection } from '../base/catch-rejection.ts';
import { assert } from '../base/assert.ts';
import { isPrng, type PrngState } from '../base/prng.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { Authority } from './authority.ts';
import type { JournalWriter } from './journal-writer.ts';
import { WorldMember } from './world-member.ts';
import { NO_ROSTER_CHANGES, type RosterChanges, type RosterEntry } from './world-step.ts';

/** Somebody who came, went, was lost or returned. */
export type MembershipChange =
  | { readonly kind: 'join' | 'leave' | 'resume'; readonly member: WorldMember }
  | { readonly kind: 'suspend'; readonly member: WorldMember; readonly ghost: GhostPolicy };

export interface MembershipOptions {
  readonly inputAheadTicksMax: number;
  readonly createPlayerRandom: (playerId: PlayerId) => () => number;
  /** The world's own; a player who has the same shares it. */
  readonly worldRandom: () => number;
}

/** A seat of an earlier process. */
export interface KeptSeat {
  readonly entity: number;
  /** Where the player's own generator stood; undefined = the world's. */
  readonly random: PrngState | undefined;
}

export class Membership {
  readonly #options: MembershipOptions;
  /** Insertion order is the order of entities. */
  readonly #byPlayer = new Map<PlayerId, WorldMember>();
  readonly #bySession = new Map<ManagedSession, WorldMember>();
  /** Whom the authorities know, by entity; behind `#byPlayer` while changes wait. */
  readonly #known = new Map<number, WorldMember>();
  #changes: MembershipChange[] = [];
  #entitiesCreated = 0;
  /** The highest entity that has joined; those between it and `#entitiesCreated` are reserved. */
  #entityJoined = 0;
  #entitiesKnown = 0;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#byPlayer.size;
  }

  /** Whether nothing waits for the next step. */
  get isSettled(): boolean {
    return this.#changes.length === 0;
  }

  /** The highest entity that had joined before the last step. */
  get entitiesKnown(): number {
    return this.#entitiesKnown;
  }

  /** Whom the authorities know, by entity in ascending order. */
  get known(): ReadonlyMap<number, WorldMember> {
    return this.#known;
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

  /** A number for somebody who may join later. */
  reserve(): number {
    this.#entitiesCreated += 1;
    return this.#entitiesCreated;
  }

  /** Whether nobody with this entity or a higher one has joined. */
  isJoinable(entity: number): boolean {
    return entity > this.#entityJoined;
  }

  join(session: ManagedSession, entity: number): WorldMember {
    const { playerId } = session;
    assert(playerId !== undefined, 'only a proven player joins a world');
    assert(!this.#byPlayer.has(playerId), 'a player joins a world once');
    assert(this.isJoinable(entity), 'entities join in ascending order');
    const random = this.#options.createPlayerRandom(playerId);
    const member = this.#seat(session, playerId, { entity, random });
    this.#changes.push({ kind: 'join', member });
    return member;
  }

  /** Joins as it was written down. Undefined: this world has other generators than that one had. */
  rejoin(session: ManagedSession, playerId: PlayerId, kept: KeptSeat): WorldMember | undefined {
    const member = this.#seatKept(session, playerId, kept);
    if (member !== undefined) this.#changes.push({ kind: 'join', member });
    return member;
  }

  /** Seats somebody whom the authorities know already; undefined as in `rejoin`. */
  restore(session: ManagedSession, playerId: PlayerId, kept: KeptSeat): WorldMember | undefined {
    const member = this.#seatKept(session, playerId, kept);
    if (member === undefined) return undefined;
    member.hasJoined = true;
    this.#known.set(member.entity, member);
    return member;
  }

  /** The next entity is a higher one. */
  restoreEntities(entitiesCreated: number): void {
    this.#entitiesCreated = entitiesCreated;
    this.#entityJoined = entitiesCreated;
    this.#entitiesKnown = entitiesCreated;
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
   * Tells the journal, then the authorities what happened since the last call. Throws what they
   * throw; what a promise of theirs is rejected with goes to `onLateFault`.
   */
  applyChanges(
    authorities: readonly Authority[],
    onLateFault: (error: unknown) => void,
    journal?: Pick<JournalWriter, 'noteChange'>,
  ): RosterChanges {
    if (this.#changes.length === 0) return NO_ROSTER_CHANGES;
    this.#entitiesKnown = this.#entityJoined;
    const changes = this.#changes;
    this.#changes = [];
    const entered: RosterEntry[] = [];
    const left: number[] = [];
    for (const change of changes) {
      const { member } = change;
      // Who came and left between two ticks was never there.
      if (member.hasLeft && !member.hasJoined) continue;
      journal?.noteChange(change);
      for (const authority of authorities) catchRejection(tell(authority, change), onLateFault);
      if (change.kind === 'join') {
        member.hasJoined = true;
        entered.push({ entity: member.entity, playerId: member.playerId });
      }
      if (change.kind === 'leave') left.push(member.entity);
      this.#noteKnown(change);
    }
    return { entered, left };
  }

  #noteKnown({ kind, member }: MembershipChange): void {
    if (kind === 'join') this.#known.set(member.entity, member);
    else if (kind === 'leave') this.#known.delete(member.entity);
    else member.wasSuspended = kind === 'suspend';
  }

  #seatKept(
    session: ManagedSession,
    playerId: PlayerId,
    { entity, random: state }: KeptSeat,
  ): WorldMember | undefined {
    const random = this.#options.createPlayerRandom(playerId);
    const isShared = random === this.#options.worldRandom;
    if (isShared !== (state === undefined)) return undefined;
    if (state !== undefined) {
      if (!isPrng(random)) return undefined;
      random.writeState(state);
    }
    return this.#seat(session, playerId, { entity, random });
  }

  #seat(
    session: ManagedSession,
    playerId: PlayerId,
    { entity, random }: { readonly entity: number; readonly random: () => number },
  ): WorldMember {
    const { inputAheadTicksMax, worldRandom } = this.#options;
    const seat = { entity, random, worldRandom, inputAheadTicksMax };
    const member = new WorldMember(session, playerId, seat);
    this.#entityJoined = entity;
    this.#entitiesCreated = Math.max(this.#entitiesCreated, entity);
    this.#byPlayer.set(playerId, member);
    this.#bySession.set(session, member);
    return member;
  }
}

function tell(authority: Authority, change: MembershipChange): unknown {
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
