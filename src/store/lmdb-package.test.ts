import { describe, expect, test } from 'vitest';
import { loadLmdbPackage } from './lmdb-package.ts';

describe('the package lmdb', () => {
  test('that is not installed is told with the way to it, and not tried again', async () => {
    const name = 'lmdb-that-nobody-installed';
    const missing = (): Promise<never> => import(/* @vite-ignore */ name) as Promise<never>;
    await expect(loadLmdbPackage(missing)).rejects.toMatchObject({
      code: 'store-unavailable',
      retryable: false,
      message: 'this store needs the package lmdb: npm install lmdb',
      cause: { code: 'ERR_MODULE_NOT_FOUND' },
    });
  });

  test('that fails by itself fails as it is', async () => {
    const broken = new Error('no such machine');
    await expect(loadLmdbPackage(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
