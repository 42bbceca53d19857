/**
 * Folders that are gone when this process is: after `dispose`, at its exit, at a signal that ends
 * it. What a killed process could not delete is deleted by the next one. In: a prefix. Out: paths.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The exit code of a process that a signal ends, less the number of the signal. */
const SIGNAL_EXIT = 128;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export class TemporaryFolders {
  readonly #prefix: string;
  readonly #folders = new Set<string>();
  #isWatching = false;

  /** Folders are called `prefix-processId-name-…`. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  create(name: string): string {
    this.#watch();
    const folder = mkdtempSync(join(tmpdir(), `${this.#prefix}-${process.pid}-${name}-`));
    this.#folders.add(folder);
    return folder;
  }

  /** Idempotent. */
  dispose(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    this.#folders.delete(folder);
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#sweep();
    process.once('exit', () => this.#disposeAll());
    for (const signal of SIGNALS) {
      // Ends through `exit`, so that others who listen for that are heard too.
      process.once(signal, () => process.exit(SIGNAL_EXIT + SIGNAL_NUMBERS[signal]));
    }
  }

  #disposeAll(): void {
    for (const folder of this.#folders) this.dispose(folder);
  }

  /** Folders of processes that are no more. */
  #sweep(): void {
    const pattern = new RegExp(`^${this.#prefix}-(\\d+)-`);
    for (const name of readdirSync(tmpdir())) {
      const owner = pattern.exec(name)?.[1];
      if (owner === undefined || isRunning(Number(owner))) continue;
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // There is one, of somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
