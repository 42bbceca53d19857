/**
 * Oneself as drawn: the predicted track at the present, and corrections that fade. In: own moves,
 * snapshots, verdicts, the present tick. Out: a view at an instant, numbers of how well it guesses.
 * Whoever is dead or suspended is where the server says, and a new life begins there at once.
 * Must not know: connections, other players.
 */
import type { Point } from '../authority/arena-geometry.ts';
import type { MovementState } from '../authority/movement-step.ts';
import type { MoveInput, Snapshot, SnapshotField, VerdictReport } from '../protocol/messages.ts';
import { DecayingOffset } from './decaying-offset.ts';
import type { PlayerView } from './player-view.ts';
import type { PredictedTrack } from './predicted-track.ts';
import type { PredictedConnection, PredictionStats, SelfPredictor } from './prediction.ts';

export interface MovementPredictorOptions {
  readonly connection: PredictedConnection;
  readonly track: PredictedTrack;
  /** A correction further than this is jumped to. */
  readonly snapMetres: number;
}

/** The server's last word on oneself. */
interface OwnRow {
  readonly fields: readonly number[];
  readonly place: MovementState;
  /** Neither dead nor suspended. */
  readonly isMobile: boolean;
  readonly isAlive: boolean;
}

export class MovementPredictor implements SelfPredictor {
  readonly #connection: PredictedConnection;
  readonly #track: PredictedTrack;
  readonly #snapMetres: number;
  readonly #offset = new DecayingOffset();
  #row: OwnRow | undefined;
  #position: number | undefined;
  #isStopped = false;
  #isSnapping = false;
  #corrections = 0;
  #correctionMetres = 0;
  #correctionMetresMax = 0;

  constructor({ connection, track, snapMetres }: MovementPredictorOptions) {
    this.#connection = connection;
    this.#track = track;
    this.#snapMetres = snapMetres;
  }

  get stats(): PredictionStats {
    const { confirmedTick = 0 } = this.#track;
    const isPredicting = this.#row?.isMobile === true && this.#position !== undefined;
    return {
      predictedTicks: isPredicting ? Math.floor(this.#position ?? 0) - confirmedTick : 0,
      pendingMoves: this.#track.pendingMoves,
      movesUnpredicted: this.#track.movesUnpredicted,
      corrections: this.#corrections,
      correctionMetres: this.#correctionMetres,
      correctionMetresMax: this.#correctionMetresMax,
    };
  }

  viewAt(now: number): PlayerView | undefined {
    const row = this.#row;
    const place = this.#computedAt(now);
    if (row === undefined || place === undefined) return undefined;
    const { playerId, entity, snapshotFields } = this.#connection.accepted;
    const offset = this.#offset.at(now);
    const drawn = { x: place.x + offset.x, y: place.y + offset.y, yaw: place.yaw };
    const fields = { ...namedValues(snapshotFields, row.fields), ...drawn };
    return { playerId, entity, ...drawn, fields };
  }

  handleMove({ tick, directionX, directionY, yaw }: MoveInput): void {
    // As the wire rounds them: the server computes with these.
    this.#track.addMove(tick, {
      directionX: Math.fround(directionX),
      directionY: Math.fround(directionY),
      yaw: Math.fround(yaw),
    });
  }

  handleSnapshot({ tick, players }: Snapshot, now: number): void {
    const { entity, snapshotFields } = this.#connection.accepted;
    const fields = players.find((player) => player.entity === entity)?.fields;
    const before = this.#row;
    const row = fields === undefined ? undefined : readRow(snapshotFields, fields);
    this.#row = row;
    if (row === undefined) return;
    const isReborn = before?.isAlive === false && row.isAlive;
    if (isReborn) this.#isSnapping = true;
    if (row.isMobile && before?.isMobile === true) this.#reconcile(tick, row.place, now);
    else this.#track.restart(tick, row.place);
  }

  handleVerdicts({ entries }: VerdictReport): void {
    for (const { input, inputTick, outcome } of entries) {
      if (input !== 'move-input') continue;
      if (outcome === 'stale' || outcome === 'rejected') this.#track.removeMove(inputTick);
    }
  }

  steadily(now: number, change: () => void): void {
    const before = this.viewAt(now);
    change();
    const after = this.#computedAt(now);
    const isSnapping = this.#isSnapping;
    this.#isSnapping = false;
    if (before === undefined || after === undefined || isSnapping) {
      this.#offset.clear();
      return;
    }
    const offset = { x: before.x - after.x, y: before.y - after.y };
    if (Math.hypot(offset.x, offset.y) > this.#snapMetres) this.#offset.clear();
    else this.#offset.set(offset, now);
  }

  stop(now: number): void {
    this.#positionAt(now);
    this.#isStopped = true;
  }

  #reconcile(tick: number, said: MovementState, now: number): void {
    const position = this.#positionAt(now) ?? tick;
    const before = this.#track.placeAt(position);
    if (!this.#track.confirm(tick, said)) return;
    const { x, y } = wayBetween(before, this.#track.placeAt(position));
    const metres = Math.hypot(x, y);
    this.#corrections += 1;
    this.#correctionMetres = metres;
    this.#correctionMetresMax = Math.max(this.#correctionMetresMax, metres);
    const isSnapped = metres > this.#snapMetres;
    this.#connection.onCorrection({ tick, metres, x, y, isSnapped });
  }

  #computedAt(now: number): MovementState | undefined {
    if (this.#row === undefined) return undefined;
    const position = this.#row.isMobile ? this.#positionAt(now) : undefined;
    return position === undefined ? this.#row.place : this.#track.placeAt(position);
  }

  /** Stands still while nobody knows the present: what was known last is the best guess. */
  #positionAt(now: number): number | undefined {
    if (this.#isStopped) return this.#position;
    this.#position = this.#connection.positionAt(now) ?? this.#position;
    return this.#position;
  }
}

function wayBetween(from: Point | undefined, to: Point | undefined): Point {
  if (from === undefined || to === undefined) return { x: 0, y: 0 };
  return { x: to.x - from.x, y: to.y - from.y };
}

function namedValues(
  fields: readonly SnapshotField[],
  numbers: readonly number[],
): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [index, { name, precision }] of fields.entries()) {
    values[name] = (numbers[index] ?? 0) * precision;
  }
  return values;
}

function readRow(snapshotFields: readonly SnapshotField[], fields: readonly number[]): OwnRow {
  const values = namedValues(snapshotFields, fields);
  const { x = 0, y = 0, yaw = 0, isAlive = 1, isSuspended = 0 } = values;
  const isMobile = isAlive !== 0 && isSuspended === 0;
  return { fields, place: { x, y, yaw }, isMobile, isAlive: isAlive !== 0 };
}
