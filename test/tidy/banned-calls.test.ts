import { describe, expect, test } from 'vitest';

import { SEAMS, checkBannedCalls, isSeam } from './banned-call-rules.ts';
import { sourceFiles } from './source-file.ts';

const CANARIES: readonly string[] = [
  `Date.now();`,
  `new Date();`,
  `const D = Date;`,
  `performance.now();`,
  `const { now } = performance;`,
  `setTimeout(run, 1);`,
  `setInterval(run, 1);`,
  `setImmediate(run);`,
  `requestAnimationFrame(run);`,
  `globalThis.setTimeout(run, 1);`,
  `globalThis['setTimeout'](run, 1);`,
  'globalThis[`setTimeout`](run, 1);',
  `globalThis[name](run, 1);`,
  `globalThis.globalThis.setTimeout(run, 1);`,
  `const g = globalThis;`,
  `const { setTimeout: later } = globalThis;`,
  `window.performance.now();`,
  `self.crypto.randomUUID();`,
  `Math.random();`,
  `Math['random']();`,
  `Math?.random();`,
  `const M = Math;`,
  `const { random } = Math;`,
  `Reflect.get(Math, 'random');`,
  `const table = { Math };`,
  `crypto.getRandomValues(bytes);`,
  `process.hrtime.bigint();`,
  `process.nextTick(run);`,
  `const p = process;`,
  `import { setTimeout as later } from 'node:timers';`,
  `import 'timers/promises';`,
  `await import('node:timers/promises');`,
  `export { performance } from 'node:perf_hooks';`,
  `import { randomBytes } from 'node:crypto';`,
  `import { randomUUID as id } from 'crypto';`,
  `import * as c from 'node:crypto';`,
  `import c from 'node:crypto';`,
  `class A { at = Date.now(); }`,
  `const key = { [Date.now()]: 1 };`,
];

const HARMLESS: readonly string[] = [
  `Math.max(1, 2); Math['floor'](1);`,
  `clock.performance.now(); options.setTimeout = 1;`,
  `const counters = { Date: 1, setTimeout: 2 };`,
  `interface Seam { setTimeout(ms: number): void; crypto: string }`,
  `process.once('exit', run); process.stdout.write('x');`,
  `globalThis.WebSocket;`,
  `type Platform = typeof globalThis;`,
  `const { valueOf, constructor, hasOwnProperty } = toString;`,
  `queueMicrotask(run); void Promise.resolve().then(run);`,
  `import { createHash, timingSafeEqual } from 'node:crypto';`,
];

describe('banned calls', () => {
  test('time, timers and chance come from the seams alone', () => {
    const files = sourceFiles('src').filter((file) => !isSeam(file.path));
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(checkBannedCalls)).toEqual([]);
  });

  test('each seam is there and needs to be one', () => {
    for (const seam of SEAMS) {
      const files = sourceFiles('src').filter((file) => seam.test(file.path));
      expect(files.flatMap(checkBannedCalls), String(seam)).not.toEqual([]);
    }
  });

  test.each(CANARIES)('a planted %s is seen', (text) => {
    const violations = checkBannedCalls({ path: 'src/session/planted.ts', text });
    expect(violations).not.toEqual([]);
  });

  test.each(HARMLESS)('%s is allowed', (text) => {
    expect(checkBannedCalls({ path: 'src/session/planted.ts', text })).toEqual([]);
  });
});
