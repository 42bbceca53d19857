/**
 * The prediction of one's own movement, with the rules that the server's movement has. In: the
 * options of `MovementAuthority`. Out: what the option `prediction` of `connect` takes.
 */
import { validateMovementOptions } from '../authority/movement-options.ts';
import type { MovementOptions } from '../authority/movement-options.ts';
import { checkNumberOption } from '../authority/option-check.ts';
import type { LoginAccepted } from '../protocol/messages.ts';
import { MovementPredictor } from './movement-predictor.ts';
import { PredictedTrack } from './predicted-track.ts';
import type { Prediction } from './prediction.ts';

const SNAP_METRES = 2;
/** Half a turn of the coarsest yaw, and more than any world is wide. */
const SNAP_METRES_MAX = 1_000_000;

export interface PredictMovementOptions extends MovementOptions {
  /** A correction further than this is jumped to, not smoothed. Default 2. */
  readonly snapMetres?: number;
}

/**
 * Shows one's own movement at once instead of a round trip later, for `connect({ prediction })`.
 * Give it the very options of the server's movement: where they differ, corrections tell.
 * Throws HoldfastError `invalid-configuration`, which names the option.
 */
export function predictMovement(options: PredictMovementOptions = {}): Prediction {
  const movement = validateMovementOptions(options);
  const { snapMetres = SNAP_METRES } = options;
  checkNumberOption('snapMetres', snapMetres, { min: 0, max: SNAP_METRES_MAX });
  return {
    createPredictor: (connection) => {
      const precision = precisionOf(connection.accepted);
      if (precision === undefined) return undefined;
      const rules = { ...movement, stepSeconds: 1 / connection.accepted.tickRateHz };
      const { inputHoldTicksMax: holdTicksMax } = connection.accepted;
      const track = new PredictedTrack({ rules, holdTicksMax, precision });
      return new MovementPredictor({ connection, track, snapMetres });
    },
  };
}

/** Undefined: nothing moves in that world. */
function precisionOf({ snapshotFields }: LoginAccepted) {
  const of = (name: string): number | undefined =>
    snapshotFields.find((field) => field.name === name)?.precision;
  const x = of('x');
  const y = of('y');
  const yaw = of('yaw');
  return x === undefined || y === undefined || yaw === undefined ? undefined : { x, y, yaw };
}
