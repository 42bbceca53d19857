/**
 * What a bot wants: to wander from place to place, to steer around what is in the way, and to shoot
 * at whoever is near, badly enough that a human wins. Pure but for the randomness it is given.
 * In: what the client sees, some times a second. Out: an intent per input tick.
 */
import type { PlayerId } from 'holdfast/client';
import { ARENA_BOUNDS, PLAYER_RADIUS } from '../shared/arena-geometry.ts';
import { freeAhead, hasClearView } from '../shared/arena-sight.ts';
import type { Place } from '../shared/arena-sight.ts';

export interface SeenPlayer extends Place {
  readonly playerId: PlayerId;
  readonly isAlive: boolean;
}

export interface Observation {
  readonly self: SeenPlayer;
  readonly others: readonly SeenPlayer[];
}

export interface BotIntent {
  readonly move: {
    readonly directionX: number;
    readonly directionY: number;
    readonly yaw: number;
  };
  readonly shot:
    | {
        readonly directionX: number;
        readonly directionY: number;
      }
    | undefined;
}

/** Metres. */
const SIGHT_METRES = 13;
const FEELER_METRES = 3.5;
const ARRIVED_METRES = 2;
/** Full circle of error would be π; this misses about half of the shots at ten metres. Radians. */
const AIM_ERROR = 0.09;
/** Between two shots of one bot: this many input ticks, and up to as many again. */
const SHOT_PAUSE_TICKS = 16;
/** A bot that hasn't arrived by then goes elsewhere. Looks. */
const PATIENCE_LOOKS = 28;
const SPEED_SHARE = 0.72;
/** Directions that are tried when the way is blocked, nearest first. Radians. */
const DETOURS = [0, 0.5, -0.5, 1, -1, 1.6, -1.6, 2.3, -2.3, Math.PI];

export class BotBrain {
  readonly #random: () => number;
  #goal: Place;
  #patience = PATIENCE_LOOKS;
  #heading = 0;
  #aim = 0;
  #isMoving = false;
  #hasTarget = false;
  #nextShotTick = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#goal = this.#pickGoal();
  }

  /** Takes in what is seen now and makes up its mind. */
  look({ self, others }: Observation): void {
    this.#isMoving = self.isAlive;
    this.#hasTarget = false;
    if (!self.isAlive) return;
    this.#patience -= 1;
    const toGoal = Math.hypot(this.#goal.x - self.x, this.#goal.y - self.y);
    if (this.#patience <= 0 || toGoal < ARRIVED_METRES) {
      this.#goal = this.#pickGoal();
      this.#patience = PATIENCE_LOOKS;
    }
    this.#heading = this.#steer(self);
    const target = nearestVisible(self, others);
    if (target === undefined) {
      this.#aim = this.#heading;
    } else {
      this.#hasTarget = true;
      this.#aim = Math.atan2(target.y - self.y, target.x - self.x) + this.#aimError();
    }
  }

  decide(tick: number): BotIntent {
    const speed = this.#isMoving ? SPEED_SHARE : 0;
    const move = {
      directionX: Math.cos(this.#heading) * speed,
      directionY: Math.sin(this.#heading) * speed,
      yaw: this.#aim,
    };
    if (!this.#hasTarget || this.#isPausing(tick)) return { move, shot: undefined };
    this.#nextShotTick = tick + Math.round(SHOT_PAUSE_TICKS * (1 + this.#random()));
    return { move, shot: { directionX: Math.cos(this.#aim), directionY: Math.sin(this.#aim) } };
  }

  /** A pause that is longer than any counts the ticks of a server that is no more. */
  #isPausing(tick: number): boolean {
    const waitTicks = this.#nextShotTick - tick;
    return waitTicks > 0 && waitTicks <= 2 * SHOT_PAUSE_TICKS;
  }

  /** The direction nearest to the goal in which there is room. */
  #steer(self: Place): number {
    const wanted = Math.atan2(this.#goal.y - self.y, this.#goal.x - self.x);
    let best = wanted;
    let bestFree = -1;
    for (const detour of DETOURS) {
      const free = freeAhead(self, wanted + detour, FEELER_METRES);
      if (free >= FEELER_METRES) return wanted + detour;
      if (free <= bestFree) continue;
      best = wanted + detour;
      bestFree = free;
    }
    return best;
  }

  #aimError(): number {
    return (this.#random() + this.#random() - 1) * 2 * AIM_ERROR;
  }

  #pickGoal(): Place {
    const margin = 2 * PLAYER_RADIUS;
    const { minX, minY, maxX, maxY } = ARENA_BOUNDS;
    return {
      x: minX + margin + this.#random() * (maxX - minX - 2 * margin),
      y: minY + margin + this.#random() * (maxY - minY - 2 * margin),
    };
  }
}

function nearestVisible(self: Place, others: readonly SeenPlayer[]): SeenPlayer | undefined {
  let nearest: SeenPlayer | undefined;
  let nearestDistance = SIGHT_METRES;
  for (const other of others) {
    const distance = Math.hypot(other.x - self.x, other.y - self.y);
    if (!other.isAlive || distance >= nearestDistance) continue;
    nearest = other;
    nearestDistance = distance;
  }
  const isSeen = nearest !== undefined && hasClearView(self, nearest);
  return isSeen ? nearest : undefined;
}
