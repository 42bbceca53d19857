/** Every kind of fault has its turn within 40 seeds in a row, whichever they are. */
import { expect, test } from 'vitest';

import { HOSTILE_ACTOR_KINDS } from '../../src/simulator/actors/create-hostile-actor.ts';
import {
  COMPUTER_ACTS,
  LINE_ACTS,
  SERVER_ACTS,
  type Scenario,
} from '../../src/simulator/scenario.ts';
import { drawScenario } from '../../src/simulator/swarm.ts';

const SEEDS_IN_A_ROW = 40;
const SEEDS = 600;
const CONDITIONS = [
  'delayMs',
  'jitterMs',
  'lossRate',
  'burst',
  'duplicateRate',
  'reorderRate',
  'bandwidthBytesPerSecond',
  'pieceBytesMax',
];

test('40 seeds in a row have every kind of fault', () => {
  const seedsOf = new Map<string, number[]>();
  for (let seed = 0; seed < SEEDS; seed += 1) {
    for (const kind of kindsOf(drawScenario(seed))) {
      seedsOf.set(kind, [...(seedsOf.get(kind) ?? []), seed]);
    }
  }
  const kinds = [...HOSTILE_ACTOR_KINDS, ...LINE_ACTS, ...COMPUTER_ACTS, ...SERVER_ACTS];
  for (const kind of [...kinds, ...CONDITIONS, 'bad hooks']) {
    const seeds = [-1, ...(seedsOf.get(kind) ?? []), SEEDS];
    const gaps = seeds.slice(1).map((seed, index) => seed - (seeds[index] ?? 0));
    expect(Math.max(...gaps), kind).toBeLessThanOrEqual(SEEDS_IN_A_ROW);
  }
});

function kindsOf({ peers, acts, badHookRate }: Scenario): Set<string> {
  const conditions = peers.flatMap((peer) => [peer.conditions.up, peer.conditions.down]);
  return new Set([
    ...acts.map(({ kind }) => kind),
    ...peers.map(({ actor }) => actor),
    ...conditions.flatMap((each) => Object.keys(each)),
    ...(badHookRate > 0 ? ['bad hooks'] : []),
  ]);
}
