/**
 * What a way to predict oneself offers the client; `predictMovement` makes the one that ships.
 * Whoever predicts nothing loads nothing of it.
 */
import type { LoginAccepted, MoveInput, Snapshot, VerdictReport } from '../protocol/messages.ts';
import type { PlayerView } from './player-view.ts';

/** What the option `prediction` of `connect` takes. */
export interface Prediction {
  /** For one connection. Undefined: the world has nothing that could be predicted. */
  createPredictor(connection: PredictedConnection): SelfPredictor | undefined;
}

/** What a predictor knows of its connection. */
export interface PredictedConnection {
  readonly accepted: LoginAccepted;
  /** The tick that an input made at `now` is for, fractional; undefined while nobody knows. */
  readonly positionAt: (now: number) => number | undefined;
  readonly onCorrection: (correction: Correction) => void;
}

/** The server had oneself elsewhere. */
export interface Correction {
  /** The tick of the snapshot that said so. */
  readonly tick: number;
  /** How far the present place moved by it, before smoothing; and which way. */
  readonly metres: number;
  readonly x: number;
  readonly y: number;
  /** It was so far that it was jumped to, or a new life began elsewhere. */
  readonly isSnapped: boolean;
}

/** Numbers of one connection's prediction; 0 while nothing is predicted. */
export interface PredictionStats {
  /** Ticks between the newest confirmed state and what is shown. */
  readonly predictedTicks: number;
  /** Moves sent that the server has not confirmed yet. */
  readonly pendingMoves: number;
  /** Moves that were not predicted because too many waited for confirmation. */
  readonly movesUnpredicted: number;
  readonly corrections: number;
  /** The last and the largest correction, before smoothing. */
  readonly correctionMetres: number;
  readonly correctionMetresMax: number;
}

/** Of whom nothing is predicted. */
export const NO_PREDICTION: PredictionStats = Object.freeze({
  predictedTicks: 0,
  pendingMoves: 0,
  movesUnpredicted: 0,
  corrections: 0,
  correctionMetres: 0,
  correctionMetresMax: 0,
});

/** One connection's guess at oneself. All instants are monotonic ms, never falling. */
export interface SelfPredictor {
  readonly stats: PredictionStats;
  /** Oneself at this instant; undefined before the first snapshot, and while not visible. */
  viewAt(now: number): PlayerView | undefined;
  /** A move that has been sent. */
  handleMove(move: MoveInput): void;
  /** A snapshot newer than all before. */
  handleSnapshot(snapshot: Snapshot, now: number): void;
  handleVerdicts(report: VerdictReport): void;
  /** Whatever `change` alters, what is shown goes on from where it is. */
  steadily(now: number, change: () => void): void;
  /** Nothing moves any more; what was shown last stays. */
  stop(now: number): void;
}
