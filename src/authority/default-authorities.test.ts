import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { moveInput } from '../../test/support/world-fixture.ts';
import type { WorldId } from '../protocol/ids.ts';
import { createArenaGeometry } from './arena-geometry.ts';
import { createDefaultAuthorities, type DefaultAuthoritiesOptions } from './default-authorities.ts';
import { World } from './world.ts';

function worldOf(options?: DefaultAuthoritiesOptions): World {
  return new World({
    worldId: 'default' as WorldId,
    tickRateHz: 20,
    random: () => 0.5,
    createAuthorities: createDefaultAuthorities(options),
  });
}

describe('createDefaultAuthorities', () => {
  it('gives a world movement and combat with their fields', () => {
    expect(worldOf().snapshotFields.map(({ name }) => name)).toEqual([
      'x',
      'y',
      'yaw',
      'isSuspended',
      'hitPoints',
      'isAlive',
      'kills',
      'deaths',
    ]);
  });

  it('passes the options on', () => {
    const world = worldOf({
      geometry: createArenaGeometry({ spawnPoints: [{ x: 5, y: 7 }] }),
      movement: { speedMetresPerSecond: 20 },
      combat: { hitPointsMax: 7 },
    });
    const session = fakeSession('ann');
    world.addPlayer(session);
    world.receive(session, moveInput(), 0);
    world.step();
    expect(world.snapshot.rows).toEqual([[6_000, 7_000, 0, 0, 7, 1, 0, 0]]);
  });

  it('gives each world its own', () => {
    const createAuthorities = createDefaultAuthorities();
    const [one, two] = ['one', 'two'].map(
      (id) =>
        new World({
          worldId: id as WorldId,
          tickRateHz: 20,
          random: () => 0.5,
          createAuthorities,
        }),
    );
    one?.addPlayer(fakeSession('ann'));
    for (const world of [one, two]) world?.step();
    expect([one, two].map((world) => world?.snapshot.entities)).toEqual([[1], []]);
  });

  it('puts a game’s own rules after the shipped ones', () => {
    const seen: string[] = [];
    worldOf({
      rules: (context, { movement, combat }) => {
        seen.push(context.worldId, movement.name, combat.name);
        return [];
      },
    });
    expect(seen).toEqual(['default', 'movement', 'combat']);
  });
});
