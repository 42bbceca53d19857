/**
 * What of one world outlives its process. In: its members, rules and generator between two steps;
 * bytes of an earlier process. Out: checkpoints, journal records, and the state put back. It never
 * changes what a world does. Must not know: where the bytes are kept.
 */
import { assert } from '../base/assert.ts';
import { catchRejection } from '../base/catch-rejection.ts';
import { isPrng, type PrngState } from '../base/prng.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import { createAbsentSession } from './absent-session.ts';
import type { Authority } from './authority.ts';
import type { AuthorityTable } from './authority-table.ts';
import { decodeJournalRecord, type JournalRecord } from './journal-record.ts';
import { JournalWriter } from './journal-writer.ts';
import type { Membership } from './membership.ts';
import { StateWriter } from './state-writer.ts';
import type { WorldMember } from './world-member.ts';
import type { WorldOptions } from './world-options.ts';
import { assessRecovery, type WorldRecovery } from './world-recovery.ts';
import {
  encodeWorldState,
  foreign,
  type AuthorityState,
  type MemberState,
  type WorldState,
} from './world-state.ts';

export interface WorldArchiveOptions {
  readonly world: WorldOptions;
  readonly table: AuthorityTable;
  readonly members: Membership;
  /** Where the world's generator stood before the authorities were created. */
  readonly firstRandom: PrngState | undefined;
}

export class WorldArchive {
  readonly recovery: WorldRecovery;
  /** Undefined: nothing is written down. */
  readonly journal: JournalWriter | undefined;
  readonly #options: WorldArchiveOptions;
  readonly #writer = new StateWriter();

  constructor(options: WorldArchiveOptions) {
    const { table, world } = options;
    this.#options = options;
    this.recovery = assessRecovery(table.authorities, world.random);
    const isKept = world.keepsJournal === true && this.recovery.from === 'journal';
    this.journal = isKept ? new JournalWriter(world.worldId) : undefined;
  }

  /** Throws HoldfastError `world-not-restorable` or `checkpoint-failed`. */
  checkpoint(tick: number): Uint8Array {
    const { world, table, members, firstRandom } = this.#options;
    if (this.recovery.from === 'nothing') this.#refuse(this.recovery.reasons.join(', '));
    if (!isPrng(world.random) || firstRandom === undefined) this.#refuse('no random numbers');
    const bytes = encodeWorldState(this.#writer, world, {
      tick,
      entitiesCreated: members.entitiesKnown,
      firstRandom,
      random: world.random.readState(),
      members: Array.from(members.known.values(), (member) => this.#stateOf(member)),
      authorities: table.authorities.map(checkpointOf),
    });
    if (bytes === undefined) failCheckpoint(`the checkpoint of '${world.worldId}' is too large`);
    return bytes;
  }

  /** Puts everything back into a world that was just made. Throws HoldfastError. */
  restore(state: WorldState): void {
    const { world, table, members } = this.#options;
    if (this.recovery.from === 'nothing') this.#refuse(this.recovery.reasons.join(', '));
    const written = state.authorities.map(({ name }) => name).join(', ');
    const present = table.authorities.map(({ name }) => name).join(', ');
    if (written !== present) {
      this.#foreign(`had the authorities ${written}, and has ${present}`);
    }
    if (isPrng(world.random)) world.random.writeState(state.random);
    members.restoreEntities(state.entitiesCreated);
    for (const member of state.members) this.#restoreMember(member);
    for (const [index, kept] of state.authorities.entries()) {
      const authority = table.authorities[index];
      if (authority !== undefined) restoreAuthority(authority, kept);
    }
  }

  /** The record of `tick`, if this world can play it. Throws HoldfastError. */
  readRecord(bytes: Uint8Array, tick: number): JournalRecord {
    const { world, table, members } = this.#options;
    if (this.recovery.from !== 'journal') this.#refuse(this.recovery.reasons.join(', '));
    const record = decodeJournalRecord(bytes, { worldId: world.worldId, tick });
    const players = new Map<number, PlayerId>();
    for (const [entity, { playerId }] of members.known) players.set(entity, playerId);
    const entitiesMin = this.#checkChanges(record, players);
    if (record.entitiesCreated < entitiesMin) this.#foreign('has given away more entities');
    for (const { entity, input } of record.inputs) {
      const isTaken = players.has(entity) && table.takerOf(input) !== undefined;
      if (!isTaken) this.#foreign(`has nobody for an input of entity ${entity}`);
    }
    return record;
  }

  /** Makes the changes of a record wait for the next step, as they did. Throws HoldfastError. */
  repeatChanges(record: JournalRecord): void {
    const { members } = this.#options;
    const byEntity = new Map(members.known);
    for (const change of record.changes) {
      if (change.kind === 'join') {
        const session = this.#sessionOf(change.playerId);
        const joined = members.rejoin(session, change.playerId, change);
        byEntity.set(change.entity, this.#expectSeat(joined));
        continue;
      }
      const member = byEntity.get(change.entity);
      assert(member !== undefined, 'the record has been checked');
      if (change.kind === 'suspend') members.suspend(member, change.ghost);
      else if (change.kind === 'resume') members.resume(member, member.session);
      else members.leave(member);
    }
    members.restoreEntities(record.entitiesCreated);
  }

  /** Walks `players` through the changes; answers the highest entity after them. */
  #checkChanges({ changes }: JournalRecord, players: Map<number, PlayerId>): number {
    let entityMax = this.#options.members.entitiesKnown;
    const seated = new Set(players.values());
    for (const change of changes) {
      const { kind, entity } = change;
      if (kind === 'join') {
        const isNew = entity > entityMax && !seated.has(change.playerId);
        if (!isNew) this.#foreign(`can't seat entity ${entity} as the journal says`);
        players.set(entity, change.playerId);
        seated.add(change.playerId);
        entityMax = entity;
        continue;
      }
      const playerId = players.get(entity);
      if (playerId === undefined) this.#foreign(`has no entity ${entity} as the journal says`);
      if (kind !== 'leave') continue;
      players.delete(entity);
      seated.delete(playerId);
    }
    return entityMax;
  }

  #stateOf({ playerId, entity, wasSuspended, ownRandom }: WorldMember): MemberState {
    if (ownRandom === 'unreadable') {
      this.#refuse("the state of a player's random numbers cannot be read");
    }
    return { playerId, entity, isSuspended: wasSuspended, random: ownRandom?.readState() };
  }

  #restoreMember(state: MemberState): void {
    const { members } = this.#options;
    const { playerId, isSuspended } = state;
    const restored = members.restore(this.#sessionOf(playerId), playerId, state);
    const member = this.#expectSeat(restored);
    member.isSuspended = isSuspended;
    member.wasSuspended = isSuspended;
  }

  #sessionOf(playerId: PlayerId): ManagedSession {
    const { world } = this.#options;
    return world.sessionOf?.(playerId) ?? createAbsentSession(playerId, world.worldId);
  }

  #expectSeat(member: WorldMember | undefined): WorldMember {
    return member ?? this.#foreign('has other random numbers for its players');
  }

  #foreign(problem: string): never {
    foreign(`world '${this.#options.world.worldId}' ${problem}`);
  }

  #refuse(reason: string): never {
    const message = `world '${this.#options.world.worldId}' is not restorable: ${reason}`;
    throw new HoldfastError('world-not-restorable', message);
  }
}

/**
 * Puts a world's generator where it stood before the authorities were created: whatever they draw
 * then, they draw again. Answers where that is.
 */
export function startRandom(
  random: () => number,
  kept: WorldState | undefined,
): PrngState | undefined {
  if (!isPrng(random)) return undefined;
  if (kept !== undefined) random.writeState(kept.firstRandom);
  return random.readState();
}

function checkpointOf(authority: Authority): AuthorityState {
  const { name } = authority;
  let bytes: unknown;
  try {
    bytes = authority.checkpoint?.();
  } catch (cause) {
    failCheckpoint(`checkpoint() of the authority '${name}' threw`, cause);
  }
  catchRejection(bytes, () => undefined);
  if (bytes instanceof Uint8Array) return { name, bytes };
  return failCheckpoint(`checkpoint() of the authority '${name}' answered no bytes`);
}

function restoreAuthority(authority: Authority, state: AuthorityState): void {
  const { name } = authority;
  let answer: unknown;
  try {
    // A copy: what a rule keeps of it must not keep the whole checkpoint.
    answer = authority.restore?.(state.bytes.slice());
  } catch (cause) {
    if (cause instanceof HoldfastError) throw cause;
    const message = `restore() of the authority '${name}' threw`;
    throw new HoldfastError('world-state-corrupt', message, { cause });
  }
  if (!(answer instanceof Promise)) return;
  catchRejection(answer, () => undefined);
  const message = `restore() of the authority '${name}' must not be async`;
  throw new HoldfastError('invalid-configuration', message);
}

function failCheckpoint(message: string, cause?: unknown): never {
  throw new HoldfastError('checkpoint-failed', message, { cause });
}
