/**
 * The bots' own process: forked with an IPC channel, over which it is told nothing. The channel is
 * the leash: when this process ends, in whatever way, the channel closes and the bots end.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BotLine } from '../shared/bot-line.ts';

const BOTS_MAIN = fileURLToPath(new URL('../bots/main.js', import.meta.url));
/** From letting go of the leash to force. */
const END_TIMEOUT_MS = 2_000;

export interface BotProcessOptions {
  readonly gameUrl: string;
  readonly count: number;
  readonly line: BotLine;
  readonly onLost: (how: string) => void;
}

export class BotProcess {
  readonly #child: ChildProcess;
  #isEnding = false;

  /** Starts `count` bots that play at `gameUrl`. `onLost`: they ended without being asked. */
  constructor(options: BotProcessOptions) {
    const { gameUrl, count, line } = options;
    this.#child = fork(BOTS_MAIN, [gameUrl, String(count), JSON.stringify(line)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.once('error', (error) => options.onLost(error.message));
    this.#child.once('exit', (code, signal) => {
      if (!this.#isEnding) options.onLost(signal ?? `exit code ${code}`);
    });
  }

  /** Lets go of the bots and resolves when their process is gone; bounded. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const force = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
    if (child.connected) child.disconnect();
    await exited;
    clearTimeout(force);
  }
}
