/**
 * The worlds of a host, each with the links of its players. A world is opened by its first player
 * and closed when the last one has left, or when one of its authorities has thrown.
 */
import { createPrng } from '../base/prng.ts';
import type { RandomStreams } from '../base/random-source.ts';
import { randomSafeInteger } from '../base/random-source.ts';
import type { Result } from '../base/result.ts';
import type { CreateAuthorities, InputLimits } from '../authority/authority.ts';
import { World, type WorldOptions } from '../authority/world.ts';
import type { LoginRejectionCode } from '../protocol/codes.ts';
import type { WorldId } from '../protocol/ids.ts';
import type { HostLimits } from './host-limits.ts';
import type { PeerLink } from './peer-link.ts';

/** A world and the connections of those of its players who have one. */
export interface WorldRoom {
  readonly world: World;
  readonly links: Set<PeerLink>;
}

export interface WorldRoomsOptions {
  readonly tickRateHz: number;
  readonly createAuthorities: CreateAuthorities;
  readonly createWorld?: (options: WorldOptions) => World;
  readonly inputLimits: Partial<InputLimits>;
  readonly limits: HostLimits;
  readonly randomStreams: RandomStreams;
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

  /** Forgets the world; the next login that asks for it opens a new one. */
  close(room: WorldRoom): void {
    if (this.#rooms.get(room.world.worldId) === room) this.#rooms.delete(room.world.worldId);
  }

  #open(worldId: WorldId): WorldRoom {
    const { tickRateHz, createAuthorities, inputLimits, randomStreams } = this.#options;
    const { createWorld = (options) => new World(options) } = this.#options;
    const createRandom = (purpose: string) => createPrng(randomSafeInteger(randomStreams(purpose)));
    const world = createWorld({
      worldId,
      tickRateHz,
      createAuthorities,
      inputLimits,
      random: createRandom(`world:${worldId}`),
      createPlayerRandom: (playerId) => createRandom(`world:${worldId}/player:${playerId}`),
    });
    const room: WorldRoom = { world, links: new Set() };
    this.#rooms.set(worldId, room);
    return room;
  }
}
