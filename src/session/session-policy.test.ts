import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { DEFAULT_SESSION_POLICY, validateSessionPolicy } from './session-policy.ts';

/** A policy in which only one option can be wrong. */
function accepts(partial: object): boolean {
  try {
    validateSessionPolicy(partial);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ code: 'invalid-policy' });
    const option = Object.keys(partial)[0] ?? '';
    expect((error as Error).message).toContain(`policy.${option}`);
    return false;
  }
}

describe('validateSessionPolicy', () => {
  test('nothing given is the documented defaults', () => {
    expect(validateSessionPolicy()).toEqual({
      loginTimeoutMs: 10_000,
      loginAttemptsMax: 3,
      heartbeatIntervalMs: 2_000,
      livenessTimeoutMs: 10_000,
      reconnectWindowMs: 30_000,
      stallMsMax: 1_000,
      takeover: 'replace',
      ghost: 'vulnerable',
    });
  });

  test('what is given is kept, undefined is the default, and the result is frozen', () => {
    const policy = validateSessionPolicy({
      reconnectWindowMs: 0,
      ghost: 'removed',
      ...({ loginTimeoutMs: undefined } as object),
    });
    expect(policy).toEqual({
      ...DEFAULT_SESSION_POLICY,
      reconnectWindowMs: 0,
      ghost: 'removed',
    });
    expect(Object.isFrozen(policy)).toBe(true);
  });

  const MAX = 2 ** 31 - 1;
  test.each([
    { loginTimeoutMs: [0, 1, MAX, MAX + 1] },
    { loginAttemptsMax: [0, 1, 1_000, 1_001] },
    { heartbeatIntervalMs: [0, 1, 5_000, MAX + 1] },
    { livenessTimeoutMs: [3_999, 4_000, MAX, MAX + 1] },
    { reconnectWindowMs: [-1, 0, MAX, MAX + 1] },
    { stallMsMax: [0, 1, MAX, MAX + 1] },
  ])('each limit holds at its edges: %j', (edges) => {
    for (const [option, values] of Object.entries(edges)) {
      expect(values.map((value) => accepts({ [option]: value }))).toEqual([
        false,
        true,
        true,
        false,
      ]);
    }
  });

  test.each([Number.NaN, Infinity, '5', null, {}])('%s is no duration', (value) => {
    expect(accepts({ reconnectWindowMs: value })).toBe(false);
  });

  test.each<object>([{ takeover: 'replace' }, { takeover: 'reject' }])('%j is taken', (partial) => {
    expect(accepts(partial)).toBe(true);
  });

  test('half an attempt is none', () => {
    expect(accepts({ loginAttemptsMax: 1.5 })).toBe(false);
  });

  test('liveness shorter than two heartbeats is refused', () => {
    expect(accepts({ livenessTimeoutMs: 199, heartbeatIntervalMs: 100 })).toBe(false);
    expect(accepts({ livenessTimeoutMs: 200, heartbeatIntervalMs: 100 })).toBe(true);
  });

  test.each<object>([
    { takeover: 'ask' },
    { ghost: 'friendly' },
    { heartbeatMs: 5 },
    { toString: 5 },
  ])('%j is refused by name', (partial) => {
    expect(accepts(partial)).toBe(false);
  });

  test.each([
    [{ takeover: 'ask' }, "policy.takeover is 'replace' or 'reject', not 'ask'"],
    [
      { ghost: 'friendly' },
      "policy.ghost is 'vulnerable', 'protected' or 'removed', not 'friendly'",
    ],
  ])('%j is refused with what there is to choose from', (partial, message) => {
    expect(() => validateSessionPolicy(partial as object)).toThrow(message);
  });
});
