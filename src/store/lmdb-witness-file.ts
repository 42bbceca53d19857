/**
 * What lies beside the database, to be read without touching it: which store is in this directory,
 * its newest term, and its owner. The witness shows when the data file alone was removed or
 * replaced by an older copy; a directory that was put back as a whole brings its old witness with
 * it. The owner is only a short cut: what holds stands in the database.
 * In: a directory. Out: the same, durable once written.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ProcessIdentity } from './lmdb-process-table.ts';
import type { StoreWitness } from './session-store.ts';

const FILE_NAME = 'witness.json';

export interface LmdbWitness extends StoreWitness {
  /** Undefined once it was closed. */
  readonly owner: ProcessIdentity | undefined;
}

/** Undefined where there is none. */
export async function readWitnessFile(directory: string): Promise<LmdbWitness | undefined> {
  const path = join(directory, FILE_NAME);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { storeId, term, owner } = JSON.parse(text) as Partial<LmdbWitness>;
    if (typeof storeId === 'string' && typeof term === 'number') return { storeId, term, owner };
  } catch {
    // Said below.
  }
  throw new HoldfastError('store-corrupt', `${path} is damaged`);
}

/** Replaces it in one instant: there is always the old one or the new one. */
export async function writeWitnessFile(directory: string, witness: LmdbWitness): Promise<void> {
  const path = join(directory, FILE_NAME);
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(witness)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}
