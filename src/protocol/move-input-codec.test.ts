import { describe, expect, test } from 'vitest';
import type { MoveInput } from './messages.ts';
import { decodeMoveInput, encodeMoveInput } from './move-input-codec.ts';

const INPUT: MoveInput = {
  kind: 'move-input',
  tick: 7,
  directionX: 1,
  directionY: -0.5,
  yaw: 0.25,
};

describe('MoveInput', () => {
  test.each([0, 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER])(
    'tick %d survives',
    (tick) => {
      expect(decodeMoveInput(encodeMoveInput({ ...INPUT, tick }))).toEqual({ ...INPUT, tick });
    },
  );

  test.each([-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])(
    'tick %d is our own bug',
    (tick) => {
      expect(() => encodeMoveInput({ ...INPUT, tick })).toThrow('needs a tick');
    },
  );

  test('2^53 on the wire is out of range, and so is a negative tick', () => {
    const twoTo53 = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10];
    const minusOne = [...Array.from({ length: 9 }, () => 0xff), 0x01];
    for (const tick of [twoTo53, minusOne]) {
      const frame = Uint8Array.of(0x04, 0x08, ...tick);
      expect(decodeMoveInput(frame)).toEqual({ kind: 'rejected', code: 'out-of-range' });
    }
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0])(
    '%d passes, for the authority to judge',
    (yaw) => {
      expect(decodeMoveInput(encodeMoveInput({ ...INPUT, yaw }))).toEqual({ ...INPUT, yaw });
    },
  );

  test('a number too large for 32 bits becomes infinite', () => {
    const frame = encodeMoveInput({ ...INPUT, directionX: 1e300 });
    expect(decodeMoveInput(frame)).toMatchObject({ directionX: Number.POSITIVE_INFINITY });
  });

  test('a repeated field counts the last time', () => {
    expect(decodeMoveInput(Uint8Array.of(0x04, 0x08, 1, 0x08, 2))).toMatchObject({ tick: 2 });
  });

  describe('copies of earlier inputs', () => {
    const copyOf = (tick: number) => ({ tick, directionX: 0.5, directionY: 0, yaw: -1 });
    const most = Array.from({ length: 7 }, (_, index) => copyOf(100 + index));

    test('survive, up to 7 of them', () => {
      for (const earlier of [most.slice(6), most.slice(4), most]) {
        const input = { ...INPUT, tick: 107, earlier };
        expect(decodeMoveInput(encodeMoveInput(input))).toEqual(input);
      }
    });

    test('that are 8 are out of range, and our own bug to send', () => {
      const input = { ...INPUT, tick: 107, earlier: most };
      const frame = encodeMoveInput(input);
      const oneMore = Uint8Array.of(...frame, 0x2a, 2, 0x08, 1);
      expect(decodeMoveInput(oneMore)).toEqual({ kind: 'rejected', code: 'out-of-range' });
      const eight = { ...input, earlier: [copyOf(99), ...most] };
      expect(() => encodeMoveInput(eight)).toThrow('too many');
    });

    test('that are not before the input are out of range, and our own bug to send', () => {
      for (const ticksBefore of [[], [0x08, 0], [0x08, 8]]) {
        const frame = Uint8Array.of(0x04, 0x08, 7, 0x2a, ticksBefore.length, ...ticksBefore);
        expect(decodeMoveInput(frame)).toEqual({ kind: 'rejected', code: 'out-of-range' });
      }
      for (const tick of [7, 8, -1]) {
        const input = { ...INPUT, earlier: [copyOf(tick)] };
        expect(() => encodeMoveInput(input)).toThrow('not before');
      }
    });

    test('may stand before the tick that they count from', () => {
      const frame = Uint8Array.of(0x04, 0x2a, 2, 0x08, 3, 0x08, 7);
      const zero = { directionX: 0, directionY: 0, yaw: 0 };
      expect(decodeMoveInput(frame)).toEqual({
        kind: 'move-input',
        tick: 7,
        ...zero,
        earlier: [{ tick: 4, ...zero }],
      });
    });

    test('leave an input without them as it was', () => {
      expect(encodeMoveInput(INPUT)).toEqual(encodeMoveInput({ ...INPUT, earlier: [] }));
      expect(decodeMoveInput(encodeMoveInput(INPUT))).toStrictEqual(INPUT);
    });
  });

  test('a number that is cut is malformed', () => {
    const frame = Uint8Array.of(0x04, 0x15, 1, 2, 3);
    expect(decodeMoveInput(frame)).toEqual({ kind: 'rejected', code: 'malformed' });
  });
});
