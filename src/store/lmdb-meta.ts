/**
 * What an LMDB store says of itself, under one key: format, identity, term and owner.
 * In: bytes. Out: the record; throws HoldfastError `store-corrupt` or `store-version-mismatch`.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ProcessIdentity } from './lmdb-process-table.ts';
import { openSealedBytes, sealBytes } from './sealed-bytes.ts';

export interface LmdbMeta {
  readonly storeId: string;
  /** Of the newest opening. */
  readonly term: number;
  /** Undefined once it was closed. */
  readonly owner: ProcessIdentity | undefined;
  /** Grows while the owner lives, for whoever can't see its process. */
  readonly beat: number;
}

export function encodeMeta(meta: LmdbMeta): Uint8Array {
  return sealBytes(new TextEncoder().encode(JSON.stringify(meta)));
}

export function decodeMeta(bytes: Uint8Array): LmdbMeta {
  const payload = openSealedBytes(bytes, "the store's record of itself");
  const meta = JSON.parse(new TextDecoder().decode(payload)) as Partial<LmdbMeta>;
  const { storeId, term, owner, beat } = meta;
  if (typeof storeId !== 'string' || !Number.isSafeInteger(term) || typeof beat !== 'number') {
    throw new HoldfastError('store-corrupt', "the store's record of itself is none");
  }
  return { storeId, term: Number(term), owner, beat };
}
