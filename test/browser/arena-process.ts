/**
 * The arena's built server as a process of its own, started as `npm start` starts it.
 * In: arguments. Out: its address, its end. Must not know: browsers.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What `npm start` runs after the build. */
export const ARENA_MAIN = fileURLToPath(
  new URL('../../examples/arena/dist/server/main.js', import.meta.url),
);
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\//;
const START_TIMEOUT_MS = 20_000;

export class ArenaProcess {
  readonly url: string;
  /** Where it keeps its sessions; removed with it. */
  readonly data: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, { url, data }: { url: string; data: string }) {
    this.#child = child;
    this.url = url;
    this.data = data;
  }

  /** Resolves when the address has been printed; rejects with what was said instead. */
  static async start(words: readonly string[]): Promise<ArenaProcess> {
    if (!existsSync(ARENA_MAIN))
      throw new Error(`${ARENA_MAIN} is missing: run npm run build first`);
    const data = mkdtempSync(join(tmpdir(), 'holdfast-arena-'));
    const standard = ['--port', '0', '--data', data];
    const child = spawn(process.execPath, [ARENA_MAIN, ...standard, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A server that has lost its supervisor may still write.
    const patiently = { recursive: true, force: true, maxRetries: 10, retryDelay: 100 };
    child.once('exit', () => rmSync(data, patiently));
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
    return new ArenaProcess(child, { url, data });
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
