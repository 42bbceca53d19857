import { describe, expect, test } from 'vitest';

import { ViewLender } from './view-lender.ts';

describe('ViewLender', () => {
  test('lends a copy of the bytes, and destroys it when it is taken back', () => {
    const lender = new ViewLender();
    for (const length of [0, 1, 25, 2_047, 2_048, 2_049, 65_536]) {
      const bytes = Uint8Array.from({ length }, (_, index) => index & 0xff);
      const view = lender.lend(bytes);
      expect(view).toEqual(bytes);
      lender.takeBack(view);
      expect(view.every((byte) => byte === 0xdd)).toBe(true);
      expect(bytes.every((byte, index) => byte === (index & 0xff))).toBe(true);
    }
  });

  test('makes one view per length for all messages', () => {
    const lender = new ViewLender();
    const lent = ['ada', 'bob'].map((text) => {
      const view = lender.lend(new TextEncoder().encode(text));
      lender.takeBack(view);
      return view;
    });
    expect(lent[0]).toBe(lent[1]);
  });

  test('a view that is lent meanwhile is another', () => {
    const lender = new ViewLender();
    const outer = lender.lend(Uint8Array.of(1));
    const inner = lender.lend(Uint8Array.of(2));
    expect([[...outer], [...inner]]).toEqual([[1], [2]]);
    lender.takeBack(inner);
    expect([...outer]).toEqual([1]);
    lender.takeBack(outer);
  });

  test('the buffer of a view is not the message', () => {
    const lender = new ViewLender();
    for (const length of [3, 5_000]) {
      expect(lender.lend(new Uint8Array(length)).buffer.byteLength).toBeGreaterThan(length);
    }
  });
});
