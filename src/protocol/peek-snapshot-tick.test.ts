import { expect, test } from 'vitest';
import { encodeWholeSnapshot } from '../../test/support/server-frame-encoder.ts';
import { peekSnapshotTick } from './peek-snapshot-tick.ts';

test.each([0, 127, 128, 300_000, Number.MAX_SAFE_INTEGER])('the tick %d is read alone', (tick) => {
  const frame = encodeWholeSnapshot({ kind: 'snapshot', tick, players: [] }, []);
  expect(peekSnapshotTick(frame)).toBe(tick);
});

test('a frame that ends before its tick has none', () => {
  expect(peekSnapshotTick(Uint8Array.of(0x25))).toBe(0);
});
