/**
 * The command line of the arena's server. In: the words after `main.js`. Out: options, a wish for
 * help, or one line that says what is wrong. Must not know: processes, sockets.
 */
import { parseArgs } from 'node:util';
import type { BotLine } from '../shared/bot-line.ts';

export interface ArenaArguments {
  readonly port: number;
  readonly botCount: number;
  /** Where sessions and the world are kept. */
  readonly data: string;
  /** Whether the page may kill and restart the server. */
  readonly hasFaults: boolean;
  /** What is wrong with the bots' lines, each way. */
  readonly botLine: BotLine;
}

export type ParsedArguments =
  | { readonly kind: 'run'; readonly options: ArenaArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'mistake'; readonly message: string };

export const PORT_DEFAULT = 7777;
export const BOT_COUNT_DEFAULT = 8;
export const DATA_DEFAULT = '.holdfast';
/** More than fit into the arena, fewer than the world's default limit of players. */
export const BOT_COUNT_MAX = 200;
/** Beyond it nobody plays any more. */
export const LINE_MS_MAX = 2_000;

export const USAGE = `Usage: npm start -- [options]

The Holdfast arena: a page to play on and a panel of every session, on 127.0.0.1.

  --port N     port of the page and of the game, 0 = any free one (default ${PORT_DEFAULT})
  --bots N     how many bots play, 0 to ${BOT_COUNT_MAX} (default ${BOT_COUNT_DEFAULT})
  --data DIR   keeps sessions and the world there, beyond a crash (default ${DATA_DEFAULT})
  --delay-ms N, --jitter-ms N, --loss P
               a bad line for the bots, each way: 0 to ${LINE_MS_MAX} ms, up to so much more, and
               the part of messages that is lost, 0 to 1 (default 0)
  --no-faults  the page gets no buttons that kill or restart the server
  --help       shows this
`;

const WHOLE_NUMBER = /^\d{1,9}$/;

function parseWhole(option: string, text: string | undefined, most: number): number | string {
  if (text === undefined || !WHOLE_NUMBER.test(text) || Number(text) > most) {
    return `${option} must be a whole number from 0 to ${most}, not ${JSON.stringify(text)}`;
  }
  return Number(text);
}

const SHARE = /^(0|1|0?\.\d{1,6})$/;

function parseShare(option: string, text: string | undefined): number | string {
  if (text !== undefined && SHARE.test(text)) return Number(text);
  return `${option} must be a number from 0 to 1, not ${JSON.stringify(text)}`;
}

/** The line, or what is wrong with it. */
function parseBotLine(values: Readonly<Record<string, unknown>>): BotLine | string {
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const delayMs = parseWhole('--delay-ms', text('delay-ms'), LINE_MS_MAX);
  if (typeof delayMs === 'string') return delayMs;
  const jitterMs = parseWhole('--jitter-ms', text('jitter-ms'), LINE_MS_MAX);
  if (typeof jitterMs === 'string') return jitterMs;
  const lossRate = parseShare('--loss', text('loss'));
  if (typeof lossRate === 'string') return lossRate;
  return { delayMs, jitterMs, lossRate };
}

function mistakeOf(error: unknown): ParsedArguments {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  // Node's own hint continues after the first sentence with advice about `--`.
  return { kind: 'mistake', message: message.split('. ')[0] ?? message };
}

export function parseArenaArguments(words: readonly string[]): ParsedArguments {
  let values: {
    port?: string;
    bots?: string;
    data?: string;
    'delay-ms'?: string;
    'jitter-ms'?: string;
    loss?: string;
    'no-faults'?: boolean;
    help?: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string', default: String(PORT_DEFAULT) },
        bots: { type: 'string', default: String(BOT_COUNT_DEFAULT) },
        data: { type: 'string', default: DATA_DEFAULT },
        'delay-ms': { type: 'string', default: '0' },
        'jitter-ms': { type: 'string', default: '0' },
        loss: { type: 'string', default: '0' },
        'no-faults': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return mistakeOf(error);
  }
  if (values.help === true) return { kind: 'help' };
  const port = parseWhole('--port', values.port, 65_535);
  if (typeof port === 'string') return { kind: 'mistake', message: port };
  const botCount = parseWhole('--bots', values.bots, BOT_COUNT_MAX);
  if (typeof botCount === 'string') return { kind: 'mistake', message: botCount };
  const botLine = parseBotLine(values);
  if (typeof botLine === 'string') return { kind: 'mistake', message: botLine };
  const { data = '' } = values;
  if (data === '') return { kind: 'mistake', message: '--data must name a directory' };
  const hasFaults = values['no-faults'] !== true;
  return { kind: 'run', options: { port, botCount, data, hasFaults, botLine } };
}
