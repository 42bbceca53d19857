import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { CommitFate } from '../store/memory-engine.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type { OpenedStore, StoreContents } from '../store/session-store.ts';
import { SessionArchive } from './session-archive.ts';

const FAILED: CommitFate = { fault: 'nothing-written' };
const ANSWER_LOST: CommitFate = { fault: 'answer-lost' };

function record(fields: Partial<Record<'session' | 'player' | 'world', string>> = {}, epoch = 1) {
  const { session = 's', player = 'anna', world = 'main' } = fields;
  return {
    sessionId: session as SessionId,
    playerId: player as PlayerId,
    worldId: world as WorldId,
    entity: 1,
    epoch,
    tokens: { current: undefined, previous: undefined, spent: [] },
    reliable: undefined,
    data: undefined,
  } satisfies SessionRecord;
}

const NEW = { expectedEpoch: 0 };
const S = 's' as SessionId;

/** An archive over a store whose next commits go as the test says; the rest go well. */
class Stage {
  readonly time = new VirtualTime();
  readonly fates: CommitFate[] = [];
  readonly failures: unknown[] = [];
  readonly store = new MemoryStore({ drawFate: () => this.fates.shift() ?? {} });
  readonly archive = new SessionArchive({
    scheduler: this.time,
    isDurable: true,
    onFailure: (error) => this.failures.push(error),
  });
  opened: OpenedStore | undefined;

  static async open(): Promise<Stage> {
    const stage = new Stage();
    const { store, contents } = await stage.#read();
    stage.opened = store;
    stage.archive.open(store, contents.sessions);
    return stage;
  }

  /** Keeps it, and waits for the answer. */
  async keep(...args: Parameters<SessionArchive['keep']>) {
    const keeping = this.archive.keep(...args);
    await this.time.advanceMs(0);
    return keeping;
  }

  /** What a later process finds. */
  async stored(): Promise<readonly SessionRecord[]> {
    this.store.crash();
    const { contents } = await this.#read();
    return contents.sessions;
  }

  async #read(): Promise<{ store: OpenedStore; contents: StoreContents }> {
    const randomStreams = () => new SeededRandom(1);
    return this.store.open({ scheduler: this.time, randomStreams });
  }
}

describe('without a store', () => {
  const archive = new SessionArchive({
    scheduler: new VirtualTime(),
    isDurable: false,
    onFailure: () => undefined,
  });

  test('there is nothing to wait for, and nothing is known', () => {
    expect(archive.keep(record(), NEW)).toBeUndefined();
    expect(archive.recordOf(S)).toBeUndefined();
    archive.amend(record());
    archive.undo(record(), undefined);
    expect(archive.forget(S)).toBeUndefined();
    expect(archive.size).toBe(0);
  });
});

describe('a record that is kept', () => {
  test('is known at once and durable when the promise resolves', async () => {
    const stage = await Stage.open();
    const keeping = stage.archive.keep(record(), NEW);
    expect(stage.archive.recordOf(S)).toEqual(record());
    await stage.time.advanceMs(0);
    expect(await keeping).toBe('kept');
    expect(await stage.stored()).toEqual([record()]);
  });

  test('takes the place of the one before, in another session and world too', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    const other = record({ session: 't', world: 'cave' });
    const replaced = { sessionId: S, epoch: 1 };
    expect(await stage.keep(other, { expectedEpoch: 0, replaced })).toBe('kept');
    expect(stage.archive.recordOf(S)).toBeUndefined();
    expect(await stage.stored()).toEqual([other]);
  });

  test.each([
    ['another epoch', record({}, 3), { expectedEpoch: 2 }],
    ['nothing, where there is something', record({ session: 't' }), NEW],
    ['another session', record({ session: 't' }), { expectedEpoch: 0, replaced: record({}, 2) }],
    ["another player's session", record({ player: 'ben' }), NEW],
  ])('follows %s: raced, and nothing changes', async (_what, next, condition) => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    expect(await stage.keep(next, condition)).toBe('raced');
    expect(stage.archive.recordOf(S)).toEqual(record());
    expect(stage.archive.size).toBe(1);
    expect(await stage.stored()).toEqual([record()]);
  });

  test('that no store takes is unstorable, which the operator is told', async () => {
    const stage = await Stage.open();
    const odd = { ...record(), data: new Map() };
    expect(await stage.keep(odd, NEW)).toBe('unstorable');
    expect(stage.failures).toMatchObject([{ code: 'data-not-storable' }]);
    expect(stage.archive.recordOf(S)).toBeUndefined();
    expect(await stage.keep(record(), NEW)).toBe('kept');
  });

  test('keeps the data that was there, whatever becomes of the object', async () => {
    const stage = await Stage.open();
    const data: Record<string, unknown> = { score: 0 };
    await stage.keep({ ...record(), data }, NEW);
    data['score'] = 5;
    data['seen'] = new Map();
    const kept = stage.archive.recordOf(S)!;
    expect(await stage.keep({ ...kept, epoch: 2 }, { expectedEpoch: 1 })).toBe('kept');
    expect((await stage.stored())[0]).toMatchObject({ epoch: 2, data: { score: 0 } });
  });

  test('is not waited for any longer than two seconds, and put back when the disk answers', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.fates.push({ delayMs: 10_000 });
    let outcome = '';
    void stage.archive.keep(record({}, 2), { expectedEpoch: 1 })?.then((end) => (outcome = end));
    await stage.time.advanceMs(1_999);
    expect(outcome).toBe('');
    await stage.time.advanceMs(1);
    expect(outcome).toBe('failed');
    expect(stage.archive.recordOf(S)).toEqual(record());
    await stage.time.advanceMs(10_000);
    expect(await stage.stored()).toEqual([record()]);
  });

  test('goes on with the same epoch when it is amended; another epoch is not', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    const counted = { ...record(), reliable: { sent: 4, received: 2 } };
    stage.archive.amend(counted);
    stage.archive.amend({ ...record({}, 2) });
    await stage.time.advanceMs(0);
    expect(await stage.stored()).toEqual([counted]);
  });
});

describe('a record that the disk refuses', () => {
  test.each([
    ['nothing was written', FAILED],
    ['all was written', ANSWER_LOST],
  ])('is failed and gone again by itself, though %s', async (_what, fate) => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.fates.push(fate);
    expect(await stage.keep(record({}, 2), { expectedEpoch: 1 })).toBe('failed');
    expect(stage.archive.recordOf(S)?.epoch).toBe(1);
    await stage.time.advanceMs(1_000);
    expect(stage.time.pendingTimers).toBe(0);
    expect(await stage.stored()).toEqual([record()]);
  });

  test('does not keep the next one out, whatever was written', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.fates.push(ANSWER_LOST, ANSWER_LOST);
    await stage.keep(record({}, 2), { expectedEpoch: 1 });
    const other = record({ session: 't', world: 'cave' });
    const keeping = stage.archive.keep(other, {
      expectedEpoch: 0,
      replaced: { sessionId: S, epoch: 1 },
    });
    await stage.time.advanceMs(1_000);
    expect(await keeping).toBe('kept');
    expect(await stage.stored()).toEqual([other]);
  });

  test('leaves its session to nobody else before it is gone', async () => {
    const stage = await Stage.open();
    stage.fates.push(ANSWER_LOST, FAILED);
    expect(await stage.keep(record(), NEW)).toBe('failed');
    expect(await stage.keep(record({ player: 'ben' }), NEW)).toBe('raced');
    await stage.time.advanceMs(1_000);
    expect(await stage.keep(record({ player: 'ben' }), NEW)).toBe('kept');
    expect(await stage.stored()).toEqual([record({ player: 'ben' })]);
  });
});

describe('a record that is undone', () => {
  test('leaves what was there before', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    const other = record({ session: 't', world: 'cave' });
    await stage.keep(other, { expectedEpoch: 0, replaced: { sessionId: S, epoch: 1 } });
    stage.fates.push(FAILED, ANSWER_LOST);
    stage.archive.undo(other, record());
    expect(stage.archive.recordOf(S)).toEqual(record());
    await stage.time.advanceMs(2_000);
    expect(await stage.stored()).toEqual([record()]);
  });

  test('leaves nothing where nothing was, in memory too', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.archive.undo(record(), undefined);
    await stage.time.advanceMs(0);
    expect(await stage.keep(record({ player: 'ben' }), NEW)).toBe('kept');
    expect(await stage.stored()).toEqual([record({ player: 'ben' })]);
  });

  test('is left alone when another one has followed it', async () => {
    const stage = await Stage.open();
    const first = record();
    await stage.keep(first, NEW);
    await stage.keep(record({}, 2), { expectedEpoch: 1 });
    stage.archive.undo(first, undefined);
    await stage.time.advanceMs(0);
    expect(await stage.stored()).toEqual([record({}, 2)]);
  });
});

describe('a record that is forgotten', () => {
  test('is gone when the promise resolves', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    let isGone = false;
    void stage.archive.forget(S)?.then(() => (isGone = true));
    expect(stage.archive.recordOf(S)).toBeUndefined();
    expect(isGone).toBe(false);
    await stage.time.advanceMs(0);
    expect(isGone).toBe(true);
    expect(await stage.stored()).toEqual([]);
  });

  test('is tried again until the disk is well, and told after two seconds', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    for (let commit = 0; commit < 12; commit += 1) stage.fates.push(FAILED);
    let isResolved = false;
    void stage.archive.forget(S)?.then(() => (isResolved = true));
    await stage.time.advanceMs(1_999);
    expect(isResolved).toBe(false);
    await stage.time.advanceMs(1);
    expect(isResolved).toBe(true);
    expect(stage.failures).toMatchObject([{ code: 'store-write-failed' }]);
    await stage.time.advanceMs(10_000);
    expect(stage.fates).toEqual([]);
    expect(stage.time.pendingTimers).toBe(0);
    expect(await stage.stored()).toEqual([]);
  });

  test('stays for a later process once the records are retained', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.archive.retain();
    expect(stage.archive.forget(S)).toBeUndefined();
    expect(await stage.stored()).toEqual([record()]);
  });

  test('is given up when the store is lost or closed', async () => {
    const stage = await Stage.open();
    await stage.keep(record(), NEW);
    stage.fates.push(FAILED);
    const forgetting = stage.archive.forget(S);
    const settled = stage.archive.settled();
    await stage.time.advanceMs(10);
    stage.archive.close();
    await stage.time.advanceMs(0);
    await Promise.all([forgetting, settled]);
    expect(stage.time.pendingTimers).toBe(0);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'is not settled %i turns after a store began to refuse: that is tried again',
    async (turns) => {
      const stage = await Stage.open();
      await stage.keep(record(), NEW);
      const store = stage.opened!;
      store.putSession = () => {
        Reflect.deleteProperty(store, 'putSession');
        return Promise.reject(new HoldfastError('store-overloaded', 'it is full'));
      };
      stage.archive.amend({ ...record(), reliable: { sent: 1, received: 2 } });
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      let isSettled = false;
      void stage.archive.settled().then(() => (isSettled = true));
      await stage.time.advanceMs(200);
      expect(isSettled).toBe(false);
      await stage.time.advanceMs(100);
      expect(isSettled).toBe(true);
      expect(await stage.stored()).toMatchObject([{ reliable: { sent: 1, received: 2 } }]);
    },
  );
});
