import { describe, expect, test } from 'vitest';

import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { SessionRecord } from '../store/session-record.ts';
import type { OpenedStore, StoreHealthEvent, StoreOpening } from '../store/session-store.ts';
import { FaultyStore } from './faulty-store.ts';
import { createStreams, createUnits } from './seeded-streams.ts';
import type { VirtualNode } from './virtual-node.ts';
import { VirtualTime } from './virtual-time.ts';

const MAIN = 'main' as WorldId;
const NEW = { expectedEpoch: 0 };
const failed = expect.objectContaining({ code: 'store-write-failed' });

function record(fields: Partial<SessionRecord> = {}): SessionRecord {
  return {
    sessionId: 'session' as SessionId,
    playerId: 'anna' as SessionRecord['playerId'],
    worldId: MAIN,
    entity: 1,
    epoch: 1,
    tokens: { current: undefined, previous: undefined, spent: [] },
    reliable: { sent: 0, received: 0 },
    data: undefined,
    ...fields,
  };
}

/** A disk in virtual time, and a computer that uses it. */
class Scene {
  readonly time = new VirtualTime();
  readonly node: VirtualNode = this.time.createNode('server');
  readonly health: StoreHealthEvent[] = [];
  readonly disk: FaultyStore;

  constructor(seed = 1) {
    this.disk = new FaultyStore({
      random: createUnits(seed, 'store'),
      track: (promise) => this.node.track(promise),
    });
  }

  async open(): Promise<StoreOpening> {
    return this.disk.open({
      scheduler: this.node.createScheduler(),
      randomStreams: createStreams(1),
      onHealth: (event) => this.health.push(event),
    });
  }

  /** The process dies, and another one starts on the same disk. */
  async restart(): Promise<StoreOpening> {
    this.node.stop();
    this.disk.crash();
    this.node.start();
    return this.open();
  }

  /** What a promise has come to after so long. */
  async after<Value>(durationMs: number, promise: Promise<Value>): Promise<Value | 'waiting'> {
    const settled: Promise<Value | 'waiting'> = Promise.race([promise, this.#later()]);
    // Whoever called awaits it below.
    settled.catch(() => undefined);
    await this.time.advanceMs(durationMs);
    this.#release();
    return settled;
  }

  #release: () => void = () => undefined;

  #later(): Promise<'waiting'> {
    return new Promise((resolve) => {
      this.#release = () => resolve('waiting');
    });
  }
}

describe('a store with faults', () => {
  test('without any is as quick as its owner’s next turn', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    expect(await scene.after(0, store.putSession(record(), NEW))).toBe(true);
    expect((await scene.restart()).contents.sessions).toEqual([record()]);
  });

  test('that is slow says so once a commit takes too long, and again when it is over', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    scene.disk.setFaults({ delayMsMin: 1_500 });
    const put = store.putSession(record(), NEW);
    expect(await scene.after(1_000, put)).toBe('waiting');
    expect(store.health).toBe('degraded');
    expect(await scene.after(500, put)).toBe(true);
    expect(scene.health.map(({ reason }) => reason)).toEqual(['slow', 'recovered']);
  });

  test('that fails rejects the write, says so once, and goes on by itself', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    scene.disk.setFaults({ failureRate: 1 });
    await expect(scene.after(0, store.putSession(record(), NEW))).rejects.toEqual(failed);
    await expect(scene.after(250, store.putSession(record(), NEW))).rejects.toEqual(failed);
    scene.disk.setFaults({});
    const put = store.putSession(record(), NEW);
    expect(await scene.after(249, put)).toBe('waiting');
    expect(await scene.after(1, put)).toBe(true);
    expect(await scene.after(0, store.deleteSession(record()))).toBe(true);
    expect(scene.health.map(({ reason }) => reason)).toEqual(['failing', 'recovered']);
    expect(store.counters).toMatchObject({ commitsFailed: 2, writesFailed: 2, writesSettled: 2 });
  });

  test('that fails ends no process by a rejection that nobody takes', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    scene.disk.setFaults({ failureRate: 1 });
    void store.putSession(record(), NEW);
    void store.deleteSession(record());
    void store.putCheckpoint(MAIN, { tick: 0, bytes: Uint8Array.of(1) });
    void store.appendJournal(MAIN, { tick: 1, bytes: Uint8Array.of(1) });
    void store.deleteWorld(MAIN);
    // Deliberate: an unhandled rejection fails the whole run.
    await scene.time.advanceMs(1_000);
    expect(store.counters.writesFailed).toBe(5);
  });

  test('that loses an answer is asked again before the next condition is judged', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    scene.disk.setFaults({ answerLossRate: 1 });
    await expect(scene.after(0, store.putSession(record(), NEW))).rejects.toEqual(failed);
    scene.disk.setFaults({});
    expect(await scene.after(250, store.putSession(record(), NEW))).toBe(false);
    const next = store.putSession(record({ epoch: 2 }), { expectedEpoch: 1 });
    expect(await scene.after(0, next)).toBe(true);
  });

  test('that loses the answer to an append goes on with the journal, where it was written', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    const at = (tick: number) => ({ tick, bytes: Uint8Array.of(tick) });
    await scene.after(0, store.putCheckpoint(MAIN, at(0)));
    scene.disk.setFaults({ answerLossRate: 1 });
    await expect(scene.after(0, store.appendJournal(MAIN, at(1)))).rejects.toEqual(failed);
    scene.disk.setFaults({ failureRate: 1 });
    await expect(scene.after(250, store.appendJournal(MAIN, at(2)))).rejects.toEqual(failed);
    scene.disk.setFaults({});
    await expect(scene.after(250, store.appendJournal(MAIN, at(3)))).rejects.toEqual(failed);
    await scene.after(0, store.appendJournal(MAIN, at(2)));
    const [world] = (await scene.restart()).contents.worlds;
    expect(world?.journal).toEqual([at(1), at(2)]);
  });

  test('that hangs is said to be slow, refuses what is too much, and loses what waited in a crash', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    expect(await scene.after(0, store.putSession(record(), NEW))).toBe(true);
    scene.disk.setFaults({ hangRate: 1 });
    const hanging = store.putSession(record({ epoch: 2 }), { expectedEpoch: 1 });
    expect(await scene.after(60_000, hanging)).toBe('waiting');
    expect(store.health).toBe('degraded');
    scene.disk.setFaults({});
    const { contents, store: next } = await scene.restart();
    expect(contents.sessions).toEqual([record()]);
    expect([next.term, next.health]).toEqual([2, 'healthy']);
  });

  test('that hangs keeps nobody from closing the store', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    scene.disk.setFaults({ hangRate: 1 });
    const puts = [store.putSession(record(), NEW)];
    await scene.time.advanceMs(10);
    puts.push(store.putSession(record(), NEW));
    const outcomes = Promise.allSettled(puts);
    const closing = store.close();
    expect(await scene.after(4_999, closing)).toBe('waiting');
    expect(await scene.after(1, closing)).toBeUndefined();
    expect(await outcomes).toEqual(puts.map(() => ({ status: 'rejected', reason: failed })));
  });

  test('that is not there is refused at the start', async () => {
    const scene = new Scene();
    scene.disk.setFaults({ isUnavailable: true });
    await expect(scene.open()).rejects.toEqual(
      expect.objectContaining({ code: 'store-unavailable' }),
    );
  });

  test('that was rolled back is what it was, and known by a witness', async () => {
    const scene = new Scene();
    const { store } = await scene.open();
    const backup = scene.disk.capture();
    await scene.after(0, store.putSession(record(), NEW));
    const { witness } = (await scene.restart()).store;
    const options = { scheduler: scene.node.createScheduler(), randomStreams: createStreams(1) };
    for (const spoil of [() => scene.disk.rollBack(backup), () => scene.disk.empty()]) {
      spoil();
      await expect(scene.disk.open({ ...options, witness })).rejects.toEqual(
        expect.objectContaining({ code: 'store-outdated' }),
      );
      const { contents } = await scene.disk.open(options);
      expect(contents.sessions).toEqual([]);
    }
  });
});

/** One write of a session's epoch, 0 = deleted, and what is known of it. */
interface ModelWrite {
  readonly epoch: number;
  fate: 'unknown' | 'kept' | 'not made';
}

/** What the owner of a session has asked for, in order. */
class Model {
  writes: ModelWrite[] = [{ epoch: 0, fate: 'kept' }];

  /** As if everything had gone well. */
  get epoch(): number {
    return this.writes.at(-1)?.epoch ?? 0;
  }

  /** What a crash may leave: the last write that was acknowledged, or one after it. */
  get possible(): number[] {
    const last = this.writes.findLastIndex(({ fate }) => fate === 'kept');
    return this.writes
      .slice(last)
      .filter(({ fate }) => fate !== 'not made')
      .map(({ epoch }) => epoch);
  }
}

/** One life of a process: writes at random, crashes in the middle of it. */
async function live(scene: Scene, models: readonly Model[], random: () => number): Promise<void> {
  const { contents, store } = await scene.restart();
  for (const [index, model] of models.entries()) {
    const found = contents.sessions.find(({ sessionId }) => Number(sessionId) === index);
    const epoch = found?.epoch ?? 0;
    expect(model.possible, `session ${index}`).toContain(epoch);
    model.writes = [{ epoch, fate: 'kept' }];
  }
  for (let step = 0; step < 40; step += 1) {
    const index = Math.floor(random() * models.length);
    const model = models[index];
    if (model !== undefined) write(store, { index, model, random });
    await scene.time.advanceMs(random() * 20);
  }
}

function write(
  store: OpenedStore,
  { index, model, random }: { index: number; model: Model; random: () => number },
): void {
  const sessionId = String(index) as SessionId;
  const { epoch } = model;
  const isDeletion = epoch > 0 && random() < 0.2;
  const entry: ModelWrite = { epoch: isDeletion ? 0 : epoch + 1, fate: 'unknown' };
  model.writes.push(entry);
  const answer = isDeletion
    ? store.deleteSession({ sessionId, epoch })
    : store.putSession(record({ sessionId, epoch: epoch + 1 }), { expectedEpoch: epoch });
  answer.then(
    (isDone) => {
      entry.fate = isDone ? 'kept' : 'not made';
    },
    () => undefined,
  );
}

describe('whatever a disk does', () => {
  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

  async function run(seed: number): Promise<string> {
    const scene = new Scene(seed);
    const random = createUnits(seed, 'script');
    const models = Array.from({ length: 4 }, () => new Model());
    for (let life = 0; life < 5; life += 1) {
      scene.disk.setFaults({
        delayMsMax: random() * 60,
        failureRate: random() * 0.3,
        answerLossRate: random() * 0.3,
        hangRate: random() * 0.05,
      });
      await live(scene, models, random);
    }
    return JSON.stringify([scene.disk.counts, scene.time.callbacks, models]);
  }

  test.each(seeds)(
    'what it acknowledged survives the crash, and it repeats: seed %i',
    async (seed) => {
      expect(await run(seed)).toBe(await run(seed));
    },
  );
});
