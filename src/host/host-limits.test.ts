import { describe, expect, test } from 'vitest';
import { validateHostLimits } from './host-limits.ts';

const RELATIONS = { tickRateHz: 20, livenessTimeoutMs: 10_000 };

describe('validateHostLimits', () => {
  test('the default burst is what comes at once after a stall, on the faster lane of the two', () => {
    expect(validateHostLimits({}, RELATIONS).messageBurst).toBe(480);
    expect(validateHostLimits({}, { tickRateHz: 60, livenessTimeoutMs: 20_000 }).messageBurst).toBe(
      2_880,
    );
    const burstAt = (reliableMessagesPerSecond: number): number =>
      validateHostLimits({ reliableMessagesPerSecond }, RELATIONS).messageBurst;
    expect([burstAt(200), burstAt(20), burstAt(1)]).toEqual([2_400, 240, 240]);
  });

  test.each([
    [239, false],
    [240, true],
    [241, true],
  ])('a burst of %i is allowed: %s', (messageBurst, isAllowed) => {
    const validate = (): unknown => validateHostLimits({ messageBurst }, RELATIONS);
    if (isAllowed) expect(validate).not.toThrow();
    else expect(validate).toThrow(/limits\.messageBurst.*240/);
  });

  test.each([
    [1_023, true],
    [1_024, true],
    [1_025, false],
  ])('%i players of a world are allowed: %s', (playersPerWorldMax, isAllowed) => {
    const validate = (): unknown => validateHostLimits({ playersPerWorldMax }, RELATIONS);
    if (isAllowed) expect(validate).not.toThrow();
    else expect(validate).toThrow(/limits\.playersPerWorldMax.*1024/);
  });

  test.each([
    [499, true],
    [500, true],
    [501, false],
  ])('%i bytes to be sent again into a queue of 1,000 are allowed: %s', (bytes, isAllowed) => {
    const limits = { reliableQueueBytesMax: 1_000, retransmitBytesMax: bytes };
    const validate = (): unknown => validateHostLimits(limits, RELATIONS);
    if (isAllowed) expect(validate).not.toThrow();
    else expect(validate).toThrow(/limits\.retransmitBytesMax.*500/);
  });

  test.each([
    [1, 1],
    [131_071, 65_535],
    [131_073, 65_536],
  ])('a queue of %i bytes has %i of them sent again by default', (queue, bytes) => {
    const limits = validateHostLimits({ reliableQueueBytesMax: queue }, RELATIONS);
    expect(limits.retransmitBytesMax).toBe(bytes);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity, '8'])('%s is no limit', (value) => {
    expect(() => validateHostLimits({ worldsMax: value as number }, RELATIONS)).toThrow(
      /limits\.worldsMax/,
    );
  });

  test('an unknown name is told', () => {
    const misspelt = { worldMax: 3 } as unknown as Parameters<typeof validateHostLimits>[0];
    expect(() => validateHostLimits(misspelt, RELATIONS)).toThrow(/limits\.worldMax is not/);
  });
});
