/** Refuses configuration that cannot be meant, with an error that names the option. */
import { HoldfastError } from '../protocol/holdfast-error.ts';

export interface NumberBounds {
  /** Smallest legal value. */
  readonly min: number;
  /** Largest legal value; default: any finite number. */
  readonly max?: number;
  readonly isInteger?: boolean;
}

/** Returns `value`, or throws HoldfastError('invalid-configuration') naming `option`. */
export function checkNumberOption(option: string, value: number, bounds: NumberBounds): number {
  const max = bounds.max ?? Number.MAX_VALUE;
  const isLegal =
    Number.isFinite(value) &&
    value >= bounds.min &&
    value <= max &&
    (bounds.isInteger !== true || Number.isInteger(value));
  if (isLegal) return value;
  const kind = bounds.isInteger === true ? 'an integer' : 'a number';
  const range = bounds.max === undefined ? `≥ ${bounds.min}` : `from ${bounds.min} to ${max}`;
  throw new HoldfastError(
    'invalid-configuration',
    `${option} must be ${kind} ${range}, not ${String(value)}`,
  );
}
