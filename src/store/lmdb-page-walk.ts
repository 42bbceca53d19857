/**
 * Follows one tree of an LMDB file from its root, and looks at each page that LMDB would trust:
 * that it is the page that was meant, of the kind that was meant, of a transaction that was made,
 * and points into itself and to pages that are there. In: a way to read pages.
 * Out: whether all are sound.
 * Layout: `MDB_page`, `MDB_node`, `MDB_ovpage` in mdb.c of the package lmdb.
 */

export interface PageSource {
  /** Undefined for a page that the file can't have. */
  readonly readPage: (page: bigint) => Buffer | undefined;
  /** The newest that was made: LMDB takes a page of a later one for one that it is changing. */
  readonly transaction: bigint;
}

const HEADER_BYTES = 24;
const TRANSACTION = 8;
const FLAGS = 18;
const LOWER = 20;
const UPPER = 22;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const KINDS = 0x2f;
/** Low and high half of a size (or page number), flags, size of the key. */
const NODE_HEADER_BYTES = 8;
const NODE_FLAGS = 4;
const NODE_KEY_BYTES = 6;
/** The value lies on pages of its own; here are first page, transaction, number of pages. */
const BIG_DATA = 0x01;
const BIG_DATA_BYTES = 24;
const BIG_DATA_PAGES = 16;
/** No tree of less than 2^64 pages is as deep; one that is goes in a circle. */
const DEPTH_MAX = 64;

/** Whether the tree below `root` can be read without harm. */
export function checkTree(source: PageSource, root: bigint, depth = 0): boolean {
  const page = readHeadPage(source, root);
  if (page === undefined || depth > DEPTH_MAX) return false;
  const kind = page.readUInt16LE(FLAGS) & KINDS;
  if (kind !== BRANCH && kind !== LEAF) return false;
  const nodes = nodesOf(page);
  if (nodes === undefined || nodes.length === 0) return false;
  if (kind === LEAF) return nodes.every((node) => checkLeaf(source, page, node));
  return nodes.every((node) => checkTree(source, childOf(page, node), depth + 1));
}

/** A page that says itself which it is; undefined for one that can't be it. */
function readHeadPage({ readPage, transaction }: PageSource, number: bigint): Buffer | undefined {
  const page = readPage(number);
  if (page?.readBigUInt64LE(0) !== number) return undefined;
  return page.readBigUInt64LE(TRANSACTION) > transaction ? undefined : page;
}

/** Where its nodes begin; undefined when they can't. Offsets in a page count from its header on. */
function nodesOf(page: Buffer): number[] | undefined {
  const pointersEnd = HEADER_BYTES + page.readUInt16LE(LOWER);
  const nodesBegin = HEADER_BYTES + page.readUInt16LE(UPPER);
  if (pointersEnd > nodesBegin || nodesBegin > page.length) return undefined;
  const nodes: number[] = [];
  for (let pointer = HEADER_BYTES; pointer < pointersEnd; pointer += 2) {
    const node = HEADER_BYTES + page.readUInt16LE(pointer);
    if (node < nodesBegin || node + NODE_HEADER_BYTES > page.length) return undefined;
    nodes.push(node);
  }
  return nodes;
}

/** 48 bits: the flags of a branch's node are the rest of the number. */
function childOf(page: Buffer, node: number): bigint {
  return BigInt(page.readUIntLE(node, 6));
}

function checkLeaf(source: PageSource, page: Buffer, node: number): boolean {
  const isBig = (page.readUInt16LE(node + NODE_FLAGS) & BIG_DATA) !== 0;
  const data = node + NODE_HEADER_BYTES + page.readUInt16LE(node + NODE_KEY_BYTES);
  const size = page.readUInt32LE(node);
  if (data + (isBig ? BIG_DATA_BYTES : size) > page.length) return false;
  if (!isBig) return true;
  const first = page.readBigUInt64LE(data);
  const pages = page.readBigUInt64LE(data + BIG_DATA_PAGES);
  const begin = readHeadPage(source, first);
  if (begin === undefined) return false;
  const isLongEnough = BigInt(begin.length) * pages >= BigInt(HEADER_BYTES + size);
  return (
    (begin.readUInt16LE(FLAGS) & KINDS) === OVERFLOW &&
    isLongEnough &&
    source.readPage(first + pages - 1n) !== undefined
  );
}
