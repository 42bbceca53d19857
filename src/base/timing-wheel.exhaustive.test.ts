import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimingWheel } from './timing-wheel.ts';

const BUCKET_MS = 16;
const BUCKET_COUNT = 8;
const ROTATION_MS = BUCKET_MS * BUCKET_COUNT;

function collect(wheel: TimingWheel, now: number): number[] {
  const entries: number[] = [];
  wheel.collectDue(now, entries);
  return entries;
}

describe('TimingWheel, every edge', () => {
  const starts = [0, 1, BUCKET_MS - 1, BUCKET_MS, ROTATION_MS - 1, 12_345.678, 2 ** 41, -1_000.5];
  const delays = [1, BUCKET_MS - 1, BUCKET_MS, BUCKET_MS + 1, ROTATION_MS - 1, ROTATION_MS];
  const longDelays = [ROTATION_MS + 1, 3 * ROTATION_MS, 100 * ROTATION_MS + 7.25];

  for (const start of starts) {
    for (const delay of [...delays, ...longDelays]) {
      test(`a deadline ${delay} ms after ${start} is not due 1 ms early, due at 0 and at 1`, () => {
        const deadline = start + delay;
        for (const [offset, expected] of [
          [-1, []],
          [0, [0]],
          [1, [0]],
        ] as const) {
          const wheel = new TimingWheel({
            now: start,
            bucketMs: BUCKET_MS,
            bucketCount: BUCKET_COUNT,
          });
          wheel.arm(0, deadline);
          expect(collect(wheel, deadline + offset)).toEqual(expected);
        }
      });

      test(`a deadline ${delay} ms after ${start} holds when time is asked every 5 ms`, () => {
        const deadline = start + delay;
        const wheel = new TimingWheel({
          now: start,
          bucketMs: BUCKET_MS,
          bucketCount: BUCKET_COUNT,
        });
        wheel.arm(0, deadline);
        let earlyCount = 0;
        for (let now = start; now < deadline; now += 5) earlyCount += collect(wheel, now).length;
        expect(earlyCount).toBe(0);
        expect(collect(wheel, deadline)).toEqual([0]);
      });
    }
  }

  test('any script of arm, disarm and time agrees with a plain list of deadlines', () => {
    const action = fc.oneof(
      fc.record({
        kind: fc.constant('arm' as const),
        entry: fc.nat(20),
        inMs: fc.integer({ min: -50, max: 2_000 }),
      }),
      fc.record({ kind: fc.constant('disarm' as const), entry: fc.nat(20) }),
      fc.record({ kind: fc.constant('advance' as const), byMs: fc.nat(400) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (script) => {
        const wheel = new TimingWheel({ now: 0, bucketMs: BUCKET_MS, bucketCount: BUCKET_COUNT });
        const model = new Map<number, number>();
        let now = 0;
        for (const one of script) {
          if (one.kind === 'arm') {
            wheel.arm(one.entry, now + one.inMs);
            model.set(one.entry, now + one.inMs);
          } else if (one.kind === 'disarm') {
            wheel.disarm(one.entry);
            model.delete(one.entry);
          } else {
            now += one.byMs;
            const expected = [...model].filter(([, deadline]) => deadline <= now);
            for (const [entry] of expected) model.delete(entry);
            expect(new Set(collect(wheel, now))).toEqual(new Set(expected.map(([entry]) => entry)));
          }
        }
      }),
    );
  });
});
