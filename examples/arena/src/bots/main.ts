/**
 * The bots' process: `main.js <url> <count>`. Real clients over real WebSockets, no server code.
 * Ends when the process that forked it ends or lets go.
 */
import { Bot } from './bot.ts';

/** Between two joins, so that a hundred bots don't all log in at once. Milliseconds. */
const JOIN_INTERVAL_MS = 40;

function waitMs(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function runBots(url: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    new Bot({ url, index }).start();
    await waitMs(JOIN_INTERVAL_MS);
  }
}

process.on('disconnect', () => process.exit(0));
// Deliberate: Ctrl-C reaches the whole group; the parent decides when the bots end.
process.on('SIGINT', () => undefined);

const [url = '', count = '0'] = process.argv.slice(2);
await runBots(url, Number(count));
