/** A small simulation, recorded: the joint run, or one in which only some are live. */
import { createArenaGeometry } from '../../src/authority/arena-geometry.ts';
import { createDefaultAuthorities } from '../../src/authority/default-authorities.ts';
import type { PeerId } from '../../src/protocol/ids.ts';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import type { Behaviour } from '../../src/simulator/behaviour.ts';
import { createFighter } from '../../src/simulator/fighter.ts';
import type { LinkConditions } from '../../src/transport/link-conditions.ts';
import { RunRecorder, type Replay } from '../../src/simulator/run-recorder.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { createSimulation, type Simulation } from '../../src/simulator/simulation.ts';
import type { PeerOptions, SimulationOptions } from '../../src/simulator/simulation-options.ts';

/** Everything that a line without a bandwidth limit can do wrong. */
export const BAD_LINE: Partial<LinkConditions> = {
  delayMs: 30,
  jitterMs: 40,
  lossRate: 0.05,
  duplicateRate: 0.02,
  reorderRate: 0.05,
  reorderMs: 60,
};

/** A narrow field, so that they meet; everybody begins in the same place. */
const GEOMETRY = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: 16, maxY: 12 },
  spawnPoints: [{ x: 8, y: 6 }],
});
export const ONE_SPAWN_POINT = createDefaultAuthorities({ geometry: GEOMETRY });

export interface RecordedRunOptions {
  readonly seed?: number;
  readonly name?: string;
  readonly peers: readonly PeerOptions[];
  readonly durationMs?: number;
  readonly replay?: Replay;
  readonly behaviour?: (name: string) => Behaviour;
  readonly options?: Partial<SimulationOptions>;
  /** Faults, removals, hostile peers: called before time begins to move. */
  readonly prepare?: (simulation: Simulation) => void;
  /** Stop everybody at the end, so that every session ends. Default true. */
  readonly isStopped?: boolean;
}

export async function recordRun(given: RecordedRunOptions): Promise<RunResult> {
  const { seed = 1, name = 'joint', peers, durationMs = 8_000, replay, isStopped = true } = given;
  let simulation: Simulation | undefined;
  const recorder = new RunRecorder({
    clock: { now: () => simulation?.time.now() ?? 0 },
    speedMetresPerSecond: 6,
    ...(replay === undefined ? {} : { replay }),
  });
  for (const peer of peers) {
    recorder.addPeer({ name: peer.name, role: 'honest', playerId: peer.playerId ?? peer.name });
  }
  simulation = await createSimulation({
    seed,
    peers,
    authorities: ONE_SPAWN_POINT,
    policy: { livenessTimeoutMs: 4_000, reconnectWindowMs: 3_000 },
    behaviour: given.behaviour ?? (() => createFighter({ shotRate: 0.3 })),
    ...recorder.hooks,
    ...given.options,
  });
  const startedAt = simulation.time.now();
  given.prepare?.(simulation);
  await simulation.advanceMs(durationMs);
  const { absences } = simulation;
  if (isStopped) {
    await simulation.stop();
    simulation.expectNoLeaks();
  }
  const policy = validateSessionPolicy();
  const frame = { seed, name, tickRateHz: 20, policy, startedAt, healedAt: undefined };
  return recorder.finish({ ...frame, absences });
}

/** The options of a run in which only `name` is live, the others being puppets. */
export function replayOf(joint: RunResult, ...live: readonly string[]): Replay {
  return { tape: joint.tape, livePlayers: new Set(live) };
}

/** Removes the peer's newest session. */
export function evict(simulation: Simulation, name: string, reason: string): void {
  for (const session of simulation.server.sessions) {
    if (isOf(session.peerId, name)) simulation.server.sessions.remove(session, reason);
  }
}

export function isOf(peerId: PeerId, name: string): boolean {
  return peerId.slice(0, peerId.lastIndexOf('#')) === name;
}
