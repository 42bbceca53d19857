/**
 * Whoever cheats for speed moves no further than the ticks that pass, is suspected of the right
 * thing, and nobody else is. The path of the body is measured in the world, tick by tick.
 */
import { describe, expect, test } from 'vitest';

import { World } from '../../src/authority/world.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { SpeedTrick } from '../../src/simulator/actors/speed-cheat-actor.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';
import { createWalker } from '../../src/simulator/walker.ts';

const RUN_MS = 30_000;
const TICKS = 600;
/** At 6 m/s and 20 Hz. */
const METRES_PER_TICK = 0.3;
/** Places in a snapshot are whole millimetres. */
const ROUNDING_METRES = 0.001 * Math.SQRT2;

/** What each trick is suspected of; and how much of the way it makes at least. */
const TRICKS: Readonly<Record<SpeedTrick, { readonly kinds: string[]; readonly share: number }>> = {
  'input-flood': { kinds: ['duplicate'], share: 0.2 },
  'lag-switch': { kinds: ['stale'], share: 0.2 },
  'input-burst': { kinds: ['stale'], share: 0.2 },
  'fast-clock': { kinds: ['ahead'], share: 0.4 },
  'tick-jump': { kinds: [], share: 0.9 },
  'teleport-claim': { kinds: ['invalid'], share: 0.25 },
};

/** How far one player's body goes, in metres: each tick of a world is looked at. */
class Path {
  metres = 0;
  longestStep = 0;
  #last: readonly [number, number] | undefined;

  look(world: World, playerId: string): void {
    const entity = world.entityOf(playerId as PlayerId);
    const { entities, rows } = world.snapshot;
    const row = entity === undefined ? undefined : rows[entities.indexOf(entity)];
    if (row === undefined) {
      this.#last = undefined;
      return;
    }
    const place = [row[0]! / 1_000, row[1]! / 1_000] as const;
    const step = this.#last && Math.hypot(place[0] - this.#last[0], place[1] - this.#last[1]);
    this.#last = place;
    this.metres += step ?? 0;
    this.longestStep = Math.max(this.longestStep, step ?? 0);
  }
}

async function cheat(trick: SpeedTrick) {
  const path = new Path();
  const suspicions = new Set<string>();
  const simulation = await createSimulation({
    seed: 11,
    peers: ['ada', 'bob'],
    hostile: [{ name: 'eve', kind: trick, faults: { delayMs: 20 } }],
    behaviour: () => createWalker(),
    createWorld: (options) => {
      const world = new World(options);
      const step = world.step.bind(world);
      world.step = () => {
        const report = step();
        path.look(world, 'eve');
        return report;
      };
      return world;
    },
    onSuspicion: ({ playerId }, { kind }) => suspicions.add(`${playerId}: ${kind}`),
  });
  await simulation.advanceMs(RUN_MS);
  await simulation.stop();
  return { path, suspicions: [...suspicions] };
}

describe.each(Object.entries(TRICKS))('%s', (trick, { kinds, share }) => {
  test('moves no further than the ticks that passed, in all as in each', async () => {
    const { path, suspicions } = await cheat(trick as SpeedTrick);
    expect(path.longestStep).toBeLessThanOrEqual(METRES_PER_TICK + ROUNDING_METRES);
    expect(path.metres).toBeLessThanOrEqual(TICKS * (METRES_PER_TICK + ROUNDING_METRES));
    expect(path.metres).toBeGreaterThan(TICKS * METRES_PER_TICK * share);
    for (const kind of kinds) expect(suspicions).toContain(`eve: ${kind}`);
    expect(suspicions.filter((each) => !each.startsWith('eve'))).toEqual([]);
  });
});
