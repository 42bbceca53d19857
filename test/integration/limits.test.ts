import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { validateHostLimits } from '../../src/host/host-limits.ts';

const LIMITS = Object.keys(
  validateHostLimits({}, { tickRateHz: 20, livenessTimeoutMs: 10_000 }),
) as readonly string[];

const TESTS = readdirSync(import.meta.dirname)
  .filter((name) => /^limits-.*\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
  .join('\n');

/** A `describe` or a table row that is named after the limit. */
function hasTest(limit: string): boolean {
  return new RegExp(`(describe(\\.each\\(\\w+\\))?\\(|limit: )'limits\\.${limit}\\b`).test(TESTS);
}

test('every limit of a host has a test at its bound', () => {
  expect(LIMITS.length).toBeGreaterThan(5);
  expect(LIMITS.filter((limit) => !hasTest(limit))).toEqual([]);
});

test('a limit that nobody tests would be seen', () => {
  expect(hasTest('inventedMax')).toBe(false);
});
