/** The players as a child process, pinned, which answers questions one after another. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { pinnedCommand } from './pinning.ts';
import type { Pinning } from './pinning.ts';

export interface LoadProcessOrder {
  /** Of this folder's parent, such as `arena/load-main.ts`. */
  readonly script: string;
  readonly order: object;
  readonly pinning: Pinning;
}

export class LoadProcess {
  readonly #child: ChildProcess;

  constructor({ script, order, pinning }: LoadProcessOrder) {
    const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
    const node = [process.execPath, ...process.execArgv, path, JSON.stringify(order)];
    const [file = '', ...rest] = pinnedCommand(pinning, 'generator', node);
    this.#child = spawn(file, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  tell(word: unknown): void {
    this.#child.send(word as object);
  }

  /** The next word of it; rejects when it ends without one. */
  hear<Word>(): Promise<Word> {
    return new Promise((resolve, reject) => {
      const handleExit = (): void => reject(new Error('the players have ended'));
      this.#child.once('exit', handleExit);
      this.#child.once('message', (word) => {
        this.#child.off('exit', handleExit);
        resolve(word as Word);
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
