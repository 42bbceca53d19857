/**
 * How long a fuzz test runs and from which seed. In: `FUZZ_SEED` (replay) and `FUZZ_RUNS` (longer;
 * the default is a slice for CI). Out: what fast-check wants, and one line that says how to replay.
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { vi } from 'vitest';

const RUNS_DEFAULT = 600;
/** A canary has to be found however short the run. */
const CANARY_RUNS = 4_000;

function fromEnvironment(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} must be an integer, not '${text}'`);
  return value;
}

const seed = fromEnvironment('FUZZ_SEED') ?? randomInt(2 ** 31);
const runs = fromEnvironment('FUZZ_RUNS') ?? RUNS_DEFAULT;
// A longer run may take longer; it is bounded by its runs, not by the clock.
vi.setConfig({ testTimeout: 20_000 + runs * 20 });
console.log(
  `fuzz: replay with FUZZ_SEED=${seed} FUZZ_RUNS=${runs} npx vitest run --project node test/fuzz`,
);

interface FuzzOptions {
  /** Share of the runs for properties that do much per run; 1 = all. */
  readonly share?: number;
}

/** Asserts that `holds` is true, or doesn't throw, for every value that the arbitrary makes. */
export function fuzz<Value>(
  arbitrary: fc.Arbitrary<Value>,
  holds: (value: Value) => boolean | void,
  options: FuzzOptions = {},
): void {
  const numRuns = Math.max(1, Math.round(runs * (options.share ?? 1)));
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns });
}

/** For canaries: whether the same search finds a value for which it doesn't hold. */
export function findsFailure<Value>(
  arbitrary: fc.Arbitrary<Value>,
  holds: (value: Value) => boolean | void,
): boolean {
  return fc.check(fc.property(arbitrary, holds), { seed, numRuns: Math.max(runs, CANARY_RUNS) })
    .failed;
}
