/** The tick of a snapshot's frame alone, for tools that look at many; 0 = it has none. */
import { BitReader } from './bit-reader.ts';

export function peekSnapshotTick(frame: Uint8Array): number {
  return new BitReader(frame, 1).varint();
}
