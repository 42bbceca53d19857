import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { expectUntouched } from '../support/control-run.ts';
import { openMemory } from '../support/open-setting.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';
import type { ScriptedConnection } from '../support/scripted-transport.ts';
import { MEMORY } from '../support/settings.ts';
import type { MemorySetting, SettingConfig } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

interface Scene {
  readonly setting: MemorySetting;
  readonly connection: ScriptedConnection;
  readonly session: ManagedSession<{ name: string }>;
}

/** Bob, logged in through a transport in which every byte moves at the test's word. */
async function openScene(config: SettingConfig): Promise<Scene> {
  const transport = new ScriptedTransport();
  const setting = await openMemory({ transports: [transport], ...config });
  const connection = transport.open('peer');
  connection.login({ playerId: 'bob' });
  await setting.passMs(1);
  const session = setting.runtime.host.sessions.getByPlayer('bob' as PlayerId)!;
  return { setting, connection, session };
}

/** Nobody times out while a test counts. */
const PATIENT = {
  ...SPEC_CONFIG.policy,
  heartbeatIntervalMs: 2_000,
  livenessTimeoutMs: 5_000,
  reconnectWindowMs: 10_000,
  stallMsMax: 60_000,
};
const BURST = 120;

const LANES = [
  {
    limit: 'limits.syncMessagesPerSecond',
    limits: { messageBurst: BURST, syncMessagesPerSecond: 7, reliableMessagesPerSecond: 1_000 },
    perSecond: 7,
    message: moveInput({ tick: 1_000_000 }),
  },
  {
    limit: 'limits.reliableMessagesPerSecond',
    limits: { messageBurst: BURST, syncMessagesPerSecond: 1_000, reliableMessagesPerSecond: 5 },
    perSecond: 5,
    // Costs nothing but its place in the budget.
    message: { kind: 'heartbeat-answer', nonce: 'unknown', serverTick: 0, reliableReceived: 0 },
  },
] as const;

describe.each(LANES)('$limit', ({ limits, perSecond, message }) => {
  test('admits so many a second after the burst, and drops the next undecoded', async () => {
    const { setting, connection } = await openScene({ policy: PATIENT, limits });
    const { counters } = setting.runtime.host;
    await setting.passMs(1_000);
    for (let count = 0; count < BURST; count += 1) connection.deliver(message);
    expect(counters.overBudgetMessages).toBe(0);
    for (let seconds = 1; seconds <= 3; seconds += 1) {
      await setting.passMs(1_000);
      for (let count = 0; count < perSecond - 1; count += 1) connection.deliver(message);
      expect(counters.overBudgetMessages).toBe(seconds - 1);
      connection.deliver(message);
      expect(counters.overBudgetMessages).toBe(seconds - 1);
      connection.deliver(message);
      expect(counters.overBudgetMessages).toBe(seconds);
    }
  });
});

describe.each(LANES)('limits.messageBurst beside $limit', ({ limits, message }) => {
  test('may come at once, as many again are dropped, one more is too many', async () => {
    const { setting, connection, session } = await openScene({ policy: PATIENT, limits });
    const { counters } = setting.runtime.host;
    await setting.passMs(1_000);
    for (let count = 0; count < BURST; count += 1) connection.deliver(message);
    expect(counters.overBudgetMessages).toBe(0);
    for (let count = 0; count < BURST; count += 1) connection.deliver(message);
    expect(counters).toMatchObject({ overBudgetMessages: BURST, rateLimited: 0 });
    expect(session.state).toBe('logged-in');
    connection.deliver(message);
    expect(counters).toMatchObject({ overBudgetMessages: BURST + 1, rateLimited: 1 });
    expect(session).toMatchObject({ state: 'disconnected', lastCause: 'rate-limited' });
    expect(connection.closeCode).toBe('rate-limited');
    expect(connection.all('close')).toMatchObject([{ code: 'rate-limited', retryable: false }]);
  });

  test('leaves the other lane what it has', async () => {
    const { setting, connection } = await openScene({ policy: PATIENT, limits });
    await setting.passMs(1_000);
    for (let count = 0; count < BURST + 1; count += 1) connection.deliver(message);
    for (const other of LANES) {
      if (other.message !== message) connection.deliver(other.message);
    }
    expect(setting.runtime.host.counters.overBudgetMessages).toBe(1);
  });
});

describe('limits.messageBurst', () => {
  test('is spent before anything is decoded', async () => {
    const { setting, connection } = await openScene({
      policy: PATIENT,
      limits: { messageBurst: BURST, strikesMax: 1_000, reliableMessagesPerSecond: 1 },
    });
    const { counters } = setting.runtime.host;
    for (let count = 0; count < BURST + 10; count += 1) connection.deliverBytes(Uint8Array.of(250));
    // The login was the burst's first message.
    expect(counters.malformedByCode.get('unknown-kind')).toBe(BURST - 1);
    expect(counters.overBudgetMessages).toBe(11);
  });
});

describe('limits.strikesMax', () => {
  test.each([
    ['before the login', false],
    ['while logged in', true],
  ])('forgives so many, one more a second, and ends the next: %s', async (_, isLoggedIn) => {
    const transport = new ScriptedTransport();
    const setting = await openMemory({
      transports: [transport],
      policy: { ...PATIENT, loginTimeoutMs: 60_000 },
      limits: { strikesMax: 4 },
    });
    const { host } = setting.runtime;
    const connection = transport.open('peer');
    if (isLoggedIn) connection.login({ playerId: 'bob' });
    await setting.passMs(1);
    const [session] = host.sessions;
    for (let strikes = 0; strikes < 4; strikes += 1) connection.deliverBytes(Uint8Array.of(250));
    expect(host.counters.protocolErrors).toBe(0);
    await setting.passMs(1_000);
    connection.deliverMalformed('text-frame');
    expect(session?.isAlive).toBe(true);
    connection.deliverBytes(Uint8Array.of(250));
    expect(host.counters.protocolErrors).toBe(1);
    expect(session).toMatchObject({ state: 'disconnected', lastCause: 'protocol-error' });
    expect(connection.closeCode).toBe('protocol-error');
  });

  test('counts what is misplaced like what is malformed', async () => {
    const { connection, session } = await openScene({
      policy: PATIENT,
      limits: { strikesMax: 2 },
    });
    connection.login({ playerId: 'bob' });
    connection.deliver({ kind: 'user-message', name: 'unheard-of', payload: '""' });
    expect(session.state).toBe('logged-in');
    connection.login({ playerId: 'bob' });
    expect(session.lastCause).toBe('protocol-error');
  });
});

describe('limits.reliableQueueBytesMax', () => {
  const note = { kind: 'user-message', name: 'note', payload: '"12345678"' } as const;
  const frameBytes = encodeServerMessage(note).length;
  const limits = { reliableQueueBytesMax: 5_000 };

  test('is what may wait: a byte more is a slow consumer, whose seat is held', async () => {
    const { setting, connection, session } = await openScene({ policy: PATIENT, limits });
    const { host } = setting.runtime;
    const send = () => host.send(session, { name: 'note', payload: '12345678' });
    await setting.passMs(10);
    for (const spare of [1, 0]) {
      connection.bufferedBytes = 5_000 - frameBytes - spare;
      send();
      await setting.passMs(1);
      expect(session.state).toBe('logged-in');
    }
    expect(host.counters.slowConsumers).toBe(0);
    expect(connection.all('user-message')).toHaveLength(2);
    connection.bufferedBytes = 5_000 - frameBytes + 1;
    send();
    expect(host.counters.slowConsumers).toBe(1);
    expect(session).toMatchObject({ state: 'reconnecting', lastCause: 'slow-consumer' });
    expect(connection.closeCode).toBe('slow-consumer');
  });

  test('counts what is queued together with what the network has not taken', async () => {
    const { setting, connection, session } = await openScene({ policy: PATIENT, limits });
    await setting.passMs(10);
    connection.bufferedBytes = 5_000 - 3 * frameBytes;
    const { host } = setting.runtime;
    for (let count = 0; count < 3; count += 1) {
      expect(host.send('field', { name: 'note', payload: '12345678' })).toBe(true);
    }
    expect(session.state).toBe('logged-in');
    expect(host.inspect(session)?.pendingBytes).toBe(5_000);
    host.send('field', { name: 'note', payload: '12345678' });
    expect(session.state).toBe('reconnecting');
  });

  test('a reader that stops is closed, told when it reads again, and nobody else waits', async () => {
    await expectUntouched(
      MEMORY,
      async (setting) => {
        const { host } = setting.runtime;
        const bob = await setting.loginRaw('bob', 'elsewhere');
        const session = host.sessions.getByPlayer('bob' as PlayerId)!;
        bob.pauseReading();
        const payload = 'x'.repeat(1_900);
        for (let count = 0; count < 60; count += 1) {
          host.send('elsewhere', { name: 'note', payload });
          await setting.passMs(10);
        }
        expect(host.counters.slowConsumers).toBe(1);
        expect(session).toMatchObject({ state: 'reconnecting', lastCause: 'slow-consumer' });
        bob.resumeReading();
        await setting.waitFor('the end', () => bob.isClosed);
        expect(bob.closeCode).toBe('slow-consumer');
      },
      { config: { limits: { reliableQueueBytesMax: 20_000 } } },
    );
  });
});

describe('limits.syncBufferedBytesMax', () => {
  test('beyond it the sync lane waits: the latest wins, what it replaced is counted', async () => {
    const { setting, connection, session } = await openScene({
      policy: PATIENT,
      limits: { syncBufferedBytesMax: 3_000 },
    });
    const { host } = setting.runtime;
    await setting.passMs(100);
    const snapshots = () => connection.all('snapshot').map(({ tick }) => tick);
    for (const bufferedBytes of [2_999, 3_000]) {
      connection.bufferedBytes = bufferedBytes;
      const before = snapshots().length;
      await setting.passMs(50);
      expect(snapshots()).toHaveLength(before + 1);
    }
    expect(host.inspect(session)?.coalescedMessages).toBe(0);
    connection.bufferedBytes = 3_001;
    const before = snapshots();
    await setting.passMs(500);
    expect(snapshots()).toEqual(before);
    // Ten ticks wait in one place: nine were replaced.
    expect(host.inspect(session)?.coalescedMessages).toBe(9);
    connection.bufferedBytes = 0;
    await setting.passMs(50);
    const [next, ...more] = snapshots().slice(before.length);
    expect(next).toBe(before.at(-1)! + 11);
    expect(more).toEqual([]);
    // The reliable lane never waited.
    expect(connection.all('heartbeat').length).toBeGreaterThan(1);
  });
});

describe('limits.catchUpStepsMax', () => {
  test.each([
    [3, 0],
    [4, 0],
    [5, 1],
    [40, 36],
  ])('after a stall of %i ticks %i are dropped and counted', async (ticks, dropped) => {
    const { setting, connection } = await openScene({
      policy: PATIENT,
      limits: { catchUpStepsMax: 4 },
    });
    const { host } = setting.runtime;
    await setting.passMs(100);
    const before = host.counters.ticks;
    const seen = connection.all('snapshot').length;
    const lastTick = connection.all('snapshot').at(-1)!.tick;
    setting.time.stallMs(ticks * 50);
    await setting.passMs(0);
    expect(host.counters.ticks - before).toBe(ticks - dropped);
    expect(host.droppedTicks).toBe(dropped);
    // One snapshot for all of them.
    expect(connection.all('snapshot')).toHaveLength(seen + 1);
    expect(connection.all('snapshot').at(-1)?.tick).toBe(lastTick + ticks - dropped);
  });
});
