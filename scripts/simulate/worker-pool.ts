/**
 * Worker processes, one for each core, and who runs what. In: seeds, as many as are asked for. Out:
 * a word for each of them, in the order of arrival. A process that dies or takes too long loses its
 * seed, which is told, and is replaced. Whoever creates a pool closes it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { SeedOrder, WorkerWord } from './worker-messages.ts';

const WORKER_PATH = fileURLToPath(new URL('worker.ts', import.meta.url));
/** Runs leave nothing behind but what is young: with room for it, a tenth of the time is saved. */
const WORKER_FLAGS = ['--max-semi-space-size=64', '--import', 'tsx'];
/** Deaths in a row without a single seed between them: the build is at fault, not the seed. */
const DEATHS_MAX = 5;
/** Orders that a worker has at hand, so that it never waits for the next. */
const ORDERS_PER_WORKER = 2;

export type SeedWord = Extract<WorkerWord, { kind: 'done' | 'crashed' }>;

export interface WorkerPoolOptions {
  /** Where the build is. */
  readonly directory: string;
  readonly workers: number;
  /** The next seed to run; undefined = no more. */
  readonly nextOrder: () => SeedOrder | undefined;
  readonly onWord: (word: SeedWord) => void;
  /** Longest that one seed may take. Default 60 000. */
  readonly seedMsMax?: number;
}

/** Resolves when every order was answered; rejects when the build can't be loaded. */
export async function runOnWorkers(options: WorkerPoolOptions): Promise<void> {
  const pool = new WorkerPool(options);
  const close = (): void => pool.close();
  // A worker in a loop without end would not notice that nobody waits for it any more.
  process.once('exit', close);
  try {
    await Promise.all(Array.from({ length: options.workers }, () => pool.run()));
  } finally {
    process.off('exit', close);
    close();
  }
}

class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #processes = new Set<ChildProcess>();
  #deaths = 0;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** One lane: a worker, and after its death the next, until there are no more orders. */
  async run(): Promise<void> {
    const orders: SeedOrder[] = [];
    for (;;) {
      if (!this.#fill(orders)) return;
      const problem = await this.#serve(orders);
      if (problem === undefined) return;
      this.#deaths += 1;
      const lost = orders.shift();
      if (lost !== undefined) {
        this.#options.onWord({ kind: 'crashed', seed: lost.seed, problem });
      }
      if (this.#deaths > DEATHS_MAX) throw new Error(`workers keep dying: ${problem}`);
    }
  }

  close(): void {
    for (const child of this.#processes) child.kill('SIGKILL');
  }

  /** False when nothing is left to do. */
  #fill(orders: SeedOrder[]): boolean {
    while (orders.length < ORDERS_PER_WORKER) {
      const order = this.#options.nextOrder();
      if (order === undefined) break;
      orders.push(order);
    }
    return orders.length > 0;
  }

  /** Lives as long as one worker; the problem of which it died, undefined when all is done. */
  #serve(orders: SeedOrder[]): Promise<string | undefined> {
    const { directory, onWord, seedMsMax = 60_000 } = this.#options;
    const child = fork(WORKER_PATH, [directory], { execArgv: WORKER_FLAGS });
    this.#processes.add(child);
    return new Promise((resolve, reject) => {
      let hasEnded = false;
      let watch: NodeJS.Timeout | undefined;
      const end = (problem: string | undefined): void => {
        if (hasEnded) return;
        hasEnded = true;
        clearTimeout(watch);
        this.#processes.delete(child);
        child.kill('SIGKILL');
        resolve(problem);
      };
      const rearm = (): void => {
        clearTimeout(watch);
        watch = setTimeout(() => end(`no answer within ${seedMsMax} ms`), seedMsMax);
      };
      child.on('error', (error) => end(error.message));
      child.on('exit', (code, signal) => end(`the worker ended (${signal ?? code})`));
      child.on('message', (message) => {
        if (hasEnded) return;
        const word = message as WorkerWord;
        rearm();
        if (word.kind === 'unloadable') {
          reject(new Error(`the build in ${directory} can't be loaded: ${word.problem}`));
          end(undefined);
        } else if (word.kind === 'ready') {
          for (const order of orders) child.send(order);
        } else {
          this.#deaths = 0;
          orders.shift();
          onWord(word);
          const known = orders.length;
          if (!this.#fill(orders)) end(undefined);
          else for (const order of orders.slice(known)) child.send(order);
        }
      });
      rearm();
    });
  }
}
