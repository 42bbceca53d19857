import { describe, expect, test } from 'vitest';

import { decodeClientMessage } from '../../protocol/client-codec.ts';
import { encodeRawMove, encodeRawShot } from './raw-inputs.ts';

const AIM = { directionX: 0.5, directionY: -0.25 };

describe('raw inputs', () => {
  test('say what was meant, where the protocol has words for it', () => {
    expect(decodeClientMessage(encodeRawMove({ tick: 300n, ...AIM, yaw: 2 }))).toEqual({
      kind: 'move-input',
      tick: 300,
      ...AIM,
      yaw: 2,
    });
    for (const targetPlayerId of [undefined, '__proto__', '\u{1f47e}']) {
      const bytes = encodeRawShot({ tick: 7n, targetPlayerId, ...AIM, viewTickSixteenths: 100n });
      expect(decodeClientMessage(bytes)).toEqual({
        kind: 'shoot-input',
        tick: 7,
        targetPlayerId,
        ...AIM,
        viewTick: 6.25,
      });
    }
  });

  test.each([Number.NaN, Infinity, -Infinity, -0, 2 ** -149])('carry %d as it is', (poison) => {
    const bytes = encodeRawMove({ tick: 1n, directionX: poison, directionY: poison, yaw: poison });
    expect(decodeClientMessage(bytes)).toEqual({
      kind: 'move-input',
      tick: 1,
      directionX: poison,
      directionY: poison,
      yaw: poison,
    });
  });

  test.each([2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])('carry tick %d, which is refused', (tick) => {
    const move = encodeRawMove({ tick, ...AIM, yaw: 0 });
    const shot = encodeRawShot({ tick, targetPlayerId: undefined, ...AIM, viewTickSixteenths: 0n });
    for (const bytes of [move, shot]) {
      expect(decodeClientMessage(bytes)).toMatchObject({ kind: 'rejected', code: 'out-of-range' });
    }
  });
});
