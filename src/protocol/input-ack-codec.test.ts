import { describe, expect, test } from 'vitest';
import { decodeInputAck, encodeInputAck } from './input-ack-codec.ts';

function survives(lastInputTick: number, marginTicks: number): unknown {
  return decodeInputAck(encodeInputAck({ kind: 'input-ack', lastInputTick, marginTicks }));
}

describe('InputAck', () => {
  test('the margin travels in sixteenths of a tick, rounded', () => {
    expect(survives(9, 2.5)).toEqual({ kind: 'input-ack', lastInputTick: 9, marginTicks: 2.5 });
    expect(survives(9, 1 / 3)).toMatchObject({ marginTicks: 5 / 16 });
  });

  test('a margin below 0 is sent as 0', () => {
    expect(survives(9, -3)).toMatchObject({ marginTicks: 0 });
  });

  test('takes at most 8 bytes for a margin below 8 ticks in the first 155 days at 20 Hz', () => {
    const lastInputTick = 2 ** 28 - 1;
    const frame = encodeInputAck({ kind: 'input-ack', lastInputTick, marginTicks: 7.9375 });
    expect(frame.length).toBe(8);
  });

  test.each([
    [Number.NaN, 1],
    [-1, 1],
    [1, Number.NaN],
    [1, Number.POSITIVE_INFINITY],
    [1, 2 ** 28],
  ])('tick %d with margin %d is our own bug', (lastInputTick, marginTicks) => {
    expect(() => survives(lastInputTick, marginTicks)).toThrow('an input ack needs');
  });

  test('the largest margin of the wire survives', () => {
    expect(survives(1, (2 ** 32 - 1) / 16)).toMatchObject({ marginTicks: (2 ** 32 - 1) / 16 });
  });
});
