import { describe, expect, test } from 'vitest';

import {
  indexOf,
  isUserFrame,
  moveFrame,
  openConditioned,
  snapshotFrame,
  userFrame,
} from '../../test/support/conditioned-stage.ts';
import { createConditionedServer } from './create-conditioned-server.ts';
import { createMemoryNetwork } from './memory-network.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';

const INDICES = Array.from({ length: 200 }, (_, index) => index);
const BAD = { lossRate: 0.3, jitterMs: 30, duplicateRate: 0.1 };

describe('a conditioned server', () => {
  test('loses, doubles and reorders the sync lane alone, both ways', async () => {
    const stage = await openConditioned({ server: { up: BAD, down: BAD } });
    const { time, host, client, connection, peer } = stage;
    for (const index of INDICES) {
      connection.write('sync', moveFrame(index));
      connection.write('reliable', userFrame(index));
      peer.write([
        { lane: 'sync', bytes: snapshotFrame(index) },
        { lane: 'reliable', bytes: userFrame(index) },
      ]);
      await time.advanceMs(1);
    }
    await time.advanceMs(60_000);
    for (const arrived of [host.messagesOf(peer), client.messages]) {
      const sync = arrived.filter((text) => !isUserFrame(text)).map(indexOf);
      expect(new Set(sync).size).toBeLessThan(180);
      expect(new Set(sync).size).toBeGreaterThan(100);
      expect(sync.length).toBeGreaterThan(new Set(sync).size);
      expect(sync).not.toEqual(sync.toSorted((a, b) => a - b));
      expect(arrived.filter(isUserFrame).map(indexOf)).toEqual(INDICES);
    }
  });

  test('sets the conditions of one connection, or of all that are and will be', async () => {
    const stage = await openConditioned({});
    const other = await stage.connect();
    const arrivals = async (): Promise<boolean[]> => {
      const pairs = [stage, other, await stage.connect()];
      const before = pairs.map(({ client }) => client.messages.length);
      for (const { peer } of pairs) peer.write([{ lane: 'sync', bytes: snapshotFrame(1) }]);
      await stage.time.advanceMs(1);
      return pairs.map(({ client }, index) => client.messages.length > (before[index] ?? 0));
    };
    stage.server.line(other.peer.peerId)?.setConditions('down', 'sync', { lossRate: 1 });
    expect(await arrivals()).toEqual([true, false, true]);
    stage.server.setConditions('down', 'sync', { lossRate: 1 });
    expect(await arrivals()).toEqual([false, false, false]);
    stage.server.setConditions('both', 'both', {});
    expect(await arrivals()).toEqual([true, true, true]);
  });

  test('has no line for a connection that has ended', async () => {
    const { time, server, peer } = await openConditioned({});
    expect(server.line(peer.peerId)).toBeDefined();
    peer.drop();
    await time.advanceMs(0);
    expect(server.line(peer.peerId)).toBeUndefined();
  });

  test('draws for each connection alone: nobody’s traffic moves another’s losses', async () => {
    const run = async (noise: number): Promise<number[]> => {
      const stage = await openConditioned({ server: { down: { lossRate: 0.3 } } });
      const other = await stage.connect();
      for (const index of INDICES) {
        for (let copy = 0; copy < noise; copy += 1) {
          other.peer.write([{ lane: 'sync', bytes: snapshotFrame(0) }]);
        }
        stage.peer.write([{ lane: 'sync', bytes: snapshotFrame(index) }]);
      }
      await stage.time.advanceMs(10);
      return stage.client.messages.map(indexOf);
    };
    const alone = await run(0);
    expect(alone.length).toBeLessThan(200);
    expect(await run(3)).toEqual(alone);
  });

  test('lets what the client said last come before the end', async () => {
    const stage = await openConditioned({ server: { up: { delayMs: 40 } } });
    const { time, host, connection, peer } = stage;
    connection.write('reliable', userFrame(1));
    connection.close();
    await time.advanceMs(39);
    expect(host.count('bytes') + host.count('closed')).toBe(0);
    await time.advanceMs(1);
    expect(host.logOf(peer).map((entry) => entry.split(' ')[0])).toEqual([
      'open',
      'bytes',
      'closed',
    ]);
  });

  test('tells a host that ends what has ended already only after the call', async () => {
    for (const end of ['close', 'drop'] as const) {
      const stage = await openConditioned({ server: { up: { delayMs: 40 } } });
      const { time, host, connection, peer } = stage;
      connection.drop();
      await time.advanceMs(1);
      if (end === 'close') peer.close('evicted');
      else peer.drop();
      expect(host.count('closed')).toBe(0);
      await time.advanceMs(0);
      expect(host.count('closed')).toBe(1);
      peer.drop();
      await time.advanceMs(100);
      expect([host.count('closed'), time.pendingTimers]).toEqual([1, 0]);
    }
  });

  test('writes what arrives together as one', async () => {
    const stage = await openConditioned({ server: { down: { delayMs: 10 } } });
    const payloads = [1, 2, 3].map((index) => ({
      lane: 'reliable' as const,
      bytes: userFrame(index),
    }));
    stage.peer.write(payloads);
    stage.peer.write(payloads);
    await stage.time.advanceMs(10);
    expect(stage.client.messages.map(indexOf)).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('sends what is under way when it stops, and its reason behind it', async () => {
    const stage = await openConditioned({ server: { down: { delayMs: 900 } } });
    stage.peer.write([{ lane: 'reliable', bytes: userFrame(1) }]);
    await stage.server.stop();
    await stage.time.advanceMs(1);
    expect(stage.client.log.at(-1)).toBe('closed server-stopped');
    expect(stage.client.messages.map(indexOf)).toEqual([1]);
    expect(stage.time.pendingTimers).toBe(0);
  });
});

test('what is wrong is named before anything starts', () => {
  const { server } = createMemoryNetwork({
    scheduler: new VirtualTime(),
    random: new SeededRandom(1),
  });
  expect(() => createConditionedServer(server, { down: { jitterMs: Number.NaN } })).toThrow(
    expect.objectContaining({
      code: 'invalid-configuration',
      message: expect.stringContaining('jitterMs'),
    }),
  );
});
