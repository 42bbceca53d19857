/**
 * Smooth players between snapshots, shown a little in the past so that the next snapshot is there.
 * In: snapshots and rosters with their time of arrival. Out: views at an instant.
 * When it isn't, their last way goes on for a while, then they hold; what was wrong about that
 * fades. Nothing slides across a respawn.
 * Must not know: inputs, connections, the server's present.
 */
import type { PlayerId } from '../protocol/ids.ts';
import type { Roster, Snapshot, SnapshotField } from '../protocol/messages.ts';
import { FadingGuesses } from './fading-guesses.ts';
import type { ShownInstant } from './fading-guesses.ts';
import { FrameMotion } from './frame-motion.ts';
import { Playhead } from './playhead.ts';
import { PlayerRoster } from './player-roster.ts';
import type { PlayerView } from './player-view.ts';
import { SlewedValue } from './slewed-value.ts';
import { SnapshotBuffer } from './snapshot-buffer.ts';
import type { FramePair, SnapshotFrame } from './snapshot-buffer.ts';
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

export interface InterpolationOptions {
  readonly tickRateHz: number;
  readonly snapshotFields: readonly SnapshotField[];
  /** Fixed delay behind the arrival of snapshots; undefined = two ticks, more under jitter. */
  readonly delayMs: number | undefined;
  /** How far past the newest snapshot the last way goes on; 0 = everybody holds there. */
  readonly extrapolationMsMax: number;
  /** Who was known on an earlier connection, where that still holds. */
  readonly roster?: PlayerRoster | undefined;
}

interface News {
  readonly entity: number;
  /** What the guess was made from. */
  readonly known: FramePair;
  readonly newest: SnapshotFrame;
  /** What is shown now that more is known. */
  readonly pair: FramePair;
  readonly shown: ShownInstant;
}

export class Interpolation {
  readonly roster: PlayerRoster;
  readonly #fields: readonly SnapshotField[];
  readonly #ticksPerMs: number;
  readonly #fixedDelayMs: number | undefined;
  readonly #arrivals: TickTimeline;
  readonly #delayTicks: SlewedValue;
  readonly #buffer = new SnapshotBuffer();
  readonly #playhead: Playhead;
  readonly #motion: FrameMotion;
  readonly #fades = new FadingGuesses();
  #jitterTicks = 0;
  #lastOffset: number | undefined;

  constructor(options: InterpolationOptions) {
    this.#fields = options.snapshotFields;
    this.#ticksPerMs = options.tickRateHz / 1_000;
    this.#fixedDelayMs = options.delayMs;
    this.roster = options.roster ?? new PlayerRoster();
    this.#arrivals = new TickTimeline(options);
    const { roster } = this;
    const ticksPerMs = this.#ticksPerMs;
    this.#motion = new FrameMotion({ fields: this.#fields, ticksPerMs, roster });
    const aheadTicksMax = options.extrapolationMsMax * ticksPerMs;
    this.#playhead = new Playhead({ ticksPerMs, aheadTicksMax });
    this.#delayTicks = new SlewedValue({
      ratePerMs: DELAY_SLEW_RATE * ticksPerMs,
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

  /** How often, and for how many ms in all, players were shown past the newest snapshot. */
  get extrapolated(): { readonly times: number; readonly ms: number } {
    return { times: this.#playhead.timesAhead, ms: this.#playhead.aheadMs };
  }

  /** False for a snapshot that is no newer than the newest: it is ignored. */
  handleSnapshot(snapshot: Snapshot, now: number): boolean {
    const shown = this.#instantAt(now);
    const known = this.#buffer.around(Infinity);
    if (!this.#buffer.add(snapshot)) return false;
    if (shown !== undefined && known !== undefined) this.#noteNews(known, shown);
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

  /** The tick whose state is shown: where it is guessed, the newest that it is guessed from. */
  knownTickAt(now: number): number | undefined {
    const viewTick = this.viewTickAt(now);
    return viewTick === undefined ? undefined : Math.min(viewTick, this.#buffer.newestTick);
  }

  /** Everybody who is known by name and visible at this instant. A new map with each call. */
  playersAt(now: number): ReadonlyMap<PlayerId, PlayerView> {
    const views = new Map<PlayerId, PlayerView>();
    const instant = this.#instantAt(now);
    const pair = instant === undefined ? undefined : this.#buffer.around(instant.tick);
    if (instant === undefined || pair === undefined) return views;
    for (const entity of pair.earlier.players.keys()) {
      const view = this.#shownView(pair, instant, entity);
      if (view !== undefined) views.set(view.playerId, view);
    }
    return views;
  }

  /** One entity at this instant; undefined when it isn't known by name or not visible. */
  playerAt(entity: number, now: number): PlayerView | undefined {
    const instant = this.#instantAt(now);
    const pair = instant === undefined ? undefined : this.#buffer.around(instant.tick);
    if (instant === undefined || pair === undefined) return undefined;
    return this.#shownView(pair, instant, entity);
  }

  /** One entity as the newest snapshot has it; undefined when not known by name or not in it. */
  newestOf(entity: number): PlayerView | undefined {
    const newest = this.#buffer.around(Infinity);
    return newest && this.#viewBetween(newest, newest.earlier.tick, entity);
  }

  #instantAt(now: number): ShownInstant | undefined {
    const tick = this.viewTickAt(now);
    return tick === undefined ? undefined : { tick, nowTicks: now * this.#ticksPerMs };
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

  /** A newer frame is there: who was guessed elsewhere goes on from where it was shown. */
  #noteNews(known: FramePair, shown: ShownInstant): void {
    const newest = this.#buffer.around(Infinity)?.earlier ?? known.earlier;
    const pair = shown.tick > known.earlier.tick ? this.#buffer.around(shown.tick) : undefined;
    if (pair !== undefined) {
      for (const entity of known.earlier.players.keys()) {
        this.#noteGuess({ entity, known, newest, pair, shown });
      }
    }
    for (const entity of this.#fades.entities) {
      if (!this.#motion.isWay(entity, known.earlier, newest)) {
        this.#fades.endAt(entity, newest.tick);
      }
    }
    this.#fades.forgetFaded(shown);
  }

  #noteGuess({ entity, known, newest, pair, shown }: News): void {
    const playerId = this.roster.playerAt(entity, known.earlier.tick);
    const guessed = this.#motion.at(known, shown.tick, entity);
    const actual = this.#motion.at(pair, shown.tick, entity);
    if (playerId === undefined || guessed === undefined || actual === undefined) return;
    const before = this.#fades.at(entity, shown);
    const offset = {
      x: guessed.x + (before?.offset.x ?? 0) - actual.x,
      y: guessed.y + (before?.offset.y ?? 0) - actual.y,
    };
    const isWay = this.#motion.isWay(entity, known.earlier, newest);
    const metresPerTick = Math.max(
      guessed.metresPerTick,
      before?.metresPerTick ?? 0,
      isWay ? this.#motion.speedBetween(entity, known.earlier, newest) : 0,
    );
    this.#fades.set(entity, { playerId, offset, metresPerTick }, shown);
  }

  /** As the frames have it, and on the way there where a guess was wrong. */
  #shownView(pair: FramePair, instant: ShownInstant, entity: number): PlayerView | undefined {
    const view = this.#viewBetween(pair, instant.tick, entity);
    if (view === undefined || this.#fades.isEmpty) return view;
    const fade = this.#fades.at(entity, instant);
    if (fade === undefined || fade.playerId !== view.playerId) return view;
    const place = { x: view.x + fade.offset.x, y: view.y + fade.offset.y };
    return { ...view, ...place, fields: { ...view.fields, ...place } };
  }

  #viewBetween(pair: FramePair, viewTick: number, entity: number): PlayerView | undefined {
    const { earlier, later } = pair;
    const from = earlier.players.get(entity);
    const playerId = this.roster.playerAt(entity, earlier.tick);
    if (from === undefined || playerId === undefined) return undefined;
    const isOn = later !== undefined && this.#motion.isContinuous(entity, earlier, later);
    const to = (isOn ? later.players.get(entity) : undefined) ?? from;
    const span = (later?.tick ?? earlier.tick) - earlier.tick;
    const part = to === from || span === 0 ? 0 : (viewTick - earlier.tick) / span;
    const fields: Record<string, number> = {};
    for (const [index, field] of this.#fields.entries()) {
      fields[field.name] = between(field, from[index] ?? 0, { to: to[index] ?? 0, part });
    }
    if (later === undefined && viewTick > earlier.tick) {
      const guessed = this.#motion.at(pair, viewTick, entity);
      if (guessed !== undefined) Object.assign(fields, { x: guessed.x, y: guessed.y });
    }
    const { x = 0, y = 0, yaw = 0 } = fields;
    return { playerId, entity, x, y, yaw, fields };
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
