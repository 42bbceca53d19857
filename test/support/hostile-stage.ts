/**
 * A simulated game with two honest players and one hostile peer. In: a kind of actor. Out: the
 * simulation, the actor, what the operator was told; `end` stops all and finds what is left.
 */
import { refuse } from '../../src/host/authentication.ts';
import type { Actor, ActorOptions } from '../../src/simulator/actors/actor.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';
import type { SimulationOptions } from '../../src/simulator/simulation-options.ts';
import type { SimulatedPeer } from '../../src/simulator/simulated-peer.ts';

export interface HostileStage {
  readonly simulation: Simulation;
  readonly actor: Actor;
  readonly errors: { readonly error: unknown; readonly where: string }[];
  readonly honest: readonly SimulatedPeer[];
  /** Stops everybody and throws for what is left. */
  end(): Promise<void>;
}

/** What proves a player here. */
export function proofOf(playerId: string): { playerId: string; secret: string } {
  return { playerId, secret: `${playerId}!` };
}

/** Takes `proofOf(…)`, and nothing else. */
export function authenticateByProof(credentials: unknown) {
  const { playerId, secret } = (credentials ?? {}) as { playerId?: string; secret?: string };
  if (typeof playerId === 'string' && secret === `${playerId}!`) return { playerId };
  return refuse('bad-credentials');
}

export async function openHostileStage(
  create: (options: ActorOptions) => Actor,
  options: Partial<SimulationOptions> = {},
): Promise<HostileStage> {
  const errors: HostileStage['errors'] = [];
  const simulation = await createSimulation({
    seed: 5,
    peers: ['ada', 'bob'].map((name) => ({ name, credentials: proofOf(name) })),
    authenticate: authenticateByProof,
    onError: (error, where) => errors.push({ error, where }),
    faults: { delayMs: 10 },
    policy: {
      heartbeatIntervalMs: 500,
      livenessTimeoutMs: 2_000,
      loginTimeoutMs: 2_000,
      reconnectWindowMs: 2_000,
    },
    ...options,
  });
  const node = simulation.createNode('eve');
  const line = simulation.network.line('eve');
  line.setConditions('both', 'both', { delayMs: 10 });
  const actor = create({
    clock: node,
    scheduler: node,
    random: simulation.random('actor:eve'),
    transport: simulation.network.createClient({ name: 'eve', scheduler: node }),
    line,
    url: 'sim://holdfast',
    credentials: proofOf('eve'),
    forgedCredentials: [{ playerId: 'ada', secret: 'guessed' }, { playerId: 'bob' }],
    tickRateHz: 20,
  });
  return {
    simulation,
    actor,
    errors,
    honest: [...simulation.peers.values()],
    async end() {
      actor.stop();
      await simulation.stop();
      simulation.expectNoLeaks();
    },
  };
}
