/**
 * Makes a run of a user's own game and writes it down for the oracles. In: a recipe, from which the
 * same run can be made again, whole or with only some of its peers in person. Out: a RunResult.
 * Must not know: what the oracles ask.
 */
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import { validateSessionPolicy } from '../session/session-policy.ts';
import { namesUpTo } from './names-up-to.ts';
import { RunRecorder, type RecorderHooks } from './run-recorder.ts';
import type { RunResult } from './run-result.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import type { HostileOptions, PeerOptions, SimulationOptions } from './simulation-options.ts';

/** How a run is made. Equal recipes make equal runs. */
export interface RunRecipe<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** Called for each run: rules, behaviours and checks that remember are made anew. */
  readonly options: () => RecordedOptions<Definitions>;
  /**
   * Moves time on, by `advanceMs` or `stepTicks`. Called for solo runs too, in which most peers are
   * not there: `simulation.peers.get(name)?.dropConnection()`.
   */
  readonly play: (simulation: Simulation<Definitions>) => Promise<void>;
}

/**
 * What `createSimulation` takes, but for what the recorder itself puts in. `playerId` of each peer
 * is the one that `authenticate` answers.
 */
export interface RecordedOptions<
  Definitions extends MessageDefinitions = MessageDefinitions,
> extends Omit<SimulationOptions<Definitions>, 'tap' | 'createWorld'> {
  readonly tap?: never;
  readonly createWorld?: never;
}

/** A run in which only some are there in person. */
export interface SoloOptions {
  /** The run with everybody: the others' part in the worlds is taken from it. */
  readonly joint: RunResult;
  /** Names of peers, hostile ones included. */
  readonly live: readonly string[];
}

/** Who takes part in person. */
interface Cast<Definitions extends MessageDefinitions> {
  readonly peers: readonly PeerOptions<Definitions>[];
  readonly hostile: readonly HostileOptions[];
}

/**
 * Resolves with what the run leaves behind, from its beginning to the end of `play`. Rejects with a
 * SimulationError where a check throws or something is waited for in vain. What a hook, a rule or a
 * behaviour throws is in `errors` of the result, unless the options have an `onError`.
 */
export async function recordRun<Definitions extends MessageDefinitions = MessageDefinitions>(
  recipe: RunRecipe<Definitions>,
  solo?: SoloOptions,
): Promise<RunResult> {
  const options = recipe.options();
  const cast = castOf(options, solo?.live);
  let simulation: Simulation<Definitions> | undefined;
  const recorder = new RunRecorder({
    clock: { now: () => simulation?.time.now() ?? 0 },
    ...(solo === undefined ? {} : { replay: replayOf(solo) }),
  });
  for (const { name, playerId = name } of cast.peers) {
    recorder.addPeer({ name, role: 'honest', playerId });
  }
  for (const { name } of cast.hostile) recorder.addPeer({ name, role: 'hostile', playerId: name });
  simulation = await createSimulation<Definitions>({
    ...options,
    ...cast,
    ...hooksOf(options, recorder),
  });
  const startedAt = simulation.time.now();
  await recipe.play(simulation);
  return recorder.finish({
    seed: options.seed,
    name: solo === undefined ? 'joint' : `solo ${solo.live.join(', ')}`,
    tickRateHz: simulation.server.tickRateHz,
    policy: validateSessionPolicy(options.policy),
    startedAt,
    healedAt: simulation.healedAt,
  });
}

function castOf<Definitions extends MessageDefinitions>(
  { peers, hostile = [] }: RecordedOptions<Definitions>,
  live: readonly string[] | undefined,
): Cast<Definitions> {
  const all = (typeof peers === 'number' ? namesUpTo(peers) : peers).map((peer) =>
    typeof peer === 'string' ? { name: peer } : peer,
  );
  const isLive = ({ name }: { readonly name: string }): boolean => live?.includes(name) ?? true;
  return { peers: all.filter(isLive), hostile: hostile.filter(isLive) };
}

function replayOf({ joint, live }: SoloOptions) {
  const livePlayers = new Set<string>();
  for (const name of live) {
    const playerId = joint.peers.get(name)?.playerId;
    if (playerId !== undefined) livePlayers.add(playerId);
  }
  return { tape: joint.tape, livePlayers };
}

/** The recorder's hooks, each followed by the one of the game. */
function hooksOf<Definitions extends MessageDefinitions>(
  options: RecordedOptions<Definitions>,
  recorder: RunRecorder,
) {
  const hooks: RecorderHooks = recorder.hooks;
  const { onVerdict, onSuspicion, onHostCreated, onJoined, onCrashed } = options;
  return {
    tap: hooks.tap,
    createWorld: hooks.createWorld,
    onError: options.onError ?? hooks.onError,
    onVerdict: (...[session, input, verdict]: Parameters<typeof hooks.onVerdict>) => {
      hooks.onVerdict(session, input, verdict);
      onVerdict?.(session, input, verdict);
    },
    onSuspicion: (...[session, suspicion]: Parameters<typeof hooks.onSuspicion>) => {
      hooks.onSuspicion(session, suspicion);
      onSuspicion?.(session, suspicion);
    },
    onHostCreated: (host: Parameters<NonNullable<typeof onHostCreated>>[0]) => {
      recorder.handleHostCreated(host);
      onHostCreated?.(host);
    },
    onJoined: (peer: Parameters<NonNullable<typeof onJoined>>[0]) => {
      recorder.handleJoined(peer);
      onJoined?.(peer);
      const { name, playerId, client } = peer;
      if (client?.playerId === playerId) return;
      throw new Error(`${name} is player ${client?.playerId}: its playerId says ${playerId}`);
    },
    onCrashed: (...[peer, state]: Parameters<NonNullable<typeof onCrashed>>) => {
      const move = { from: state, to: 'disconnected', cause: 'crashed' };
      if (state !== 'disconnected') recorder.handleClientMove(peer.name, move);
      onCrashed?.(peer, state);
    },
  };
}
