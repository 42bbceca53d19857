/**
 * Smooth players between snapshots, shown a little in the past so that the next snapshot is there.
 * In: snapshots and rosters with their time of arrival. Out: views at an instant.
 * Missing data holds the last state; nothing is guessed ahead, nothing slides across a respawn.
 * Must not know: inputs, connections, the server's present.
 */
import type { PlayerId } from '../protocol/ids.ts';
import type { Roster, Snapshot, SnapshotField } from '../protocol/messages.ts';
import { Playhead } from './playhead.ts';
import { PlayerRoster } from './player-roster.ts';
import type { PlayerView } from './player-view.ts';
import { SlewedValue } from './slewed-value.ts';
import { SnapshotBuffer } from './snapshot-buffer.ts';
import type { FramePair } from './snapshot-buffer.ts';
import { TickTimeline } from './tick-timeline.ts';

/** Behind the arrival of snapshots: one tick to have a pair, one against jitter. */
const DELAY_TICKS_MIN = 2;
/** Under jitter: one tick to have a pair, and so many mean deviations (TCP's, RFC 6298). */
const JITTER_FACTOR = 4;
const ADAPTIVE_DELAY_MS_MAX = 250;
/** One deviation counts at most so much: a single hiccup must not delay everything for seconds. */
const DEVIATION_TICKS_MAX = 4;
/** Smoothing of the mean deviation (RFC 3550 §6.4.1). */
const JITTER_SMOOTHING = 1 / 16;
/** The delay walks at a twentieth of the speed of time. */
const DELAY_SLEW_RATE = 0.05;
/** Across a longer gap nothing is drawn between: who knows where they went. */
const GAP_MS_MAX = 500;

export interface InterpolationOptions {
  readonly tickRateHz: number;
  readonly snapshotFields: readonly SnapshotField[];
  /** Fixed delay behind the arrival of snapshots; undefined = two ticks, more under jitter. */
  readonly delayMs: number | undefined;
  /** Who was known on an earlier connection, where that still holds. */
  readonly roster?: PlayerRoster | undefined;
}

export class Interpolation {
  readonly roster: PlayerRoster;
  readonly #fields: readonly SnapshotField[];
  readonly #ticksPerMs: number;
  readonly #fixedDelayMs: number | undefined;
  readonly #isAliveIndex: number;
  readonly #arrivals: TickTimeline;
  readonly #delayTicks: SlewedValue;
  readonly #buffer = new SnapshotBuffer();
  readonly #playhead: Playhead;
  #jitterTicks = 0;
  #lastOffset: number | undefined;

  constructor(options: InterpolationOptions) {
    this.#fields = options.snapshotFields;
    this.#ticksPerMs = options.tickRateHz / 1_000;
    this.#fixedDelayMs = options.delayMs;
    this.roster = options.roster ?? new PlayerRoster();
    this.#isAliveIndex = this.#fields.findIndex((field) => field.name === 'isAlive');
    this.#arrivals = new TickTimeline(options);
    this.#playhead = new Playhead({ ticksPerMs: this.#ticksPerMs });
    this.#delayTicks = new SlewedValue({
      ratePerMs: DELAY_SLEW_RATE * this.#ticksPerMs,
      jumpDistance: Infinity,
    });
  }

  /** Mean deviation of the snapshots' arrival from their cadence. */
  get jitterMs(): number {
    return this.#jitterTicks / this.#ticksPerMs;
  }

  /** How far behind the arrival of snapshots the view is at this instant; 0 before the first. */
  delayMsAt(now: number): number {
    return (this.#delayTicks.at(now) ?? 0) / this.#ticksPerMs;
  }

  handleRoster(roster: Roster): void {
    this.roster.handleRoster(roster, this.#buffer.newestTick);
  }

  /** False for a snapshot that is no newer than the newest: it is ignored. */
  handleSnapshot(snapshot: Snapshot, now: number): boolean {
    if (!this.#buffer.add(snapshot)) return false;
    this.#observeArrival(snapshot.tick, now);
    this.#buffer.forgetBefore(this.viewTickAt(now) ?? 0);
    return true;
  }

  /** The tick that is shown at this instant, fractional; undefined before the first snapshot. */
  viewTickAt(now: number): number | undefined {
    const arrived = this.#arrivals.tickAt(now);
    const delay = this.#delayTicks.at(now);
    if (arrived === undefined || delay === undefined) return undefined;
    return this.#playhead.moveTo(Math.max(0, arrived - delay), this.#buffer.newestTick, now);
  }

  /** Everybody who is known by name and visible at this instant. A new map with each call. */
  playersAt(now: number): ReadonlyMap<PlayerId, PlayerView> {
    const views = new Map<PlayerId, PlayerView>();
    const viewTick = this.viewTickAt(now);
    const pair = viewTick === undefined ? undefined : this.#buffer.around(viewTick);
    if (viewTick === undefined || pair === undefined) return views;
    for (const entity of pair.earlier.players.keys()) {
      const view = this.#viewBetween(pair, viewTick, entity);
      if (view !== undefined) views.set(view.playerId, view);
    }
    return views;
  }

  /** One entity at this instant; undefined when it isn't known by name or not visible. */
  playerAt(entity: number, now: number): PlayerView | undefined {
    const viewTick = this.viewTickAt(now);
    const pair = viewTick === undefined ? undefined : this.#buffer.around(viewTick);
    if (viewTick === undefined || pair === undefined) return undefined;
    return this.#viewBetween(pair, viewTick, entity);
  }

  /** One entity as the newest snapshot has it; undefined when not known by name or not in it. */
  newestOf(entity: number): PlayerView | undefined {
    const newest = this.#buffer.around(Infinity);
    return newest && this.#viewBetween(newest, newest.earlier.tick, entity);
  }

  #observeArrival(tick: number, now: number): void {
    this.#arrivals.observe(tick, now);
    const offset = tick - now * this.#ticksPerMs;
    const deviation = Math.abs(offset - (this.#lastOffset ?? offset));
    this.#lastOffset = offset;
    this.#jitterTicks +=
      (Math.min(deviation, DEVIATION_TICKS_MAX) - this.#jitterTicks) * JITTER_SMOOTHING;
    this.#delayTicks.aimAt(this.#wantedDelayTicks(), now);
  }

  #wantedDelayTicks(): number {
    if (this.#fixedDelayMs !== undefined) return this.#fixedDelayMs * this.#ticksPerMs;
    const underJitter = 1 + JITTER_FACTOR * this.#jitterTicks;
    const most = Math.max(DELAY_TICKS_MIN, ADAPTIVE_DELAY_MS_MAX * this.#ticksPerMs);
    return Math.min(most, Math.max(DELAY_TICKS_MIN, underJitter));
  }

  #viewBetween(pair: FramePair, viewTick: number, entity: number): PlayerView | undefined {
    const { earlier, later } = pair;
    const from = earlier.players.get(entity);
    const playerId = this.roster.playerAt(entity, earlier.tick);
    if (from === undefined || playerId === undefined) return undefined;
    const to = this.#isContinuous(pair, from, later?.players.get(entity))
      ? (later?.players.get(entity) ?? from)
      : from;
    const span = (later?.tick ?? earlier.tick) - earlier.tick;
    const part = to === from || span === 0 ? 0 : (viewTick - earlier.tick) / span;
    const fields: Record<string, number> = {};
    for (const [index, field] of this.#fields.entries()) {
      fields[field.name] = between(field, from[index] ?? 0, { to: to[index] ?? 0, part });
    }
    const { x = 0, y = 0, yaw = 0 } = fields;
    return { playerId, entity, x, y, yaw, fields };
  }

  #isContinuous(
    { earlier, later }: FramePair,
    from: readonly number[],
    to: readonly number[] | undefined,
  ): boolean {
    if (later === undefined || to === undefined) return false;
    if (later.tick - earlier.tick > Math.max(2, GAP_MS_MAX * this.#ticksPerMs)) return false;
    return !((from[this.#isAliveIndex] ?? 1) === 0 && (to[this.#isAliveIndex] ?? 1) !== 0);
  }
}

/** The field's value `part` (0 to 1) of the way from one integer to another, in its unit. */
function between(
  field: SnapshotField,
  from: number,
  { to, part }: { readonly to: number; readonly part: number },
): number {
  const start = from * field.precision;
  if (field.interpolation === 'step' || part === 0) return start;
  const distance = (to - from) * field.precision;
  // The short way round: a full turn is taken off whole.
  const turn = field.interpolation === 'angle' ? 2 * Math.PI : Infinity;
  const shortest = turn === Infinity ? distance : distance - Math.round(distance / turn) * turn;
  return start + shortest * part;
}
