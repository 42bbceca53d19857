import { describe, expect, test } from 'vitest';

import {
  indexOf,
  isUserFrame,
  moveFrame,
  openConditioned,
  snapshotFrame,
  userFrame,
} from '../../test/support/conditioned-stage.ts';
import { RecordingClient, bytesOf } from '../../test/contract/transport-harness.ts';
import type { ConditionedOptions } from './conditioned-options.ts';
import type { LinkConditions } from './link-conditions.ts';

const MESSAGES = 400;
const ALL = Array.from({ length: MESSAGES }, (_, index) => index);

/** Sends moves and user messages up, one ms apart, and snapshots and user messages down. */
async function exchange(
  conditions: Partial<LinkConditions>,
  direction: 'up' | 'down',
  { seed = 1, ...options }: ConditionedOptions & { readonly seed?: number } = {},
) {
  const stage = await openConditioned({ client: { [direction]: conditions, ...options }, seed });
  const { time, host, client, connection, peer } = stage;
  for (const index of ALL) {
    if (direction === 'up') {
      connection.write('sync', moveFrame(index));
      connection.write('reliable', userFrame(index));
    } else {
      peer.write([
        { lane: 'sync', bytes: snapshotFrame(index) },
        { lane: 'reliable', bytes: userFrame(index) },
      ]);
    }
    await time.advanceMs(1);
  }
  await time.advanceMs(60_000);
  const arrived = direction === 'up' ? host.messagesOf(peer) : client.messages;
  return {
    faults: stage.transport.faults,
    sync: arrived.filter((text) => !isUserFrame(text)).map(indexOf),
    reliable: arrived.filter(isUserFrame).map(indexOf),
  };
}

describe.each(['up', 'down'] as const)('%s, a conditioned client', (direction) => {
  test('is as if it were not there where conditions are perfect', async () => {
    const { sync, reliable, faults } = await exchange({}, direction);
    expect([sync, reliable]).toEqual([ALL, ALL]);
    expect(Object.values(faults)).toEqual(Object.values(faults).map(() => 0));
  });

  test('loses sync messages at the rate, and no reliable one', async () => {
    const { sync, reliable, faults } = await exchange({ lossRate: 0.25 }, direction);
    expect(sync.length).toBeGreaterThan(240);
    expect(sync.length).toBeLessThan(360);
    expect(reliable).toEqual(ALL);
    expect(faults.loss).toBeGreaterThanOrEqual(MESSAGES - sync.length);
  });

  test('loses all sync messages where nothing gets through, and no reliable one', async () => {
    const { sync, reliable } = await exchange({ lossRate: 1 }, direction);
    expect([sync, reliable]).toEqual([[], ALL]);
  });

  test('loses in bursts', async () => {
    const burst = { enterRate: 0.02, leaveRate: 0.1, lossRate: 1 };
    const { sync, reliable, faults } = await exchange({ burst }, direction);
    const bursts = sync.filter((index, at) => index - (sync[at - 1] ?? -1) > 1).length;
    expect((MESSAGES - sync.length) / bursts).toBeGreaterThan(3);
    expect(reliable).toEqual(ALL);
    expect(faults.loss).toBe(0);
  });

  test('doubles sync messages at the rate, and no reliable one', async () => {
    const { sync, reliable } = await exchange({ duplicateRate: 0.25 }, direction);
    expect(sync.length).toBeGreaterThan(440);
    expect(sync.length).toBeLessThan(560);
    expect([...new Set(sync)]).toEqual(ALL);
    expect(reliable).toEqual(ALL);
  });

  test('lets sync messages overtake each other, and no reliable one', async () => {
    for (const conditions of [{ jitterMs: 40 }, { reorderRate: 0.1, reorderMs: 30 }]) {
      const { sync, reliable } = await exchange(conditions, direction);
      expect(sync).not.toEqual(ALL);
      expect(sync.toSorted((a, b) => a - b)).toEqual(ALL);
      expect(reliable).toEqual(ALL);
    }
  });

  test('repeats a run with equal seeds, and only with these', async () => {
    const conditions = { lossRate: 0.2, jitterMs: 20, duplicateRate: 0.1 };
    const one = await exchange(conditions, direction, { seed: 7 });
    expect(await exchange(conditions, direction, { seed: 7 })).toEqual(one);
    expect((await exchange(conditions, direction, { seed: 8 })).sync).not.toEqual(one.sync);
  });
});

test('canary: where every message is taken for one of the sync lane, reliable ones are lost', async () => {
  const conditions = { lossRate: 0.25, jitterMs: 20 };
  const { reliable } = await exchange(conditions, 'down', { laneOf: () => 'sync' });
  expect(reliable).not.toEqual(ALL);
  expect(reliable.toSorted((a, b) => a - b)).not.toEqual(ALL);
});

describe('a delay', () => {
  test('counts each way for itself', async () => {
    const stage = await openConditioned({
      client: { up: { delayMs: 30 }, down: { delayMs: 70 } },
    });
    const { time, host, client, connection, peer } = stage;
    connection.write('reliable', userFrame(1));
    await time.advanceMs(29.9);
    expect(host.messagesOf(peer)).toHaveLength(0);
    await time.advanceMs(0.1);
    expect(host.messagesOf(peer)).toHaveLength(1);
    peer.write([{ lane: 'sync', bytes: snapshotFrame(1) }]);
    await time.advanceMs(69.9);
    expect(client.messages).toHaveLength(0);
    await time.advanceMs(0.1);
    expect(client.messages).toHaveLength(1);
    expect([...client.lanes]).toEqual(['sync']);
  });

  test('holds up the opening, there and back', async () => {
    const stage = await openConditioned({
      client: { up: { delayMs: 30 }, down: { delayMs: 70 } },
      openMs: 99.9,
    });
    expect(stage.client.isOpen).toBe(false);
    await stage.time.advanceMs(0.1);
    expect(stage.client.isOpen).toBe(true);
  });

  test('of a retransmission is all that a loss does to a reliable message', async () => {
    const stage = await openConditioned({});
    stage.transport.setConditions('up', 'reliable', { lossRate: 1 });
    stage.connection.write('reliable', userFrame(1));
    stage.transport.setConditions('up', 'reliable', {});
    stage.connection.write('reliable', userFrame(2));
    stage.connection.write('sync', moveFrame(3));
    await stage.time.advanceMs(12_599);
    expect(stage.host.messagesOf(stage.peer).map(indexOf)).toEqual([3]);
    await stage.time.advanceMs(1);
    expect(stage.host.messagesOf(stage.peer).map(indexOf)).toEqual([3, 1, 2]);
  });
});

describe('conditions', () => {
  test('change while the connection lives, for one direction and lane', async () => {
    const { time, host, connection, peer, client, transport } = await openConditioned({});
    transport.setConditions('up', 'sync', { lossRate: 1 });
    expect(transport.conditions('up', 'sync').lossRate).toBe(1);
    expect(transport.conditions('down', 'sync').lossRate).toBe(0);
    connection.write('sync', moveFrame(1));
    connection.write('reliable', userFrame(2));
    peer.write([{ lane: 'sync', bytes: snapshotFrame(3) }]);
    await time.advanceMs(1);
    expect(host.messagesOf(peer).map(indexOf)).toEqual([2]);
    expect(client.messages.map(indexOf)).toEqual([3]);
    transport.setConditions('both', 'both', {});
    connection.write('sync', moveFrame(4));
    await time.advanceMs(1);
    expect(host.messagesOf(peer).map(indexOf)).toEqual([2, 4]);
  });

  test('that are wrong are named and change nothing', async () => {
    const { transport } = await openConditioned({ client: { up: { lossRate: 0.5 } } });
    expect(() => transport.setConditions('both', 'both', { lossRate: 2 })).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining('lossRate'),
      }),
    );
    expect(transport.conditions('up', 'sync').lossRate).toBe(0.5);
  });

  test.each([
    [{ delayMs: 3 }, 'delayMs'],
    [{ up: { delayMs: -1 } }, 'delayMs'],
    [{ down: { loss: 1 } }, 'loss'],
    [{ windowBytes: -1 }, 'windowBytes'],
    [{ heldBytesMax: 1 }, 'heldBytesMax'],
    [{ closeTimeoutMs: 0 }, 'closeTimeoutMs'],
  ])('%j are refused at once', async (options, name) => {
    await expect(openConditioned({ client: options as never })).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining(name),
    });
  });
});

describe('what is under way', () => {
  const SLOW = { delayMs: 1_000 };

  test('counts as buffered beyond the window', async () => {
    const stage = await openConditioned({ client: { up: SLOW, windowBytes: 10 } });
    const { time, connection } = stage;
    connection.write('reliable', new Uint8Array(10));
    expect(connection.bufferedBytes).toBe(0);
    connection.write('reliable', new Uint8Array(3));
    connection.write('sync', moveFrame(1));
    expect(connection.bufferedBytes).toBe(3);
    await time.advanceMs(1_000);
    expect(connection.bufferedBytes).toBe(0);
  });

  test('is bounded: the stream goes on early, a datagram is dropped', async () => {
    // Room for two largest frames; each message of 1 000 bytes takes 1 064.
    const heldBytesMax = 262_144;
    const stage = await openConditioned({ client: { up: SLOW, heldBytesMax } });
    const { time, host, connection, peer, transport } = stage;
    const most = Math.floor(heldBytesMax / 1_064);
    for (let index = 0; index < most; index += 1) {
      connection.write('reliable', new Uint8Array(1_000));
      connection.write('sync', new Uint8Array(1_000));
    }
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toHaveLength(0);
    expect([transport.faults.hastened, transport.faults.overflow]).toEqual([0, 0]);
    connection.write('reliable', new Uint8Array(1_000));
    connection.write('sync', new Uint8Array(1_000));
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toHaveLength(1);
    expect([transport.faults.hastened, transport.faults.overflow]).toEqual([1, 1]);
    await time.advanceMs(1_000);
    expect(host.messagesOf(peer)).toHaveLength(2 * most + 1);
  });

  test('gets there before a close, and is lost with a drop', async () => {
    for (const end of ['close', 'drop'] as const) {
      const stage = await openConditioned({ client: { up: SLOW } });
      const { time, host, client, connection, peer } = stage;
      connection.write('reliable', userFrame(1));
      await time.advanceMs(500);
      connection[end]();
      await time.advanceMs(1_500);
      expect(host.messagesOf(peer)).toHaveLength(end === 'close' ? 1 : 0);
      expect([client.closedCount, host.count('closed')]).toEqual([1, 1]);
    }
  });

  test('comes before the end that the server made', async () => {
    const { time, client, peer } = await openConditioned({ client: { down: SLOW } });
    peer.write([{ lane: 'reliable', bytes: bytesOf('last words') }]);
    peer.close('evicted');
    await time.advanceMs(999);
    expect(client.log).toEqual(['open']);
    await time.advanceMs(2);
    expect(client.log).toEqual(['open', 'bytes last words', 'closed evicted']);
  });

  test('doesn’t keep a close waiting beyond its bound', async () => {
    const stage = await openConditioned({
      client: { up: { delayMs: 60_000 }, closeTimeoutMs: 700 },
      openMs: 60_000,
    });
    stage.connection.close();
    await stage.time.advanceMs(699);
    expect(stage.client.closedCount).toBe(0);
    await stage.time.advanceMs(1);
    expect(stage.client.closedCount).toBe(1);
  });

  test('leaves no timer behind, however it ends', async () => {
    const acts: ((stage: Awaited<ReturnType<typeof openConditioned>>) => void)[] = [
      ({ connection }) => connection.close(),
      ({ connection }) => connection.drop(),
      ({ peer }) => peer.close('evicted'),
      ({ peer }) => peer.drop(),
      ({ connection, peer }) => (peer.drop(), connection.close()),
    ];
    for (const act of acts) {
      const stage = await openConditioned({
        client: { up: SLOW, down: SLOW },
        server: { up: SLOW, down: SLOW },
      });
      const { time, connection, peer, client, host } = stage;
      connection.write('sync', moveFrame(1));
      connection.write('reliable', userFrame(1));
      peer.write([{ lane: 'sync', bytes: snapshotFrame(1) }]);
      act(stage);
      for (let waitedMs = 0; client.closedCount + host.count('closed') < 2; waitedMs += 10) {
        expect(waitedMs).toBeLessThan(10_000);
        await time.advanceMs(10);
      }
      expect([time.pendingTimers, time.pendingDeferred]).toEqual([0, 0]);
    }
  });

  test('of one connection is nothing to the next', async () => {
    const stage = await openConditioned({ client: { up: SLOW } });
    stage.connection.write('reliable', userFrame(1));
    stage.connection.drop();
    const next = await stage.connect();
    next.connection.write('reliable', userFrame(2));
    await stage.time.advanceMs(2_000);
    expect(stage.host.messagesOf(next.peer).map(indexOf)).toEqual([2]);
  });
});

test('a datagram that is there before the connection is open is lost', async () => {
  const stage = await openConditioned({});
  stage.transport.setConditions('down', 'reliable', { delayMs: 50 });
  stage.host.onOpen = (peer) =>
    peer.write([
      { lane: 'sync', bytes: snapshotFrame(1) },
      { lane: 'reliable', bytes: userFrame(2) },
    ]);
  const client = new RecordingClient();
  stage.transport.connect(stage.url, client);
  await stage.time.advanceMs(100);
  expect(client.log.map((entry) => entry.split(' ')[0])).toEqual(['open', 'bytes']);
  expect(client.messages.map(indexOf)).toEqual([2]);
});
