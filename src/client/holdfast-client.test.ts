/** What a game does and sees with a client: inputs, views, events, statistics, hostile bytes. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, test } from 'vitest';

import { createClientFixture } from '../../test/support/client-fixture.ts';
import type { ClientFixture } from '../../test/support/client-fixture.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { defineMessages } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId } from '../protocol/ids.ts';

const ANNA = 'anna' as PlayerId;
const BERT = 'bert' as PlayerId;
const MOVE = { directionX: 1, directionY: 0, yaw: 0.5 };
const SHOT = { directionX: 0, directionY: 1 };

/** A schema that takes strings. */
const text: StandardSchemaV1<string> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof value === 'string' ? { value } : { issues: [{ message: 'not a text' }] },
  },
};
const messages = defineMessages({
  chat: { lane: 'reliable', schema: text },
  typing: { lane: 'sync', schema: text },
});

/** A world that runs: a snapshot per tick with anna at x = tick and bert standing. */
function runWorld({ server, time }: ClientFixture): void {
  const tickAt = (tick: number): void => {
    for (const peer of server.openPeers) {
      if (peer.received.length === 0) continue;
      peer.send({
        kind: 'snapshot',
        tick,
        players: [
          { entity: 1, fields: [tick * 100, 0, 0, 1] },
          { entity: 2, fields: [500, 500, 0, 1] },
        ],
      });
    }
    time.setTimer(50, () => tickAt(tick + 1));
  };
  tickAt(100);
}

async function createPlayingClient() {
  const fixture = await createClientFixture();
  const client = await fixture.logIn({ messages });
  fixture.server.peer.send({
    kind: 'roster',
    isComplete: true,
    entered: [
      { entity: 1, playerId: ANNA },
      { entity: 2, playerId: BERT },
    ],
    left: [],
  });
  runWorld(fixture);
  await fixture.time.advanceMs(0);
  return { ...fixture, client };
}

describe('views', () => {
  test('players and self are shown between snapshots, two ticks behind', async () => {
    const { client, time } = await createPlayingClient();
    await time.advanceMs(1_025);
    const anna = client.players.get(ANNA);
    expect(anna?.x).toBeCloseTo(118.5, 6);
    expect(anna?.fields).toMatchObject({ isAlive: 1 });
    expect(client.self).toEqual(anna);
    expect(client.selfConfirmed?.x).toBeCloseTo(120, 6);
    expect(client.stats.interpolationDelayMs).toBeCloseTo(100, 6);
    expect(client.players.get(BERT)).toMatchObject({ entity: 2, x: 5, y: 5 });
    expect(client.serverTick).toBeCloseTo(120.5, 6);
  });

  test('stay as they were while reconnecting and begin anew after it', async () => {
    const { client, server, time } = await createPlayingClient();
    await time.advanceMs(1_000);
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(2_000);
    const held = client.self?.x;
    // At the end of what is guessed past the last snapshot.
    expect(held).toBeCloseTo(122, 6);
    server.isReachable = true;
    server.handleLogin = (peer) => {
      peer.accept({ epoch: 2, entity: 2 });
      const entered = [{ entity: 2, playerId: ANNA }];
      peer.send({ kind: 'roster', isComplete: true, entered, left: [] });
    };
    await time.advanceMs(2_500);
    expect(client.self).toMatchObject({ playerId: ANNA, entity: 2, x: 5 });
    expect([...client.players.keys()]).toEqual([ANNA]);
  });
});

describe('inputs', () => {
  test('one move per tick is sent, stamped for a tick that is still to come', async () => {
    const { client, server, time } = await createPlayingClient();
    const stamps: (number | undefined)[] = [];
    for (let ms = 0; ms < 1_000; ms += 10) {
      stamps.push(client.sendMove(MOVE));
      await time.advanceMs(10);
    }
    const sent = stamps.filter((tick) => tick !== undefined);
    expect(sent).toHaveLength(20);
    for (const [index, tick] of sent.entries()) expect(tick).toBe((sent[0] ?? 0) + index);
    expect((sent.at(-1) ?? 0) - (client.serverTick ?? 0)).toBeGreaterThan(1);
    await time.advanceMs(0);
    const received = server.peer.receivedOf('move-input');
    expect(received.map(({ tick }) => tick)).toEqual(sent);
    expect(received[0]).toMatchObject(MOVE);
  });

  test('input-tick comes once per tick and is the moment for a move', async () => {
    const { client, time } = await createPlayingClient();
    const ticks: number[] = [];
    const stamps: (number | undefined)[] = [];
    client.on('input-tick', ({ tick }) => {
      ticks.push(tick);
      stamps.push(client.sendMove(MOVE));
    });
    await time.advanceMs(2_000);
    expect(ticks).toHaveLength(40);
    expect(stamps).toEqual(ticks);
  });

  test('a shot carries the tick that is seen and is sent at most once per tick', async () => {
    const { client, server, time } = await createPlayingClient();
    await time.advanceMs(1_000);
    const tick = client.shoot({ ...SHOT, targetPlayerId: BERT });
    expect(client.shoot(SHOT)).toBeUndefined();
    await time.advanceMs(50);
    expect(client.shoot(SHOT)).toBe((tick ?? 0) + 1);
    await time.advanceMs(0);
    const [first, second] = server.peer.receivedOf('shoot-input');
    expect(first).toMatchObject({ tick, targetPlayerId: BERT, directionX: 0, directionY: 1 });
    expect(first?.viewTick).toBeCloseTo(118, 1);
    expect(second?.targetPlayerId).toBeUndefined();
  });

  test('nothing is sent before a tick is known, while reconnecting, nor after the end', async () => {
    const fixture = await createClientFixture();
    const { server, time } = fixture;
    const client = await fixture.logIn({ messages });
    expect(client.sendMove(MOVE)).toBeUndefined();
    expect(client.shoot(SHOT)).toBeUndefined();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(10);
    expect(client.state).toBe('reconnecting');
    expect(client.sendMove(MOVE)).toBeUndefined();
    expect(client.send({ name: 'chat', payload: 'x' })).toBe(false);
    await client.leave();
    expect(client.shoot(SHOT)).toBeUndefined();
    expect(client.send({ name: 'chat', payload: 'x' })).toBe(false);
  });

  test('no input-tick comes while reconnecting, and they go on after it', async () => {
    const { client, server, time } = await createPlayingClient();
    let ticks = 0;
    client.on('input-tick', () => (ticks += 1));
    await time.advanceMs(500);
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(1);
    const before = ticks;
    await time.advanceMs(3_000);
    expect(ticks).toBe(before);
    server.isReachable = true;
    await time.advanceMs(3_000);
    expect(ticks).toBeGreaterThan(before + 20);
  });

  test.each([
    ['directionX', { ...MOVE, directionX: Number.NaN }],
    ['directionY', { ...MOVE, directionY: Number.POSITIVE_INFINITY }],
    ['yaw', { ...MOVE, yaw: undefined as never }],
  ])('a move whose %s is not finite is an error of the caller', async (name, move) => {
    const { client } = await createPlayingClient();
    expect(() => client.sendMove(move)).toThrow(HoldfastError);
    expect(() => client.sendMove(move)).toThrow(name);
  });

  test('a shot at an id that is none is an error of the caller', async () => {
    const { client } = await createPlayingClient();
    expect(() => client.shoot({ ...SHOT, targetPlayerId: '' as PlayerId })).toThrow(
      'targetPlayerId',
    );
  });

  test('moves are held back while the network takes nothing, and counted', async () => {
    const { server, logIn, time } = await createClientFixture({ windowBytes: 0 });
    const client = await logIn({ messages });
    server.peer.send({ kind: 'snapshot', tick: 100, players: [] });
    await time.advanceMs(0);
    for (let index = 0; index < 9; index += 1) {
      expect(client.send({ name: 'chat', payload: 'x'.repeat(2_000) })).toBe(true);
    }
    expect(client.sendMove(MOVE)).toBeUndefined();
    expect(client.stats.messagesHeldBack).toBe(1);
    await time.advanceMs(60);
    expect(client.sendMove(MOVE)).toBeDefined();
  });
});

describe('messages and events', () => {
  test('a message of the game is sent as JSON on its lane', async () => {
    const { client, server, time } = await createPlayingClient();
    expect(client.send({ name: 'chat', payload: 'hello' })).toBe(true);
    await time.advanceMs(0);
    expect(server.peer.receivedOf('user-message')).toEqual([
      { kind: 'user-message', name: 'chat', payload: '"hello"' },
    ]);
  });

  test('a message that is not defined is an error of the caller', async () => {
    const { client } = await createPlayingClient();
    expect(() => client.send({ name: 'nothing' as 'chat', payload: 'x' })).toThrow(HoldfastError);
  });

  test('a message from the server is heard when its schema takes it, else counted', async () => {
    const { client, server, time } = await createPlayingClient();
    const heard: unknown[] = [];
    client.on('message', (message) => heard.push(message));
    server.peer.send(
      { kind: 'user-message', name: 'chat', payload: '"hi"' },
      { kind: 'user-message', name: 'chat', payload: '7' },
      { kind: 'user-message', name: 'chat', payload: '{' },
      { kind: 'user-message', name: 'nothing', payload: '"hi"' },
    );
    await time.advanceMs(0);
    expect(heard).toEqual([{ name: 'chat', payload: 'hi' }]);
    expect(client.stats.userMessagesRejected).toBe(3);
  });

  test('combat, verdicts and snapshots are heard', async () => {
    const { client, server, time } = await createPlayingClient();
    const heard: unknown[] = [];
    const combat = {
      kind: 'combat-event',
      tick: 9,
      event: 'death',
      targetId: BERT,
      killerId: ANNA,
    } as const;
    const verdicts = {
      kind: 'verdict-report',
      tick: 9,
      entries: [{ input: 'move-input', inputTick: 5, outcome: 'stale', code: undefined }],
      omitted: 2,
    } as const;
    client.on('combat', (event) => heard.push(event));
    client.on('verdicts', (event) => heard.push(event));
    client.on('snapshot', (event) => heard.push(event));
    server.peer.send(combat, verdicts, { kind: 'snapshot', tick: 900, players: [] });
    await time.advanceMs(0);
    expect(heard).toEqual([combat, verdicts, { tick: 900, playerCount: 0 }]);
  });

  test('a listener that throws is reported and hits neither others nor the session', async () => {
    const { client, server, time, listenerErrors } = await createPlayingClient();
    let heard = 0;
    client.on('snapshot', () => {
      throw new Error('mine');
    });
    client.on('snapshot', () => (heard += 1));
    await time.advanceMs(100);
    expect(heard).toBe(2);
    expect(listenerErrors).toHaveLength(2);
    expect(client.stats.listenerErrors).toBe(2);
    expect(client.state).toBe('logged-in');
    server.peer.heartbeat(3);
    await time.advanceMs(0);
    expect(server.peer.receivedOf('heartbeat-answer')).toHaveLength(1);
  });

  test('onListenerError gets the errors instead', async () => {
    const { server, logIn, time, listenerErrors } = await createClientFixture();
    const mine: unknown[] = [];
    const client = await logIn({ onListenerError: (error) => mine.push(error) });
    const problem = new Error('mine');
    client.on('snapshot', () => {
      throw problem;
    });
    server.peer.send({ kind: 'snapshot', tick: 1, players: [] });
    await time.advanceMs(0);
    expect(mine).toEqual([problem]);
    expect(listenerErrors).toEqual([]);
  });
});

describe('statistics', () => {
  test('count bytes, frames and snapshots, stale ones apart', async () => {
    const { client, server, time } = await createPlayingClient();
    await time.advanceMs(100);
    const before = client.stats;
    const stale = { kind: 'snapshot', tick: 3, players: [] } as const;
    server.peer.send(stale);
    await time.advanceMs(0);
    const after = client.stats;
    expect(after.snapshotsReceived).toBe(before.snapshotsReceived + 1);
    expect(after.snapshotsStale).toBe(before.snapshotsStale + 1);
    expect(after.framesReceived).toBe(before.framesReceived + 1);
    expect(after.bytesReceived).toBeGreaterThan(before.bytesReceived);
    expect(after.bytesSent).toBeGreaterThan(0);
  });

  test('show the round trip and the margin that the server reports', async () => {
    const { client, server, time } = await createPlayingClient();
    expect(client.stats.roundTripTimeMs).toBeUndefined();
    expect(client.stats.inputMarginTicks).toBeUndefined();
    server.peer.send({ kind: 'input-ack', lastInputTick: 1, marginTicks: 0 });
    await time.advanceMs(0);
    expect(client.stats.inputLeadTicks).toBe(4.25);
    // The first measurement of the way starts the steering anew.
    server.peer.heartbeat(101, 42);
    server.peer.send({ kind: 'input-ack', lastInputTick: 2, marginTicks: 1.25 });
    await time.advanceMs(0);
    expect(client.stats.roundTripTimeMs).toBe(42);
    expect(client.stats.inputMarginTicks).toBe(1.25);
    expect(client.stats.inputLeadTicks).toBeCloseTo(3.42, 9);
  });
});

test('a reconnect knows nothing of the way there: it may be another one', async () => {
  const { client, server, time } = await createPlayingClient();
  server.peer.heartbeat(101, 42);
  await time.advanceMs(0);
  server.peer.drop();
  await time.advanceMs(200);
  expect(client.stats).toMatchObject({ reconnects: 1, roundTripTimeMs: undefined });
});

describe('hostile bytes', () => {
  test('are counted, never thrown, and leave the session as it is', async () => {
    const { client, server, time } = await createPlayingClient();
    const random = new SeededRandom(99);
    for (let index = 0; index < 600; index += 1) {
      const bytes = new Uint8Array(random.below(40));
      random.fillBytes(bytes);
      // Not the words that end a session by right: login answers and Close.
      if (index % 2 === 0 && bytes.length > 0) bytes[0] = 200 + random.below(56);
      server.peer.sendBytes(bytes);
      await time.advanceMs(0);
      if (server.peers.at(-1)?.isClosed === true) break;
    }
    expect(client.stats.framesRejected).toBeGreaterThan(250);
    expect(() => [...client.players.values()]).not.toThrow();
  });

  test('absurd ticks and clocks neither throw nor stop the client', async () => {
    const { client, server, time } = await createPlayingClient();
    const most = Number.MAX_SAFE_INTEGER;
    server.peer.send(
      {
        kind: 'heartbeat',
        nonce: '',
        serverTick: most,
        tickFraction: 1e9,
        roundTripTimeMs: 1e30,
        reliableReceived: most,
      },
      { kind: 'snapshot', tick: most, players: [{ entity: 1, fields: [1] }] },
      { kind: 'input-ack', lastInputTick: most, marginTicks: 0 },
    );
    await time.advanceMs(200);
    expect(client.state).toBe('logged-in');
    expect(client.sendMove(MOVE)).toBeUndefined();
    expect(client.shoot(SHOT)).toBeUndefined();
    expect(() => client.players).not.toThrow();
  });

  test.each([1e-300, 1e-30, 1e30, 1e300])(
    'a tick rate of %d is brought into bounds',
    async (tickRateHz) => {
      const { server, logIn, time } = await createClientFixture();
      server.handleLogin = (peer) => peer.accept({ tickRateHz });
      const client = await logIn();
      server.peer.send({ kind: 'snapshot', tick: 5, players: [] });
      await time.advanceMs(1_000);
      expect(client.state).toBe('logged-in');
      const leaving = client.leave();
      await time.advanceMs(0);
      await leaving;
      expect(time.pendingTimers).toBe(0);
    },
  );
});
