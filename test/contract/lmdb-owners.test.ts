import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Scheduler } from '../../src/base/clock.ts';
import { nodeScheduler } from '../../src/host/node-platform.ts';
import { waitUntil } from '../support/wait-until.ts';
import { TestProcess } from '../support/test-process.ts';
import { createLmdbStore } from '../../src/store/lmdb-store.ts';
import { LmdbHarness } from './lmdb-harness.ts';
import { healthLog, openOptions, sampleRecord } from './store-harness.ts';

const NEW = { expectedEpoch: 0 };
const LEASE_MS = 300;
const lost = expect.objectContaining({ code: 'store-lost', retryable: false });
const inUse = expect.objectContaining({ code: 'store-in-use' });

/** A process that stands still: its timers wait for ever. */
const STILL: Scheduler = { ...nodeScheduler, setTimer: () => ({ cancel: () => undefined }) };

let harness: LmdbHarness;
beforeEach(async () => {
  harness = await LmdbHarness.create();
});
afterEach(() => harness.dispose());

function startWriter(
  mode: 'write' | 'fill' | 'exit' | 'throw',
  shell = 'exec "$0" "$@"',
): TestProcess {
  const program = ['--import', 'tsx', 'test/support/store-process.ts', harness.directory, mode];
  return new TestProcess('/bin/sh', ['-c', shell, process.execPath, ...program]);
}

describe('an owner in a process that can’t be seen', () => {
  test('keeps the store while it beats', async () => {
    await harness.open({}, LEASE_MS);
    harness.states.set(1, 'unknown');
    await expect(harness.open({}, LEASE_MS)).rejects.toEqual(inUse);
  });

  test('loses it after a lease without a beat, and hears of it with the next write', async () => {
    const { events, onHealth } = healthLog();
    const silent = await harness.open({ scheduler: STILL, onHealth }, LEASE_MS);
    harness.states.set(1, 'unknown');
    const { store } = await harness.open({}, LEASE_MS);
    expect(store.term).toBe(2);
    await expect(silent.store.putSession(sampleRecord(), NEW)).rejects.toEqual(lost);
    await expect(silent.store.putSession(sampleRecord(), NEW)).rejects.toEqual(lost);
    expect(events.map(({ health, reason }) => [health, reason])).toEqual([['lost', 'lost']]);
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
  });

  test('that lost it hears of it by its beat, and its close takes nothing from the successor', async () => {
    const { events, onHealth } = healthLog();
    const first = await harness.open({ onHealth }, LEASE_MS);
    harness.crash();
    const { store } = await harness.open({}, LEASE_MS);
    await waitUntil(() => (first.store.health === 'lost' ? true : undefined), {
      what: 'the loss of ownership',
    });
    expect(events).toHaveLength(1);
    await first.store.close();
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    await expect(harness.open({}, LEASE_MS)).rejects.toEqual(inUse);
  });
});

describe('an owner that lives', () => {
  test('keeps the store by what stands in the database, with nothing beside it', async () => {
    const { store } = await harness.open();
    await rm(join(harness.directory, 'witness.json'));
    await expect(harness.open()).rejects.toEqual(inUse);
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
  });

  test('keeps the store by what stands beside it, with the database not even looked at', async () => {
    const owner = { pid: 7, startTime: '1', bootId: 'boot', pidNamespace: 'pid:[1]' };
    const witness = JSON.stringify({ storeId: 'x', term: 1, owner });
    await writeFile(join(harness.directory, 'witness.json'), witness);
    await writeFile(join(harness.directory, 'sessions.mdb'), 'locked by a process that is stopped');
    await expect(harness.open()).rejects.toEqual(inUse);
    harness.states.set(7, 'dead');
    await expect(harness.open()).rejects.toEqual(
      expect.objectContaining({ code: 'store-corrupt' }),
    );
  });
});

describe('a real process', () => {
  test.each(['exit', 'throw'] as const)(
    'ends in the middle of a transaction by %s, and its last error is heard',
    async (mode) => {
      await using writer = startWriter(mode);
      const { signal } = await writer.ended;
      expect(signal).toBe('SIGKILL');
      const errors = writer.lines.filter((line) => line.includes('a bug of the game'));
      expect(errors).toHaveLength(mode === 'throw' ? 1 : 0);
    },
  );

  test('keeps others out while it lives; after kill -9 all that it was promised is there', async () => {
    await using writer = startWriter('write');
    await writer.waitForLine(/^kept 20$/);
    const store = createLmdbStore({ directory: harness.directory });
    await expect(store.open(openOptions())).rejects.toThrow(`process ${writer.pid}`);
    await writer.waitForLine(/^kept 60$/);
    writer.signal('SIGKILL');
    const { signal } = await writer.ended;
    expect(signal).toBe('SIGKILL');
    const told = writer.lines.filter((line) => line.startsWith('kept ')).length;
    const { store: opened, contents } = await store.open(openOptions());
    expect(opened.term).toBe(2);
    expect(contents.sessions.length).toBeGreaterThanOrEqual(told);
    const ticks = contents.worlds[0]?.journal.map(({ tick }) => tick) ?? [];
    expect(ticks).toEqual(ticks.map((_, index) => index + 1));
    expect(ticks.length).toBeGreaterThanOrEqual(told);
    await opened.close();
  }, 30_000);

  test('that was stopped keeps others out, who don’t wait; killed, its lost file is missed', async () => {
    await using writer = startWriter('write');
    await writer.waitForLine(/^kept 20$/);
    writer.signal('SIGSTOP');
    const store = createLmdbStore({ directory: harness.directory });
    await expect(store.open(openOptions())).rejects.toEqual(inUse);
    writer.signal('SIGKILL');
    await writer.ended;
    await rm(join(harness.directory, 'sessions.mdb'));
    const outdated = expect.objectContaining({ code: 'store-outdated' });
    await expect(store.open(openOptions())).rejects.toEqual(outdated);
  }, 30_000);

  test('without space goes on, degraded and said so, until there is space again', async () => {
    // Blocks of 512 or 1 024 bytes, as the shell will have it.
    await using writer = startWriter('fill', 'ulimit -f 1500; exec "$0" "$@"');
    await writer.waitForLine(/^kept the session$/);
    const { code } = await writer.ended;
    expect(code).toBe(0);
    const said = writer.lines.filter((line) => /^(health|failed)/.test(line));
    expect(said).toEqual([
      'health degraded failing',
      ...Array.from({ length: 3 }, () => 'failed store-write-failed'),
      'health healthy recovered',
    ]);
    const { store, contents } = await createLmdbStore({ directory: harness.directory }).open(
      openOptions(),
    );
    const kept = writer.lines.filter((line) => /^kept \d/.test(line)).length;
    expect([contents.sessions.length, contents.worlds.length]).toEqual([1, kept - 2]);
    await store.close();
  }, 30_000);
});
