/** What a browser has to load for `holdfast/client`. */
import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';
import { build } from 'vite';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

/** The promise of README and design: less than 40 kB, minified and compressed. */
const BYTES_MAX = 40_000;

test('the client for browsers is smaller than 40 kB, minified and compressed', async () => {
  const result = await build({
    root: REPOSITORY_ROOT,
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      // Not as a library: those keep their white space for the bundler of their user.
      rolldownOptions: { input: 'dist/client/index.js', preserveEntrySignatures: 'strict' },
    },
  });
  const bundles = Array.isArray(result) ? result : [result];
  const files = bundles.flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  expect(code).toContain('WebSocket');
  expect(code).not.toMatch(/from\s*["']node:/);
  const bytes = gzipSync(code, { level: 9 }).byteLength;
  expect(bytes).toBeLessThan(BYTES_MAX);
  // A smaller one means that something is missing from the measurement.
  expect(bytes).toBeGreaterThan(20_000);
});
