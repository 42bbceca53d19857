/**
 * A whole game in one thread: the production server and production clients on virtual computers,
 * a virtual network between them, and a stepper. In: a seed, who takes part, what is wrong, orders
 * to move time on. Out: the parts to look at; whatever goes wrong rejects the step in which it
 * happened, with the seed that repeats it. Nothing in it may touch real time (RealTimeTrap).
 */
import { assert } from '../base/assert.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { Actor } from './actors/actor.ts';
import { createHostileActor } from './actors/create-hostile-actor.ts';
import type { Behaviour } from './behaviour.ts';
import { createFighter } from './fighter.ts';
import { findLeaks } from './find-leaks.ts';
import { namesUpTo } from './names-up-to.ts';
import { armRealTimeTrap, RealTimeError } from './real-time-trap.ts';
import { createStreams, createUnits, unitsOf } from './seeded-streams.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedNetwork } from './simulated-network.ts';
import { SimulatedPeer } from './simulated-peer.ts';
import { SimulationError } from './simulation-error.ts';
import type {
  HostileOptions,
  LineFaults,
  PeerOptions,
  SimulationOptions,
} from './simulation-options.ts';
import { URL_OF_SERVER } from './simulated-peer.ts';
import type { Absence, VirtualNode } from './virtual-node.ts';
import { VirtualTime } from './virtual-time.ts';

const WAIT_MS_DEFAULT = 10_000;
/** As long as leaving, or closing a connection, may take at most, and a little more. */
const STOP_MS_MAX = 10_000;

/** How long `waitUntil` waits, in virtual time. */
export interface WaitOptions {
  /** Default 10 000. */
  readonly withinMs?: number;
  /** What is waited for, for the message of a failure. */
  readonly what?: string;
}

/** Builds a simulation and starts its server; nobody has connected when it resolves. */
export async function createSimulation<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: SimulationOptions<Definitions>,
): Promise<Simulation<Definitions>> {
  const simulation = new Simulation(options);
  await simulation.start();
  return simulation;
}

/**
 * A simulation that runs: the parts to look at between two steps, and the stepper. Each call that
 * moves time on rejects with a SimulationError for whatever went wrong meanwhile; one at a time.
 */
export class Simulation<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly seed: number;
  readonly time: VirtualTime = new VirtualTime();
  readonly network: SimulatedNetwork;
  readonly server: SimulatedHost<Definitions>;
  readonly #options: SimulationOptions<Definitions>;
  readonly #streams: RandomStreams;
  readonly #startedAt: number;
  readonly #peers = new Map<string, SimulatedPeer<Definitions>>();
  readonly #hostile = new Map<string, Actor>();
  /** Of the server and the peers: nothing may be left on them. */
  readonly #nodes: VirtualNode[] = [];
  /** Of actors. */
  readonly #guestNodes: VirtualNode[] = [];
  /** Of the script that runs the simulation. */
  readonly #scriptNode: VirtualNode;
  #isStopped = false;
  #openWorlds = 0;
  #healedAt: number | undefined;

  /** For createSimulation alone. */
  constructor(options: SimulationOptions<Definitions>) {
    assert(Number.isSafeInteger(options.seed) && options.seed >= 0, 'seed must be a safe integer');
    this.seed = options.seed;
    this.#options = options;
    this.#startedAt = this.time.now();
    this.#streams = options.streams ?? createStreams(options.seed);
    this.#scriptNode = this.time.createNode('script');
    this.network = new SimulatedNetwork({
      clock: this.time,
      streams: (purpose) => this.random(purpose),
      ...(options.tap === undefined ? {} : { tap: options.tap }),
    });
    this.server = new SimulatedHost({
      simulation: options,
      node: this.#createOwnNode('server'),
      network: this.network,
      streams: this.#streams,
      random: this.random('hooks'),
      onError: (error, where) => this.#handleError(error, where),
    });
    const { peers } = options;
    const chosen = typeof peers === 'number' ? namesUpTo(peers) : peers;
    for (const peer of chosen) this.addPeer(typeof peer === 'string' ? { name: peer } : peer);
    for (const hostile of options.hostile ?? []) this.addHostile(hostile);
  }

  /** For createSimulation alone. */
  async start(): Promise<void> {
    await this.#guard(async () => {
      await this.server.start();
    });
    if ((this.#options.checks ?? []).length > 0) this.#planChecks();
  }

  /** Virtual ms since the start. */
  get nowMs(): number {
    return this.time.now() - this.#startedAt;
  }

  get peers(): ReadonlyMap<string, SimulatedPeer<Definitions>> {
    return this.#peers;
  }

  /** Every computer but the script's. */
  get nodes(): readonly VirtualNode[] {
    return [...this.#nodes, ...this.#guestNodes];
  }

  /** When computers stood still or were dead, by name: `server`, `peer ada`. */
  get absences(): ReadonlyMap<string, readonly Absence[]> {
    return new Map(this.#nodes.map(({ name, absences }) => [name, absences]));
  }

  /** Throws for a name that nobody has. */
  peer(name: string): SimulatedPeer<Definitions> {
    const peer = this.#peers.get(name);
    assert(peer !== undefined, `no peer is called '${name}'`);
    return peer;
  }

  /** One more player. */
  addPeer(options: PeerOptions<Definitions>): SimulatedPeer<Definitions> {
    const { name, playerId = name, worldId, joinsAtMs = 0 } = options;
    assert(!this.#peers.has(name), `a peer is called '${name}' already`);
    const { hasSyncLane = false, messages, onJoined, onCrashed } = this.#options;
    const peer = new SimulatedPeer<Definitions>({
      name,
      playerId,
      credentials: options.credentials ?? { playerId, worldId },
      hasSyncLane: options.hasSyncLane ?? hasSyncLane,
      prediction: this.#options.prediction,
      messages,
      behaviour: options.behaviour ?? this.#createBehaviour(name),
      node: this.#createOwnNode(`peer ${name}`),
      network: this.network,
      random: this.#streams(`client:${name}`),
      units: this.random(`behaviour:${name}`),
      onJoined: (joined) => onJoined?.(joined),
      onCrashed: (crashed, state) => onCrashed?.(crashed, state),
      onError: (error, where) => this.#handleError(error, where),
    });
    this.#peers.set(name, peer);
    this.#setFaults(name, options.faults);
    if (joinsAtMs !== Infinity) peer.join(joinsAtMs);
    return peer;
  }

  /** One more peer, which does what no client of ours would. Its `counts` say what it has done. */
  addHostile(options: HostileOptions): Actor {
    const { name, kind, credentials = { playerId: name }, joinsAtMs = 0 } = options;
    assert(
      !this.#peers.has(name) && !this.#hostile.has(name),
      `a peer is called '${name}' already`,
    );
    const { hasSyncLane = this.#options.hasSyncLane ?? false, forgedCredentials = [] } = options;
    const node = this.createNode(`hostile ${name}`);
    const scheduler = node.createScheduler();
    const actor = createHostileActor(kind, {
      clock: node,
      scheduler,
      random: this.random(`actor:${name}`),
      transport: this.network.createClient({ name, scheduler, hasSyncLane }),
      line: this.network.line(name),
      url: URL_OF_SERVER,
      credentials,
      forgedCredentials,
      tickRateHz: this.server.tickRateHz,
    });
    this.#hostile.set(name, actor);
    this.#setFaults(name, options.faults);
    node.setTimer(joinsAtMs, () => actor.start());
    return actor;
  }

  /** A computer for an actor of your own; it stops with the simulation. */
  createNode(name: string): VirtualNode {
    const node = this.time.createNode(name);
    this.#guestNodes.push(node);
    return node;
  }

  /** Uniform numbers in [0, 1) for a purpose; asking twice starts its stream again. */
  random(purpose: string): () => number {
    if (this.#options.streams === undefined) return createUnits(this.seed, purpose);
    return unitsOf(this.#streams, purpose);
  }

  /** Calls back after so many virtual ms, for a script that acts while time moves on. */
  schedule(delayMs: number, callback: () => void): void {
    this.#scriptNode.setTimer(delayMs, callback);
  }

  /** Moves on by so many ticks of the server; by their time where it stands still. */
  async stepTicks(count: number): Promise<void> {
    await this.#guard(async () => {
      for (let step = 0; step < count; step += 1) await this.#stepTick();
    });
  }

  /** Moves on by so many virtual ms. */
  async advanceMs(durationMs: number): Promise<void> {
    await this.#guard(() => this.time.advanceMs(durationMs));
  }

  /** Moves on until the predicate holds, which is asked at each instant; else rejects. */
  async waitUntil(predicate: () => boolean, options: WaitOptions = {}): Promise<void> {
    const { withinMs = WAIT_MS_DEFAULT, what = String(predicate) } = options;
    const hasHeld = await this.#guard(() => this.time.advanceUntil(predicate, withinMs));
    if (hasHeld) return;
    throw this.#failureOf(new Error(`not within ${withinMs} ms: ${what}`));
  }

  /** The peer's connections break, and both sides learn it. */
  dropConnection(name: string): void {
    this.peer(name).dropConnection();
  }

  /** When `heal` was last called, as `time.now()`; undefined = never. `stop` is no such call. */
  get healedAt(): number | undefined {
    return this.#healedAt;
  }

  /** Ends every fault of lines and nodes. */
  heal(): void {
    this.#healedAt = this.time.now();
    this.#heal();
  }

  #heal(): void {
    for (const peer of this.#peers.values()) peer.goOnline();
    for (const line of this.network.lines) line.makePerfect();
    for (const node of this.nodes) {
      node.slow(0);
      if (node.isPaused) node.resume();
    }
  }

  /** Fails the step that is running, and every later one. */
  fail(error: unknown): void {
    this.time.fail(error);
  }

  /** Heals, lets everybody leave, stops the server, and waits until nothing is left. Idempotent. */
  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#scriptNode.stop();
    this.#heal();
    for (const actor of this.#hostile.values()) actor.stop();
    for (const peer of this.#peers.values()) peer.leave();
    await this.#guard(async () => {
      await this.time.advanceUntil(() => this.#isEverybodyOut(), STOP_MS_MAX);
      await this.time.advanceMs(2_000 / this.server.tickRateHz);
      const { sessions, host } = this.server;
      this.#openWorlds = sessions.size === 0 ? host.worldCount : 0;
      void this.server.stop();
      await this.time.advanceUntil(() => this.#isIdle(), STOP_MS_MAX);
    });
    for (const node of this.#guestNodes) node.stop();
  }

  /** After `stop`: throws when anything is left that waits, or that is held for somebody. */
  expectNoLeaks(): void {
    assert(this.#isStopped, 'a simulation that runs has no leaks yet: stop it first');
    const { network, server } = this;
    // What a dead process held died with it.
    const sessionsHeld = server.hasCrashed ? 0 : server.sessions.size;
    const leaks = findLeaks({ nodes: this.#nodes, network, sessionsHeld });
    if (this.#openWorlds > 0) leaks.push(`${this.#openWorlds} worlds without players`);
    if (leaks.length > 0) throw this.#failureOf(new Error(`left behind: ${leaks.join(', ')}`));
  }

  #createBehaviour(name: string): Behaviour<Definitions> {
    return this.#options.behaviour?.(name) ?? createFighter();
  }

  async #stepTick(): Promise<void> {
    const intervalMs = 1_000 / this.server.tickRateHz;
    const target = this.server.ticks + 1;
    await this.time.advanceMs(intervalMs);
    const { node, isRunning } = this.server;
    if (!isRunning || node.isPaused || this.server.ticks >= target) return;
    // Timers fire on whole milliseconds at the earliest: some tick rates are late by a part.
    await this.time.advanceUntil(() => this.server.ticks >= target, intervalMs);
  }

  #isEverybodyOut(): boolean {
    for (const peer of this.#peers.values()) {
      if (!peer.isOut && !peer.node.isStopped) return false;
    }
    return true;
  }

  #isIdle(): boolean {
    if (this.network.openLinks > 0) return false;
    return this.#nodes.every((node) => node.pendingEvents === 0);
  }

  #createOwnNode(name: string): VirtualNode {
    const node = this.time.createNode(name);
    this.#nodes.push(node);
    return node;
  }

  #setFaults(name: string, faults: LineFaults = this.#options.faults ?? {}): void {
    const { up, down } = 'up' in faults ? faults : { up: faults, down: faults };
    const line = this.network.line(name);
    line.setConditions('up', 'both', up);
    line.setConditions('down', 'both', down);
  }

  #planChecks(): void {
    this.schedule(1_000 / this.server.tickRateHz, () => {
      // A tick runs deferred: this comes after it, whichever timer was first.
      this.#scriptNode.defer(() => this.#scriptNode.defer(() => this.#runChecks()));
      this.#planChecks();
    });
  }

  #runChecks(): void {
    for (const each of this.#options.checks ?? []) {
      try {
        each.check(this);
      } catch (cause) {
        const what = cause instanceof Error ? cause.message : String(cause);
        this.fail(new Error(`check '${each.name}': ${what}`, { cause }));
      }
    }
  }

  #handleError(error: unknown, where: string): void {
    const { onError } = this.#options;
    if (onError !== undefined && !(error instanceof RealTimeError)) {
      onError(error, where);
      return;
    }
    const what = error instanceof Error ? error.message : String(error);
    const isSaid = what.startsWith(`${where}: `);
    this.fail(new Error(isSaid ? what : `${where}: ${what}`, { cause: error }));
  }

  /** Runs a part of the simulation with the trap armed. */
  async #guard<Outcome>(run: () => Promise<Outcome>): Promise<Outcome> {
    const release = armRealTimeTrap((call) => this.fail(new RealTimeError(call)));
    try {
      return await run();
    } catch (cause) {
      throw this.#failureOf(cause);
    } finally {
      release();
    }
  }

  #failureOf(cause: unknown): SimulationError {
    return new SimulationError(this.seed, this.nowMs, cause);
  }
}
