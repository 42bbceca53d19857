/**
 * The arena's built server as a process of its own, started as `npm start` starts it.
 * In: arguments. Out: its address, its end. Must not know: browsers.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder } from '../support/remove-folder.ts';

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
  readonly #ended: Promise<number | null>;

  constructor(
    child: ChildProcess,
    { url, data, ended }: { url: string; data: string; ended: Promise<number | null> },
  ) {
    this.#child = child;
    this.#ended = ended;
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
    const ended = once(child, 'exit').then(async ([code]) => {
      await removeFolder(data);
      return code as number | null;
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
    return new ArenaProcess(child, { url, data, ended });
  }

  /** Sends the signal to this one process; resolves with its exit code once its data are gone. */
  async stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    this.#child.kill(signal); // does nothing to a process that has ended
    return this.#ended;
  }
}
