/** What is drawn for a seed, and how a scenario that fails is made smaller. */
import { describe, expect, test } from 'vitest';

import { HOSTILE_ACTOR_KINDS } from '../../src/simulator/actors/create-hostile-actor.ts';
import {
  COMPUTER_ACTS,
  HONEST_ACTORS,
  LINE_ACTS,
  type Scenario,
} from '../../src/simulator/scenario.ts';
import { shrinkScenario } from '../../src/simulator/shrink.ts';
import { drawScenario } from '../../src/simulator/swarm.ts';

const SEEDS = Array.from({ length: 300 }, (_, index) => index);

describe('a drawn scenario', () => {
  test('is the same for the same seed, through JSON too', () => {
    expect(drawScenario(7)).toEqual(drawScenario(7));
    expect(JSON.parse(JSON.stringify(drawScenario(7)))).toEqual(drawScenario(7));
    expect(drawScenario(7)).not.toEqual(drawScenario(8));
  });

  test('has at least 8 peers of different names, most of them honest, and lasts 36 s', () => {
    for (const seed of SEEDS) {
      const { peers, safetyMs, livenessMs, tickRateHz } = drawScenario(seed);
      expect(peers.length).toBeGreaterThanOrEqual(8);
      expect(new Set(peers.map(({ name }) => name)).size).toBe(peers.length);
      const honest = peers.filter(({ role }) => role === 'honest').length;
      expect(honest * 2).toBeGreaterThan(peers.length);
      expect(honest).toBeLessThan(peers.length);
      expect(safetyMs + livenessMs).toBeGreaterThanOrEqual(36_000);
      expect(tickRateHz).toBe(20);
    }
  });

  test('has every kind of trouble in some seed, and is without each in others', () => {
    const kinds = SEEDS.map((seed) => kindsOf(drawScenario(seed)));
    const all = new Set(kinds.flatMap((each) => [...each]));
    const honest = HONEST_ACTORS;
    for (const kind of [
      ...LINE_ACTS,
      ...COMPUTER_ACTS,
      ...HOSTILE_ACTOR_KINDS,
      ...honest,
      'burst',
    ]) {
      expect(all, kind).toContain(kind);
    }
    for (const kind of all) expect(kinds.some((each) => !each.has(kind))).toBe(true);
  });

  test('has every kind of hostile peer and of trouble in any 40 seeds in a row', () => {
    const kinds = SEEDS.map((seed) => kindsOf(drawScenario(seed)));
    const all = new Set(kinds.flatMap((each) => [...each]));
    for (let first = 0; first + 40 <= SEEDS.length; first += 1) {
      const near = new Set(kinds.slice(first, first + 40).flatMap((each) => [...each]));
      for (const kind of all) expect(near, `${kind} from seed ${first}`).toContain(kind);
    }
  });

  test('lets a seat outlast an outage of ten seconds in some seeds, and is longer then', () => {
    const long = SEEDS.map(drawScenario).filter(({ safetyMs }) => safetyMs > 22_000);
    expect(long.length).toBeGreaterThan(SEEDS.length / 50);
    expect(long.length).toBeLessThan(SEEDS.length / 4);
    for (const { policy } of long) expect(policy.reconnectWindowMs).toBeGreaterThanOrEqual(10_000);
    const outages = long.filter(({ acts }) =>
      acts.some((act) => 'durationMs' in act && act.durationMs > 10_000),
    );
    expect(outages.length).toBeGreaterThan(0);
  });

  test('cuts three and more off in one instant in some seeds', () => {
    const together = SEEDS.map(drawScenario).filter(({ acts }) => {
      const instants = acts.flatMap((act) => (act.kind === 'partition' ? [act.atMs] : []));
      return instants.some((one) => instants.filter((other) => other === one).length >= 3);
    });
    expect(together.length).toBeGreaterThan(SEEDS.length / 10);
  });

  test('leaves one player alone in a world, and sends one into another, in some seeds', () => {
    const worlds = SEEDS.map((seed) => drawScenario(seed).peers.map(({ worldIds }) => worldIds));
    const isAlone = (each: readonly (readonly string[])[]): boolean =>
      each.some(([first]) => each.flat().filter((world) => world === first).length === 1);
    expect(worlds.filter(isAlone).length).toBeGreaterThan(SEEDS.length / 50);
    expect(worlds.some((each) => each.some(({ length }) => length > 1))).toBe(true);
    expect(worlds.flat().some(({ length }) => length === 0)).toBe(false);
  });

  test('troubles nobody after the healing', () => {
    for (const seed of SEEDS) {
      const { acts, safetyMs } = drawScenario(seed);
      for (const { atMs } of acts) expect(atMs).toBeLessThan(safetyMs);
    }
  });
});

describe('shrinking', () => {
  test('leaves one peer with one fault, when that is all that it takes', async () => {
    const scenario = drawScenario(11);
    const guilty = scenario.peers.find(({ conditions }) => Object.keys(conditions.up).length > 1);
    const fault = Object.keys(guilty?.conditions.up ?? {})[1];
    const stillFails = async ({ peers }: Scenario): Promise<boolean> =>
      peers.some(({ name, conditions }) => {
        return name === guilty?.name && Object.hasOwn(conditions.up, String(fault));
      });
    const { scenario: smallest } = await shrinkScenario(scenario, { stillFails, runsMax: 500 });
    expect(smallest.peers.map(({ name }) => name)).toEqual([guilty?.name]);
    expect(smallest.acts).toEqual([]);
    expect(Object.keys(smallest.peers[0]?.conditions.up ?? {})).toEqual([fault]);
    expect(Object.keys(smallest.peers[0]?.conditions.down ?? {})).toEqual([]);
    expect(smallest.safetyMs).toBeLessThan(scenario.safetyMs);
  });

  test('leaves the one act that it takes, and its peer', async () => {
    const scenario = drawScenario(12);
    const act = scenario.acts.find((each) => 'peer' in each);
    const stillFails = async ({ acts }: Scenario): Promise<boolean> =>
      acts.some((each) => each === act);
    const { scenario: smallest } = await shrinkScenario(scenario, { stillFails, runsMax: 500 });
    expect(act).toBeDefined();
    expect(smallest.acts).toEqual([act]);
    expect(smallest.peers).toHaveLength(1);
  });

  test('never answers what passes, and stops when its runs are spent', async () => {
    const scenario = drawScenario(13);
    const never = await shrinkScenario(scenario, {
      stillFails: async () => false,
      runsMax: 10_000,
    });
    expect(never.scenario).toBe(scenario);
    const spent = await shrinkScenario(scenario, { stillFails: async () => true, runsMax: 3 });
    expect(spent.runs).toBe(3);
  });
});

function kindsOf({ peers, acts }: Scenario): Set<string> {
  const conditions = peers.flatMap((peer) => [peer.conditions.up, peer.conditions.down]);
  return new Set([
    ...acts.map(({ kind }) => kind),
    ...peers.map(({ actor }) => actor),
    ...conditions.flatMap((each) => Object.keys(each)),
  ]);
}
