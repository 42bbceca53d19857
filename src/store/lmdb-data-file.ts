/**
 * A look at a data file before LMDB maps it. LMDB trusts what it finds: damaged pages, or some that
 * the file is too short for, end the process by a signal instead of an error. So the newest
 * snapshot's trees are followed page by page (lmdb-page-walk.ts).
 * In: a path. Out: nothing, or HoldfastError `store-corrupt`. Pages at the end that nobody needs
 * may be missing: LMDB itself leaves them unwritten.
 * Layout: `MDB_meta` in mdb.c of the package lmdb, for machines with 64 bits, little-endian.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { HoldfastError } from '../protocol/holdfast-error.ts';
import { checkTree } from './lmdb-page-walk.ts';
import type { PageSource } from './lmdb-page-walk.ts';

const META_MAGIC = 0xbeefc0de;
/** Behind the page's own header. */
const META = 24;
const MAP_BYTES = META + 16;
const PAGE_BYTES = META + 24;
/** Roots of the two trees: free pages, and the data. */
const TREE_ROOTS: readonly number[] = [META + 64, META + 112];
const LAST_PAGE = META + 120;
const TRANSACTION = META + 128;
const META_END = META + 136;
const PAGE_BYTES_MIN = 512;
const PAGE_BYTES_MAX = 65_536;
/** A tree that is empty. */
const NO_ROOT = 0xffff_ffff_ffff_ffffn;
/** How often we look again when the file has changed meanwhile. */
const LOOKS_MAX = 3;

/** Does nothing where there is no file yet, or an empty one. */
export function checkDataFile(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    if (fstatSync(file).size > 0) checkFile(file, path);
  } finally {
    closeSync(file);
  }
}

function checkFile(file: number, path: string): void {
  for (let look = 1; look <= LOOKS_MAX; look += 1) {
    const meta = readNewestMeta(file);
    if (meta !== undefined && isSound(file, meta)) return;
    // Deliberate: where an owner writes, pages of an older snapshot are used again. LMDB itself
    // knows how to read beside a writer, and ownership is asked next.
    if (meta !== undefined && readNewestMeta(file)?.transaction !== meta.transaction) continue;
    throw new HoldfastError('store-corrupt', `${path} is damaged, or no data file of LMDB`);
  }
}

interface Meta {
  readonly pageBytes: number;
  readonly lastPage: number;
  readonly transaction: bigint;
  readonly roots: readonly bigint[];
}

function isSound(file: number, { pageBytes, lastPage, transaction, roots }: Meta): boolean {
  const readPage = (page: bigint): Buffer | undefined => {
    if (page < 2n || page > BigInt(lastPage)) return undefined;
    return readAt(file, Number(page) * pageBytes, pageBytes);
  };
  const source: PageSource = { readPage, transaction };
  return roots.every((root) => root === NO_ROOT || checkTree(source, root));
}

/** Undefined when one of the two is damaged: LMDB reads both. */
function readNewestMeta(file: number): Meta | undefined {
  const first = readMeta(file, 0);
  const second = first && readMeta(file, first.pageBytes);
  if (first === undefined || second?.pageBytes !== first.pageBytes) return undefined;
  return first.transaction > second.transaction ? first : second;
}

function readMeta(file: number, position: number): Meta | undefined {
  const bytes = readAt(file, position, META_END);
  if (bytes === undefined || bytes.readUInt32LE(META) !== META_MAGIC) return undefined;
  const pageBytes = bytes.readUInt32LE(PAGE_BYTES);
  const isPowerOf2 = (pageBytes & (pageBytes - 1)) === 0;
  if (!isPowerOf2 || pageBytes < PAGE_BYTES_MIN || pageBytes > PAGE_BYTES_MAX) return undefined;
  const lastPage = Number(bytes.readBigUInt64LE(LAST_PAGE));
  if ((lastPage + 1) * pageBytes > bytes.readBigUInt64LE(MAP_BYTES)) return undefined;
  return {
    pageBytes,
    lastPage,
    transaction: bytes.readBigUInt64LE(TRANSACTION),
    roots: TREE_ROOTS.map((offset) => bytes.readBigUInt64LE(offset)),
  };
}

/** Undefined where the file ends before. */
function readAt(file: number, position: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  return readSync(file, bytes, 0, length, position) === length ? bytes : undefined;
}
