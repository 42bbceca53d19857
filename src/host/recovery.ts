/**
 * Brings back what an earlier process has left in the store, before anybody is let in: sessions as
 * `reconnecting`, worlds as they were after the last tick that was kept, and everybody in them who
 * has a session. In: what the store contains. Out: sessions, rooms, notices; an error when a world
 * can't be opened at all. Must not know: connections, who may come back (resume-desk.ts).
 */
import type { World } from '../authority/world.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ErrorCode } from '../protocol/holdfast-error.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type { OpenedStore, StoredWorld, StoreContents } from '../store/session-store.ts';
import { copyStorableData } from '../store/storable-data.ts';
import type { HostCore } from './host-core.ts';
import { tellNotice } from './host-core.ts';
import type { KeptWorld, WorldRoom } from './world-rooms.ts';

/** With these a world begins anew, from nothing or from its checkpoint. Others are passed on. */
const WORLD_LOSSES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'world-state-corrupt',
  'world-state-version-mismatch',
  'world-state-foreign',
  'world-not-restorable',
  'replay-diverged',
]);

export function recover(core: HostCore, store: OpenedStore, contents: StoreContents): void {
  const records = claimRecords(store, contents.sessions);
  core.archive.open(store, records);
  core.keeper.open(store);
  const byWorld = new Map<WorldId, SessionRecord[]>();
  let count = 0;
  for (const record of records) {
    if (!restoreSession(core, record)) continue;
    count += 1;
    const others = byWorld.get(record.worldId);
    if (others === undefined) byWorld.set(record.worldId, [record]);
    else others.push(record);
  }
  const dropped = contents.sessions.length - count;
  if (count + dropped > 0) tellNotice(core, { kind: 'sessions-restored', count, dropped });
  for (const stored of contents.worlds) {
    if (byWorld.has(stored.worldId)) restoreWorld(core, stored);
    else core.keeper.forgetWorld(stored.worldId);
  }
  for (const [worldId, players] of byWorld) seatEverybody(core, worldId, players);
}

/** One for each player: a store that this host has written holds no more. */
function claimRecords(store: OpenedStore, records: readonly SessionRecord[]): SessionRecord[] {
  const byPlayer = new Map<PlayerId, SessionRecord>();
  for (const record of records) {
    const other = byPlayer.get(record.playerId);
    if (other === undefined) byPlayer.set(record.playerId, record);
    else void store.deleteSession(record);
  }
  // The store has them in no particular order, and two equal stores shall make two equal hosts.
  return [...byPlayer.values()].toSorted(
    (one, other) => one.entity - other.entity || (one.sessionId < other.sessionId ? -1 : 1),
  );
}

function restoreSession(core: HostCore, record: SessionRecord): boolean {
  const { sessionId, playerId, worldId, epoch, data } = record;
  // The record's own stays as it is, whatever the game does with the session's.
  const own = { sessionId, playerId, worldId, epoch, data: copyStorableData(data) };
  const session = core.sessions.restore(own);
  if (session !== undefined) return true;
  void core.archive.forget(sessionId);
  return false;
}

/** The session that a world's player has, if it is of this world. */
function sessionIn(
  core: HostCore,
  worldId: WorldId,
  playerId: PlayerId,
): ManagedSession | undefined {
  const session = core.sessions.getByPlayer(playerId);
  return session?.worldId === worldId ? session : undefined;
}

function restoreWorld(core: HostCore, stored: StoredWorld): void {
  const { worldId, checkpoint, journal } = stored;
  const startedAt = core.clock.now();
  const kept: KeptWorld = {
    checkpoint: checkpoint.bytes,
    sessionOf: (playerId) => sessionIn(core, worldId, playerId),
  };
  try {
    const room = tryReplay(core, stored, kept);
    const ticksReplayed = room.world.tick - checkpoint.tick;
    const ms = core.clock.now() - startedAt;
    const { tick } = room.world;
    tellNotice(core, { kind: 'world-restored', worldId, tick, ticksReplayed, ms });
  } catch (error) {
    const { tick } = journal.at(-1) ?? checkpoint;
    const reason = `everything up to tick ${tick} (${lossOf(error)})`;
    core.keeper.forgetWorld(worldId);
    tellNotice(core, { kind: 'world-not-restored', worldId, reason, error });
  }
}

/** From the checkpoint alone where a tick does not repeat itself. Throws what makes neither. */
function tryReplay(core: HostCore, { worldId, journal }: StoredWorld, kept: KeptWorld): WorldRoom {
  const room = core.rooms.restore(worldId, kept);
  try {
    for (const { bytes } of journal) room.world.replay(bytes);
    return room;
  } catch (error) {
    const code = lossOf(error);
    // Out of the store too: what is written from here on must not be followed by ticks of another
    // history.
    core.rooms.close(room);
    const again = core.rooms.restore(worldId, kept);
    const reason = `${journal.length} ticks after its checkpoint (${code})`;
    tellNotice(core, { kind: 'world-not-restored', worldId, reason, error });
    return again;
  }
}

/** Passes on what is no loss of this world's state. */
function lossOf(error: unknown): ErrorCode {
  if (error instanceof HoldfastError && WORLD_LOSSES.has(error.code)) return error.code;
  throw error;
}

/** Who has a session has a seat, and nobody else; all connections are gone. */
function seatEverybody(core: HostCore, worldId: WorldId, records: readonly SessionRecord[]): void {
  const room = core.rooms.get(worldId) ?? core.rooms.restore(worldId);
  removeStrangers(core, room.world, records);
  for (const record of records) seat(core, room, record);
  core.keeper.keep(room);
}

function removeStrangers(core: HostCore, world: World, records: readonly SessionRecord[]): void {
  const entities = new Map(records.map(({ playerId, entity }) => [playerId, entity]));
  for (const { playerId, entity } of world.roster()) {
    const session = sessionIn(core, world.worldId, playerId);
    const isKnown = session !== undefined && entities.get(playerId) === entity;
    if (!isKnown) world.removePlayer(playerId);
  }
}

/** Called in ascending order of entities: whoever joined in a lost tick joins in that order. */
function seat(core: HostCore, room: WorldRoom, record: SessionRecord): void {
  const { world } = room;
  const { playerId, entity, restoredTick = world.tick } = record;
  const session = sessionIn(core, world.worldId, playerId);
  if (session === undefined) return;
  const kept = core.seats.get(session.sessionId);
  if (world.entityOf(playerId) === undefined) {
    if (!world.isJoinable(entity)) {
      // The world has seen this player go; the record was not deleted in time.
      core.sessions.remove(session, 'left');
      return;
    }
    world.addPlayer(session, entity);
    // Whatever its client was told is not of this world: it has to hear that something is lost.
    kept?.stream.restore(undefined);
  }
  if (kept !== undefined) {
    room.seats.add(kept);
    // After an older backup the world may be older than the record.
    kept.restoredTick = Math.min(restoredTick, world.tick);
  }
  world.suspendPlayer(playerId, core.sessions.policy.ghost);
}
