/** What is said of a few measurements of the same thing: the middle one, and how far they lie. */
import { quantile } from './quantile.ts';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of those that are numbers; NaN where there is none. */
export function spreadOf(values: readonly number[]): Spread {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return {
    median: quantile(numbers, 0.5),
    min: quantile(numbers, 0),
    max: quantile(numbers, 1),
  };
}
