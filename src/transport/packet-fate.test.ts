import { describe, expect, test } from 'vitest';

import { createPrng } from '../base/prng.ts';
import { completeConditions } from './link-conditions.ts';
import type { LinkConditions } from './link-conditions.ts';
import { PacketFate } from './packet-fate.ts';
import { PacketFaults } from './packet-faults.ts';

const PACKETS = 20_000;

function fateOf(conditions: Partial<LinkConditions>, seed = 1) {
  const faults = new PacketFaults();
  const fate = new PacketFate(createPrng(seed), faults);
  fate.conditions = completeConditions(conditions);
  return { fate, faults };
}

/** Arrivals of many datagrams, sent one ms after the other; undefined = lost. */
function datagrams(fate: PacketFate): (number | undefined)[] {
  return Array.from({ length: PACKETS }, (_, now) => fate.castDatagram(now, 100));
}

describe('a plain lane', () => {
  test('draws nothing, so that its conditions cost other lanes nothing', () => {
    const faults = new PacketFaults();
    const fate = new PacketFate(() => {
      throw new Error('drawn');
    }, faults);
    fate.conditions = completeConditions({ delayMs: 30 });
    expect([fate.castStream(5, 100), fate.castDatagram(5, 100)]).toEqual([35, 35]);
    expect(faults.delay).toBe(2);
  });
});

describe('datagrams', () => {
  test('come within delay and jitter, evenly', () => {
    const { fate, faults } = fateOf({ delayMs: 10, jitterMs: 40 });
    const travels = datagrams(fate).map((arrivesAt, now) => arrivesAt! - now);
    expect(Math.min(...travels)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...travels)).toBeLessThan(50);
    const mean = travels.reduce((sum, travel) => sum + travel, 0) / PACKETS;
    expect(mean).toBeCloseTo(30, 0);
    expect(faults.jitter).toBe(PACKETS);
  });

  test('are lost at their rate', () => {
    const { fate, faults } = fateOf({ lossRate: 0.2 });
    const lost = datagrams(fate).filter((arrivesAt) => arrivesAt === undefined).length;
    expect(lost / PACKETS).toBeCloseTo(0.2, 1);
    expect(faults.loss).toBe(lost);
  });

  test('are lost in bursts, of the length that the leaving rate says', () => {
    const { fate, faults } = fateOf({ burst: { enterRate: 0.01, leaveRate: 0.1, lossRate: 1 } });
    const isLost = datagrams(fate).map((arrivesAt) => arrivesAt === undefined);
    const bursts = isLost.filter((lost, index) => lost && isLost[index - 1] !== true).length;
    const lost = isLost.filter(Boolean).length;
    // A mean of 1 / 0.1 packets; by chance alone bursts of so many losses would be of 1.1.
    expect(lost / bursts).toBeGreaterThan(8);
    expect(lost / bursts).toBeLessThan(12);
    expect(lost / PACKETS).toBeCloseTo(0.01 / (0.01 + 0.1), 1);
    expect([faults.burstLoss, faults.loss]).toEqual([lost, 0]);
  });

  test('come twice at their rate, each copy at a time of its own', () => {
    const { fate, faults } = fateOf({ duplicateRate: 0.25, jitterMs: 10 });
    let copies = 0;
    for (let now = 0; now < PACKETS; now += 1) {
      const arrivesAt = fate.castDatagram(now, 100);
      if (fate.copyArrivesAt < 0) continue;
      copies += 1;
      expect(fate.copyArrivesAt).not.toBe(arrivesAt);
    }
    expect(copies / PACKETS).toBeCloseTo(0.25, 1);
    expect(faults.duplicate).toBe(copies);
  });

  test('are held up at their rate, so that later ones overtake them', () => {
    const { fate, faults } = fateOf({ reorderRate: 0.1, reorderMs: 50 });
    const held = datagrams(fate).filter((arrivesAt, now) => arrivesAt === now + 50).length;
    expect(held / PACKETS).toBeCloseTo(0.1, 1);
    expect(faults.reorder).toBe(held);
  });

  test('wait for a capped line, and are dropped once it is a second behind', () => {
    const { fate, faults } = fateOf({ bandwidthBytesPerSecond: 1_000 });
    const arrivals = Array.from({ length: 30 }, () => fate.castDatagram(0, 100));
    expect(arrivals.slice(0, 11)).toEqual(
      Array.from({ length: 11 }, (_, index) => (index + 1) * 100),
    );
    expect(new Set(arrivals.slice(11))).toEqual(new Set([undefined]));
    expect(fate.castDatagram(2_000, 100)).toBe(2_100);
    expect(faults.bandwidth).toBe(31);
  });
});

describe('the stream', () => {
  test('makes up for each loss after a wait that doubles, and loses nothing', () => {
    const { fate, faults } = fateOf({ lossRate: 0.5 });
    const waits = Array.from({ length: 2_000 }, () => fate.castStream(0, 100));
    const possible = [0, 200, 600, 1_400, 3_000, 6_200, 12_600];
    expect(new Set(waits)).toEqual(new Set(possible));
    expect(faults.loss).toBeGreaterThan(1_000);
  });

  test('gets through where everything is lost, at last', () => {
    expect(fateOf({ lossRate: 1 }).fate.castStream(0, 100)).toBe(12_600);
  });

  test('waits two round trips where these are longer than the usual wait', () => {
    expect(fateOf({ lossRate: 1, delayMs: 500 }).fate.castStream(0, 100)).toBe(500 + 63 * 1_000);
  });

  test('has whole messages when the last of their pieces has come', () => {
    const { fate, faults } = fateOf({ pieceBytesMax: 10, jitterMs: 100 });
    const whole = Array.from({ length: 1_000 }, () => fate.castStream(0, 10));
    const pieces = Array.from({ length: 1_000 }, () => fate.castStream(0, 95));
    const mean = (times: number[]) => times.reduce((sum, time) => sum + time, 0) / times.length;
    expect(mean(whole)).toBeGreaterThan(45);
    expect(mean(whole)).toBeLessThan(55);
    // The largest of 10 even draws.
    expect(mean(pieces)).toBeGreaterThan(88);
    expect(mean(pieces)).toBeLessThan(94);
    expect(faults.partialWrite).toBe(1_000);
  });

  test('shares a capped line among its messages in order', () => {
    const { fate } = fateOf({ bandwidthBytesPerSecond: 1_000 });
    const arrivals = [100, 50, 0].map((bytes) => fate.castStream(10, bytes));
    expect(arrivals).toEqual([110, 160, 160]);
  });
});

describe('conditions', () => {
  test('equal streams make equal fates', () => {
    const conditions = { lossRate: 0.1, jitterMs: 9, duplicateRate: 0.1 };
    const one = datagrams(fateOf(conditions, 7).fate);
    expect(datagrams(fateOf(conditions, 7).fate)).toEqual(one);
    expect(datagrams(fateOf(conditions, 8).fate)).not.toEqual(one);
  });

  test.each([
    { lossRate: -0.1 },
    { lossRate: 1.1 },
    { duplicateRate: Number.NaN },
    { reorderRate: 2 },
    { burst: { enterRate: 2, leaveRate: 0, lossRate: 0 } },
    { burst: { enterRate: 0, leaveRate: -1, lossRate: 0 } },
    { burst: { enterRate: 0, leaveRate: 0, lossRate: 7 } },
    { delayMs: -1 },
    { jitterMs: Infinity },
    { reorderMs: -1 },
    { bandwidthBytesPerSecond: -1 },
    { pieceBytesMax: Number.NaN },
  ])('%j is refused', (conditions) => {
    expect(() => completeConditions(conditions)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining('must be'),
      }),
    );
  });

  test.each([{ delay: 1 }, { burst: { enterRate: 0, leaveRate: 0, lossRate: 0, rate: 1 } }])(
    '%j has a word that is none',
    (conditions) => {
      expect(() => completeConditions(conditions as Partial<LinkConditions>)).toThrow(
        expect.objectContaining({ code: 'invalid-configuration' }),
      );
    },
  );

  test.each([
    { delayMs: 600_000 },
    { jitterMs: 600_000 },
    { reorderMs: 600_000 },
    { lossRate: 1, duplicateRate: 0 },
  ])('%j is the most that is taken', (conditions) => {
    expect(completeConditions(conditions)).toMatchObject(conditions);
  });

  test.each([{ delayMs: 600_001 }, { jitterMs: 600_001 }, { reorderMs: 600_001 }])(
    '%j is more than a timer should wait',
    (conditions) => {
      expect(() => completeConditions(conditions)).toThrow(/from 0 to 600000/);
    },
  );
});
