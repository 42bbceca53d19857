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
  Roster,
  Snapshot,
  VerdictReport,
} from '../protocol/messages.ts';
import { InputPacer } from './input-pacer.ts';
import { InputTicker } from './input-ticker.ts';
import { Interpolation } from './interpolation.ts';
import type { PlayerRoster } from './player-roster.ts';
import type { PlayerView } from './player-view.ts';
import { ServerClock } from './server-clock.ts';

/** Beyond these a tick rate is a mistake or an attack; timers and buffers are sized for them. */
const TICK_RATE_HZ_MIN = 0.1;
const TICK_RATE_HZ_MAX = 1_000;

export interface WorldMirrorOptions {
  readonly accepted: LoginAccepted;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly interpolationDelayMs: number | undefined;
  /** Inputs come by so much earlier, for the sake of copies. */
  readonly spareTicks: number;
  /** What an earlier connection to the same server knew. */
  readonly roundTripTimeMs: number | undefined;
  /** Who was known there, where that still holds. */
  readonly roster: PlayerRoster | undefined;
  readonly onInputTick: (tick: number) => void;
}

export class WorldMirror {
  readonly accepted: LoginAccepted;
  readonly #clock: Clock;
  readonly #serverClock: ServerClock;
  readonly #interpolation: Interpolation;
  readonly #pacer: InputPacer;
  readonly #ticker: InputTicker;

  constructor({
    accepted,
    clock,
    scheduler,
    interpolationDelayMs,
    spareTicks,
    roundTripTimeMs,
    roster,
    onInputTick,
  }: WorldMirrorOptions) {
    const { snapshotFields, inputAheadTicksMax } = accepted;
    const tickRateHz = Math.min(TICK_RATE_HZ_MAX, Math.max(TICK_RATE_HZ_MIN, accepted.tickRateHz));
    this.accepted = accepted;
    this.#clock = clock;
    this.#serverClock = new ServerClock({ tickRateHz, roundTripTimeMs });
    this.#interpolation = new Interpolation({
      tickRateHz,
      snapshotFields,
      delayMs: interpolationDelayMs,
      roster,
    });
    const serverClock = this.#serverClock;
    this.#pacer = new InputPacer({ serverClock, tickRateHz, inputAheadTicksMax, spareTicks });
    this.#ticker = new InputTicker({
      clock,
      scheduler,
      pacer: this.#pacer,
      tickRateHz,
      onTick: onInputTick,
    });
  }

  get roster(): PlayerRoster {
    return this.#interpolation.roster;
  }

  /** Everybody who can be seen at this instant; a new map with each call. */
  get players(): ReadonlyMap<PlayerId, PlayerView> {
    return this.#interpolation.playersAt(this.#clock.now());
  }

  get self(): PlayerView | undefined {
    return this.#interpolation.playerAt(this.accepted.entity, this.#clock.now());
  }

  /** The tick that is shown at this instant, fractional; 0 before the first snapshot. */
  get viewTick(): number {
    return this.#interpolation.viewTickAt(this.#clock.now()) ?? 0;
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
  }

  takeMoveTick(): number | undefined {
    return this.#pacer.takeMoveTick(this.#clock.now());
  }

  takeShotTick(): number | undefined {
    return this.#pacer.takeShotTick(this.#clock.now());
  }

  handleHeartbeat(heartbeat: Heartbeat): void {
    const wasUnknown = this.roundTripTimeMs === undefined;
    this.#serverClock.observeHeartbeat(heartbeat, this.#clock.now());
    if (wasUnknown && this.roundTripTimeMs !== undefined) this.#pacer.restart();
  }

  /** False for a snapshot that came too late to be of use. */
  handleSnapshot(snapshot: Snapshot): boolean {
    const now = this.#clock.now();
    if (!this.#interpolation.handleSnapshot(snapshot, now)) return false;
    this.#serverClock.observeSnapshot(snapshot.tick, now);
    return true;
  }

  handleRoster(roster: Roster): void {
    this.#interpolation.handleRoster(roster);
  }

  handleInputAck(ack: InputAck): void {
    this.#pacer.observeAck(ack);
  }

  handleVerdicts(report: VerdictReport): void {
    this.#pacer.observeVerdicts(report);
  }
}
