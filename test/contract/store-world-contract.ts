/**
 * The part of the store contract about worlds: checkpoints, journals, and what is left of both when
 * the owner dies in the middle. In: a maker of harnesses. Out: tests.
 */
import { expect, test } from 'vitest';

import type { OpenedStore, StoredWorld } from '../../src/store/session-store.ts';
import type { CreateHarness } from './store-contract.ts';
import { HOSTILE_IDS, sampleBytes, worldId } from './store-harness.ts';
import type { StoreHarness } from './store-harness.ts';

const MAIN = worldId('main');
const failed = expect.objectContaining({ code: 'store-write-failed', retryable: true });

async function reopenedWorlds(harness: StoreHarness): Promise<readonly StoredWorld[]> {
  harness.crash();
  return (await harness.open()).contents.worlds;
}

/** Ticks of a world: its checkpoint's, then the journal's. */
function ticksOf(world: StoredWorld | undefined): (number | undefined)[] {
  return [world?.checkpoint.tick, ...(world?.journal ?? []).map(({ tick }) => tick)];
}

function checkpoint(store: OpenedStore, tick: number): Promise<void> {
  return store.putCheckpoint(MAIN, { tick, bytes: sampleBytes(3_000, tick) });
}

function append(store: OpenedStore, tick: number): Promise<void> {
  return store.appendJournal(MAIN, { tick, bytes: sampleBytes(40, tick) });
}

export function describeWorlds(create: CreateHarness): void {
  test('a checkpoint and the journal after it come back in order, byte for byte', async () => {
    const harness = await create();
    const { store } = await harness.open();
    void checkpoint(store, 7);
    for (let tick = 8; tick <= 300; tick += 1) void append(store, tick);
    await append(store, 301);
    const [world] = await reopenedWorlds(harness);
    expect(world?.checkpoint).toEqual({ tick: 7, bytes: sampleBytes(3_000, 7) });
    const ticks = Array.from({ length: 294 }, (_, index) => index + 8);
    expect(world?.journal).toEqual(ticks.map((tick) => ({ tick, bytes: sampleBytes(40, tick) })));
  });

  test('empty bytes are kept as well', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const bytes = new Uint8Array();
    void store.putCheckpoint(MAIN, { tick: 0, bytes });
    await store.appendJournal(MAIN, { tick: 1, bytes });
    const worlds = await reopenedWorlds(harness);
    const record = (tick: number) => ({ tick, bytes });
    expect(worlds).toEqual([{ worldId: MAIN, checkpoint: record(0), journal: [record(1)] }]);
  });

  test('bytes are copied at the call and on the way back', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const bytes = sampleBytes(100, 1);
    const put = store.putCheckpoint(MAIN, { tick: 0, bytes });
    bytes.fill(0);
    await put;
    const [world] = await reopenedWorlds(harness);
    expect(world?.checkpoint.bytes).toEqual(sampleBytes(100, 1));
    expect(Object.getPrototypeOf(world?.checkpoint.bytes)).toBe(Uint8Array.prototype);
    world?.checkpoint.bytes.fill(0);
    expect((await reopenedWorlds(harness))[0]?.checkpoint.bytes).toEqual(sampleBytes(100, 1));
  });

  test('a checkpoint takes the journal up to its tick with it, and leaves the rest', async () => {
    const harness = await create();
    const { store } = await harness.open();
    void checkpoint(store, 0);
    for (let tick = 1; tick <= 9; tick += 1) void append(store, tick);
    await checkpoint(store, 6);
    await append(store, 10);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([6, 7, 8, 9, 10]);
  });

  test('a checkpoint that is newer than the journal ends it', async () => {
    const harness = await create();
    const { store } = await harness.open();
    void checkpoint(store, 0);
    void append(store, 1);
    await checkpoint(store, 50);
    await append(store, 51);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([50, 51]);
  });

  test('a checkpoint never goes back', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await checkpoint(store, 5);
    await expect(checkpoint(store, 4)).rejects.toEqual(failed);
    await checkpoint(store, 5);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([5]);
  });

  test('a journal has no hole: after a missing tick it goes on at the next checkpoint', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await expect(append(store, 1)).rejects.toEqual(failed);
    void checkpoint(store, 1);
    void append(store, 2);
    await expect(append(store, 4)).rejects.toEqual(failed);
    await expect(append(store, 5)).rejects.toEqual(failed);
    await expect(append(store, 2)).rejects.toEqual(failed);
    await checkpoint(store, 3);
    await expect(append(store, 5)).rejects.toEqual(failed);
    await checkpoint(store, 5);
    await append(store, 6);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([5, 6]);
    expect(store.counters.writesFailed).toBe(5);
  });

  test('the next owner goes on with the journal where it ends', async () => {
    const harness = await create();
    const first = await harness.open();
    void checkpoint(first.store, 0);
    await append(first.store, 1);
    harness.crash();
    const { store } = await harness.open();
    await expect(append(store, 3)).rejects.toEqual(failed);
    await append(store, 2);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([0, 1, 2]);
  });

  test('a world that was deleted is gone with its journal, and may begin again', async () => {
    const harness = await create();
    const { store } = await harness.open();
    void checkpoint(store, 8);
    void append(store, 9);
    void store.deleteWorld(MAIN);
    await expect(append(store, 10)).rejects.toEqual(failed);
    await store.deleteWorld(worldId('unknown'));
    expect(await reopenedWorlds(harness)).toEqual([]);
    const again = (await reopenStore(harness)).store;
    await checkpoint(again, 0);
    expect(ticksOf((await reopenedWorlds(harness))[0])).toEqual([0]);
  });

  test('worlds are apart, whatever their names', async () => {
    const harness = await create();
    const { store } = await harness.open();
    for (const id of HOSTILE_IDS) {
      const world = worldId(id);
      void store.putCheckpoint(world, { tick: 0, bytes: sampleBytes(5, 0) });
      for (let tick = 1; tick <= 3; tick += 1) {
        void store.appendJournal(world, { tick, bytes: sampleBytes(5, tick) });
      }
    }
    for (const id of HOSTILE_IDS.slice(0, 3)) void store.deleteWorld(worldId(id));
    for (const id of HOSTILE_IDS.slice(3, 6)) {
      await store.putCheckpoint(worldId(id), { tick: 2, bytes: sampleBytes(5, 2) });
    }
    const worlds = await reopenedWorlds(harness);
    const kept = new Map<string, unknown>(worlds.map((world) => [world.worldId, ticksOf(world)]));
    const expected = HOSTILE_IDS.slice(3).map((id, index): [string, unknown] => [
      id,
      index < 3 ? [2, 3] : [0, 1, 2, 3],
    ]);
    expect(kept).toEqual(new Map(expected));
  });

  test('whenever the owner dies, what it was told is there, and nothing lacks what came before', async () => {
    for (let written = 0; written <= 40; written += 8) {
      const harness = await create();
      const { store } = await harness.open();
      let toldTick = 0;
      await checkpoint(store, 0);
      for (let tick = 1; tick <= 40; tick += 1) {
        const appended = append(store, tick).then(() => (toldTick = tick));
        if (tick <= written) await appended;
      }
      harness.crash();
      const told = toldTick;
      const [world] = (await harness.open()).contents.worlds;
      const ticks = ticksOf(world);
      expect(ticks).toEqual(ticks.map((_, index) => index));
      expect(ticks.length - 1).toBeGreaterThanOrEqual(told);
      expect(told).toBeGreaterThanOrEqual(written);
    }
  });
}

async function reopenStore(harness: StoreHarness): Promise<{ readonly store: OpenedStore }> {
  harness.crash();
  return harness.open();
}
