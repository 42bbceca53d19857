import { describe, expect, it } from 'vitest';
import { moveInput } from '../../test/support/world-fixture.ts';
import { emptyMoveInput, InputBuffer } from './input-buffer.ts';
import { DUPLICATE, rejected, STALE } from './verdict.ts';

const AHEAD = 8;
const NOW = 100;

function bufferAndAccept() {
  const buffer = new InputBuffer(AHEAD);
  const accept = (tick: number, directionX = 1) =>
    buffer.accept(moveInput({ tick, directionX }), NOW, 0);
  return { buffer, accept };
}

function taken(buffer: InputBuffer, tick: number): number | undefined {
  const target = emptyMoveInput();
  return buffer.take(tick, target) ? target.directionX : undefined;
}

describe('InputBuffer', () => {
  it('hands out each input in its own tick, whatever the order of arrival', () => {
    const { buffer, accept } = bufferAndAccept();
    expect([accept(103, 0.3), accept(101, 0.1), accept(102, 0.2)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([101, 102, 103, 104].map((tick) => taken(buffer, tick))).toEqual([
      0.1,
      0.2,
      0.3,
      undefined,
    ]);
  });

  it('accepts input 11 after 12 while tick 11 has not run', () => {
    const buffer = new InputBuffer(AHEAD);
    expect(buffer.accept(moveInput({ tick: 12 }), 10, 0)).toBeUndefined();
    expect(buffer.accept(moveInput({ tick: 11 }), 10, 0)).toBeUndefined();
  });

  it('lacks what could run and has not come, and nothing else', () => {
    const { buffer, accept } = bufferAndAccept();
    accept(103);
    const lacking = [99, 100, 101, 102, 103, 104, 108, 109, 2 ** 53].filter((tick) =>
      buffer.lacks(moveInput({ tick }), NOW),
    );
    expect(lacking).toEqual([101, 102, 104, 108]);
    expect(buffer.lacks(moveInput({ tick: 101, directionX: Number.NaN }), NOW)).toBe(false);
    expect(buffer.lastInputTick).toBe(103);
  });

  it('hands an input out once', () => {
    const { buffer, accept } = bufferAndAccept();
    accept(101);
    expect([taken(buffer, 101), taken(buffer, 101)]).toEqual([1, undefined]);
  });

  it.each([0, 1, 99, 100])('calls tick %d stale when tick 100 has run', (tick) => {
    expect(bufferAndAccept().accept(tick)).toBe(STALE);
  });

  it('keeps the first copy and calls the second a duplicate', () => {
    const { buffer, accept } = bufferAndAccept();
    accept(101, 0.1);
    expect(accept(101, 0.9)).toBe(DUPLICATE);
    expect(taken(buffer, 101)).toBe(0.1);
  });

  it('accepts as far ahead as the limit, and one more is rejected with too-far-ahead', () => {
    const { accept } = bufferAndAccept();
    expect(accept(NOW + AHEAD)).toBeUndefined();
    expect(accept(NOW + AHEAD + 1)).toEqual(rejected('too-far-ahead'));
  });

  it.each([2 ** 53, 2 ** 53 + 2, Number.MAX_VALUE])(
    'is not poisoned by tick %d, which is rejected with too-far-ahead',
    (tick) => {
      const { buffer, accept } = bufferAndAccept();
      expect(accept(tick)).toEqual(rejected('too-far-ahead'));
      expect(buffer.lastInputTick).toBe(0);
      expect(accept(101)).toBeUndefined();
      expect(taken(buffer, 101)).toBe(1);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -Infinity, 101.5, -1, -(2 ** 53)])(
    'does not take tick %d for one: it is rejected with invalid-tick',
    (tick) => {
      expect(bufferAndAccept().accept(tick)).toEqual(rejected('invalid-tick'));
    },
  );

  it.each(['directionX', 'directionY', 'yaw'] as const)(
    'does not take a %s that is no number: it is rejected with not-finite',
    (field) => {
      const { buffer } = bufferAndAccept();
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        const input = moveInput({ tick: 101, [field]: value });
        expect(buffer.accept(input, NOW, 0)).toEqual(rejected('not-finite'));
      }
      expect(taken(buffer, 101)).toBeUndefined();
    },
  );

  it('judges numbers before the tick and the tick before its distance', () => {
    const { buffer } = bufferAndAccept();
    const absurd = moveInput({ tick: Number.NaN, yaw: Number.NaN });
    expect(buffer.accept(absurd, NOW, 0)).toEqual(rejected('not-finite'));
    const far = moveInput({ tick: 1e300 + 0.5, yaw: 0 });
    expect(buffer.accept(far, NOW, 0)).toEqual(rejected('too-far-ahead'));
  });

  it('reports the newest accepted tick and how early it came', () => {
    const buffer = new InputBuffer(AHEAD);
    buffer.accept(moveInput({ tick: 103 }), NOW, 0.25);
    expect(buffer).toMatchObject({ lastInputTick: 103, marginTicks: 2.75 });
    buffer.accept(moveInput({ tick: 102 }), NOW, 0.5);
    expect(buffer).toMatchObject({ lastInputTick: 103, marginTicks: 2.75 });
    buffer.accept(moveInput({ tick: 104 }), NOW + 3, 1.5);
    expect(buffer).toMatchObject({ lastInputTick: 104, marginTicks: 0 });
  });

  it('never confuses two ticks that share a slot', () => {
    const buffer = new InputBuffer(2);
    for (let now = 0; now < 50; now += 1) {
      expect(buffer.accept(moveInput({ tick: now + 2, directionX: now + 2 }), now, 0)).toBe(
        undefined,
      );
      expect(taken(buffer, now + 1)).toBe(now === 0 ? undefined : now + 1);
    }
  });

  it('forgets an input whose tick passed without it being taken', () => {
    const buffer = new InputBuffer(2);
    buffer.accept(moveInput({ tick: 1 }), 0, 0);
    expect(buffer.accept(moveInput({ tick: 4 }), 3, 0)).toBeUndefined();
    expect(taken(buffer, 1)).toBeUndefined();
    expect(taken(buffer, 4)).toBe(1);
  });

  it('starts again when rebased and returns what will not run, oldest first', () => {
    const { buffer, accept } = bufferAndAccept();
    accept(103);
    accept(101);
    expect(buffer.rebase().map((input) => input.tick)).toEqual([101, 103]);
    expect(buffer).toMatchObject({ lastInputTick: 0, marginTicks: 0 });
    expect(accept(101)).toBeUndefined();
    expect(buffer.rebase()).toHaveLength(1);
    expect(buffer.rebase()).toEqual([]);
  });
});
