/**
 * The part of the store contract about too much at once: what is refused, how it is said, and that
 * the rest is kept. In: a maker of harnesses. Out: tests.
 */
import { expect, test } from 'vitest';

import type { CreateHarness } from './store-contract.ts';
import { healthLog, sampleBytes, sampleRecord, sessionId, worldId } from './store-harness.ts';

const NEW = { expectedEpoch: 0 };

export function describeLimits(create: CreateHarness): void {
  const overloaded = expect.objectContaining({ code: 'store-overloaded', retryable: true });

  test('one session write too many is refused at once, counted and said; the rest are kept', async () => {
    const harness = await create();
    const { events, onHealth } = healthLog();
    const { store } = await harness.open({ limits: { waitingSessionWritesMax: 3 }, onHealth });
    const put = (id: string): Promise<boolean> =>
      store.putSession(sampleRecord({ sessionId: sessionId(id) }), NEW);
    const puts = ['a', 'b', 'c'].map(put);
    await expect(put('d')).rejects.toEqual(overloaded);
    expect([store.health, store.counters.writesRefused]).toEqual(['degraded', 1]);
    expect(await Promise.all(puts)).toEqual([true, true, true]);
    expect(await put('e')).toBe(true);
    expect(events.map(({ health, reason }) => [health, reason])).toEqual([
      ['degraded', 'overloaded'],
      ['healthy', 'recovered'],
    ]);
    expect(store.counters).toMatchObject({ writesSettled: 4, waitingSessionWrites: 0 });
  });

  test('a rejection that nobody takes is no unhandled one', async () => {
    const harness = await create();
    const { store } = await harness.open({ limits: { waitingSessionWritesMax: 1 } });
    const put = store.putSession(sampleRecord(), NEW);
    // Deliberate: an unhandled rejection fails the whole run.
    void store.putSession(sampleRecord(), NEW);
    void store.deleteSession(sampleRecord());
    void store.appendJournal(worldId('main'), { tick: 1, bytes: sampleBytes(1, 1) });
    await put;
    await store.close();
    expect(store.counters).toMatchObject({ writesRefused: 2, writesFailed: 1 });
  });

  test('one byte of a world too many is refused; sessions are still kept', async () => {
    const harness = await create();
    const { store } = await harness.open({ limits: { waitingWorldBytesMax: 1_000 } });
    const world = worldId('main');
    const checkpoint = store.putCheckpoint(world, { tick: 0, bytes: sampleBytes(900, 1) });
    const refused = store.appendJournal(world, { tick: 1, bytes: sampleBytes(100, 1) });
    await expect(refused).rejects.toEqual(overloaded);
    const put = store.putSession(sampleRecord(), NEW);
    await checkpoint;
    expect(await put).toBe(true);
    expect(store.counters.waitingWorldBytes).toBe(0);
  });

  test('a write that is larger than all that may wait is made when nothing waits', async () => {
    const harness = await create();
    const { store } = await harness.open({ limits: { waitingWorldBytesMax: 10 } });
    const bytes = sampleBytes(1_000, 1);
    await store.putCheckpoint(worldId('main'), { tick: 0, bytes });
    harness.crash();
    const { contents } = await harness.open();
    expect(contents.worlds[0]?.checkpoint).toEqual({ tick: 0, bytes });
  });

  test.each([{ waitingSessionWritesMax: 0 }, { commitSlowMs: 2 ** 31 }, { nonsense: 1 }])(
    'the limit %j is refused',
    async (limits) => {
      const harness = await create();
      const opened = (async () => harness.open({ limits }))();
      await expect(opened).rejects.toEqual(
        expect.objectContaining({ code: 'invalid-configuration' }),
      );
    },
  );
}
