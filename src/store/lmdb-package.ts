/**
 * Loads the package `lmdb`, an optional peer. In: an import. Out: the package, or the one thing to
 * do about it: a package that is not there is no failure of the disk, and doesn't come by itself.
 */
import type * as lmdb from 'lmdb';

import { HoldfastError } from '../protocol/holdfast-error.ts';

type LmdbPackage = typeof lmdb;

/** Rejects with HoldfastError `store-unavailable` where the package is not installed. */
export async function loadLmdbPackage(
  load: () => Promise<LmdbPackage> = () => import('lmdb'),
): Promise<LmdbPackage> {
  try {
    return await load();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    const message = 'this store needs the package lmdb: npm install lmdb';
    throw new HoldfastError('store-unavailable', message, { cause, retryable: false });
  }
}
