/** The model of the session rules knows who keeps the seat (L18), and objects to who loses it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import { checkRun } from '../../src/simulator/oracles/check-run.ts';
import { checkSessions } from '../../src/simulator/oracles/check-sessions.ts';
import { RunRecorder } from '../../src/simulator/run-recorder.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { createSimulation, type Simulation } from '../../src/simulator/simulation.ts';

const POLICY = {
  loginTimeoutMs: 2_000,
  livenessTimeoutMs: 4_000,
  reconnectWindowMs: 3_000,
  takeover: 'reject',
} as const;

/** Ada's line is cut and heals, while two machines of dan log in again and again. */
async function recordSeats(takeover: 'replace' | 'reject'): Promise<RunResult> {
  const given = { ...POLICY, takeover };
  let simulation: Simulation | undefined;
  const recorder = new RunRecorder({ clock: { now: () => simulation?.time.now() ?? 0 } });
  recorder.addPeer({ name: 'ada', role: 'honest', playerId: 'ada' });
  recorder.addPeer({ name: 'dan', role: 'hostile' });
  simulation = await createSimulation({
    seed: 7,
    peers: ['ada'],
    faults: { delayMs: 20 },
    policy: given,
    ...recorder.hooks,
    authenticate: recorder.hearLogins((credentials) => {
      const { playerId } = Object(credentials) as { readonly playerId?: unknown };
      return { playerId: String(playerId) };
    }),
  });
  const startedAt = simulation.time.now();
  const { network } = simulation;
  simulation.addHostile({ name: 'dan', kind: 'double-login' });
  simulation.schedule(1_000, () => network.line('ada').partition('both'));
  simulation.schedule(3_000, () => network.line('ada').heal());
  await simulation.advanceMs(20_000);
  const policy = validateSessionPolicy(given);
  const name = 'kept seats';
  const run = { seed: 7, name, tickRateHz: 20, policy, startedAt, healedAt: undefined };
  const result = recorder.finish(run);
  await simulation.stop();
  return result;
}

let run: RunResult;

beforeAll(async () => {
  run = await recordSeats('reject');
});

describe("a run under takeover: 'reject'", () => {
  test('has refusals of that kind in it', () => {
    const refused = run.sessions!.facts.filter(
      (fact) => fact.kind === 'heard' && fact.move.cause === 'already-logged-in',
    );
    expect(refused.length).toBeGreaterThan(0);
  });

  test('is right to every oracle of a single run', () => {
    expect(checkRun(run).map(({ text }) => text)).toEqual([]);
  });

  test('has nobody’s seat taken over while the connection lives', () => {
    const takeovers = run.sessions!.facts.filter(
      (fact) => fact.kind === 'heard' && fact.move.cause === 'taken-over',
    );
    expect(takeovers.map((fact) => fact.kind === 'heard' && fact.move.from)).not.toContain(
      'logged-in',
    );
  });

  test('is wrong by the rules of a policy that gives seats away', () => {
    const policy = validateSessionPolicy({ ...POLICY, takeover: 'replace' });
    const findings = checkSessions({ ...run, policy }).map(({ text }) => text);
    expect(findings.join('\n')).toMatch(/login-failed \(already-logged-in\)/);
  });

  test('is wrong when a seat was taken from somebody who is in', async () => {
    const taken = await recordSeats('replace');
    const policy = validateSessionPolicy(POLICY);
    const findings = checkSessions({ ...taken, policy }).map(({ text }) => text);
    expect(findings.join('\n')).toMatch(/logged-in → logged-in \(taken-over\) without a cause/);
  });
});
