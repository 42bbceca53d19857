/**
 * The store contract (src/store/session-store.ts) as a test suite: what every store promises to a
 * host. In: a maker of harnesses. Out: tests. Worlds and limits have
 * files of their own.
 */
import { afterEach, describe, expect, test } from 'vitest';

import type { PlayerId } from '../../src/protocol/ids.ts';
import type { SessionRecord } from '../../src/store/session-record.ts';
import { HOSTILE_IDS, sampleBytes, sampleRecord, sessionId, worldId } from './store-harness.ts';
import type { StoreHarness } from './store-harness.ts';
import { describeLimits } from './store-limits-contract.ts';
import { describeWorlds } from './store-world-contract.ts';

/** Makes a place of its own for a test, and has it removed afterwards. */
export type CreateHarness = () => Promise<StoreHarness>;

export function describeStoreContract(
  name: string,
  createHarness: () => Promise<StoreHarness>,
): void {
  describe(`store contract: ${name}`, () => {
    let harnesses: StoreHarness[] = [];
    const create: CreateHarness = async () => {
      const harness = await createHarness();
      harnesses.push(harness);
      return harness;
    };
    afterEach(async () => {
      await Promise.all(harnesses.map((harness) => harness.dispose()));
      harnesses = [];
    });

    describeSessions(create);
    describeData(create);
    describeWorlds(create);
    describeOwnership(create);
    describeLimits(create);
  });
}

/** All sessions as the next owner finds them, in order of their ids. */
async function reopenedSessions(harness: StoreHarness): Promise<readonly SessionRecord[]> {
  harness.crash();
  const { contents } = await harness.open();
  return contents.sessions.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
}

const NEW = { expectedEpoch: 0 };

function describeSessions(create: CreateHarness): void {
  test('a new store is empty and at its first term', async () => {
    const harness = await create();
    const { store, contents } = await harness.open();
    expect(contents).toEqual({ sessions: [], worlds: [] });
    expect([store.term, store.health]).toEqual([1, 'healthy']);
  });

  test('a session that was put is there for the next owner, in every field', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const bare = sampleRecord({
      sessionId: sessionId('session-2'),
      tokens: { current: undefined, previous: undefined, spent: [] },
      data: undefined,
    });
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    expect(await store.putSession(bare, NEW)).toBe(true);
    expect(await reopenedSessions(harness)).toEqual([sampleRecord(), bare]);
  });

  test('a put at another epoch than the expected changes nothing', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const record = sampleRecord({ epoch: 3 });
    expect(await store.putSession(record, { expectedEpoch: 2 })).toBe(false);
    expect(await store.putSession(record, NEW)).toBe(true);
    const later = sampleRecord({ epoch: 4, data: 'later' });
    expect(await store.putSession(later, NEW)).toBe(false);
    expect(await store.putSession(later, { expectedEpoch: 2 })).toBe(false);
    expect(await store.putSession(later, { expectedEpoch: 4 })).toBe(false);
    expect(await reopenedSessions(harness)).toEqual([record]);
  });

  test('of puts that expect the same epoch, the first one wins', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await store.putSession(sampleRecord(), NEW);
    const puts = ['first', 'second', 'third'].map((data) =>
      store.putSession(sampleRecord({ epoch: 2, data }), { expectedEpoch: 1 }),
    );
    expect(await Promise.all(puts)).toEqual([true, false, false]);
    expect((await reopenedSessions(harness))[0]?.data).toBe('first');
  });

  test('a put can take back the one before it', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await store.putSession(sampleRecord(), NEW);
    await store.putSession(sampleRecord({ epoch: 2 }), { expectedEpoch: 1 });
    expect(await store.putSession(sampleRecord(), { expectedEpoch: 2 })).toBe(true);
    expect(await reopenedSessions(harness)).toEqual([sampleRecord()]);
  });

  test('a deletion removes its own epoch only, and once', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const { sessionId: id } = sampleRecord();
    await store.putSession(sampleRecord({ epoch: 2 }), NEW);
    expect(await store.deleteSession({ sessionId: id, epoch: 1 })).toBe(false);
    expect(await store.deleteSession({ sessionId: sessionId('other'), epoch: 2 })).toBe(false);
    expect(await store.deleteSession({ sessionId: id, epoch: 2 })).toBe(true);
    expect(await store.deleteSession({ sessionId: id, epoch: 2 })).toBe(false);
    expect(await reopenedSessions(harness)).toEqual([]);
  });

  test('a put that replaces another session deletes that one with it, or does neither', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const old = { sessionId: sessionId('old'), epoch: 5 };
    await store.putSession(sampleRecord(old), NEW);
    const next = sampleRecord({ sessionId: sessionId('next') });
    const stale = { ...old, epoch: 4 };
    expect(await store.putSession(next, { expectedEpoch: 0, replaced: stale })).toBe(false);
    expect(await store.putSession(next, { expectedEpoch: 1, replaced: old })).toBe(false);
    expect(await store.putSession(next, { expectedEpoch: 0, replaced: old })).toBe(true);
    expect(await store.deleteSession(old)).toBe(false);
    expect(await reopenedSessions(harness)).toEqual([next]);
  });

  test('ids are any text, and none is taken for another', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const records = HOSTILE_IDS.map((id, index) =>
      sampleRecord({
        sessionId: sessionId(id),
        playerId: id as PlayerId,
        worldId: worldId(id),
        data: index,
      }),
    );
    const puts = records.map((record) => store.putSession(record, NEW));
    expect(await Promise.all(puts)).toEqual(records.map(() => true));
    const [first, ...rest] = records.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1));
    expect(await reopenedSessions(harness)).toEqual([first, ...rest]);
  });
}

/** Each with what the error has to say of it. */
const UNSTORABLE: readonly (readonly [string, unknown])[] = [
  ['session.data is of type function', () => undefined],
  ['session.data is of type symbol', Symbol('s')],
  ['session.data is of type bigint', 1n],
  ['session.data is the number NaN', Number.NaN],
  ['session.data.a is the number -0', { a: -0 }],
  ['session.data.at is an object of a class', { at: new Date(0) }],
  ['session.data[1] is an object of a class', [1, new Map()]],
  ['session.data is an object of a class', Uint8Array.of(1)],
  ['session.data[0] is of type undefined', [undefined]],
  ['session.data is an object with symbols', { [Symbol('s')]: 1 }],
];

function describeData(create: CreateHarness): void {
  test.each(UNSTORABLE)('at the call, %s is refused', async (message, data) => {
    const harness = await create();
    const { store } = await harness.open();
    expect(() => store.putSession(sampleRecord({ data }), NEW)).toThrow(message);
    expect(() => store.putSession(sampleRecord({ data }), NEW)).toThrow(
      expect.objectContaining({ code: 'data-not-storable' }),
    );
    expect(await reopenedSessions(harness)).toEqual([]);
  });

  test('data in a circle is refused at the call', async () => {
    const { store } = await (await create()).open();
    const data: Record<string, unknown> = {};
    data['self'] = data;
    expect(() => store.putSession(sampleRecord({ data }), NEW)).toThrow(
      expect.objectContaining({ code: 'data-not-storable' }),
    );
  });

  test('data that is JSON comes back equal', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const samples: readonly unknown[] = [
      null,
      '',
      'ä\u{1F600}\uD800',
      0,
      -1.5,
      2 ** 53,
      5e-324,
      true,
      [],
      {},
      JSON.parse('{"__proto__":{"isAdmin":true},"constructor":1,"toJSON":"text"}'),
      { deep: [[[{ nested: { again: ['x'] } }]]] },
      Object.assign(Object.create(null) as object, { a: 1 }),
    ];
    for (const [index, data] of samples.entries()) {
      const record = sampleRecord({ sessionId: sessionId(String(index).padStart(2, '0')), data });
      await store.putSession(record, NEW);
    }
    const kept = (await reopenedSessions(harness)).map(({ data }) => JSON.stringify(data));
    expect(kept).toEqual(samples.map((data) => JSON.stringify(data)));
  });

  test('a property that is undefined is as if it were not there', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await store.putSession(sampleRecord({ data: { a: 1, b: undefined } }), NEW);
    const [record] = await reopenedSessions(harness);
    expect(Object.keys(record?.data as object)).toEqual(['a']);
  });

  test('a record with one byte too many is refused at the call', async () => {
    const harness = await create();
    const { store } = await harness.open({ limits: { sessionRecordBytesMax: 1_000 } });
    const tooLong = expect.objectContaining({ code: 'data-not-storable' });
    const fits = (length: number): boolean => {
      try {
        void store.putSession(sampleRecord({ data: 'x'.repeat(length) }), NEW);
        return true;
      } catch (error) {
        expect(error).toEqual(tooLong);
        return false;
      }
    };
    let length = 1;
    while (fits(length)) length += 1;
    expect(length).toBeGreaterThan(500);
    expect(length).toBeLessThan(1_000);
  });

  test('a record that fits goes on to fit, whatever the host adds to it', async () => {
    const harness = await create();
    const { store } = await harness.open({ limits: { sessionRecordBytesMax: 1_000 } });
    const tokens = { current: undefined, previous: undefined, spent: [] };
    const first = sampleRecord({ tokens, reliable: undefined, data: 'x'.repeat(800) });
    expect(await store.putSession(first, NEW)).toBe(true);
    const spent = Array.from({ length: 8 }, () => new Uint8Array(32));
    const current = new Uint8Array(32);
    const later = { ...first, epoch: 99, tokens: { current, previous: current, spent } };
    expect(await store.putSession(later, { expectedEpoch: 1 })).toBe(true);
  });

  test('a value that is none of its kind is refused at the call', async () => {
    const { store } = await (await create()).open();
    const wrong = expect.objectContaining({ code: 'invalid-argument' });
    const { tokens } = sampleRecord();
    const records: readonly Partial<SessionRecord>[] = [
      { epoch: 0 },
      { epoch: 1.5 },
      { epoch: Number.NaN },
      { entity: 0 },
      { reliable: { sent: -1, received: 0 } },
      { tokens: { ...tokens, current: new Uint8Array(65) } },
      { sessionId: sessionId('x'.repeat(257)) },
    ];
    for (const fields of records) {
      expect(() => store.putSession(sampleRecord(fields), NEW)).toThrow(wrong);
    }
    for (const expectedEpoch of [-1, 0.5, Number.NaN]) {
      expect(() => store.putSession(sampleRecord(), { expectedEpoch })).toThrow(wrong);
    }
    for (const tick of [-1, 0.5, 2 ** 53]) {
      const record = { tick, bytes: sampleBytes(1, 1) };
      expect(() => store.putCheckpoint(worldId('main'), record)).toThrow(wrong);
      expect(() => store.appendJournal(worldId('main'), record)).toThrow(wrong);
    }
  });
}

function describeOwnership(create: CreateHarness): void {
  const inUse = expect.objectContaining({ code: 'store-in-use', retryable: true });
  const outdated = expect.objectContaining({ code: 'store-outdated', retryable: false });

  test('a store has one owner; a second is told who is in the way', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await expect(harness.open()).rejects.toEqual(inUse);
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    await store.close();
    expect((await harness.open()).contents.sessions).toHaveLength(1);
  });

  test('a dead owner is in nobody’s way', async () => {
    const harness = await create();
    await harness.open();
    harness.crash();
    expect((await harness.open()).store.term).toBe(2);
  });

  test('each opening has a greater term, of the same store', async () => {
    const harness = await create();
    const first = await harness.open();
    harness.crash();
    const second = await harness.open();
    await second.store.close();
    const third = await harness.open();
    const { storeId } = first.store.witness;
    expect(storeId).toMatch(/^[0-9a-f]{32}$/);
    const witnesses = [first, second, third].map(({ store }) => store.witness);
    expect(witnesses).toEqual([1, 2, 3].map((term) => ({ storeId, term })));
  });

  test('what a dead owner still wants to write is not written', async () => {
    const harness = await create();
    const dead = await harness.open();
    harness.crash();
    const { store } = await harness.open();
    const record = sampleRecord({ data: 'of the dead' });
    const late = dead.store.putSession(record, NEW).catch((error: unknown) => error);
    expect(await store.putSession(sampleRecord(), NEW)).toBe(true);
    const closed = store.close();
    const outcome = await Promise.race([late, closed]);
    await closed;
    if (outcome !== undefined) {
      expect(outcome).toEqual(expect.objectContaining({ code: 'store-lost' }));
      expect(dead.store.health).toBe('lost');
    }
    expect((await harness.open()).contents.sessions).toEqual([sampleRecord()]);
  });

  test('a witness that the store agrees with lets it open', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await store.close();
    expect((await harness.open({ witness: store.witness })).store.term).toBe(2);
  });

  test('a store that is older than its witness, another one or empty is refused', async () => {
    const harness = await create();
    const { store } = await harness.open();
    await store.close();
    const { witness } = store;
    const newer = { ...witness, term: 2 };
    await expect(harness.open({ witness: newer })).rejects.toEqual(outdated);
    await expect(harness.open({ witness: { ...witness, storeId: '0' } })).rejects.toEqual(outdated);
    const empty = await create();
    await expect(empty.open({ witness })).rejects.toEqual(outdated);
    expect((await harness.open({ witness })).store.term).toBe(2);
  });

  test('close writes what waits; afterwards every call is refused', async () => {
    const harness = await create();
    const { store } = await harness.open();
    const put = store.putSession(sampleRecord(), NEW);
    const closed = [store.close(), store.close()];
    await Promise.all(closed);
    expect(await put).toBe(true);
    const stopped = expect.objectContaining({ code: 'already-stopped' });
    expect(() => store.putSession(sampleRecord(), NEW)).toThrow(stopped);
    expect(() => store.deleteSession({ sessionId: sessionId('a'), epoch: 1 })).toThrow(stopped);
    expect(() => store.deleteWorld(worldId('main'))).toThrow(stopped);
    expect(await reopenedSessions(harness)).toEqual([sampleRecord()]);
  });
}
