/**
 * The bots' process: `main.js <url> <count> [line]`, the line as JSON. Real clients over real
 * WebSockets, no server code. Ends when the process that forked it ends or lets go.
 */
import type { BotLine } from '../shared/bot-line.ts';
import { Bot } from './bot.ts';

/** Between two joins, so that a hundred bots don't all log in at once. Milliseconds. */
const JOIN_INTERVAL_MS = 40;

const GOOD_LINE: BotLine = { delayMs: 0, jitterMs: 0, lossRate: 0 };

function waitMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function runBots(url: string, count: number, line: BotLine): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    new Bot({ url, index, line }).start();
    await waitMs(JOIN_INTERVAL_MS);
  }
}

process.on('disconnect', () => process.exit(0));
// Deliberate: Ctrl-C reaches the whole group; the parent decides when the bots end.
process.on('SIGINT', () => undefined);

const [url = '', count = '0', line = '{}'] = process.argv.slice(2);
await runBots(url, Number(count), { ...GOOD_LINE, ...(JSON.parse(line) as Partial<BotLine>) });
