/**
 * Who hits whom, who dies, who lives again. In: ShootInputs, each judged in the tick in which it
 * runs, on the state before any shot of that tick, on places as its shooter saw them. Out: a
 * verdict for each, events for those who see it, hit points and scores for the snapshot. Distances,
 * times and the shooter are the server's own. Must not know: connections; where bodies are and were
 * it asks the Battlefield.
 */
import { assert } from '../base/assert.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { CombatEvent, ShootInput, SnapshotField } from '../protocol/messages.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import type { Point } from './arena-geometry.ts';
import type {
  Authority,
  AuthorityEvent,
  AuthorityInput,
  MeasuredShot,
  WorldContext,
} from './authority.ts';
import type { Battlefield } from './battlefield.ts';
import { createCombatRules, type CombatOptions, type CombatRules } from './combat-options.ts';
import { DamageLedger, type DamageTotal } from './damage-ledger.ts';
import { directionOf } from './direction.ts';
import {
  createFighter,
  decodeFighters,
  encodeFighters,
  isAvailable,
  type Fighter,
} from './fighter.ts';
import { rewoundTick } from './rewound-tick.ts';
import { judgeAimedShot, traceShot, type Ray } from './shot-geometry.ts';
import { ACCEPTED, rejected, STALE, type Verdict } from './verdict.ts';

const SNAPSHOT_FIELDS: readonly SnapshotField[] = Object.freeze([
  { name: 'hitPoints', precision: 1, interpolation: 'step' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
  { name: 'kills', precision: 1, interpolation: 'step' },
  { name: 'deaths', precision: 1, interpolation: 'step' },
]);

export class CombatAuthority implements Authority {
  readonly name = 'combat';
  readonly inputKinds = ['shoot-input'] as const;
  readonly snapshotFields = SNAPSHOT_FIELDS;
  readonly #context: WorldContext;
  readonly #battlefield: Battlefield;
  readonly #rules: CombatRules;
  #fighters = new Map<PlayerId, Fighter>();
  readonly #ledger = new DamageLedger();
  #events: AuthorityEvent[] = [];
  #joined = 0;
  #candidatesTested = 0;

  /** Throws HoldfastError('invalid-configuration') naming the option. */
  constructor(
    context: WorldContext,
    options: CombatOptions & { readonly battlefield: Battlefield },
  ) {
    this.#context = context;
    this.#battlefield = options.battlefield;
    this.#rules = createCombatRules(options, context.tickRateHz);
    checkRemembered(options.battlefield, this.#rules);
  }

  /** How many bodies shots were held against, since this authority was made. */
  get candidatesTested(): number {
    return this.#candidatesTested;
  }

  /** Players it keeps state of. */
  get playerCount(): number {
    return this.#fighters.size;
  }

  /** False for the dead and for players of other worlds. For a game's own rules. */
  isAlive(playerId: PlayerId): boolean {
    return this.#fighters.get(playerId)?.isAlive ?? false;
  }

  addPlayer(playerId: PlayerId): void {
    this.#joined += 1;
    const start = { order: this.#joined, hitPoints: this.#rules.hitPointsMax };
    this.#fighters.set(playerId, createFighter(playerId, start));
  }

  removePlayer(playerId: PlayerId): void {
    this.#fighters.delete(playerId);
  }

  suspendPlayer(playerId: PlayerId, ghost: GhostPolicy): void {
    const fighter = this.#fighters.get(playerId);
    if (fighter !== undefined) fighter.ghost = ghost;
  }

  /** Shot ticks start again, the cooldown doesn't: coming back is no way to shoot faster. */
  resumePlayer(playerId: PlayerId): void {
    const fighter = this.#fighters.get(playerId);
    if (fighter === undefined) return;
    fighter.ghost = undefined;
    fighter.lastShotTick = -1;
  }

  handleInput(session: ManagedSession, input: AuthorityInput): Verdict {
    const { playerId } = session;
    const shooter = playerId === undefined ? undefined : this.#fighters.get(playerId);
    if (shooter === undefined) return rejected('not-logged-in');
    if (input.kind !== 'shoot-input') return rejected('unknown-input');
    const verdict = this.#judgeShooter(shooter, input) ?? this.#judgeShot(shooter, input);
    if (verdict === ACCEPTED) {
      shooter.lastShotTick = input.tick;
      shooter.nextShotTick = this.#context.tick + this.#rules.cooldownTicks;
    }
    return verdict;
  }

  step(tick: number): readonly AuthorityEvent[] {
    for (const total of this.#ledger.settle()) this.#applyDamage(total, tick);
    for (const fighter of this.#fighters.values()) {
      if (!fighter.isAlive && tick >= fighter.respawnTick) this.#respawn(fighter);
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  readSnapshot(playerId: PlayerId, target: number[]): void {
    const fighter = this.#fighters.get(playerId);
    assert(fighter !== undefined, 'the player does not fight in this world');
    target.push(fighter.hitPoints, fighter.isAlive ? 1 : 0, fighter.kills, fighter.deaths);
  }

  /** Damage and events never outlast a step, so there are none. */
  checkpoint(): Uint8Array {
    return encodeFighters(this.#fighters);
  }

  restore(state: Uint8Array): void {
    this.#fighters = decodeFighters(state);
    this.#joined = this.#fighters.size;
  }

  /** Undefined: nothing about the shooter forbids the shot. */
  #judgeShooter(shooter: Fighter, input: ShootInput): Verdict | undefined {
    if (input.directionX === 0 && input.directionY === 0) return rejected('no-direction');
    if (!shooter.isAlive) return rejected('shooter-dead');
    if (input.tick <= shooter.lastShotTick) return STALE;
    if (this.#context.tick < shooter.nextShotTick) return rejected('cooldown');
    return undefined;
  }

  #judgeShot(shooter: Fighter, input: MeasuredShot): Verdict {
    // Deliberate: the shooter shoots from where it is; only targets are looked for in the past.
    const origin = this.#placeOf(shooter.playerId);
    const direction = directionOf(input.directionX, input.directionY);
    const ray: Ray = { origin, directionX: direction.x, directionY: direction.y };
    const seenAt = this.#instantOf(input);
    if (input.targetPlayerId === undefined) return this.#shootAlong(shooter, ray, seenAt);
    const target = this.#fighters.get(input.targetPlayerId);
    if (target === undefined) return rejected('target-unknown');
    if (target === shooter) return rejected('target-self');
    if (!target.isAlive) return rejected('target-dead');
    if (!isAvailable(target)) return rejected('target-unavailable');
    this.#candidatesTested += 1;
    const shot = { ray, target: this.#placeAt(target.playerId, seenAt) };
    const outcome = judgeAimedShot(shot, this.#rules, this.#battlefield.geometry);
    if (!outcome.ok) return rejected(outcome.error);
    this.#hit({ shooter, target, origin, impact: outcome.value });
    return ACCEPTED;
  }

  /** A shot at whoever is in the way; nobody is no reason to reject it. */
  #shootAlong(shooter: Fighter, ray: Ray, seenAt: number): Verdict {
    const fighters = this.#candidatesFor(shooter, ray);
    this.#candidatesTested += fighters.length;
    const targets = fighters.map((fighter) => this.#placeAt(fighter.playerId, seenAt));
    const { geometry } = this.#battlefield;
    const { hit, impact } = traceShot({ ray, targets }, this.#rules, geometry);
    const target = hit === undefined ? undefined : fighters[hit];
    if (target === undefined) {
      const shot = shotOf(shooter, ray.origin, impact);
      this.#emitAt(impact, { ...shot, tick: this.#context.tick, event: 'shot-missed' });
    } else {
      this.#hit({ shooter, target, origin: ray.origin, impact });
    }
    return ACCEPTED;
  }

  /** Whom the ray may meet, in the order in which they came. */
  #candidatesFor(shooter: Fighter, { origin, directionX, directionY }: Ray): Fighter[] {
    const { rangeMetres, hitRadiusMetres } = this.#rules;
    const { x, y } = origin;
    const path = { x, y, deltaX: directionX * rangeMetres, deltaY: directionY * rangeMetres };
    const near =
      this.#battlefield.history?.playersNear(path, hitRadiusMetres) ?? this.#fighters.keys();
    const fighters: Fighter[] = [];
    for (const playerId of near) {
      const fighter = this.#fighters.get(playerId);
      if (fighter === undefined || fighter === shooter) continue;
      if (fighter.isAlive && isAvailable(fighter)) fighters.push(fighter);
    }
    return fighters.toSorted((one, other) => one.order - other.order);
  }

  /** Between ticks: what the shooter says to have seen, as far as the server believes it. */
  #instantOf({ viewTick, roundTripMs = 0 }: MeasuredShot): number {
    const { tick } = this.#context;
    return rewoundTick({ tick, viewTick, roundTripMs }, this.#rules.rewind);
  }

  #hit(shot: { shooter: Fighter; target: Fighter; origin: Point; impact: Point }): void {
    const { shooter, target, origin, impact } = shot;
    const tick = this.#context.tick;
    this.#ledger.add(shooter.playerId, target.playerId, this.#rules.damagePerHit);
    const targetId = target.playerId;
    this.#emitAt(impact, { ...shotOf(shooter, origin, impact), tick, event: 'hit', targetId });
  }

  #applyDamage({ targetId, amount, mostBy }: DamageTotal, tick: number): void {
    const target = this.#fighters.get(targetId);
    if (target === undefined) return;
    const applied = Math.min(amount, target.hitPoints);
    target.hitPoints -= applied;
    const { hitPoints } = target;
    this.#emitAt(this.#placeOf(targetId), {
      kind: 'combat-event',
      tick,
      event: 'damage-applied',
      targetId,
      amount: applied,
      hitPoints,
    });
    if (hitPoints > 0) return;
    target.isAlive = false;
    target.deaths += 1;
    target.respawnTick = tick + this.#rules.respawnDelayTicks;
    const killer = this.#fighters.get(mostBy);
    if (killer !== undefined) killer.kills += 1;
    this.#battlefield.freezePlayer(targetId);
    this.#events.push({
      scope: { to: 'world' },
      message: { kind: 'combat-event', tick, event: 'death', targetId, killerId: mostBy },
    });
  }

  #respawn(fighter: Fighter): void {
    fighter.isAlive = true;
    fighter.hitPoints = this.#rules.hitPointsMax;
    this.#battlefield.respawnPlayer(fighter.playerId);
  }

  #placeOf(playerId: PlayerId): Point {
    const place = this.#battlefield.placeOf(playerId);
    assert(place !== undefined, 'a fighter stands on the battlefield');
    return place;
  }

  #placeAt(playerId: PlayerId, tick: number): Point {
    return this.#battlefield.history?.placeAt(playerId, tick) ?? this.#placeOf(playerId);
  }

  #emitAt(place: Point, message: CombatEvent): void {
    this.#events.push({ scope: { to: 'position', x: place.x, y: place.y }, message });
  }
}

function shotOf(shooter: Fighter, origin: Point, impact: Point) {
  return {
    kind: 'combat-event',
    shooterId: shooter.playerId,
    originX: origin.x,
    originY: origin.y,
    impactX: impact.x,
    impactY: impact.y,
  } as const;
}

/** A shot can't be judged on what nobody remembers. */
function checkRemembered({ history }: Battlefield, { rewind }: CombatRules): void {
  const { rewindMsMax, tickRateHz } = rewind;
  if (history === undefined || (rewindMsMax * tickRateHz) / 1_000 <= history.ticks) return;
  throw new HoldfastError(
    'invalid-configuration',
    `combat.rewindMsMax must be at most what the battlefield remembers, ${history.ticks} ticks`,
  );
}
