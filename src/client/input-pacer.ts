/**
 * Which server tick an input made now is for: early enough to arrive before that tick runs, no
 * earlier than needed. In: the server clock, input acknowledgements, verdicts. Out: tick stamps.
 * The cushion is steered by the margin that the server reports: up at once when inputs come late,
 * down slowly when they come too early, since a late input is lost and an early one only delayed.
 * Must not know: connections, timers.
 */
import type { InputAck, VerdictReport } from '../protocol/messages.ts';
import type { ServerClock } from './server-clock.ts';

/** The margin that is aimed at, in ticks: one for the tick itself, the rest for jitter. */
const MARGIN_TICKS_MIN = 1;
const MARGIN_TICKS_AIM = 1.25;
const MARGIN_TICKS_MAX = 1.5;
/** Before anything is known: late inputs are worse than early ones. */
export const CUSHION_TICKS_FIRST = 3;
/** Margins whose smallest decides whether the cushion may shrink: one second at 20 Hz. */
const MARGINS_PER_REVIEW = 20;
/**
 * Reviews after a late input that take nothing away: where one comes late, more will, and a lead
 * that is given up each second is missed each second.
 */
const CAUTIOUS_REVIEWS = 10;
/** Part of the excess that one review takes away. */
const RELAXATION = 0.5;
/** Ticks of an estimate that are rounding: a timer may fire a hair before its tick. */
const ROUNDING_TICKS = 1e-6;

export interface InputPacerOptions {
  readonly serverClock: ServerClock;
  readonly tickRateHz: number;
  /** How far ahead of its last run tick the server takes an input. */
  readonly inputAheadTicksMax: number;
  /**
   * By how much inputs come earlier than jitter alone asks for, so that a copy in the next input
   * still comes in time (docs/adr/0019-a-tick-to-spare-for-copies.md). Default 0.
   */
  readonly spareTicks?: number;
}

export class InputPacer {
  readonly #options: InputPacerOptions;
  #cushionTicks: number;
  #marginTicks: number | undefined;
  #lastMoveTick = 0;
  #lastShotTick = 0;
  #lastAckedTick = 0;
  /** Inputs before this tick were stamped with another cushion and say nothing about this one. */
  #steeredFromTick = 0;
  /** Reviews that are still cautious. */
  #caution = 0;
  #reviewedMargins = 0;
  #reviewedMarginMin = Infinity;

  constructor(options: InputPacerOptions) {
    this.#options = options;
    this.#cushionTicks = this.#bounded(CUSHION_TICKS_FIRST);
  }

  get #spareTicks(): number {
    return this.#options.spareTicks ?? 0;
  }

  /** The margin that the server reported last, in ticks; undefined before the first. */
  get marginTicks(): number | undefined {
    return this.#marginTicks;
  }

  /** How far ahead of the server's present inputs are stamped, in ticks. */
  get leadTicks(): number {
    return Math.max(0, this.#options.serverClock.uplinkTicks + this.#cushionTicks);
  }

  /** As `tickAt`, fractional: how far the time between two inputs has come. */
  positionAt(now: number): number | undefined {
    const { serverClock } = this.#options;
    const serverTick = serverClock.isTrusted(now) ? serverClock.tickAt(now) : undefined;
    return serverTick === undefined ? undefined : serverTick + this.leadTicks;
  }

  /** The tick that an input made now is for; undefined while the server's tick isn't known. */
  tickAt(now: number): number | undefined {
    const position = this.positionAt(now);
    const tick = Math.floor((position ?? NaN) + ROUNDING_TICKS);
    // A server that says absurd ticks gets no inputs for them.
    return Number.isSafeInteger(tick) && tick >= 0 ? tick : undefined;
  }

  /** Time until an input would be for `tick`; undefined while the server's tick isn't known. */
  msUntil(tick: number, now: number): number | undefined {
    const position = this.positionAt(now);
    if (position === undefined) return undefined;
    return Math.max(0, ((tick - position) * 1_000) / this.#options.tickRateHz);
  }

  /** Takes the stamp for a move; undefined when that tick's is taken. Stamps always rise. */
  takeMoveTick(now: number): number | undefined {
    const tick = this.tickAt(now);
    if (tick === undefined || tick <= this.#lastMoveTick) return undefined;
    // What is older was stamped on another connection.
    if (this.#lastMoveTick === 0) this.#steeredFromTick = tick;
    this.#lastMoveTick = tick;
    return tick;
  }

  /** Takes the stamp for a shot; undefined when that tick's is taken. Stamps always rise. */
  takeShotTick(now: number): number | undefined {
    const tick = this.tickAt(now);
    if (tick === undefined || tick <= this.#lastShotTick) return undefined;
    this.#lastShotTick = tick;
    return tick;
  }

  /**
   * The way to the server has become known, and with it the lead has grown: what was steered
   * before would count that way twice.
   */
  restart(): void {
    this.#cushionTicks = 0;
    this.#steer(CUSHION_TICKS_FIRST);
  }

  observeAck(ack: InputAck): void {
    if (ack.lastInputTick <= this.#lastAckedTick) return;
    this.#lastAckedTick = ack.lastInputTick;
    this.#marginTicks = ack.marginTicks;
    if (ack.lastInputTick < this.#steeredFromTick) return;
    const marginTicks = ack.marginTicks - this.#spareTicks;
    if (marginTicks < MARGIN_TICKS_MIN) this.#raise(MARGIN_TICKS_AIM - marginTicks);
    else this.#review(marginTicks);
  }

  observeVerdicts(report: VerdictReport): void {
    // Reports that were missed come again after a resume: they are about another lead.
    if (this.#lastMoveTick === 0) return;
    for (const entry of report.entries) {
      if (entry.input !== 'move-input' || entry.inputTick < this.#steeredFromTick) continue;
      if (entry.outcome === 'stale') {
        const lateTicks = Math.max(0, report.tick - entry.inputTick);
        this.#raise(MARGIN_TICKS_AIM + this.#spareTicks + lateTicks);
      } else if (entry.code === 'too-far-ahead') {
        this.#steer(-1);
      }
    }
  }

  #review(marginTicks: number): void {
    this.#reviewedMargins += 1;
    this.#reviewedMarginMin = Math.min(this.#reviewedMarginMin, marginTicks);
    if (this.#reviewedMargins < MARGINS_PER_REVIEW) return;
    const marginMin = this.#reviewedMarginMin;
    this.#forgetReview();
    this.#caution = Math.max(0, this.#caution - 1);
    if (this.#caution > 0) return;
    if (marginMin > MARGIN_TICKS_MAX) this.#steer((MARGIN_TICKS_AIM - marginMin) * RELAXATION);
  }

  #raise(byTicks: number): void {
    this.#caution = CAUTIOUS_REVIEWS;
    this.#steer(byTicks);
  }

  #steer(byTicks: number): void {
    this.#cushionTicks = this.#bounded(this.#cushionTicks + byTicks);
    this.#steeredFromTick = this.#lastMoveTick + 1;
    this.#forgetReview();
  }

  #forgetReview(): void {
    this.#reviewedMargins = 0;
    this.#reviewedMarginMin = Infinity;
  }

  /** At most what the server takes; at least so much that nothing is stamped in its past. */
  #bounded(cushionTicks: number): number {
    const { serverClock, inputAheadTicksMax } = this.#options;
    const highest = Math.max(0, inputAheadTicksMax - 1);
    return Math.min(highest, Math.max(-serverClock.uplinkTicks, cushionTicks));
  }
}
