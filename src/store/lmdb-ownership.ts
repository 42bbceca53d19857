/**
 * Who may write to an LMDB store: the owner that its record of itself names, and whose term is the
 * newest. A contender takes over at once from an owner whose process is dead, never from one that
 * lives, and where it can't tell it watches the owner's beat for a lease. Death is only how it is
 * found out; what holds is the term, which every commit compares.
 * In: a database, a process table. Out: a new term, durable; or `store-in-use`, `store-outdated`.
 */
import type { Scheduler } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { LmdbDatabase, LmdbTransaction } from './lmdb-database.ts';
import { META_KEY } from './lmdb-key.ts';
import { decodeMeta, encodeMeta } from './lmdb-meta.ts';
import type { LmdbMeta } from './lmdb-meta.ts';
import type { ProcessIdentity, ProcessTable } from './lmdb-process-table.ts';
import type { StoreWitness } from './session-store.ts';
import { checkWitness, createStoreId } from './store-witness.ts';

export interface ClaimOptions {
  readonly database: LmdbDatabase;
  /** For messages. */
  readonly directory: string;
  readonly processes: ProcessTable;
  readonly leaseMs: number;
  readonly scheduler: Scheduler;
  readonly randomStreams: RandomStreams;
  readonly witnesses: readonly StoreWitness[];
}

/** The store's new witness, with the term that is now ours. */
export async function claimStore(options: ClaimOptions): Promise<StoreWitness> {
  const { database, scheduler, leaseMs } = options;
  const seen = await database.transaction((transaction) => tryClaim(transaction, options));
  if ('witness' in seen) return seen.witness;
  await new Promise<void>((resolve) => {
    scheduler.setTimer(leaseMs, resolve);
  });
  const again = await database.transaction((transaction) =>
    tryClaim(transaction, options, seen.silent),
  );
  if ('witness' in again) return again.witness;
  throw inUse(options.directory, again.silent.owner);
}

/** `silent`: an owner that can't be judged; it has to show itself. */
type ClaimAnswer = { readonly witness: StoreWitness } | { readonly silent: LmdbMeta };

/** `watched`: what such an owner had written a lease ago. */
function tryClaim(
  transaction: LmdbTransaction,
  options: ClaimOptions,
  watched?: LmdbMeta,
): ClaimAnswer {
  const { processes, randomStreams, witnesses, directory } = options;
  const bytes = transaction.get(META_KEY);
  const meta = bytes === undefined ? undefined : decodeMeta(bytes);
  for (const witness of witnesses) checkWitness(meta, witness);
  if (meta?.owner !== undefined) {
    const state = processes.stateOf(meta.owner);
    if (state === 'alive') throw inUse(directory, meta.owner);
    const stoodStill = watched?.term === meta.term && watched.beat === meta.beat;
    if (state === 'unknown' && !stoodStill) return { silent: meta };
  }
  const storeId = meta?.storeId ?? createStoreId(randomStreams);
  const witness = { storeId, term: (meta?.term ?? 0) + 1 };
  const { ours: owner } = processes;
  transaction.put(META_KEY, encodeMeta({ ...witness, owner, beat: 0 }));
  return { witness };
}

export function inUse(directory: string, owner: ProcessIdentity | undefined): HoldfastError {
  // The process alone: a supervisor that loses it to SIGKILL starts another.
  const wayOut = 'end it by SIGTERM, which ends its supervisor too';
  const message = `the store in ${directory} is open in process ${owner?.pid}; ${wayOut}`;
  return new HoldfastError('store-in-use', message);
}
