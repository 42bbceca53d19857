/**
 * The worlds of a host, each with the seats and the links of its players. A world is opened by
 * its first player, or as an earlier process kept it, and closed when the last one has left, or
 * when one of its authorities has thrown.
 */
import { createPrng } from '../base/prng.ts';
import type { RandomStreams } from '../base/random-source.ts';
import { randomSafeInteger } from '../base/random-source.ts';
import type { Result } from '../base/result.ts';
import type { CreateAuthorities, InputLimits } from '../authority/authority.ts';
import { World, type WorldOptions } from '../authority/world.ts';
import { SnapshotFeed } from '../broadcast/snapshot-feed.ts';
import type { LoginRejectionCode } from '../protocol/codes.ts';
import type { WorldId } from '../protocol/ids.ts';
import type { HostLimits } from './host-limits.ts';
import type { Outbox } from './outbox.ts';
import type { PeerLink } from './peer-link.ts';
import { RoomOutcomes } from './room-outcomes.ts';
import type { Seat } from './seat.ts';

/** A world, its players, and the connections of those of them who have one. */
export interface WorldRoom {
  readonly world: World;
  readonly links: Set<PeerLink>;
  /** Of every player who has logged in to this world, connected or not. */
  readonly seats: Set<Seat>;
  /** Logins that are being written down; the world stays open for them. */
  joining: number;
  /** The way by which the world's players are told anything that is counted. */
  readonly outcomes: RoomOutcomes;
  readonly snapshots: SnapshotFeed;
}

/** What an earlier process has kept of a world. */
export type KeptWorld = Required<Pick<WorldOptions, 'checkpoint' | 'sessionOf'>>;

export interface WorldRoomsOptions {
  readonly tickRateHz: number;
  readonly createAuthorities: CreateAuthorities;
  readonly createWorld?: (options: WorldOptions) => World;
  readonly inputLimits: Partial<InputLimits>;
  readonly limits: HostLimits;
  readonly randomStreams: RandomStreams;
  readonly outbox: Outbox;
  /** What a world held back was too much, and has left before it was durable. */
  readonly onOutcomesReleasedEarly: (room: WorldRoom, tick: number) => void;
  readonly onClosed?: (room: WorldRoom) => void;
  /** Present: every tick is written down, so each world keeps its journal. */
  readonly durability?: unknown;
}

export class WorldRooms {
  readonly #options: WorldRoomsOptions;
  readonly #rooms = new Map<WorldId, WorldRoom>();

  constructor(options: WorldRoomsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  get(worldId: WorldId | undefined): WorldRoom | undefined {
    return worldId === undefined ? undefined : this.#rooms.get(worldId);
  }

  [Symbol.iterator](): Iterator<WorldRoom> {
    return this.#rooms.values();
  }

  /** The world that a login asks for, opened if need be. What the user's hook throws goes on. */
  tryOpen(worldId: WorldId, isNewcomer: boolean): Result<WorldRoom, LoginRejectionCode> {
    const { limits } = this.#options;
    const room = this.#rooms.get(worldId);
    if (room === undefined && this.#rooms.size >= limits.worldsMax) {
      return { ok: false, error: 'world-unavailable' };
    }
    if (isNewcomer && room !== undefined && room.world.playerCount >= limits.playersPerWorldMax) {
      return { ok: false, error: 'world-full' };
    }
    return { ok: true, value: room ?? this.#open(worldId) };
  }

  /**
   * The world as it was kept, without anybody connected; a new one where nothing was. What the
   * restoring throws goes on.
   */
  restore(worldId: WorldId, kept?: KeptWorld): WorldRoom {
    return this.#open(worldId, kept);
  }

  /** Forgets the world; the next login that asks for it opens a new one. */
  close(room: WorldRoom): void {
    if (this.#rooms.get(room.world.worldId) !== room) return;
    this.#rooms.delete(room.world.worldId);
    this.#options.onClosed?.(room);
  }

  #open(worldId: WorldId, kept?: KeptWorld): WorldRoom {
    const { tickRateHz, createAuthorities, inputLimits, randomStreams } = this.#options;
    const { createWorld = (options) => new World(options) } = this.#options;
    const createRandom = (purpose: string) => createPrng(randomSafeInteger(randomStreams(purpose)));
    const world = createWorld({
      ...kept,
      worldId,
      keepsJournal: this.#options.durability !== undefined,
      tickRateHz,
      createAuthorities,
      inputLimits,
      random: createRandom(`world:${worldId}`),
      createPlayerRandom: (playerId) => createRandom(`world:${worldId}/player:${playerId}`),
    });
    const room = this.#furnish(world);
    this.#rooms.set(worldId, room);
    return room;
  }

  #furnish(world: World): WorldRoom {
    const { outbox, limits, onOutcomesReleasedEarly } = this.#options;
    const seats = new Set<Seat>();
    const outcomes = new RoomOutcomes({
      seats,
      outbox,
      heldBytesMax: limits.heldOutcomeBytesMax,
      onOverflow: (tick) => onOutcomesReleasedEarly(room, tick),
    });
    const snapshots = new SnapshotFeed(world.snapshot.history);
    const room = { world, links: new Set<PeerLink>(), seats, joining: 0, outcomes, snapshots };
    return room;
  }
}
