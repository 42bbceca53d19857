/**
 * The arena's built server as a process of its own, started as `npm start` starts it.
 * In: arguments. Out: its address, its end. Must not know: browsers.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What `npm start` runs after the build. */
export const ARENA_MAIN = fileURLToPath(
  new URL('../../examples/arena/dist/server/main.js', import.meta.url),
);
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;
const START_TIMEOUT_MS = 20_000;

export class ArenaProcess {
  readonly url: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Resolves when the address has been printed; rejects with what was said instead. */
  static async start(words: readonly string[]): Promise<ArenaProcess> {
    if (!existsSync(ARENA_MAIN))
      throw new Error(`${ARENA_MAIN} is missing: run npm run build first`);
    const child = spawn(process.execPath, [ARENA_MAIN, '--port', '0', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let said = '';
      const timer = setTimeout(
        () => reject(new Error(`the arena printed no address: ${said}`)),
        START_TIMEOUT_MS,
      );
      const hear = (chunk: Buffer): void => {
        said += chunk.toString();
        const address = ADDRESS.exec(said)?.[0];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the arena ended with code ${code}: ${said}`));
      });
    });
    return new ArenaProcess(child, url);
  }

  /** Sends the signal to this one process and resolves with its exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}
