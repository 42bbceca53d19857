/**
 * A process of its own that cannot outlive the test. In: what to run. Out: its lines as they come,
 * its end. Whoever starts one stops it; at the latest it ends with the process that runs the tests.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

import { waitUntil } from './wait-until.ts';
import type { WaitOptions } from './wait-until.ts';

/** How long a polite signal may take before the process is killed. */
const STOP_TIMEOUT_MS = 5_000;

const running = new Set<TestProcess>();
process.once('exit', () => {
  for (const child of running) child.signal('SIGKILL');
});

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to the environment of the process that runs the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class TestProcess {
  /** What it has printed so far on either output, line by line. */
  readonly lines: string[] = [];
  /** Resolves when it has ended and its output was read; rejects when it could not be started. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #hasEnded = false;

  /** Runs `command` without a shell. `process.execPath` is this Node. */
  constructor(command: string, args: readonly string[], options: ProcessOptions = {}) {
    const child = spawn(command, [...args], {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(this);
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => this.lines.push(line));
    }
    this.ended = new Promise((resolve, reject) => {
      child.once('error', (error) => {
        this.#forget();
        reject(error);
      });
      child.once('close', (code, signal) => {
        this.#forget();
        resolve({ code, signal });
      });
    });
    // Deliberate: who awaits `ended` sees the error; who does not is no reason to end the run.
    this.ended.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The first line, printed already or to come, that matches; fails when it ends without one. */
  async waitForLine(pattern: RegExp, options: Partial<WaitOptions> = {}): Promise<RegExpExecArray> {
    return waitUntil(
      () => {
        for (const line of this.lines) {
          const match = pattern.exec(line);
          if (match !== null) return match;
        }
        if (this.#hasEnded) {
          throw new Error(`ended without a line like ${pattern}:\n${this.lines.join('\n')}`);
        }
        return undefined;
      },
      { what: `a line like ${pattern}`, ...options },
    );
  }

  /** Sends one signal; does nothing once it has ended. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#hasEnded) this.#child.kill(signal);
  }

  /** Reads no more of what it says on stderr: its next word there finds nobody. */
  closeErrors(): void {
    this.#child.stderr.destroy();
  }

  /** Asks it to end, waits, and kills it where it does not. Idempotent. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<ProcessEnd | undefined> {
    this.signal(signal);
    const kill = setTimeout(() => this.signal('SIGKILL'), STOP_TIMEOUT_MS);
    try {
      return await this.ended;
    } catch {
      return undefined;
    } finally {
      clearTimeout(kill);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #forget(): void {
    this.#hasEnded = true;
    running.delete(this);
  }
}
