import { describe, expect, test } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { LinkStage } from '../../test/support/link-stage.ts';
import { Recorder } from '../../test/support/recorder-rule.ts';
import { idOf } from '../../test/support/world-fixture.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { Authority } from '../authority/authority.ts';
import { createDefaultAuthorities } from '../authority/default-authorities.ts';
import { World } from '../authority/world.ts';
import { SnapshotFeed } from '../broadcast/snapshot-feed.ts';
import { createPrng } from '../base/prng.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { WorldId } from '../protocol/ids.ts';
import type { OpenedStore, StoreHealth } from '../store/session-store.ts';
import type { HostNotice } from './host-notice.ts';
import { RoomOutcomes } from './room-outcomes.ts';
import { WorldKeeper } from './world-keeper.ts';
import type { WorldRoom } from './world-rooms.ts';

const WORLD = 'kept' as WorldId;

/** A store that writes down what it is asked, and answers when the test says. */
class Ledger {
  health: StoreHealth = 'healthy';
  readonly asked: string[] = [];
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  #ask(what: string): Promise<void> {
    this.asked.push(what);
    const promise = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
    promise.catch(() => undefined);
    return promise;
  }

  readonly store = {
    putCheckpoint: (_world: WorldId, { tick }: { tick: number }) => this.#ask(`checkpoint ${tick}`),
    appendJournal: (_world: WorldId, { tick }: { tick: number }) => this.#ask(`journal ${tick}`),
    deleteWorld: () => this.#ask('delete'),
  };

  /** Everything that was asked so far is durable. */
  async settle(): Promise<void> {
    for (const { resolve } of this.#waiting.splice(0)) resolve();
    await flushPromises();
  }

  async fail(): Promise<void> {
    const error = new HoldfastError('store-write-failed', 'not today');
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    await flushPromises();
  }

  /** What was asked since the last look. */
  take(): string[] {
    return this.asked.splice(0);
  }
}

async function flushPromises(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}

interface StageOptions {
  readonly journal?: 'behind' | 'ahead';
  readonly rule?: Authority;
  readonly random?: () => number;
}

class Stage {
  readonly time = new VirtualTime();
  readonly ledger = new Ledger();
  readonly notices: HostNotice[] = [];
  readonly errors: unknown[] = [];
  readonly keeper: WorldKeeper;
  readonly room: WorldRoom;
  readonly links = new LinkStage();
  readonly seat = this.links.seat('ann');

  constructor({ journal = 'behind', rule, random = createPrng(1) }: StageOptions = {}) {
    const store = this.ledger.store as unknown as OpenedStore;
    Object.defineProperty(store, 'health', { get: () => this.ledger.health });
    this.keeper = new WorldKeeper({
      clock: this.time,
      scheduler: this.time,
      durability: { store: { name: 'x', open: never }, journal, checkpointIntervalMs: 100 },
      onNotice: (notice) => this.notices.push(notice),
      onUserError: (error) => this.errors.push(error),
    });
    this.keeper.open(store);
    this.room = this.openRoom(rule, random);
  }

  openRoom(rule?: Authority, random: () => number = createPrng(1)): WorldRoom {
    const world = new World({
      worldId: WORLD,
      tickRateHz: 20,
      keepsJournal: true,
      random,
      createAuthorities: createDefaultAuthorities({ rules: () => (rule ? [rule] : []) }),
    });
    world.addPlayer(fakeSession('ann'));
    const seats = new Set([this.seat]);
    const { outbox } = this.links;
    const onOverflow = (): void => undefined;
    const outcomes = new RoomOutcomes({ seats, outbox, heldBytesMax: 1_000, onOverflow });
    const snapshots = new SnapshotFeed(world.snapshot.history);
    return { world, links: new Set(), seats, joining: 0, outcomes, snapshots };
  }

  /** Runs a tick, keeps it, and tells something of it. */
  tick(room = this.room): void {
    room.world.step();
    this.keeper.keep(room);
    const bytes = Uint8Array.of(1);
    room.outcomes.send({ lane: 'reliable', bytes });
  }

  /** Counted messages that have been told. */
  get told(): number {
    return this.seat.stream.sent;
  }
}

function never(): never {
  throw new Error('nobody opens it');
}

class Kept extends Recorder {
  checkpointError: Error | undefined;

  checkpoint(): Uint8Array {
    if (this.checkpointError !== undefined) throw this.checkpointError;
    return new Uint8Array();
  }

  restore(): void {}
}

class Unsteady extends Kept {
  readonly isDeterministic = false;
}

describe('a world that is kept', () => {
  test('has a checkpoint first, then a record of each tick and one at the cadence', async () => {
    const stage = new Stage();
    for (let tick = 1; tick <= 4; tick += 1) {
      stage.tick();
      await stage.time.advanceMs(50);
    }
    expect(stage.ledger.take()).toEqual([
      'checkpoint 1',
      'journal 2',
      'journal 3',
      'checkpoint 3',
      'journal 4',
    ]);
  });

  test('takes turns with the others that opened with it', async () => {
    const stage = new Stage();
    const rooms = [stage.room, stage.openRoom(), stage.openRoom()];
    const checkpoints: number[] = [];
    for (let tick = 1; tick <= 5; tick += 1) {
      for (const room of rooms) stage.tick(room);
      checkpoints.push(stage.ledger.take().filter((what) => what.startsWith('check')).length);
      await stage.time.advanceMs(50);
    }
    expect(checkpoints).toEqual([3, 1, 2, 1, 2]);
  });

  test('has a checkpoint in the next pass after a record that failed', async () => {
    const stage = new Stage();
    stage.tick();
    await stage.ledger.settle();
    stage.tick();
    await stage.ledger.fail();
    stage.tick();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'journal 2', 'checkpoint 3']);
  });

  test('waits for the cadence after a checkpoint that failed, and writes nothing between', async () => {
    const stage = new Stage();
    stage.tick();
    await stage.ledger.fail();
    await stage.time.advanceMs(50);
    stage.tick();
    await stage.time.advanceMs(50);
    stage.tick();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'checkpoint 3']);
  });

  test('has a checkpoint after a tick that can not be repeated', async () => {
    const rule = new Kept();
    const stage = new Stage({ rule });
    stage.tick();
    const session = stage.room.world.sessionOf(idOf('ann'))!;
    const payload = { members: new Map() };
    stage.room.world.receive(session, { kind: 'user-input', name: 'emote', payload }, 0);
    stage.tick();
    stage.tick();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'checkpoint 2', 'journal 3']);
  });

  test('whose rule is not deterministic has checkpoints only', async () => {
    const stage = new Stage({ rule: new Unsteady() });
    for (let tick = 1; tick <= 4; tick += 1) {
      stage.tick();
      await stage.time.advanceMs(50);
    }
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'checkpoint 3']);
    expect(stage.notices).toEqual([]);
  });

  test('that can not be written down says so once, and is not written', () => {
    const stage = new Stage({ random: () => 0.5 });
    stage.tick();
    stage.tick();
    expect(stage.ledger.take()).toEqual([]);
    expect(stage.notices).toMatchObject([{ kind: 'world-not-kept', worldId: WORLD }]);
  });

  test('goes on with its journal where a rule fails to be written down', async () => {
    const rule = new Kept();
    const stage = new Stage({ rule });
    stage.tick();
    rule.checkpointError = new Error('a bug');
    await stage.time.advanceMs(100);
    stage.tick();
    await stage.time.advanceMs(50);
    stage.tick();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'journal 2', 'journal 3']);
    expect(stage.errors).toHaveLength(1);
  });
});

describe("with 'ahead'", () => {
  test('a tick is told when it is durable', async () => {
    const stage = new Stage({ journal: 'ahead' });
    stage.tick();
    expect(stage.told).toBe(0);
    await stage.ledger.settle();
    expect(stage.told).toBe(1);
    stage.tick();
    expect(stage.told).toBe(1);
    await stage.ledger.settle();
    expect(stage.told).toBe(2);
  });

  test('a tick of a world without a journal waits for a checkpoint of its own', async () => {
    const stage = new Stage({ journal: 'ahead', rule: new Unsteady() });
    stage.tick();
    stage.tick();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'checkpoint 2']);
    expect(stage.told).toBe(0);
    await stage.ledger.settle();
    expect(stage.told).toBe(2);
  });

  test('a tick that fails is told at once, and the operator once until it is well', async () => {
    const stage = new Stage({ journal: 'ahead' });
    for (let round = 0; round < 2; round += 1) {
      stage.tick();
      await stage.ledger.fail();
      await stage.time.advanceMs(100);
    }
    expect(stage.told).toBe(2);
    const early = { kind: 'outcomes-not-durable', worldId: WORLD };
    expect(stage.notices).toEqual([{ ...early, tick: 1 }]);
    stage.tick();
    await stage.ledger.settle();
    stage.tick();
    await stage.ledger.fail();
    expect(stage.notices).toEqual([
      { ...early, tick: 1 },
      { ...early, tick: 4 },
    ]);
  });

  test('what waits is told when the store is not healthy any more', () => {
    const stage = new Stage({ journal: 'ahead' });
    stage.tick();
    stage.ledger.health = 'degraded';
    stage.keeper.handleHealth('degraded');
    expect(stage.told).toBe(1);
    stage.tick();
    expect(stage.told).toBe(2);
    expect(stage.notices).toHaveLength(1);
  });

  test('a world that can not be written down waits for nothing', () => {
    const stage = new Stage({ journal: 'ahead', random: () => 0.5 });
    stage.tick();
    expect(stage.told).toBe(1);
    expect(stage.notices.map(({ kind }) => kind)).toEqual([
      'world-not-kept',
      'outcomes-not-durable',
    ]);
  });
});

describe('a world that is closed', () => {
  test('is deleted, again and again until it is', async () => {
    const stage = new Stage();
    stage.tick();
    stage.keeper.forget(stage.room);
    await stage.ledger.fail();
    await stage.time.advanceMs(250);
    await stage.ledger.settle();
    await stage.time.advanceMs(1_000);
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'delete', 'delete']);
    expect(stage.time.pendingTimers).toBe(0);
  });

  test('is deleted before the next of its name, where it was not', async () => {
    const stage = new Stage();
    stage.tick();
    stage.keeper.forget(stage.room);
    const next = stage.openRoom();
    stage.tick(next);
    await stage.ledger.fail();
    stage.tick(next);
    await stage.ledger.settle();
    await stage.time.advanceMs(1_000);
    expect(stage.ledger.take()).toEqual([
      'checkpoint 1',
      'delete',
      'checkpoint 1',
      'delete',
      'checkpoint 2',
    ]);
  });

  test('is left to a later process after the last write', async () => {
    const stage = new Stage();
    stage.tick();
    const finishing = stage.keeper.finish();
    await stage.ledger.settle();
    expect([...(await finishing)]).toEqual([stage.room]);
    stage.keeper.forget(stage.room);
    stage.keeper.close();
    expect(stage.ledger.take()).toEqual(['checkpoint 1', 'checkpoint 1']);
  });

  test('whose last write fails is not among the durable', async () => {
    const stage = new Stage();
    stage.tick();
    const finishing = stage.keeper.finish();
    await stage.ledger.fail();
    expect([...(await finishing)]).toEqual([]);
  });
});

test('lost ticks are told once for each larger number', () => {
  const stage = new Stage();
  for (const ticks of [0, 2, 1, 2, 5]) stage.keeper.noteTicksLost(WORLD, ticks);
  expect(stage.notices).toEqual([
    { kind: 'ticks-lost', worldId: WORLD, ticks: 2 },
    { kind: 'ticks-lost', worldId: WORLD, ticks: 5 },
  ]);
});
