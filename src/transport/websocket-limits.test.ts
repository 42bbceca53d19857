import { expect, test } from 'vitest';

import { validateWebSocketLimits } from './websocket-limits.ts';

test('what isn’t given has its default', () => {
  const defaults = validateWebSocketLimits();
  expect(validateWebSocketLimits({ closeTimeoutMs: 1 })).toEqual({
    ...defaults,
    closeTimeoutMs: 1,
  });
});

test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 31, '5' as unknown as number])(
  '%s is refused, naming the option',
  (value) => {
    expect(() => validateWebSocketLimits({ closeTimeoutMs: value })).toThrow(
      'limits.closeTimeoutMs must be a whole number',
    );
  },
);

test('an option that doesn’t exist is refused', () => {
  expect(() => validateWebSocketLimits({ socketMax: 1 } as object)).toThrow(
    'limits.socketMax is not an option',
  );
});

test('a header may not take longer than its request', () => {
  expect(() => validateWebSocketLimits({ requestTimeoutMs: 4_999 })).toThrow('handshakeTimeoutMs');
  expect(validateWebSocketLimits({ requestTimeoutMs: 5_000 }).requestTimeoutMs).toBe(5_000);
});
