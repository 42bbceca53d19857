/**
 * One run of a scenario: everybody together, or some of them live among puppets that play the
 * others' part from the tape of the joint run. In: a scenario. Out: what it leaves behind for the
 * oracles, what its players achieved, and the simulation, which is still to be stopped.
 */
import type { CreateAuthorities } from '../authority/authority.ts';
import { World, type WorldOptions } from '../authority/world.ts';
import { createDefaultAuthorities } from '../authority/default-authorities.ts';
import type { Scheduler } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import { validateSessionPolicy } from '../session/session-policy.ts';
import { HostileHooks, isGoneBad } from './actors/hostile-hooks.ts';
import { FaultWatch } from './fault-watch.ts';
import { OPEN_LIMITS } from './open-limits.ts';
import { PlayTally } from './play-tally.ts';
import { readClientTimers } from './read-client-timers.ts';
import { COMPUTER_FORGETS, RunRecorder, type Replay } from './run-recorder.ts';
import type { RunDurability, RunResult } from './run-result.ts';
import { DOOMED_WORLD, type Scenario, type ScenarioPeer } from './scenario.ts';
import { ScenarioCast } from './scenario-cast.ts';
import { ScenarioDisk } from './scenario-disk.ts';
import { ScenarioLogin } from './scenario-login.ts';
import { scheduleScenario } from './scenario-script.ts';
import { createStreams, unitsOf } from './seeded-streams.ts';
import type { UnitStreams } from '../transport/line-fates.ts';
import type { SimulatedHost } from './simulated-host.ts';
import type { SimulationOptions } from './simulation-options.ts';
import type { VirtualNode } from './virtual-node.ts';
import { createSimulation, type Simulation } from './simulation.ts';

/** Room for about 40 s of one peer. */
const TRACE_BYTES = 262_144;
/** The ticks' own timer, and hooks that answer somebody who is gone. */
const TIMERS_IDLE_MAX = 16;
/** A login under way, a close that waits, bytes on their way. */
const TIMERS_PER_CONNECTION_MAX = 8;
/** Who was thrown out by a login of its own that was answered late looks up, and logs in again. */
const AGAIN_MS = 1_000;
/** Of the shipped movement. */
const SPEED_METRES_PER_SECOND = 6;

export interface ScenarioRunOptions {
  readonly scenario: Scenario;
  /** For reports. */
  readonly name: string;
  /** Names of those who are live; default: everybody. */
  readonly live?: ReadonlySet<string>;
  /** The joint run, when there are puppets. */
  readonly joint?: RunResult;
  /** Names of live ones who have no part on the joint run's tape, and worlds of their own. */
  readonly guests?: ReadonlySet<string>;
  /** Default: made from the seed. */
  readonly streams?: RandomStreams;
  /** Default: the shipped ones. */
  readonly authorities?: CreateAuthorities;
  /** At whose inputs the game's rules throw now and then. Default: those of hostile peers. */
  readonly victimsOfRules?: ReadonlySet<string>;
  readonly intervention?: ScenarioIntervention;
}

/** What else happens to a run. */
export interface ScenarioIntervention {
  /** Nobody has connected yet. */
  handleStarted(simulation: Simulation): void;
  /** A server process begins. */
  handleHostCreated(host: SimulatedHost['host']): void;
  /** From within the host's `onVerdict`. */
  handleVerdict(session: ManagedSession): void;
}

export interface ScenarioRun {
  readonly result: RunResult;
  readonly watch: FaultWatch;
  readonly play: PlayTally;
  readonly cast: ScenarioCast;
  readonly hooks: HostileHooks;
  readonly simulation: Simulation;
  readonly disk: ScenarioDisk | undefined;
  /** Ends actors and hooks, which would go on for ever, then the simulation. */
  readonly stop: () => Promise<void>;
}

/** Rejects with a SimulationError when something fails that nobody may cause. */
export async function runScenario(options: ScenarioRunOptions): Promise<ScenarioRun> {
  const { scenario, name, live } = options;
  const { seed, tickRateHz, safetyMs, livenessMs } = scenario;
  const present = scenario.peers.filter((peer) => live?.has(peer.name) ?? true);
  const stage = new Stage(options, present);
  const simulation = await createSimulation(stage.options);
  stage.simulation = simulation;
  const startedAt = simulation.time.now();
  const cast = new ScenarioCast(simulation, scenario);
  options.intervention?.handleStarted(simulation);
  for (const peer of present) cast.add(peer);
  scheduleScenario(simulation, scenario, {
    watch: stage.watch,
    onCrash: (peer, { state, forgets }) => {
      const move = { from: state, to: 'disconnected', cause: 'crashed' };
      if (state !== 'disconnected') stage.recorder.handleClientMove(peer, move);
      if (forgets) stage.recorder.handleNote(peer, COMPUTER_FORGETS);
    },
    onDraining: () => stage.recorder.handleDraining(),
    disk: stage.disk,
  });
  await simulation.advanceMs(safetyMs + livenessMs);
  readTimers(simulation, stage.recorder);
  readClientTimers(simulation, stage.recorder.gauges);
  const result = stage.recorder.finish({
    seed,
    name,
    tickRateHz,
    policy: validateSessionPolicy(scenario.policy),
    startedAt,
    healedAt: startedAt + safetyMs,
    absences: simulation.absences,
    durability: stage.durability,
  });
  const { watch, play, hooks, disk } = stage;
  const stop = async (): Promise<void> => {
    cast.stop();
    stage.stopHooks();
    await simulation.stop();
  };
  return { result, watch, play, cast, hooks, simulation, disk, stop };
}

/** At the end, when nothing is late: what waits on the server is of those who are connected. */
function readTimers({ server, network, time }: Simulation, { gauges }: RunRecorder): void {
  const bound = TIMERS_IDLE_MAX + TIMERS_PER_CONNECTION_MAX * network.openLinks;
  const value = server.node.pendingEvents;
  gauges.read('timers', { value, bound, at: time.now(), of: 'the server' });
}

/** All that looks on, and the hooks of the game. */
class Stage {
  readonly recorder: RunRecorder;
  readonly watch: FaultWatch;
  readonly play: PlayTally = new PlayTally();
  readonly hooks: HostileHooks;
  /** It outlives the server's processes. */
  readonly disk: ScenarioDisk | undefined;
  readonly #scenario: Scenario;
  readonly #streams: RandomStreams;
  readonly #authorities: CreateAuthorities | undefined;
  readonly #units: UnitStreams;
  readonly #login: ScenarioLogin;
  readonly #intervention: ScenarioIntervention | undefined;
  readonly #guestWorlds: ReadonlySet<string>;
  #hookNode: VirtualNode | undefined;
  /** Not there yet when its first host is made. */
  simulation: Simulation | undefined;

  constructor(options: ScenarioRunOptions, present: readonly ScenarioPeer[]) {
    const { scenario, streams = createStreams(scenario.seed), intervention } = options;
    const nowMs = (): number => this.simulation?.nowMs ?? 0;
    this.#scenario = scenario;
    this.#streams = streams;
    this.#authorities = options.authorities;
    this.#units = (purpose) => unitsOf(streams, purpose);
    this.#login = new ScenarioLogin({ scenario, nowMs, units: this.#units });
    this.#intervention = intervention;
    const guests = present.filter(({ name }) => options.guests?.has(name) === true);
    this.#guestWorlds = new Set(guests.flatMap(({ worldIds }) => worldIds));
    this.watch = new FaultWatch(scenario, nowMs);
    this.recorder = this.#createRecorder(present, options);
    this.disk = this.#createDisk();
    this.hooks = this.#createHooks(options.victimsOfRules);
  }

  get options(): SimulationOptions {
    const { recorder, hooks, play, watch } = this;
    const { seed, tickRateHz, policy, limits } = this.#scenario;
    const recording = recorder.hooks;
    const hearVerdict = hooks.onVerdict((session, input, verdict) => {
      recording.onVerdict(session, input, verdict);
      play.handleVerdict(session, input, verdict);
      this.#intervention?.handleVerdict(session);
    });
    const goBad = hooks.onSuspicion();
    const hearSuspicion: typeof goBad = (session, suspicion) => {
      recording.onSuspicion(session, suspicion);
      return goBad(session, suspicion);
    };
    return {
      ...recording,
      seed,
      tickRateHz,
      policy,
      limits: { ...OPEN_LIMITS, ...limits },
      streams: this.#streams,
      authorities: this.#authorities ?? this.#createAuthorities(),
      ...this.#storing(),
      peers: [],
      createWorld: (options) => play.watchWorld(this.#createWorld(options)),
      authenticate: recorder.hearLogins((credentials, request, context) =>
        hooks.authenticate((given) => this.#login.authenticate(given, context))(
          credentials,
          request,
        ),
      ),
      onVerdict: hearVerdict,
      onSuspicion: hearSuspicion,
      onJoined: (peer) => {
        recording.onJoined(peer);
        peer.client?.on('closed', ({ reason }) => {
          if (reason === 'superseded') peer.join(AGAIN_MS);
        });
      },
      onHostCreated: (host) => {
        recording.onHostCreated(host);
        host.sessions.subscribe((event) => {
          watch.handleMove(nameOf(event.session), event);
          play.handleMove(event);
        });
        hooks.subscribeThrower(host.sessions);
        hooks.subscribeRemover(host.sessions);
        this.#intervention?.handleHostCreated(host);
      },
      onError: (error, where) => {
        const isOfDisk = this.disk !== undefined && where === 'the store';
        if (!isOfDisk && !isOfBadHook(error, where)) recording.onError(error, where);
      },
    };
  }

  /** What the oracles have to know of it. */
  get durability(): RunDurability | undefined {
    const { store } = this.#scenario;
    if (store === undefined || this.disk === undefined) return undefined;
    const { facts, troubles, losses } = this.disk;
    return { journal: store.journal, facts, troubles, losses };
  }

  /** Rules that go bad can't be written down. */
  #createAuthorities(): CreateAuthorities {
    const shipped = createDefaultAuthorities();
    return this.disk === undefined ? this.hooks.authorities(shipped) : shipped;
  }

  #storing(): Pick<SimulationOptions, 'store' | 'journal' | 'checkpointIntervalMs'> {
    const { store } = this.#scenario;
    if (store === undefined || this.disk === undefined) return {};
    const { journal, checkpointIntervalMs } = store;
    return { store: this.disk, journal, checkpointIntervalMs };
  }

  #createDisk(): ScenarioDisk | undefined {
    if (this.#scenario.store === undefined) return undefined;
    const clock = { now: () => this.simulation?.time.now() ?? 0 };
    return new ScenarioDisk({ clock, random: this.#units('disk') });
  }

  stopHooks(): void {
    this.#hookNode?.stop();
  }

  /** A world of guests is on no tape. */
  #createWorld(options: WorldOptions): World {
    if (this.#guestWorlds.has(options.worldId)) return new World(options);
    return this.recorder.createWorld(options);
  }

  #createRecorder(
    present: readonly ScenarioPeer[],
    { joint, guests = new Set() }: ScenarioRunOptions,
  ): RunRecorder {
    const players = present.filter(({ name }) => !guests.has(name));
    const replay: Replay | undefined = joint && {
      tape: joint.tape,
      livePlayers: new Set(players.map(({ playerId }) => playerId)),
    };
    const { reliableQueueBytesMax: queueBytesMax } = this.#scenario.limits;
    const recorder = new RunRecorder({
      clock: { now: () => this.simulation?.time.now() ?? 0 },
      speedMetresPerSecond: SPEED_METRES_PER_SECOND,
      traceBytes: TRACE_BYTES,
      ...(queueBytesMax === undefined ? {} : { queueBytesMax }),
      ...(replay === undefined ? {} : { replay }),
    });
    for (const { name, role, playerId } of present) recorder.addPeer({ name, role, playerId });
    return recorder;
  }

  /** Only hostile peers are the victims of bad hooks. */
  #createHooks(victimsOfRules: ReadonlySet<string> | undefined): HostileHooks {
    const { peers, badHookRate } = this.#scenario;
    const victims = new Set(peers.filter(({ role }) => role === 'hostile').map(({ name }) => name));
    return new HostileHooks({
      scheduler: this.#hookScheduler(),
      streams: this.#units,
      rate: badHookRate,
      isVictim: (session) => victims.has(nameOf(session)),
      // A guest's connections have the names of those whom the victim had: their draws are its.
      isVictimOfRules: (session) =>
        !this.#guestWorlds.has(session.worldId ?? '') &&
        (victimsOfRules ?? victims).has(nameOf(session)),
      doomedWorld: DOOMED_WORLD,
      areVictimCredentials: (credentials) => {
        const { playerId } = Object(credentials) as { readonly playerId?: unknown };
        return typeof playerId === 'string' && victims.has(playerId);
      },
    });
  }

  /** Hooks that ignore that nobody waits for them any more have timers of their own. */
  #hookScheduler(): Scheduler {
    const node = (): Scheduler => {
      if (this.simulation === undefined) throw new Error('no hook runs before the server does');
      this.#hookNode ??= this.simulation.createNode('hooks');
      return this.#hookNode;
    };
    return {
      setTimer: (delayMs, callback) => node().setTimer(delayMs, callback),
      defer: (callback) => node().defer(callback),
    };
  }
}

/** What the game's hooks did wrong, and said so; `authenticate` may answer nonsense as well. */
function isOfBadHook(error: unknown, where: string): boolean {
  if (where === 'authenticate') return error instanceof TypeError || isGoneBad(error);
  return isGoneBad(error);
}

/** PeerIds are `name#connection`. */
function nameOf({ peerId }: ManagedSession): string {
  return peerId.slice(0, peerId.lastIndexOf('#'));
}
