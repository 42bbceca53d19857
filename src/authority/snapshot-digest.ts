/**
 * A number that two equal snapshots share, and two different ones as good as never.
 * Algorithm: FNV-1a (Fowler, Noll, Vo, 1991, http://www.isthe.com/chongo/tech/comp/fnv) over words
 * of 32 bits instead of bytes: four times as fast, and any one changed word still shows.
 */
import type { WorldSnapshot } from './world-snapshot.ts';

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** From 0 to 2^32 − 1. */
export function digestOf({ entities, rows }: Pick<WorldSnapshot, 'entities' | 'rows'>): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < entities.length; index += 1) {
    hash = Math.imul(hash ^ (entities[index] as number), PRIME);
    const row = rows[index] as readonly number[];
    for (let field = 0; field < row.length; field += 1) {
      hash = Math.imul(hash ^ (row[field] as number), PRIME);
    }
  }
  return hash >>> 0;
}
