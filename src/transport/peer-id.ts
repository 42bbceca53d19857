/** How every transport mints the identity of a new connection. */
import { randomHex } from '../base/random-source.ts';
import type { RandomSource } from '../base/random-source.ts';
import type { PeerId } from '../protocol/ids.ts';

/** 128 bit: two that are equal will not be seen, so an id is never reused. */
const PEER_ID_BYTES = 16;

/** A PeerId that no connection had before, as 32 hexadecimal digits. */
export function createPeerId(random: RandomSource): PeerId {
  return randomHex(random, PEER_ID_BYTES) as PeerId;
}
