/**
 * Shots that are shown before the server has judged them, each with exactly one end. In: shots as
 * they are sent, combat events, what a new connection says of the old. Out: `predicted`, then
 * `confirmed` or `rejected`. An accepted shot's event doesn't name its input: the lane is ordered
 * and each shot has one answer, so the oldest without one is meant (docs/adr/0018).
 * Must not know: connections, views.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { CombatEvent } from '../protocol/messages.ts';

/** An answer later than this comes too late to be shown. */
const ANSWER_MS_MAX = 5_000;
/** As long as a session may be away and come back, a late one is awaited, lest it end another. */
const LATE_ANSWER_MS_MAX = 60_000;
/** More than anybody can fire meanwhile at one a tick and 12 Hz; the oldest give way. */
const SHOTS_MAX = 64;

/** What became of a shot of one's own. */
export interface ShotEvent {
  /** What `shoot` answered. */
  readonly tick: number;
  readonly outcome: 'predicted' | 'confirmed' | 'rejected';
  /** Of `rejected`: an input rejection code, `stale`, or `no-answer`. */
  readonly code: string | undefined;
}

export interface ShotBookOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onShot: (event: ShotEvent) => void;
}

/** Whose shots these are. */
interface OwnShots {
  readonly playerId: PlayerId;
  /** How far ahead the server takes an input. */
  readonly aheadTicksMax: number;
}

interface OpenShot {
  readonly tick: number;
  deadline: number;
  /** It had its end, and may still have its answer. */
  isTold: boolean;
  /** Taken by the server on an earlier connection: its answer is among what was missed, or lost. */
  isOld: boolean;
}

export class ShotBook {
  readonly #options: ShotBookOptions;
  /** Oldest first. */
  #shots: OpenShot[] = [];
  #timer: Timer | undefined;
  /** The server's tick when this connection began; what is newer answers no old shot. */
  #firstTick: number | undefined;

  constructor(options: ShotBookOptions) {
    this.#options = options;
  }

  handleSent(tick: number): void {
    const deadline = this.#options.clock.now() + ANSWER_MS_MAX;
    while (this.#shots.length >= SHOTS_MAX) this.#end(this.#shots[0], 'no-answer');
    this.#shots.push({ tick, deadline, isTold: false, isOld: false });
    this.#options.onShot({ tick, outcome: 'predicted', code: undefined });
    this.#arm();
  }

  handleCombat(event: CombatEvent, own: OwnShots): void {
    if (event.event === 'shoot-rejected') {
      const shot = this.#shots.find(({ tick }) => tick === event.inputTick);
      this.#end(shot, event.code);
    } else if (event.event === 'hit' || event.event === 'shot-missed') {
      if (event.shooterId !== own.playerId) return;
      if (event.tick > (this.#firstTick ?? Infinity)) this.endOld();
      const oldest = this.#shots[0];
      // One from further ahead than the server takes answers another, whose time was over.
      if (oldest !== undefined && oldest.tick <= event.tick + own.aheadTicksMax) this.#end(oldest);
    }
  }

  /**
   * The session goes on, on a new connection, on which the last `resent` shots were sent again.
   * `isContinued`: what the server said meanwhile follows.
   */
  handleLogin({ resent, isContinued }: { resent: number; isContinued: boolean }): void {
    const old = this.#shots.length - resent;
    for (const [index, shot] of this.#shots.entries()) shot.isOld = index < old;
    this.#firstTick = undefined;
    if (!isContinued) this.endOld();
  }

  /** The server's tick, as it says it on this connection. */
  handleServerTick(tick: number): void {
    this.#firstTick ??= tick;
  }

  /** No answer to anything of earlier connections will come. */
  endOld(): void {
    for (const shot of this.#shots.filter(({ isOld }) => isOld)) this.#end(shot, 'no-answer');
  }

  /** The session is over. */
  close(): void {
    for (const shot of this.#shots) this.#end(shot, 'no-answer');
  }

  #end(shot: OpenShot | undefined, code?: string): void {
    if (shot === undefined) return;
    this.#shots = this.#shots.filter((other) => other !== shot);
    this.#tell(shot, code);
    this.#arm();
  }

  #tell(shot: OpenShot, code?: string): void {
    if (shot.isTold) return;
    shot.isTold = true;
    const outcome = code === undefined ? 'confirmed' : 'rejected';
    this.#options.onShot({ tick: shot.tick, outcome, code });
  }

  /** One timer, for the first that is due. */
  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#shots.length === 0) return;
    const { clock, scheduler } = this.#options;
    const due = Math.min(...this.#shots.map(({ deadline }) => deadline));
    const waitMs = Math.max(0, due - clock.now());
    this.#timer = scheduler.setTimer(waitMs, () => this.#handleDue());
  }

  #handleDue(): void {
    const now = this.#options.clock.now();
    for (const shot of this.#shots.filter(({ deadline }) => hasPassed(deadline, now))) {
      if (shot.isTold) this.#end(shot);
      shot.deadline += LATE_ANSWER_MS_MAX;
      this.#tell(shot, 'no-answer');
    }
    this.#arm();
  }
}
