/** Crash equivalence: a real run over a death passes, and each kind of loss shows. */
import { beforeAll, describe, expect, test } from 'vitest';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import { checkRecovery } from '../../src/simulator/oracles/check-recovery.ts';
import { checkRun } from '../../src/simulator/oracles/check-run.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { ScenarioDisk } from '../../src/simulator/scenario-disk.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import { forgeSent } from './forged-trace.ts';
import { recordRun } from './recorded-run.ts';

const POLICY = { livenessTimeoutMs: 4_000, reconnectWindowMs: 6_000 };

async function recordDeath(journal: 'behind' | 'ahead'): Promise<RunResult> {
  let simulation: Simulation | undefined;
  const clock = { now: () => simulation?.time.now() ?? 0 };
  const disk = new ScenarioDisk({ clock, random: () => 0.5 });
  const run = await recordRun({
    peers: [{ name: 'ada' }, { name: 'bo' }],
    isStopped: false,
    options: {
      policy: POLICY,
      store: disk,
      journal,
    },
    prepare: (given) => {
      simulation = given;
      given.schedule(2_500, () => disk.begin('store-slow'));
      given.schedule(4_020, () => given.server.crash());
      given.schedule(4_500, () => {
        disk.heal();
        given.server.restart().catch((error: unknown) => given.fail(error));
      });
    },
  });
  await simulation?.stop();
  const { facts, troubles, losses } = disk;
  const policy = validateSessionPolicy(POLICY);
  return { ...run, policy, durability: { journal, facts, troubles, losses } };
}

function problemsOf(run: RunResult): string {
  return checkRecovery(run)
    .map(({ text }) => text)
    .join('\n');
}

describe.each(['behind', 'ahead'] as const)('a server that died, journal %s', (journal) => {
  let run: RunResult;

  beforeAll(async () => {
    run = await recordDeath(journal);
  });

  test('comes back with what was durable, to every oracle of a single run', () => {
    const check = { sessions: { isDurable: true }, wire: {} };
    expect(checkRun(run, check).map(({ text }) => text)).toEqual([]);
    const restored = [...run.tape].find(({ restoredTick }) => restoredTick !== undefined);
    expect(restored?.restoredTick).toBeGreaterThan(10);
  });

  test('has told its clients of ticks that were lost', () => {
    const lost = [...run.peers.values()].flatMap(({ trace }) =>
      [...trace.entries('server-sent')].filter(({ firstByte }) => firstByte === 0x2a),
    );
    expect(lost).toHaveLength(2);
  });

  test.each<[string, (right: RunResult) => RunResult]>([
    [
      'epoch 1 comes after 1',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'login-accepted',
          nth: 2,
          change: (told) => ({ ...told, epoch: 1 }),
        }),
    ],
    [
      'is entity 9, and was',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'login-accepted',
          nth: 2,
          change: (told) => ({ ...told, entity: 9 }),
        }),
    ],
    [
      'is told of 0 ticks lost',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'resynced',
          change: (told) => ({ ...told, ticksLost: 0 }),
        }),
    ],
    [
      'was durable',
      (right) => {
        const { durability, endedAt } = right;
        const facts = durability!.facts.map((fact) => ({ ...fact, tick: fact.tick + 500 }));
        return { ...right, endedAt, durability: { ...durability!, facts } };
      },
    ],
  ])('and is found out: %s', (problem, forge) => {
    expect(problemsOf(forge(run))).toMatch(problem);
  });

  test('and is found out when outcomes were told that never were', () => {
    const forged = forgeSent(run, 'ada', {
      kind: 'roster',
      nth: 2,
      change: () => ({
        kind: 'combat-event',
        tick: 4_000,
        event: 'death',
        targetId: 'bo' as never,
        killerId: 'ada' as never,
      }),
    });
    const problem = /was told of tick 4000/;
    if (journal === 'ahead') expect(problemsOf(forged)).toMatch(problem);
    else expect(problemsOf(forged)).not.toMatch(problem);
  });
});
