import { describe, expect, test } from 'vitest';
import type { PlayerId } from 'holdfast/client';
import { ARENA_BOUNDS, PLAYER_RADIUS } from '../shared/arena-geometry.ts';
import { BotBrain } from './bot-brain.ts';
import { freeAhead } from '../shared/arena-sight.ts';

function player(name: string, x: number, y: number, isAlive = true) {
  return { playerId: name as PlayerId, x, y, isAlive };
}

/** Repeatable numbers in [0, 1): Park and Miller's generator ("Random number generators: good
 * ones are hard to find", 1988). */
function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('a bot', () => {
  test('aims near a player it sees and shoots with pauses', () => {
    const brain = new BotBrain(repeatable(7));
    brain.look({ self: player('me', -25, 0), others: [player('you', -20, 0)] });
    const shots = Array.from({ length: 100 }, (_, tick) => brain.decide(tick).shot).filter(
      (shot) => shot !== undefined,
    );
    expect(shots.length).toBeGreaterThanOrEqual(3);
    expect(shots.length).toBeLessThanOrEqual(7);
    for (const shot of shots) expect(shot.directionX).toBeGreaterThan(0.9);
  });

  test('pauses by the ticks of the server that there is, also when they begin anew', () => {
    const brain = new BotBrain(repeatable(7));
    brain.look({ self: player('me', -25, 0), others: [player('you', -20, 0)] });
    expect(brain.decide(90_000).shot).toBeDefined();
    expect(brain.decide(89_998).shot).toBeUndefined();
    expect(brain.decide(3).shot).toBeDefined();
    expect(brain.decide(4).shot).toBeUndefined();
  });

  test('does not shoot at the dead, at nobody, through walls or when dead itself', () => {
    const here = player('me', -25, 0);
    const cases = [
      { self: here, others: [] },
      { self: here, others: [player('dead', -20, 0, false)] },
      { self: player('me', -20, 0), others: [player('hidden', -14, 0)] },
      { self: player('me', -25, 0, false), others: [player('you', -20, 0)] },
    ];
    for (const observation of cases) {
      const brain = new BotBrain(repeatable(3));
      brain.look(observation);
      expect(brain.decide(50).shot).toBeUndefined();
    }
  });

  test('stands still while dead', () => {
    const brain = new BotBrain(repeatable(5));
    brain.look({ self: player('me', 0, 10, false), others: [] });
    expect(brain.decide(1).move).toMatchObject({ directionX: 0, directionY: 0 });
  });

  test('wanders the arena without running into anything', () => {
    for (const seed of [11, 12, 13, 14]) {
      const brain = new BotBrain(repeatable(seed));
      let place = { x: -5, y: -5 };
      let travelled = 0;
      for (let tick = 0; tick < 1_200; tick += 1) {
        if (tick % 5 === 0) brain.look({ self: player('me', place.x, place.y), others: [] });
        const { move } = brain.decide(tick);
        const next = { x: place.x + move.directionX * 0.35, y: place.y + move.directionY * 0.35 };
        if (isInside(next)) {
          travelled += Math.hypot(next.x - place.x, next.y - place.y);
          place = next;
        }
      }
      // At 0.25 m per tick a bot that never got stuck would have gone 302 m.
      expect(travelled).toBeGreaterThan(200);
    }
  });
});

function isInside({ x, y }: { x: number; y: number }): boolean {
  const { minX, minY, maxX, maxY } = ARENA_BOUNDS;
  if (x < minX + PLAYER_RADIUS || x > maxX - PLAYER_RADIUS) return false;
  if (y < minY + PLAYER_RADIUS || y > maxY - PLAYER_RADIUS) return false;
  return freeAhead({ x, y }, 0, 0.6) > 0 || freeAhead({ x, y }, Math.PI, 0.6) > 0;
}
