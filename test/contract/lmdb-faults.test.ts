import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { createLmdbStore } from '../../src/store/lmdb-store.ts';
import type { StoreOpening } from '../../src/store/session-store.ts';
import { waitUntil } from '../support/wait-until.ts';
import {
  healthLog,
  openOptions,
  sampleBytes,
  sampleRecord,
  sessionId,
  worldId,
} from './store-harness.ts';

const DATA = 'sessions.mdb';
const NEW = { expectedEpoch: 0 };
const PAGE = 4_096;

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'holdfast-store-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function openStore(path = directory): Promise<StoreOpening> {
  return createLmdbStore({ directory: path }).open(openOptions());
}

/** Rejects as a HoldfastError with that code. */
async function expectRefused(code: string, path = directory): Promise<void> {
  await expect(openStore(path)).rejects.toEqual(expect.objectContaining({ code }));
}

/** A closed store of ~200 pages, all of them in use. */
async function fillStore(): Promise<void> {
  const { store } = await openStore();
  for (let index = 0; index < 100; index += 1) {
    const record = sampleRecord({ sessionId: sessionId(String(index)) });
    void store.putSession(record, NEW);
    const world = worldId(String(index));
    void store.putCheckpoint(world, { tick: 0, bytes: sampleBytes(6_000, index) });
  }
  await store.close();
}

/** What opening it and looking at everything says. */
async function reopen(): Promise<[number, number]> {
  const { store, contents } = await openStore();
  await store.close();
  return [contents.sessions.length, contents.worlds.length];
}

async function overwrite(position: number, bytes: Uint8Array): Promise<void> {
  const file = await open(join(directory, DATA), 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
}

describe('the place', () => {
  test('stays where it was named, wherever the process goes', async () => {
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(directory);
    const later = createLmdbStore({ directory: 'kept' });
    process.chdir(tmpdir());
    const { store } = await later.open(openOptions());
    process.chdir(before);
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    await store.close();
    expect(await readdir(directory)).toEqual(['kept']);
    const { contents, store: again } = await openStore(join(directory, 'kept'));
    await again.close();
    expect(contents.sessions).toHaveLength(1);
  });

  test('is made where it is missing', async () => {
    const path = join(directory, 'not', 'yet', 'there');
    const { store } = await openStore(path);
    await store.close();
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await readdir(path)).toSorted()).toEqual([DATA, `${DATA}-lock`, 'witness.json']);
  });

  test('that was there before, open to others, gets files for its owner alone', async () => {
    await chmod(directory, 0o755);
    const { store } = await openStore();
    await store.close();
    for (const name of [DATA, `${DATA}-lock`, 'witness.json']) {
      expect([name, (await stat(join(directory, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('below a file, or with a directory for its file, is unavailable', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expectRefused('store-unavailable', join(file, 'store'));
    await mkdir(join(directory, DATA));
    await expectRefused('store-unavailable');
  });

  test.runIf(process.platform === 'linux')(
    'where the system makes no directories is unavailable, and nobody waits for it',
    async () => {
      await expectRefused('store-unavailable', '/proc/none/store');
      await expectRefused('store-unavailable', '/proc/none');
    },
  );

  test('that is no text is named', () => {
    expect(() => createLmdbStore({} as { directory: string })).toThrow(/^directory of the store/);
  });

  test('with a directory for its lock file is unavailable', async () => {
    await mkdir(join(directory, `${DATA}-lock`));
    await expectRefused('store-unavailable');
  });

  test.each([
    { directory: '' },
    {} as { directory: string },
    { directory: 7 as never },
    { directory: 'x', leaseMs: 2 },
    { directory: 'x', leaseMs: 2 ** 31 },
  ])('and the lease are checked: %j', (options) => {
    expect(() => createLmdbStore(options)).toThrow(
      expect.objectContaining({ code: 'invalid-configuration' }),
    );
  });
});

describe('a data file', () => {
  test('that is empty is a new store, unless there was one', async () => {
    await writeFile(join(directory, DATA), '');
    expect(await reopen()).toEqual([0, 0]);
    await writeFile(join(directory, DATA), '');
    await expectRefused('store-outdated');
  });

  test.each([1, 100, 4_096, 500_000])('of %i foreign bytes is corrupt', async (length) => {
    await writeFile(join(directory, DATA), sampleBytes(length, 3));
    await expectRefused('store-corrupt');
  });

  test.each([0, 1])('with a damaged page %i is corrupt', async (page) => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    await overwrite(page * PAGE, sampleBytes(PAGE, 5));
    await expectRefused('store-corrupt');
    await writeFile(join(directory, DATA), whole);
    expect(await reopen()).toEqual([100, 100]);
  });

  test.each([0.1, 0.5, 0.9])('that was cut at %d of its length is corrupt', async (part) => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    await writeFile(join(directory, DATA), whole.subarray(0, Math.floor(whole.length * part)));
    await expectRefused('store-corrupt');
    await writeFile(join(directory, DATA), whole);
    expect(await reopen()).toEqual([100, 100]);
  });

  test.each([2, 20, 60])('with zeros from page %i on is corrupt', async (page) => {
    await fillStore();
    await overwrite(page * PAGE, new Uint8Array(100 * PAGE));
    await expectRefused('store-corrupt');
  });

  test('with any page damaged is corrupt or as it was, never the end of the process', async () => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    const pages = whole.length / PAGE;
    expect(pages).toBeGreaterThan(200);
    let corrupt = 0;
    // A prime, so that all kinds of pages are met; each of them takes ~40 ms.
    for (let page = 0; page < pages; page += 7) {
      await writeFile(join(directory, DATA), whole);
      await overwrite(page * PAGE, sampleBytes(PAGE, page));
      const outcome = await reopen().catch(({ code }: { code: string }) => code);
      if (outcome === 'store-corrupt') corrupt += 1;
      else expect(outcome, `page ${page}`).toEqual([100, 100]);
      await rm(join(directory, 'witness.json'), { force: true });
    }
    expect(corrupt).toBeGreaterThan(25);
  }, 30_000);

  test('with a page of a transaction that never was is corrupt', async () => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    const pages = Array.from({ length: whole.length / PAGE }, (_, page) => page).slice(2);
    // Leaves, branches and long values alike: what bears its own number is a page in its place.
    const inPlace = pages.filter((page) => whole.readUInt32LE(page * PAGE) === page);
    let corrupt = 0;
    for (const page of inPlace.filter((_, index) => index % 5 === 0)) {
      await writeFile(join(directory, DATA), whole);
      await overwrite(page * PAGE + 14, Uint8Array.of(0xb0, 0xe3));
      const outcome = await reopen().catch(({ code }: { code: string }) => code);
      if (outcome === 'store-corrupt') corrupt += 1;
      else expect(outcome, `page ${page}`).toEqual([100, 100]);
      await rm(join(directory, 'witness.json'), { force: true });
    }
    expect(corrupt).toBeGreaterThan(10);
  }, 30_000);

  test('with a page in the place of another is corrupt', async () => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    const pageAt = (page: number): Buffer => whole.subarray(page * PAGE, (page + 1) * PAGE);
    // Leaves of the tree: flags 2, and their own number.
    const leaves = Array.from({ length: whole.length / PAGE }, (_, page) => page).filter(
      (page) => pageAt(page).readUInt16LE(18) === 2 && pageAt(page).readUInt32LE(0) === page,
    );
    expect(leaves.length).toBeGreaterThan(10);
    let corrupt = 0;
    for (const [index, page] of leaves.entries()) {
      await writeFile(join(directory, DATA), whole);
      await overwrite(page * PAGE, pageAt(leaves[index + 1] ?? 0));
      const outcome = await reopen().catch(({ code }: { code: string }) => code);
      if (outcome === 'store-corrupt') corrupt += 1;
      else expect(outcome, `page ${page}`).toEqual([100, 100]);
      await rm(join(directory, 'witness.json'), { force: true });
    }
    expect(corrupt).toBeGreaterThan(10);
  }, 30_000);

  test('with one changed byte of a checkpoint is corrupt', async () => {
    await fillStore();
    const whole = await readFile(join(directory, DATA));
    const at = whole.indexOf(sampleBytes(2_000, 42));
    expect(at).toBeGreaterThan(0);
    await overwrite(at, Uint8Array.of((whole[at] ?? 0) ^ 1));
    await expectRefused('store-corrupt');
  });

  test('that was removed is missed', async () => {
    await fillStore();
    await rm(join(directory, DATA));
    await expectRefused('store-outdated');
    await rm(join(directory, 'witness.json'));
    expect(await reopen()).toEqual([0, 0]);
  });

  test('that is an older copy is noticed; without its witness it is taken', async () => {
    await fillStore();
    const old = await readFile(join(directory, DATA));
    expect(await reopen()).toEqual([100, 100]);
    await writeFile(join(directory, DATA), old);
    await expectRefused('store-outdated');
    await rm(join(directory, 'witness.json'));
    expect(await reopen()).toEqual([100, 100]);
  });

  test('beside a damaged witness is corrupt', async () => {
    await fillStore();
    for (const text of ['', '{}', '{"storeId":1,"term":1}']) {
      await writeFile(join(directory, 'witness.json'), text);
      await expectRefused('store-corrupt');
    }
  });
});

/** A lease so short that the owner looks after its store every 10 ms. */
const LEASE_MS = 30;

describe('a place that is gone while the store is open', () => {
  async function openWatched() {
    const { events, onHealth } = healthLog();
    const options = { directory: join(directory, 'store'), leaseMs: LEASE_MS };
    const { store } = await createLmdbStore(options).open(openOptions({ onHealth }));
    return { store, events };
  }

  const removals = {
    directory: () => rm(join(directory, 'store'), { recursive: true }),
    file: () => rm(join(directory, 'store', DATA)),
    'file, for another one': async () => {
      const other = createLmdbStore({ directory: join(directory, 'other') });
      await (await other.open(openOptions())).store.close();
      await rename(join(directory, 'other', DATA), join(directory, 'store', DATA));
    },
  };

  test.each(Object.entries(removals))('(%s) keeps nothing, and says so', async (_, remove) => {
    const { store, events } = await openWatched();
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    await remove();
    const record = sampleRecord({ sessionId: sessionId('late') });
    const late = store.putSession(record, NEW);
    await expect(late).rejects.toMatchObject({ code: 'store-write-failed' });
    expect(events[0]).toMatchObject({ health: 'degraded', reason: 'failing' });
    await store.close();
    expect(store.counters.commits).toBe(1);
  });

  test('is noticed by a store of which nothing is asked', async () => {
    const { store, events } = await openWatched();
    await removals.directory();
    await waitUntil(() => events.length > 0, { what: 'the store to say so' });
    expect(events).toMatchObject([{ health: 'degraded', reason: 'failing' }]);
    await store.close();
  });

  test('and comes back is written to as before', async () => {
    const { store, events } = await openWatched();
    await rename(join(directory, 'store'), join(directory, 'away'));
    await waitUntil(() => events.length > 0, { what: 'the store to say so' });
    await rename(join(directory, 'away'), join(directory, 'store'));
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    expect(events.at(-1)).toMatchObject({ health: 'healthy' });
    await store.close();
    const { contents, store: again } = await openStore(join(directory, 'store'));
    await again.close();
    expect(contents.sessions).toHaveLength(1);
  });
});
