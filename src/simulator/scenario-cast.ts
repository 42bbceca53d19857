/**
 * Those who take part in a drawn run: honest players as peers of the simulation, hostile ones as
 * actors on nodes of their own. In: a simulation that has just started. Out: everybody on the way.
 * Must not know: faults, who watches.
 */
import type { Actor } from './actors/actor.ts';
import { createHostileActor, HOSTILE_ACTOR_KINDS } from './actors/create-hostile-actor.ts';
import { combineBehaviours, type Behaviour } from './behaviour.ts';
import { createBrawler } from './brawler.ts';
import { createFighter } from './fighter.ts';
import { createLeaver } from './leaver.ts';
import type { Scenario, ScenarioPeer } from './scenario.ts';
import { credentialsOf, forgedCredentialsOf } from './scenario-login.ts';
import type { Simulation } from './simulation.ts';

/** Per input tick: about one shot a second, so that a seed has hits and is not all about them. */
const SHOT_RATE = 0.05;

export class ScenarioCast {
  readonly #simulation: Simulation;
  readonly #scenario: Scenario;
  readonly #actors = new Map<string, Actor>();

  constructor(simulation: Simulation, scenario: Scenario) {
    this.#simulation = simulation;
    this.#scenario = scenario;
  }

  add(peer: ScenarioPeer): void {
    this.#simulation.network.line(peer.name).setWindow('down', peer.windowBytes);
    if (HOSTILE_ACTOR_KINDS.some((kind) => kind === peer.actor)) this.#addActor(peer);
    else this.#addPlayer(peer);
  }

  /** What the actors have done: acts by kind of actor. */
  get acts(): Readonly<Record<string, number>> {
    const acts: Record<string, number> = {};
    for (const { name, actor } of this.#scenario.peers) {
      for (const [, count] of this.#actors.get(name)?.counts ?? []) {
        acts[actor] = (acts[actor] ?? 0) + count;
      }
    }
    return acts;
  }

  /** Actors would go on for ever. */
  stop(): void {
    for (const actor of this.#actors.values()) actor.stop();
  }

  #addPlayer(peer: ScenarioPeer): void {
    const { name, playerId, joinsAtMs, hasSyncLane, conditions } = peer;
    this.#simulation.addPeer({
      name,
      playerId,
      credentials: credentialsOf(playerId),
      joinsAtMs,
      hasSyncLane,
      behaviour: this.#behaviourOf(peer),
      faults: conditions,
    });
  }

  /** A leaver stays once all is healed: it is to be in at the end. */
  #behaviourOf({ actor }: ScenarioPeer): Behaviour {
    if (actor === 'brawler') return createBrawler();
    const fight = createFighter({ shotRate: SHOT_RATE });
    if (actor !== 'leaver') return fight;
    const leave = createLeaver();
    return combineBehaviours(fight, (context) => {
      if (this.#simulation.nowMs < this.#scenario.safetyMs) leave(context);
    });
  }

  /** In order of the names: that of joining means nothing. */
  #forgedBy(name: string): unknown[] {
    return this.#scenario.peers
      .filter((other) => other.name !== name)
      .toSorted((one, other) => (one.playerId < other.playerId ? -1 : 1))
      .map((other) => forgedCredentialsOf(other.playerId));
  }

  #addActor({
    name,
    playerId,
    actor: kind,
    joinsAtMs,
    hasSyncLane,
    conditions,
  }: ScenarioPeer): void {
    const simulation = this.#simulation;
    const hostileKind = HOSTILE_ACTOR_KINDS.find((each) => each === kind);
    if (hostileKind === undefined) return;
    const node = simulation.createNode(`actor ${name}`);
    const scheduler = node.createScheduler();
    const line = simulation.network.line(name);
    line.setConditions('up', 'both', conditions.up);
    line.setConditions('down', 'both', conditions.down);
    const actor = createHostileActor(hostileKind, {
      clock: node,
      scheduler,
      random: simulation.random(`actor:${name}`),
      transport: simulation.network.createClient({ name, scheduler, hasSyncLane }),
      line,
      url: 'sim://holdfast',
      credentials: credentialsOf(playerId),
      forgedCredentials: this.#forgedBy(name),
      tickRateHz: this.#scenario.tickRateHz,
    });
    this.#actors.set(name, actor);
    node.setTimer(joinsAtMs, () => actor.start());
  }
}
