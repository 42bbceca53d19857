import { describe, expect, it } from 'vitest';
import { LinkStage } from '../../test/support/link-stage.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { fakeSession } from '../../test/support/fake-session.ts';
import { createDefaultAuthorities } from '../authority/default-authorities.ts';
import { World } from '../authority/world.ts';
import type { WorldId } from '../protocol/ids.ts';
import { validateHostLimits } from './host-limits.ts';
import { WorldRooms, type WorldRoomsOptions } from './world-rooms.ts';

function createRooms(options: Partial<WorldRoomsOptions> = {}) {
  const purposes: string[] = [];
  const rooms = new WorldRooms({
    tickRateHz: 20,
    createAuthorities: createDefaultAuthorities(),
    inputLimits: {},
    limits: validateHostLimits({}, { tickRateHz: 20, livenessTimeoutMs: 15_000 }),
    randomStreams: (purpose) => {
      purposes.push(purpose);
      return new SeededRandom(purposes.length);
    },
    outbox: new LinkStage().outbox,
    onOutcomesReleasedEarly: () => undefined,
    ...options,
  });
  return { rooms, purposes };
}

describe('WorldRooms', () => {
  it('gives each world and each player in it a stream of randomness', () => {
    const { rooms, purposes } = createRooms();
    const room = rooms.tryOpen('main' as WorldId, true);
    if (!room.ok) throw new Error(room.error);
    room.value.world.addPlayer(fakeSession('ann'));
    room.value.world.addPlayer(fakeSession('bob'));
    expect(purposes).toEqual(['world:main', 'world:main/player:ann', 'world:main/player:bob']);
  });

  it('lets another make its worlds, from the options that it would have used', () => {
    class Recorded extends World {}
    const { rooms } = createRooms({ createWorld: (options) => new Recorded(options) });
    const room = rooms.tryOpen('main' as WorldId, true);
    expect(room.ok && room.value.world).toBeInstanceOf(Recorded);
    expect(room.ok && room.value.world.worldId).toBe('main');
  });
});
