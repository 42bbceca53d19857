/**
 * What `npm run chaos` was asked for. In: the arguments. Out: one mode with its options, or what is
 * wrong with them.
 */
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run chaos -- [what] [options]
  --cycles N         a server under load that is killed N times
  --takeovers N      N times, 2 to 8 contenders for one session
options
  --json             ends with one line of JSON on stdout
  --clients N        players of the cycles (default 100)
  --journal WHEN     ahead or behind (default ahead)
  --play-ms N        how long all are in before each kill, at least (default 5100: a loss that
                     comes sooner is for a client one more of the same series)
  --hold-ms N        how long the store holds back its answers, so that a kill can be aimed at
                     them (default 4, with --takeovers 0)
  --keep             keeps the log and the store's directory`;

export interface CommonOptions {
  readonly isJson: boolean;
  readonly journal: 'ahead' | 'behind';
  readonly holdMs: number;
  readonly isKept: boolean;
}

export type Command = CommonOptions &
  (
    | {
        readonly mode: 'cycles';
        readonly cycles: number;
        readonly clients: number;
        readonly playMs: number;
      }
    | { readonly mode: 'takeovers'; readonly takeovers: number }
  );

/** Throws an Error that names what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cycles: { type: 'string' },
      takeovers: { type: 'string' },
      json: { type: 'boolean', default: false },
      clients: { type: 'string', default: '100' },
      'play-ms': { type: 'string', default: '5100' },
      journal: { type: 'string', default: 'ahead' },
      'hold-ms': { type: 'string', default: takesOver(args) ? '0' : '4' },
      keep: { type: 'boolean', default: false },
    },
  });
  const { cycles, takeovers, journal } = values;
  if (journal !== 'ahead' && journal !== 'behind') {
    throw new Error(`--journal is ahead or behind, not '${journal}'`);
  }
  const common: CommonOptions = {
    isJson: values.json,
    journal,
    holdMs: wholeNumber('hold-ms', values['hold-ms'], 0),
    isKept: values.keep,
  };
  if ((cycles === undefined) === (takeovers === undefined)) {
    throw new Error('say one of --cycles and --takeovers');
  }
  if (takeovers !== undefined) {
    return { ...common, mode: 'takeovers', takeovers: wholeNumber('takeovers', takeovers, 1) };
  }
  return {
    ...common,
    mode: 'cycles',
    cycles: wholeNumber('cycles', cycles ?? '', 1),
    clients: wholeNumber('clients', values.clients, 2),
    playMs: wholeNumber('play-ms', values['play-ms'], 0),
  };
}

/** Nothing is killed there. */
function takesOver(args: readonly string[]): boolean {
  return args.some((word) => word.startsWith('--takeovers'));
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
  throw new Error(`--${name} is a whole number of at least ${min}, not '${text}'`);
}
