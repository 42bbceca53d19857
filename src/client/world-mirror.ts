/**
 * What one connection tells about its world: the server's clock, the players, the input pace.
 * In: the accepted login, then messages with their time of arrival. Out: views, tick stamps,
 * a call per input tick. Created anew with each accepted login: nothing of an older connection
 * touches it. Must not know: connections, sessions, listeners.
 */
import type { Clock, Scheduler } from '../base/clock.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type {
  Heartbeat,
  InputAck,
  LoginAccepted,
  MoveInput,
  Roster,
  Snapshot,
  VerdictReport,
} from '../protocol/messages.ts';
import { CUSHION_TICKS_FIRST, InputPacer } from './input-pacer.ts';
import { InputTicker } from './input-ticker.ts';
import { Interpolation } from './interpolation.ts';
import type { PlayerRoster } from './player-roster.ts';
import type { PlayerView } from './player-view.ts';
import { NO_PREDICTION } from './prediction.ts';
import type { Correction, Prediction, PredictionStats, SelfPredictor } from './prediction.ts';
import { ServerClock } from './server-clock.ts';

/** Beyond these a tick rate is a mistake or an attack; timers and buffers are sized for them. */
const TICK_RATE_HZ_MIN = 0.1;
const TICK_RATE_HZ_MAX = 1_000;

export interface WorldMirrorOptions {
  readonly accepted: LoginAccepted;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly interpolationDelayMs: number | undefined;
  readonly extrapolationMsMax: number;
  /** Inputs come by so much earlier, for the sake of copies. */
  readonly spareTicks: number;
  /** From the Login, or Resume, to its answer. */
  readonly handshakeMs: number;
  /** Who was known there, where that still holds. */
  readonly roster: PlayerRoster | undefined;
  /** How oneself is predicted; undefined = not at all. */
  readonly prediction: Prediction | undefined;
  readonly onInputTick: (tick: number) => void;
  readonly onCorrection: (correction: Correction) => void;
}

export class WorldMirror {
  readonly accepted: LoginAccepted;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #interpolation: Interpolation;
  readonly #pacer: InputPacer;
  readonly #ticker: InputTicker;
  /** Undefined: oneself is shown like everybody else. */
  readonly #predictor: SelfPredictor | undefined;

  constructor({
    accepted,
    clock,
    scheduler,
    interpolationDelayMs,
    extrapolationMsMax,
    spareTicks,
    handshakeMs,
    roster,
    prediction,
    onInputTick,
    onCorrection,
  }: WorldMirrorOptions) {
    const { snapshotFields, inputAheadTicksMax } = accepted;
    const tickRateHz = Math.min(TICK_RATE_HZ_MAX, Math.max(TICK_RATE_HZ_MIN, accepted.tickRateHz));
    this.accepted = accepted;
    this.#clock = clock;
    // The server may have thought for long: no more of it counts than still gets inputs accepted.
    const guessMsMax = (Math.max(0, inputAheadTicksMax - CUSHION_TICKS_FIRST) * 1_000) / tickRateHz;
    this.#serverClock = new ServerClock({
      tickRateHz,
      handshakeMs: Math.min(handshakeMs, guessMsMax),
    });
    this.#interpolation = new Interpolation({
      tickRateHz,
      snapshotFields,
      delayMs: interpolationDelayMs,
      extrapolationMsMax,
      roster,
    });
    const serverClock = this.#serverClock;
    const pacer = new InputPacer({ serverClock, tickRateHz, inputAheadTicksMax, spareTicks });
    this.#pacer = pacer;
    const positionAt = (now: number): number | undefined => pacer.positionAt(now);
    this.#predictor = prediction?.createPredictor({ accepted, positionAt, onCorrection });
    this.#ticker = new InputTicker({
      clock,
      scheduler,
      pacer,
      tickRateHz,
      onTick: onInputTick,
    });
  }

  get roster(): PlayerRoster {
    return this.#interpolation.roster;
  }

  /** Everybody who can be seen at this instant; a new map with each call. */
  get players(): ReadonlyMap<PlayerId, PlayerView> {
    const players = this.#interpolation.playersAt(this.#clock.now());
    const predicted = this.#predictor?.viewAt(this.#clock.now());
    return predicted === undefined ? players : new Map(players).set(predicted.playerId, predicted);
  }

  get self(): PlayerView | undefined {
    return this.#predictor?.viewAt(this.#clock.now()) ?? this.selfInterpolated;
  }

  /** Oneself as everybody else is shown: what the server has said, a little in the past. */
  get selfInterpolated(): PlayerView | undefined {
    return this.#interpolation.playerAt(this.accepted.entity, this.#clock.now());
  }

  /** Oneself as the newest snapshot has it: the server's last word, a journey old. */
  get selfConfirmed(): PlayerView | undefined {
    return this.#interpolation.newestOf(this.accepted.entity);
  }

  get prediction(): PredictionStats {
    return this.#predictor?.stats ?? NO_PREDICTION;
  }

  /**
   * The tick that a shot says to have seen: the one that is shown at this instant, fractional, and
   * never one of which no state is there; 0 before the first snapshot.
   */
  get viewTick(): number {
    // Deliberate: also where players are shown past it (ADR 0021).
    return this.#interpolation.knownTickAt(this.#clock.now()) ?? 0;
  }

  /** The server's tick at this instant, fractional; undefined before anything was heard. */
  get serverTick(): number | undefined {
    return this.#serverClock.tickAt(this.#clock.now());
  }

  get roundTripTimeMs(): number | undefined {
    return this.#serverClock.roundTripTimeMs;
  }

  get jitterMs(): number {
    return this.#interpolation.jitterMs;
  }

  get interpolationDelayMs(): number {
    return this.#interpolation.delayMsAt(this.#clock.now());
  }

  get extrapolated(): Interpolation['extrapolated'] {
    return this.#interpolation.extrapolated;
  }

  get inputMarginTicks(): number | undefined {
    return this.#pacer.marginTicks;
  }

  get inputLeadTicks(): number {
    return this.#pacer.leadTicks;
  }

  /** Begins to call `onInputTick`. */
  start(): void {
    this.#ticker.start();
  }

  /** No more calls; what was seen last stays readable. Idempotent. */
  stop(): void {
    this.#ticker.stop();
    this.#predictor?.stop(this.#clock.now());
  }

  takeMoveTick(): number | undefined {
    return this.#pacer.takeMoveTick(this.#clock.now());
  }

  takeShotTick(): number | undefined {
    return this.#pacer.takeShotTick(this.#clock.now());
  }

  /** A move that is on its way. */
  handleMoveSent(move: MoveInput): void {
    this.#steadily(() => this.#predictor?.handleMove(move));
  }

  handleHeartbeat(heartbeat: Heartbeat): void {
    this.#steadily((now) => {
      const wasUnknown = this.roundTripTimeMs === undefined;
      this.#serverClock.observeHeartbeat(heartbeat, now);
      if (wasUnknown && this.roundTripTimeMs !== undefined) this.#pacer.restart();
    });
  }

  /** False for a snapshot that came too late to be of use. */
  handleSnapshot(snapshot: Snapshot): boolean {
    const now = this.#clock.now();
    if (!this.#interpolation.handleSnapshot(snapshot, now)) return false;
    this.#steadily(() => {
      this.#predictor?.handleSnapshot(snapshot, now);
      this.#serverClock.observeSnapshot(snapshot.tick, now);
    });
    return true;
  }

  handleRoster(roster: Roster): void {
    this.#interpolation.handleRoster(roster);
  }

  handleInputAck(ack: InputAck): void {
    this.#steadily(() => this.#pacer.observeAck(ack));
  }

  handleVerdicts(report: VerdictReport): void {
    this.#steadily(() => {
      this.#predictor?.handleVerdicts(report);
      this.#pacer.observeVerdicts(report);
    });
  }

  /** Whatever changes what is known of the present, oneself goes on from where it is drawn. */
  #steadily(change: (now: number) => void): void {
    const now = this.#clock.now();
    if (this.#predictor === undefined) change(now);
    else this.#predictor.steadily(now, () => change(now));
  }
}
