/**
 * Whether a store is the one that somebody remembers, and not an older copy of it or an empty one.
 * In: what the store says of itself, what the witness says. Out: nothing, or `store-outdated`.
 * A copy that is older but of the same term can't be told apart: nothing outside knows of it.
 */
import type { RandomStreams } from '../base/random-source.ts';
import { randomHex } from '../base/random-source.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { StoreWitness } from './session-store.ts';

/** 128 bits, so that no two stores share one. */
const STORE_ID_BYTES = 16;

export function createStoreId(randomStreams: RandomStreams): string {
  return randomHex(randomStreams('store-id'), STORE_ID_BYTES);
}

/** `stored` undefined = the store is empty. Throws HoldfastError `store-outdated`. */
export function checkWitness(
  stored: StoreWitness | undefined,
  witness: StoreWitness | undefined,
): void {
  if (witness === undefined) return;
  if (stored === undefined) throw outdated('the store is empty, and has not always been');
  if (stored.storeId !== witness.storeId) throw outdated('it is not the same store as before');
  if (stored.term >= witness.term) return;
  const terms = `at term ${stored.term}, and was at ${witness.term} before`;
  throw outdated(`the store came back older than it was: it is ${terms}`);
}

function outdated(message: string): HoldfastError {
  return new HoldfastError('store-outdated', message);
}
