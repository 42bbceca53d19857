import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { LmdbDatabase } from './lmdb-database.ts';
import { encodeKey, idOfKey, tickRange } from './lmdb-key.ts';
import type { WorldId } from '../protocol/ids.ts';

const KEY = encodeKey('session', 'a');

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function openDatabase(): Promise<LmdbDatabase> {
  return LmdbDatabase.open(join(directory, 'data.mdb'));
}

describe('a transaction', () => {
  test('that throws has done nothing, and says why', async () => {
    const database = await openDatabase();
    const failing = database.transaction((transaction) => {
      transaction.put(KEY, Uint8Array.of(1));
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(database.get(KEY)).toBeUndefined();
    await database.transaction((transaction) => transaction.put(KEY, Uint8Array.of(2)));
    expect(database.get(KEY)).toEqual(Uint8Array.of(2));
    await database.close();
  });

  test('sees what it has done, and removes a range and nothing beside it', async () => {
    const database = await openDatabase();
    const worlds = ['a', 'b', 'ab'] as WorldId[];
    await database.transaction((transaction) => {
      for (const world of worlds) {
        for (let tick = 0; tick < 4; tick += 1) {
          transaction.put(encodeKey('journal', world, tick), Uint8Array.of(tick));
        }
      }
      transaction.removeRange(tickRange('journal', 'a' as WorldId, 2));
      expect(transaction.get(encodeKey('journal', 'a', 2))).toBeUndefined();
    });
    const kept = worlds.map((world) => database.keys(tickRange('journal', world)).length);
    expect(kept).toEqual([1, 4, 4]);
    expect(database.keys(tickRange('journal', 'ab' as WorldId)).map(idOfKey)).toContain('ab');
    await database.close();
  });
});

describe('a file', () => {
  test('is opened once in a process, by whatever ways, and again after all have closed it', async () => {
    const first = await openDatabase();
    const second = await LmdbDatabase.open(join(directory, '.', 'data.mdb'));
    const [, third] = await Promise.all([
      first.transaction((transaction) => transaction.put(KEY, Uint8Array.of(1))),
      openDatabase(),
    ]);
    expect(second.get(KEY)).toEqual(Uint8Array.of(1));
    await first.close();
    await second.close();
    expect(third.get(KEY)).toEqual(Uint8Array.of(1));
    const closing = third.close();
    const fourth = await openDatabase();
    await closing;
    expect(fourth.get(KEY)).toEqual(Uint8Array.of(1));
    await fourth.close();
  });
});
