/**
 * What flashes for a moment: tracers, muzzle flashes, hits, deaths. Each effect is a fact with a
 * begin; it is drawn by its age and forgotten at its end. In: facts. Out: pixels.
 */
import type { Camera, Point } from './camera.ts';
import { PALETTE } from './palette.ts';

interface Effect {
  readonly kind:
    | 'tracer-hit'
    | 'tracer-miss'
    | 'tracer-own'
    | 'refused'
    | 'muzzle'
    | 'spark'
    | 'death';
  readonly from: Point;
  readonly to: Point;
  readonly colour: string;
  readonly begin: number;
}

/** Milliseconds. */
const DURATIONS = {
  'tracer-hit': 170,
  'tracer-miss': 140,
  'tracer-own': 140,
  refused: 450,
  muzzle: 90,
  spark: 220,
  death: 700,
} as const satisfies Record<Effect['kind'], number>;

/** How long a hit player is drawn lit up. Milliseconds. */
const HIT_FLASH_MS = 180;
/** Far more than one screen can show; the oldest goes first. */
const EFFECTS_MAX = 400;

export class Effects {
  #effects: Effect[] = [];
  readonly #hitAt = new Map<string, number>();

  addShot(shot: { from: Point; to: Point; isHit: boolean }, now: number): void {
    const { from, to, isHit } = shot;
    const kind = isHit ? 'tracer-hit' : 'tracer-miss';
    const colour = isHit ? PALETTE.tracerHit : PALETTE.tracerMiss;
    this.#add({ kind, from, to, colour, begin: now });
    this.#add({ kind: 'spark', from: to, to, colour, begin: now });
  }

  /** One's own shot before the server has judged it; what it hits is the server's to say. */
  addOwnShot({ from, to }: { from: Point; to: Point }, now: number): void {
    this.#add({ kind: 'tracer-own', from, to, colour: PALETTE.tracerOwn, begin: now });
  }

  /** The server did not take the shot: it is crossed out where it left. */
  addRefusal(at: Point, now: number): void {
    this.#add({ kind: 'refused', from: at, to: at, colour: PALETTE.healthLow, begin: now });
  }

  /** `to` is any point in the direction of the shot. */
  addMuzzleFlash(from: Point, to: Point, now: number): void {
    this.#add({ kind: 'muzzle', from, to, colour: PALETTE.tracerHit, begin: now });
  }

  addHit(playerId: string, now: number): void {
    this.#hitAt.set(playerId, now);
  }

  addDeath(at: Point, colour: string, now: number): void {
    this.#add({ kind: 'death', from: at, to: at, colour, begin: now });
  }

  /** 1 right after a hit, falling to 0. */
  hitFlash(playerId: string, now: number): number {
    const at = this.#hitAt.get(playerId);
    return at === undefined ? 0 : Math.max(0, 1 - (now - at) / HIT_FLASH_MS);
  }

  /** Draws what is under way and forgets what is over. */
  draw(context: CanvasRenderingContext2D, camera: Camera, now: number): void {
    this.#effects = this.#effects.filter((effect) => now - effect.begin < DURATIONS[effect.kind]);
    for (const [playerId, at] of this.#hitAt) {
      if (now - at > HIT_FLASH_MS) this.#hitAt.delete(playerId);
    }
    context.save();
    context.lineCap = 'round';
    for (const effect of this.#effects) {
      const age = Math.max(0, (now - effect.begin) / DURATIONS[effect.kind]);
      paintEffect(context, camera, { effect, age });
    }
    context.restore();
  }

  #add(effect: Effect): void {
    if (this.#effects.length >= EFFECTS_MAX) this.#effects.shift();
    this.#effects.push(effect);
  }
}

function paintEffect(
  context: CanvasRenderingContext2D,
  camera: Camera,
  { effect, age }: { effect: Effect; age: number },
): void {
  const x = camera.toScreenX(effect.from.x);
  const y = camera.toScreenY(effect.from.y);
  context.globalAlpha = 1 - age;
  context.strokeStyle = effect.colour;
  context.fillStyle = effect.colour;
  switch (effect.kind) {
    case 'tracer-hit':
    case 'tracer-miss':
    case 'tracer-own':
      return paintTracer(context, camera, { effect, age });
    case 'refused':
      return paintRefusal(context, { x, y, scale: camera.scale });
    case 'muzzle':
      return paintMuzzle(context, camera, effect);
    case 'spark':
      context.beginPath();
      context.arc(x, y, camera.scale * (0.12 + 0.3 * age), 0, 2 * Math.PI);
      context.fill();
      return;
    case 'death':
      return paintDeath(context, { x, y, scale: camera.scale, age });
  }
}

/** The line fades from its tail, so that the eye sees where the shot went. */
function paintTracer(
  context: CanvasRenderingContext2D,
  camera: Camera,
  { effect, age }: { effect: Effect; age: number },
): void {
  const tail = age * 0.85;
  const x = effect.from.x + (effect.to.x - effect.from.x) * tail;
  const y = effect.from.y + (effect.to.y - effect.from.y) * tail;
  context.lineWidth = effect.kind === 'tracer-hit' ? 2 : 1.25;
  context.beginPath();
  context.moveTo(camera.toScreenX(x), camera.toScreenY(y));
  context.lineTo(camera.toScreenX(effect.to.x), camera.toScreenY(effect.to.y));
  context.stroke();
}

function paintRefusal(
  context: CanvasRenderingContext2D,
  { x, y, scale }: { x: number; y: number; scale: number },
): void {
  const half = scale * 0.45;
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(x - half, y - half);
  context.lineTo(x + half, y + half);
  context.moveTo(x + half, y - half);
  context.lineTo(x - half, y + half);
  context.stroke();
}

function paintMuzzle(context: CanvasRenderingContext2D, camera: Camera, effect: Effect): void {
  const angle = Math.atan2(effect.to.y - effect.from.y, effect.to.x - effect.from.x);
  const reach = 1.15;
  const x = camera.toScreenX(effect.from.x + Math.cos(angle) * reach);
  const y = camera.toScreenY(effect.from.y + Math.sin(angle) * reach);
  context.beginPath();
  context.arc(x, y, camera.scale * 0.26, 0, 2 * Math.PI);
  context.fill();
}

/** A ring that opens, and eight splinters that fly with it. */
function paintDeath(
  context: CanvasRenderingContext2D,
  { x, y, scale, age }: { x: number; y: number; scale: number; age: number },
): void {
  const ease = 1 - (1 - age) ** 3;
  context.lineWidth = Math.max(0.5, 3 * (1 - age));
  context.beginPath();
  context.arc(x, y, scale * (0.4 + 1.7 * ease), 0, 2 * Math.PI);
  context.stroke();
  for (let splinter = 0; splinter < 8; splinter += 1) {
    const angle = (splinter / 8) * 2 * Math.PI + 0.3;
    const distance = scale * (0.3 + 2.1 * ease);
    context.beginPath();
    context.arc(
      x + Math.cos(angle) * distance,
      y + Math.sin(angle) * distance,
      scale * 0.16 * (1 - age),
      0,
      2 * Math.PI,
    );
    context.fill();
  }
}
