/**
 * Where oneself is at each tick from the last confirmed one to the present: the shared movement
 * step over the moves that were sent. In: moves, verdicts, the server's word on a tick. Out: the
 * place at a fractional tick. A state that agrees with the server's word within its rounding is
 * kept; else the server's is taken and what came after is computed again from it.
 * Method: "client-side prediction and server reconciliation" (Y. Bernier, "Latency Compensating
 * Methods in Client/Server In-game Protocol Design and Optimization", 2001).
 * Must not know: time, snapshots, what is drawn.
 */
import { movementStep, wrapAngle } from '../authority/movement-step.ts';
import type { MoveIntent, MovementRules, MovementState } from '../authority/movement-step.ts';
import { MoveHistory } from './move-history.ts';

/** Ticks beyond the confirmed one; 6.4 s at 20 Hz, so only a dead line reaches it. */
const AHEAD_TICKS_MAX = 128;
const SLOTS = AHEAD_TICKS_MAX + 1;
/** What comparing rounded numbers may be off by. */
const ROUNDING = 1e-6;
const TURN = 2 * Math.PI;

export interface PredictedTrackOptions {
  readonly rules: MovementRules;
  readonly holdTicksMax: number;
  /** Steps of the server's word; half of one is its rounding, the other half may be ours. */
  readonly precision: MovementState;
}

export class PredictedTrack {
  readonly #rules: MovementRules;
  readonly #precision: MovementState;
  readonly #history: MoveHistory;
  /** States after each tick from `#confirmedTick` to `#newestTick`, by tick modulo SLOTS. */
  readonly #states: MovementState[] = [];
  #confirmedTick: number | undefined;
  #newestTick = 0;
  #movesUnpredicted = 0;

  constructor({ rules, holdTicksMax, precision }: PredictedTrackOptions) {
    this.#rules = rules;
    this.#precision = precision;
    this.#history = new MoveHistory({ movesMax: AHEAD_TICKS_MAX, holdTicksMax });
  }

  /** The newest tick that the server has spoken of; undefined before the first. */
  get confirmedTick(): number | undefined {
    return this.#confirmedTick;
  }

  get pendingMoves(): number {
    return this.#history.countAfter(this.#confirmedTick ?? 0);
  }

  get movesUnpredicted(): number {
    return this.#movesUnpredicted;
  }

  /** A move for a tick, newer than all before it. */
  addMove(tick: number, intent: MoveIntent): void {
    if (tick <= (this.#confirmedTick ?? 0)) return;
    if (this.#history.add(tick, intent)) this.#forgetFrom(tick);
    else this.#movesUnpredicted += 1;
  }

  /** That move never ran. */
  removeMove(tick: number): void {
    if (this.#history.remove(tick)) this.#forgetFrom(tick);
  }

  /** The server's word on a newer tick. True when it is not what had been predicted. */
  confirm(tick: number, said: MovementState): boolean {
    const confirmedTick = this.#confirmedTick;
    if (confirmedTick === undefined || tick > confirmedTick + AHEAD_TICKS_MAX) {
      this.restart(tick, said);
      return true;
    }
    const agrees = this.#agrees(this.#stateAt(tick), said);
    this.#confirmedTick = tick;
    this.#history.confirm(tick);
    if (agrees) return false;
    this.#states[tick % SLOTS] = said;
    this.#newestTick = tick;
    return true;
  }

  /** The server has put the player there and stopped it: nothing older counts any more. */
  restart(tick: number, said: MovementState): void {
    this.#history.stopAt(tick);
    this.#confirmedTick = tick;
    this.#newestTick = tick;
    this.#states[tick % SLOTS] = said;
  }

  /** Between the states before and after tick ⌊position⌋; undefined before the first word. */
  placeAt(position: number): MovementState | undefined {
    if (this.#confirmedTick === undefined) return undefined;
    const tick = Math.floor(position);
    const from = this.#stateAt(tick - 1);
    const to = this.#stateAt(tick);
    const part = position - tick;
    const turned = to.yaw - from.yaw;
    return {
      x: from.x + (to.x - from.x) * part,
      y: from.y + (to.y - from.y) * part,
      // The short way round.
      yaw: wrapAngle(from.yaw + (turned - Math.round(turned / TURN) * TURN) * part),
    };
  }

  /** The state after a tick; of the nearest there is when it lies outside of the track. */
  #stateAt(wanted: number): MovementState {
    const first = this.#confirmedTick ?? 0;
    const tick = Math.max(first, Math.min(first + AHEAD_TICKS_MAX, wanted));
    while (this.#newestTick < tick) this.#advance();
    return this.#states[tick % SLOTS] as MovementState;
  }

  #advance(): void {
    const state = this.#states[this.#newestTick % SLOTS] as MovementState;
    const tick = this.#newestTick + 1;
    // Without an intent the player stops and keeps looking where it looks.
    const intent = this.#history.intentAt(tick);
    const next = intent === undefined ? state : movementStep(state, intent, this.#rules);
    this.#states[tick % SLOTS] = next;
    this.#newestTick = tick;
  }

  /** A move of that tick has come or gone: it and what follows are to be computed again. */
  #forgetFrom(tick: number): void {
    const first = this.#confirmedTick ?? 0;
    this.#newestTick = Math.max(first, Math.min(this.#newestTick, tick - 1));
  }

  #agrees(ours: MovementState, said: MovementState): boolean {
    const turned = Math.abs(ours.yaw - said.yaw);
    return (
      Math.abs(ours.x - said.x) <= this.#precision.x + ROUNDING &&
      Math.abs(ours.y - said.y) <= this.#precision.y + ROUNDING &&
      Math.min(turned, TURN - turned) <= this.#precision.yaw + ROUNDING
    );
  }
}
