/**
 * Shots, damage, deaths, new lives, by the design alone: every shot of a tick is judged on the
 * state before any of them, damage adds up, a kill goes to whoever did most, ties to the lower
 * PlayerId. On a field without obstacles. Own arithmetic: nothing of authority/ is used.
 */
import type { MeasuredShot } from '../../../authority/authority.ts';
import type { CombatEvent } from '../../../protocol/messages.ts';
import type { GameRules } from './game-rules.ts';
import type { ModelPlayer } from './model-player.ts';
import { appear, stand, timesToWall, type Pace } from './model-movement.ts';
import { instantSeen } from './model-trail.ts';

interface Vector {
  readonly x: number;
  readonly y: number;
}

interface Aim {
  /** Where it is, whatever it has seen. */
  readonly shooter: ModelPlayer;
  /** The instant at which it saw its targets, as far as that is believed. */
  readonly seenAt: number;
  readonly x: number;
  readonly y: number;
}

export class ModelCombat {
  readonly #pace: Pace;
  readonly #rules: GameRules;
  readonly #tickRateHz: number;
  readonly #cooldownTicks: number;
  readonly #respawnTicks: number;
  /** By target, then by shooter. */
  readonly #damage = new Map<ModelPlayer, Map<ModelPlayer, number>>();
  #events: CombatEvent[] = [];

  constructor(pace: Pace, tickRateHz: number) {
    this.#pace = pace;
    this.#rules = pace.rules;
    this.#tickRateHz = tickRateHz;
    const ticksOf = (ms: number): number => Math.max(1, Math.ceil((ms * tickRateHz) / 1_000));
    this.#cooldownTicks = ticksOf(this.#rules.cooldownMs);
    this.#respawnTicks = ticksOf(this.#rules.respawnMs);
  }

  arm(player: ModelPlayer): void {
    player.hitPoints = this.#rules.hitPoints;
  }

  /** The verdict on a shot in the tick in which it runs: `accepted`, or what forbids it. */
  judge(shooter: ModelPlayer, input: MeasuredShot, field: Battle): string {
    const problem = this.#problemOf(shooter, input, field) ?? this.#shoot(shooter, input, field);
    if (problem !== undefined) return problem;
    shooter.newestShotTick = input.tick;
    shooter.mayShootAt = field.tick + this.#cooldownTicks;
    return 'accepted';
  }

  /** After all shots of the tick: who is hurt, who dies, who lives again. */
  settle({ tick, bodies }: Battle): readonly CombatEvent[] {
    const hurt = [...this.#damage.keys()].toSorted(byPlayerId);
    for (const target of hurt) this.#hurt(target, tick);
    this.#damage.clear();
    for (const body of bodies) {
      if (!body.isAlive && tick >= body.livesAgainAt) this.#revive(body, { tick, bodies });
    }
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #problemOf(shooter: ModelPlayer, input: MeasuredShot, { tick }: Battle): string | undefined {
    if (input.directionX === 0 && input.directionY === 0) return 'rejected no-direction';
    if (!shooter.isAlive) return 'rejected shooter-dead';
    if (input.tick <= shooter.newestShotTick) return 'stale';
    if (tick < shooter.mayShootAt) return 'rejected cooldown';
    return undefined;
  }

  #shoot(shooter: ModelPlayer, input: MeasuredShot, field: Battle): string | undefined {
    const length = Math.hypot(input.directionX, input.directionY);
    const { tick } = field;
    const { viewTick, roundTripMs = 0 } = input;
    const seenAt = instantSeen({ tick, viewTick, roundTripMs }, this.#rules, this.#tickRateHz);
    const aim = { shooter, seenAt, x: input.directionX / length, y: input.directionY / length };
    if (input.targetPlayerId === undefined) {
      this.#shootAtWhoever(aim, field);
      return undefined;
    }
    const target = [...field.bodies].find(({ playerId }) => playerId === input.targetPlayerId);
    if (target === undefined) return 'rejected target-unknown';
    if (target === shooter) return 'rejected target-self';
    if (!target.isAlive) return 'rejected target-dead';
    if (!target.isTarget) return 'rejected target-unavailable';
    return this.#shootAt(aim, target, field.tick);
  }

  #shootAt(aim: Aim, target: ModelPlayer, tick: number): string | undefined {
    const { shotReachMetres, hitRadiusMetres, aimToleranceMetres } = this.#rules;
    const { x, y } = target.trail.at(aim.seenAt) ?? target;
    const toX = x - aim.shooter.x;
    const toY = y - aim.shooter.y;
    if (Math.hypot(toX, toY) > shotReachMetres) return 'rejected out-of-range';
    const along = Math.max(0, toX * aim.x + toY * aim.y);
    const off = Math.hypot(toX - along * aim.x, toY - along * aim.y);
    if (off > hitRadiusMetres + aimToleranceMetres) return 'rejected aim-mismatch';
    this.#hit(aim, target, { tick, metres: along });
    return undefined;
  }

  /** The nearest that the ray meets within reach and field. */
  #shootAtWhoever(aim: Aim, { tick, bodies }: Battle): void {
    const { field, shotReachMetres: reach } = this.#rules;
    const { shooter } = aim;
    const timesX = timesToWall(shooter.x, aim.x * reach, [field.minX, field.maxX]);
    const timesY = timesToWall(shooter.y, aim.y * reach, [field.minY, field.maxY]);
    let metres = reach * Math.min(1, timesX, timesY);
    let nearest: ModelPlayer | undefined;
    for (const body of bodies) {
      if (body === shooter || !body.isTarget) continue;
      const until = this.#metresUntil(aim, body);
      if (until >= metres) continue;
      metres = until;
      nearest = body;
    }
    if (nearest !== undefined) this.#hit(aim, nearest, { tick, metres });
    else this.#say({ tick, event: 'shot-missed', ...wayOf(aim, metres) });
  }

  /** Until the ray enters the target's disc; 0 when it begins in it. */
  #metresUntil(aim: Aim, target: ModelPlayer): number {
    const { hitRadiusMetres: radius } = this.#rules;
    const { x, y } = target.trail.at(aim.seenAt) ?? target;
    const toX = x - aim.shooter.x;
    const toY = y - aim.shooter.y;
    if (Math.hypot(toX, toY) <= radius) return 0;
    const along = toX * aim.x + toY * aim.y;
    const off = toX * aim.y - toY * aim.x;
    if (along <= 0 || Math.abs(off) > radius) return Infinity;
    return along - Math.sqrt(radius * radius - off * off);
  }

  #hit(aim: Aim, target: ModelPlayer, shot: { tick: number; metres: number }): void {
    const by = this.#damage.get(target) ?? new Map<ModelPlayer, number>();
    this.#damage.set(target, by.set(aim.shooter, (by.get(aim.shooter) ?? 0) + this.#rules.damage));
    const targetId = target.playerId;
    this.#say({ tick: shot.tick, event: 'hit', targetId, ...wayOf(aim, shot.metres) });
  }

  #hurt(target: ModelPlayer, tick: number): void {
    const by = [...(this.#damage.get(target) ?? [])];
    const sum = by.reduce((total, [, damage]) => total + damage, 0);
    const amount = Math.min(sum, target.hitPoints);
    target.hitPoints -= amount;
    const { hitPoints, playerId: targetId } = target;
    this.#say({ tick, event: 'damage-applied', targetId, amount, hitPoints });
    if (hitPoints > 0) return;
    const [killer] = by.toSorted(
      ([one, most], [other, more]) => more - most || byPlayerId(one, other),
    )[0]!;
    killer.kills += 1;
    target.deaths += 1;
    target.isAlive = false;
    target.livesAgainAt = tick + this.#respawnTicks;
    stand(target);
    this.#say({ tick, event: 'death', targetId, killerId: killer.playerId });
  }

  #revive(player: ModelPlayer, { tick, bodies }: Battle): void {
    player.isAlive = true;
    this.arm(player);
    appear(player, bodies, this.#pace);
    player.trail.begin();
    player.trail.add(tick, player);
    stand(player);
  }

  #say(event: Said): void {
    this.#events.push({ kind: 'combat-event', ...event });
  }
}

/** The tick that runs, and all who are there, in the order in which they came. */
export interface Battle {
  readonly tick: number;
  readonly bodies: ReadonlySet<ModelPlayer>;
}

type WithoutKind<Event> = Event extends CombatEvent ? Omit<Event, 'kind'> : never;
type Said = WithoutKind<CombatEvent>;

function wayOf({ shooter, x, y }: Aim, metres: number) {
  const impact: Vector = { x: shooter.x + x * metres, y: shooter.y + y * metres };
  const { playerId: shooterId, x: originX, y: originY } = shooter;
  return { shooterId, originX, originY, impactX: impact.x, impactY: impact.y };
}

function byPlayerId(one: ModelPlayer, other: ModelPlayer): number {
  return one.playerId < other.playerId ? -1 : 1;
}
