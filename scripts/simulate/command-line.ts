/**
 * What `npm run simulate` was asked for. In: the arguments. Out: one mode with its options, or what
 * is wrong with them.
 */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run simulate -- [what] [options]
  --seeds N          a campaign of N seeds that count
  --minutes M        a campaign of M minutes, with a progress line
  --seed N           replays one seed; with --trace PEER prints that peer's trace
  --scenario JSON    runs one scenario, as a failing seed prints it
  --mutants          runs the planted bugs, and says which are found; with --only A,B those
                     alone; with --seeds N at most so many seeds for each
options
  --json             ends with one line of JSON on stdout
  --first N          the first seed of a campaign (default 1)
  --build DIRECTORY  the built package (default dist)
  --workers N        processes (default: one for each core)
  --no-canary        leaves out the planted coupling that must be found`;

export interface CommonOptions {
  readonly isJson: boolean;
  readonly build: string;
  readonly firstSeed: number;
  readonly workers: number | undefined;
}

export type Command = CommonOptions &
  (
    | {
        readonly mode: 'campaign';
        readonly seeds: number | undefined;
        readonly minutes: number | undefined;
        readonly hasCanary: boolean;
      }
    | { readonly mode: 'seed'; readonly seed: number; readonly trace: string | undefined }
    | { readonly mode: 'scenario'; readonly json: string; readonly trace: string | undefined }
    | {
        readonly mode: 'mutants';
        /** Names; undefined = all. */
        readonly only: readonly string[] | undefined;
        /** The most that one mutant may take. */
        readonly seeds: number | undefined;
      }
  );

/** Throws an Error that names what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      seeds: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      scenario: { type: 'string' },
      mutants: { type: 'boolean', default: false },
      only: { type: 'string' },
      trace: { type: 'string' },
      json: { type: 'boolean', default: false },
      first: { type: 'string', default: '1' },
      build: { type: 'string', default: 'dist' },
      workers: { type: 'string' },
      canary: { type: 'boolean', default: true },
    },
  });
  const common: CommonOptions = {
    isJson: values.json,
    build: values.build,
    firstSeed: wholeNumber('first', values.first, 0),
    workers: values.workers === undefined ? undefined : wholeNumber('workers', values.workers, 1),
  };
  const { seeds, minutes, seed, scenario, mutants, trace } = values;
  const campaign = mutants ? undefined : (seeds ?? minutes);
  const asked = [campaign, seed, scenario, mutants ? 'mutants' : undefined];
  if (asked.filter((each) => each !== undefined).length !== 1) {
    throw new Error('say one of --seeds, --minutes, --seed, --scenario and --mutants');
  }
  if (seed !== undefined) {
    return { ...common, mode: 'seed', seed: wholeNumber('seed', seed, 0), trace };
  }
  if (scenario !== undefined) return { ...common, mode: 'scenario', json: scenario, trace };
  if (values.only !== undefined && !mutants) throw new Error('--only goes with --mutants');
  const seedCount = seeds === undefined ? undefined : wholeNumber('seeds', seeds, 1);
  if (mutants)
    return { ...common, mode: 'mutants', only: values.only?.split(','), seeds: seedCount };
  return {
    ...common,
    mode: 'campaign',
    seeds: seedCount,
    minutes: minutes === undefined ? undefined : positiveNumber('minutes', minutes),
    hasCanary: values.canary,
  };
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
  throw new Error(`--${name} is a whole number of at least ${min}, not '${text}'`);
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name} is a number above 0, not '${text}'`);
}
