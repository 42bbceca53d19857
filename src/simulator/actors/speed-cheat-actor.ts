/**
 * A player who runs in circles at full speed and cheats for more: with how often inputs are sent,
 * when, for which ticks, and with what. None of it may move it further than the ticks that pass.
 * It answers heartbeats while it holds inputs back: whoever cheats well is never taken for lost.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick } from './draws.ts';
import { encodeRawMove, type RawMove } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

export type SpeedTrick =
  | 'input-flood'
  | 'lag-switch'
  | 'input-burst'
  | 'fast-clock'
  | 'tick-jump'
  | 'teleport-claim';

const PERIOD_MS = 25;
/** Ahead of the server's tick, so that inputs of a fair line come in time. */
const LEAD_TICKS = 4;
/** Radians per tick: a circle of 3 m, which meets no wall for long. */
const TURN = 0.1;
const COPIES = 10;
/** How long inputs are held back, and how long they go out as they should in between. */
const HOLDS: Partial<Record<SpeedTrick, { readonly heldMs: number; readonly freeMs: number }>> = {
  'lag-switch': { heldMs: 3_000, freeMs: 1_500 },
  'input-burst': { heldMs: 900, freeMs: 300 },
};
const CLOCK_RATE = 1.05;
/** Then even a fast clock is set right: one that is not is soon too far ahead for anything. */
const CLOCK_SET_MS = 10_000;
const JUMP_RATE = 0.2;
/** Beyond 53 bits it is no message: not often, or the peer is closed for it. */
const BEYOND_RATE = 0.01;

const CLAIMS: readonly Partial<RawMove>[] = [
  { directionX: 1e6, directionY: 1e6 },
  { directionX: 40, directionY: 0 },
  { directionX: 3.402_823_466e38, directionY: -3.402_823_466e38 },
  { directionX: Number.NaN },
  { directionY: Number.POSITIVE_INFINITY },
  { yaw: Number.NaN },
  { yaw: 1e9, directionX: 7, directionY: 7 },
];

export class SpeedCheatActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #trick: SpeedTrick;
  readonly #session: RawSession;
  readonly #held: Uint8Array[] = [];
  /** 0 = not begun on this connection. */
  #nextTick = 0;
  #since = 0;
  #clock = { setAt: 0, tick: 0 };

  constructor(options: ActorOptions, trick: SpeedTrick) {
    this.#options = options;
    this.#trick = trick;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      onLoggedIn: () => this.#begin(),
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #begin(): void {
    this.#nextTick = 0;
    this.#held.length = 0;
    this.#since = this.#options.clock.now();
    this.#clock = { setAt: -Infinity, tick: 0 };
    this.counts.add('let in');
  }

  #act(): void {
    if (!this.#session.isLoggedIn || this.#session.serverTick === 0) return;
    const tick = this.#ownTick();
    // Deliberate: nothing is made up for after a gap of the own computer; that is the lag switch's.
    if (this.#nextTick === 0 || tick - this.#nextTick > COPIES) this.#nextTick = tick;
    for (; this.#nextTick <= tick; this.#nextTick += 1) this.#run(this.#nextTick);
    if (!this.#isHolding()) this.#release();
  }

  /** Up to which tick it has inputs to send. */
  #ownTick(): number {
    const right = this.#session.serverTick + LEAD_TICKS;
    if (this.#trick !== 'fast-clock') return right;
    const now = this.#options.clock.now();
    if (now - this.#clock.setAt > CLOCK_SET_MS) {
      this.#clock = { setAt: now, tick: right };
      this.#nextTick = 0;
      this.counts.add('clock set');
    }
    const ticksPerMs = (this.#options.tickRateHz / 1_000) * CLOCK_RATE;
    return this.#clock.tick + Math.floor((now - this.#clock.setAt) * ticksPerMs);
  }

  #run(tick: number): void {
    this.#move(tick);
    if (this.#trick === 'input-flood') {
      for (let copy = 1; copy < COPIES; copy += 1) this.#move(tick, { yaw: copy });
      this.counts.add('copies');
    }
    if (this.#trick === 'tick-jump' && this.#options.random() < JUMP_RATE) this.#jump(tick);
  }

  #move(tick: number, changes: Partial<RawMove> = {}): void {
    const angle = tick * TURN;
    const { random } = this.#options;
    const claim = this.#trick === 'teleport-claim' ? pick(random, CLAIMS) : {};
    const move = { directionX: Math.cos(angle), directionY: Math.sin(angle), yaw: 0 };
    const bytes = encodeRawMove({ tick: BigInt(tick), ...move, ...claim, ...changes });
    if (this.#isHolding()) this.#held.push(bytes);
    else if (this.#session.sendBytes(bytes, 'sync')) this.counts.add('moves');
  }

  #jump(tick: number): void {
    const { random } = this.#options;
    const jump = pick(random, ['ahead', 'back', 'far'] as const);
    const isBeyond = jump === 'far' && random() < BEYOND_RATE / JUMP_RATE;
    const far = BigInt(Number.MAX_SAFE_INTEGER) + (isBeyond ? 1n : 0n);
    const near = BigInt(Math.max(0, jump === 'ahead' ? tick + 1_000 : tick - 1_000));
    const angle = tick * TURN;
    const move = { directionX: Math.cos(angle), directionY: Math.sin(angle), yaw: 0 };
    const bytes = encodeRawMove({ tick: jump === 'far' ? far : near, ...move });
    if (this.#session.sendBytes(bytes, 'sync')) this.counts.add(`jump ${jump}`);
  }

  #isHolding(): boolean {
    const hold = HOLDS[this.#trick];
    if (hold === undefined) return false;
    const phaseMs = (this.#options.clock.now() - this.#since) % (hold.heldMs + hold.freeMs);
    return phaseMs < hold.heldMs;
  }

  /** Everything that was held back, at once. */
  #release(): void {
    if (this.#held.length === 0) return;
    for (const bytes of this.#held) this.#session.sendBytes(bytes, 'sync');
    this.#held.length = 0;
    this.counts.add('released');
  }
}
