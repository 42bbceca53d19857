/**
 * An LMDB store in a directory of its own, each owner of which is another process as far as the
 * store can see: the process table says who is alive. In: orders. Out: openings.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLmdbStore } from '../../src/store/lmdb-store.ts';
import type { ProcessState, ProcessTable } from '../../src/store/lmdb-process-table.ts';
import type { StoreOpening } from '../../src/store/session-store.ts';
import { openOptions } from './store-harness.ts';
import type { HarnessOpenOptions, StoreHarness } from './store-harness.ts';

export class LmdbHarness implements StoreHarness {
  readonly directory: string;
  /** What the table says of each process, by pid. */
  readonly states = new Map<number, ProcessState>();
  readonly #openings: StoreOpening[] = [];
  #pid = 0;

  static async create(): Promise<LmdbHarness> {
    return new LmdbHarness(await mkdtemp(join(tmpdir(), 'holdfast-store-')));
  }

  constructor(directory: string) {
    this.directory = directory;
  }

  async open(
    { limits = {}, ...options }: HarnessOpenOptions = {},
    leaseMs = 3_000,
  ): Promise<StoreOpening> {
    const pid = this.#pid + 1;
    const { directory } = this;
    const store = createLmdbStore({ directory, limits, leaseMs, processes: this.#tableOf(pid) });
    const opening = await store.open(openOptions(options));
    this.#pid = pid;
    this.#openings.push(opening);
    return opening;
  }

  crash(): void {
    this.states.set(this.#pid, 'dead');
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#openings.map(({ store }) => store.close()));
    await rm(this.directory, { recursive: true, force: true });
  }

  #tableOf(pid: number): ProcessTable {
    const ours = { pid, startTime: '1', bootId: 'boot', pidNamespace: 'pid:[1]' };
    return { ours, stateOf: (identity) => this.states.get(identity.pid) ?? 'alive' };
  }
}
