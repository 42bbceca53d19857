/**
 * The entry 'holdfast/store-lmdb': a store in a directory of this machine, for one process at a
 * time, on LMDB (the optional peer `lmdb`). In: a directory. Out: a SessionStore whose promises
 * resolve when the disk has it. What it survives, and what not: docs/STORE.md.
 */
import { join, resolve } from 'node:path';

import { HoldfastError } from '../protocol/holdfast-error.ts';
import { LmdbDatabase, asOpeningError } from './lmdb-database.ts';
import { LmdbEngine } from './lmdb-engine.ts';
import { claimStore, inUse } from './lmdb-ownership.ts';
import { createProcessTable } from './lmdb-process-table.ts';
import type { ProcessTable } from './lmdb-process-table.ts';
import { readWitnessFile, writeWitnessFile } from './lmdb-witness-file.ts';
import type { LmdbWitness } from './lmdb-witness-file.ts';
import { QueuedStore } from './queued-store.ts';
import type {
  SessionStore,
  StoreOpening,
  StoreOpenOptions,
  StoreWitness,
} from './session-store.ts';
import { validateStoreLimits } from './store-limits.ts';
import type { StoreLimits } from './store-limits.ts';

export interface LmdbStoreOptions {
  /** Made where it is missing. Of a local disk: no network shares. */
  readonly directory: string;
  readonly limits?: Partial<StoreLimits>;
  /**
   * How long the store must stand still before it is taken from an owner whose process can't be
   * seen (another container). Default 3 000 ms.
   */
  readonly leaseMs?: number;
  /** Who is alive. Default: this machine's processes. */
  readonly processes?: ProcessTable;
}

const DATA_FILE = 'sessions.mdb';
const LEASE_MS = 3_000;
/** An owner shows itself three times in each lease. */
const BEATS_PER_LEASE = 3;

/** Throws HoldfastError('invalid-configuration'); nothing on the disk is touched before `open`. */
export function createLmdbStore(options: LmdbStoreOptions): SessionStore {
  const limits = validateStoreLimits(options.limits ?? {});
  const { leaseMs = LEASE_MS } = options;
  if (!Number.isSafeInteger(leaseMs) || leaseMs < BEATS_PER_LEASE || leaseMs >= 2 ** 31) {
    const message = `leaseMs of the store is a whole number of ms from ${BEATS_PER_LEASE} on`;
    throw new HoldfastError('invalid-configuration', message);
  }
  if (typeof options.directory !== 'string' || options.directory === '') {
    const message = 'directory of the store must be a text that names one';
    throw new HoldfastError('invalid-configuration', message);
  }
  const processes = options.processes ?? createProcessTable();
  // Once: the working directory may change while the store is open.
  const directory = resolve(options.directory);
  return {
    name: 'lmdb',
    open: (open) => openStore({ directory, processes, leaseMs, limits, open }),
  };
}

interface Opening {
  readonly directory: string;
  readonly processes: ProcessTable;
  readonly leaseMs: number;
  readonly limits: StoreLimits;
  readonly open: StoreOpenOptions;
}

async function openStore(opening: Opening): Promise<StoreOpening> {
  const { directory, limits, open } = opening;
  const beside = await readBeside(opening);
  const database = await LmdbDatabase.open(join(directory, DATA_FILE));
  let witness: StoreWitness;
  try {
    witness = await claim(database, opening, beside);
  } catch (error) {
    await database.close();
    throw asOpeningError(error, directory);
  }
  let store: QueuedStore | undefined;
  const engine = new LmdbEngine({
    database,
    term: witness.term,
    scheduler: open.scheduler,
    beatIntervalMs: Math.floor(opening.leaseMs / BEATS_PER_LEASE),
    onReleased: () => writeWitnessFile(directory, { ...witness, owner: undefined }),
    onFailed: (error) => store?.noteFailure(error),
    onLost: (error) => store?.lose(error),
  });
  try {
    await writeWitnessFile(directory, { ...witness, owner: opening.processes.ours });
  } catch (error) {
    await engine.close();
    throw asOpeningError(error, directory);
  }
  try {
    const opened = await QueuedStore.open({ open, limits, engine, witness });
    store = opened.store;
    return opened;
  } catch (error) {
    throw asOpeningError(error, directory);
  }
}

/**
 * What lies beside the database. Where its owner lives, the database isn't even looked at: a
 * process that was stopped in the middle of a transaction would keep us waiting at LMDB's lock.
 */
async function readBeside({ directory, processes }: Opening): Promise<LmdbWitness | undefined> {
  try {
    const beside = await readWitnessFile(directory);
    const owner = beside?.owner;
    if (owner !== undefined && processes.stateOf(owner) === 'alive') throw inUse(directory, owner);
    return beside;
  } catch (error) {
    throw asOpeningError(error, directory);
  }
}

async function claim(
  database: LmdbDatabase,
  { directory, leaseMs, open, processes }: Opening,
  beside: LmdbWitness | undefined,
): Promise<StoreWitness> {
  const witnesses = [beside, open.witness].filter((witness) => witness !== undefined);
  const { scheduler, randomStreams } = open;
  return claimStore({
    database,
    directory,
    processes,
    leaseMs,
    scheduler,
    randomStreams,
    witnesses,
  });
}
