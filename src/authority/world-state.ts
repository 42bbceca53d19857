/**
 * A whole world at the end of a tick, as values and as bytes. In: what the world gathered, or bytes
 * of an earlier process. Out: the other of the two. What an authority keeps is opaque here. Must
 * not know: connections, inputs that wait; neither outlives a process.
 */
import type { PrngState } from '../base/prng.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import { beginSealed, finishSealed, openSealed } from './state-seal.ts';
import type { StateReader } from './state-reader.ts';
import type { StateWriter } from './state-writer.ts';

export interface WorldState {
  readonly tick: number;
  /** The highest entity that was ever given away. */
  readonly entitiesCreated: number;
  /** The world's generator before the authorities were created, and now. */
  readonly firstRandom: PrngState;
  readonly random: PrngState;
  /** In ascending order of entities. */
  readonly members: readonly MemberState[];
  /** In the order of a tick. */
  readonly authorities: readonly AuthorityState[];
}

export interface MemberState {
  readonly playerId: PlayerId;
  readonly entity: number;
  readonly isSuspended: boolean;
  /** The player's own generator; undefined = the world's. */
  readonly random: PrngState | undefined;
}

export interface AuthorityState {
  readonly name: string;
  /** What its `checkpoint` answered. */
  readonly bytes: Uint8Array;
}

/** What bytes must be of, to be restored here. */
export interface WorldIdentity {
  readonly worldId: WorldId;
  readonly tickRateHz: number;
}

/** Ticks and entities beyond can't have been counted up to. */
export const COUNT_MAX = 2 ** 48;
/** Entity, id, flags. */
const MEMBER_BYTES_MIN = 3;
/** Two lengths. */
const AUTHORITY_BYTES_MIN = 2;

/** Undefined when they are more bytes than may be. */
export function encodeWorldState(
  writer: StateWriter,
  identity: WorldIdentity,
  state: WorldState,
): Uint8Array | undefined {
  beginSealed(writer, 'checkpoint');
  writer.text(identity.worldId);
  writer.double(identity.tickRateHz);
  writer.varint(state.tick);
  writer.varint(state.entitiesCreated);
  writeRandom(writer, state.firstRandom);
  writeRandom(writer, state.random);
  writer.varint(state.members.length);
  for (const { playerId, entity, isSuspended, random } of state.members) {
    writer.varint(entity);
    writer.text(playerId);
    writer.boolean(isSuspended);
    writer.boolean(random !== undefined);
    if (random !== undefined) writeRandom(writer, random);
  }
  writer.varint(state.authorities.length);
  for (const { name, bytes } of state.authorities) {
    writer.text(name);
    writer.bytes(bytes);
  }
  return finishSealed(writer);
}

/**
 * Throws HoldfastError `world-state-corrupt`, `world-state-version-mismatch` or
 * `world-state-foreign`. The authorities' bytes are views.
 */
export function decodeWorldState(bytes: Uint8Array, identity: WorldIdentity): WorldState {
  const reader = openSealed(bytes, 'checkpoint', `the checkpoint of world '${identity.worldId}'`);
  checkIdentity(reader, identity);
  const tick = reader.varint();
  const entitiesCreated = reader.varint();
  reader.check(tick <= COUNT_MAX && entitiesCreated <= COUNT_MAX, 'counts too far');
  const state: WorldState = {
    tick,
    entitiesCreated,
    firstRandom: readRandom(reader),
    random: readRandom(reader),
    members: readMembers(reader, entitiesCreated),
    authorities: readAuthorities(reader),
  };
  reader.end();
  return state;
}

export function writeRandom(writer: StateWriter, state: PrngState): void {
  for (const word of state) writer.word(word);
}

export function readRandom(reader: StateReader): PrngState {
  return [reader.word(), reader.word(), reader.word(), reader.word()];
}

function checkIdentity(reader: StateReader, { worldId, tickRateHz }: WorldIdentity): void {
  const writtenId = reader.text();
  if (writtenId !== worldId) {
    foreign(`the checkpoint is of world '${writtenId}', not of '${worldId}'`);
  }
  const writtenRate = reader.double();
  if (writtenRate !== tickRateHz) {
    foreign(`world '${worldId}' ran at ${writtenRate} Hz, and is to run at ${tickRateHz} Hz`);
  }
}

function readMembers(reader: StateReader, entitiesCreated: number): MemberState[] {
  const members: MemberState[] = [];
  const players = new Set<string>();
  let lastEntity = 0;
  const count = reader.count(MEMBER_BYTES_MIN);
  for (let index = 0; index < count; index += 1) {
    const entity = reader.varint();
    reader.check(entity > lastEntity && entity <= entitiesCreated, 'has entities out of order');
    lastEntity = entity;
    const playerId = reader.text() as PlayerId;
    reader.check(!players.has(playerId), 'has a player twice');
    players.add(playerId);
    const isSuspended = reader.boolean();
    const random = reader.boolean() ? readRandom(reader) : undefined;
    members.push({ playerId, entity, isSuspended, random });
  }
  return members;
}

function readAuthorities(reader: StateReader): AuthorityState[] {
  const authorities: AuthorityState[] = [];
  const count = reader.count(AUTHORITY_BYTES_MIN);
  for (let index = 0; index < count; index += 1) {
    authorities.push({ name: reader.text(), bytes: reader.bytes() });
  }
  return authorities;
}

/** What was written is sound, but not of this world. */
export function foreign(message: string): never {
  throw new HoldfastError('world-state-foreign', message);
}
