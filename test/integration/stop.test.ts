import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import { LeakWatch } from '../support/leak-watch.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import { SETTINGS, WEB_SOCKETS } from '../support/settings.ts';
import type { Setting, SettingConfig } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

interface Bomb {
  /** Stops the runtime from inside; the sessions are gone when it returns. */
  readonly goOff: () => void;
  setting: Setting | undefined;
  stopping: Promise<void> | undefined;
  sizeAfterStop: number | undefined;
}

function createBomb(): Bomb {
  const bomb: Bomb = {
    setting: undefined,
    stopping: undefined,
    sizeAfterStop: undefined,
    goOff() {
      const { runtime } = bomb.setting!;
      if (bomb.stopping !== undefined) return;
      bomb.stopping = runtime.stop();
      bomb.sizeAfterStop = runtime.host.sessions.size;
    },
  };
  return bomb;
}

/** Each place in which a user's code runs, and what makes it run. */
const CALLBACKS: Record<
  string,
  (bomb: Bomb) => { config?: SettingConfig; trigger: (setting: Setting) => Promise<void> }
> = {
  onMessage: (bomb) => ({
    config: { onMessage: () => bomb.goOff() },
    trigger: async (setting) => {
      const bob = await setting.loginRaw('bob');
      bob.send({ kind: 'user-message', name: 'note', payload: '"stop"' });
    },
  }),
  'a subscriber': (bomb) => ({
    trigger: async (setting) => {
      setting.runtime.host.sessions.subscribe(({ to }) => {
        if (to === 'logged-in') bomb.goOff();
      });
      const bob = await setting.connectRaw();
      bob.login({ playerId: 'bob' });
    },
  }),
  'a subscriber in an evaluation': (bomb) => ({
    trigger: async (setting) => {
      const bob = await setting.loginRaw('bob');
      setting.runtime.host.sessions.subscribe(({ to }) => {
        if (to === 'timed-out') bomb.goOff();
      });
      bob.answersHeartbeats = false;
    },
  }),
  'onVerdict in a step': (bomb) => ({
    config: { onVerdict: () => bomb.goOff() },
    trigger: async (setting) => {
      const bob = await setting.loginRaw('bob');
      await setting.waitFor('a snapshot', () => bob.serverTick > 0);
      bob.send(moveInput({ tick: bob.serverTick + 2 }));
    },
  }),
  'onVerdict on arrival': (bomb) => ({
    config: { onVerdict: () => bomb.goOff() },
    trigger: async (setting) => {
      const bob = await setting.loginRaw('bob');
      bob.send(moveInput({ tick: 1_000_000 }));
    },
  }),
  authenticate: (bomb) => ({
    config: {
      authenticate: (credentials, request) => {
        if ((credentials as { playerId: string }).playerId === 'bob') bomb.goOff();
        return SPEC_CONFIG.authenticate(credentials, request);
      },
    },
    trigger: async (setting) => {
      const bob = await setting.connectRaw();
      bob.login({ playerId: 'bob' });
    },
  }),
  onError: (bomb) => ({
    config: {
      onMessage: () => {
        throw new Error('boom');
      },
      onError: () => bomb.goOff(),
    },
    trigger: async (setting) => {
      const bob = await setting.loginRaw('bob');
      bob.send({ kind: 'user-message', name: 'note', payload: '"stop"' });
    },
  }),
  createAuthorities: (bomb) => ({
    config: {
      createAuthorities: (context) => {
        if (context.worldId === 'bomb') bomb.goOff();
        return SPEC_CONFIG.createAuthorities(context);
      },
    },
    trigger: async (setting) => {
      const bob = await setting.connectRaw();
      bob.login({ playerId: 'bob', worldId: 'bomb' });
    },
  }),
};

describe.each(SETTINGS)('stop over $name', (kind) => {
  test.each(Object.entries(CALLBACKS))('from inside %s ends everything', async (_, prepare) => {
    const bomb = createBomb();
    const { config, trigger } = prepare(bomb);
    const setting = await openSetting(kind, config);
    bomb.setting = setting;
    const witness = await setting.loginRaw('ada');
    await trigger(setting);
    await setting.waitFor('the bomb', () => bomb.stopping !== undefined);
    expect(bomb.sizeAfterStop).toBe(0);
    await setting.until(bomb.stopping!);
    await setting.waitFor('the witness is told', () => witness.isClosed);
    expect(witness.last('close')).toMatchObject({ code: 'server-stopped', retryable: false });
    const { ticks } = setting.runtime.host.counters;
    await setting.passMs(150);
    expect(setting.runtime.host.counters.ticks).toBe(ticks);
    expect(setting.runtime.host.sessions.size).toBe(0);
  });

  test('is the same stop however often it is asked for, and disposal is stop', async () => {
    const setting = await openSetting(kind);
    await setting.loginRaw('ada');
    const removals: string[] = [];
    setting.runtime.host.sessions.subscribe(({ cause }) => removals.push(cause));
    const stops = [setting.runtime.stop(), setting.runtime.stop()];
    await setting.until(Promise.all(stops));
    await setting.until(setting.runtime[Symbol.asyncDispose]());
    await setting.until(setting.runtime.stop());
    expect(removals).toEqual(['server-stopped']);
  });

  test('tells the real client why, and it does not come back', async () => {
    const setting = await openSetting(kind);
    const client = await setting.connectPlayer('ada');
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    await setting.until(setting.runtime.stop());
    await setting.waitFor('the end', () => client.state === 'disconnected');
    expect(closed).toEqual([{ reason: 'server-stopped', retryable: false }]);
    expect(client.stats.reconnects).toBe(0);
  });

  test('sends what was sent before it, then the reason', async () => {
    const setting = await openSetting(kind);
    const ada = await setting.loginRaw('ada');
    const { host } = setting.runtime;
    const session = host.sessions.getByPlayer('ada' as never)!;
    host.send(session, { name: 'note', payload: 'goodbye' });
    await setting.until(setting.runtime.stop());
    await setting.waitFor('the end', () => ada.isClosed);
    const words = ada.received.filter(({ kind: what }) => ['user-message', 'close'].includes(what));
    expect(words.map(({ kind: what }) => what)).toEqual(['user-message', 'close']);
    expect(ada.closeCode).toBe('server-stopped');
  });
});

describe('stop', () => {
  test('leaves no socket, timer or server, with peers in every state', async () => {
    const leaks = new LeakWatch();
    const setting = await WEB_SOCKETS.start();
    await setting.connectRaw();
    const pending = await setting.connectRaw();
    pending.login({ playerId: 'hang' });
    const gone = await setting.loginRaw('gone');
    gone.drop();
    await setting.loginRaw('bob');
    await setting.connectPlayer('ada');
    await setting.runtime.stop();
    await setting.stop();
    await leaks.expectNoLeaks();
  });

  test('ends handshakes that are under way, and plain HTTP that waits', async () => {
    const leaks = new LeakWatch();
    const runtime = await ServerRuntime.start({
      ...SPEC_CONFIG,
      port: 0,
      handleRequest: () => undefined,
    });
    const port = Number(new URL(runtime.address).port);
    const texts = [
      '',
      'GET / HT',
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgr',
      'GET /never-answered HTTP/1.1\r\nHost: x\r\n\r\n',
    ];
    const ends = texts.map(async (text) => {
      const socket = connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      socket.resume();
      return { ended: new Promise((settle) => void socket.once('close', settle)) };
    });
    const sockets = await Promise.all(ends);
    const upgrading = new WebSocket(runtime.address);
    upgrading.on('error', () => undefined);
    const upgraded = new Promise((settle) => void upgrading.once('close', settle));
    await runtime.stop();
    await Promise.all([...sockets.map(({ ended }) => ended), upgraded]);
    await leaks.expectNoLeaks();
  });

  test('does not wait for a peer that reads nothing and says nothing', async () => {
    const leaks = new LeakWatch();
    const runtime = await ServerRuntime.start({
      ...SPEC_CONFIG,
      port: 0,
      webSocketLimits: { closeTimeoutMs: 200 },
    });
    const socket = new WebSocket(runtime.address);
    await once(socket, 'open');
    socket.send(
      encodeClientMessage({
        kind: 'login',
        protocolVersion: PROTOCOL_VERSION,
        credentials: '{"playerId":"bob"}',
      }),
    );
    await once(socket, 'message');
    socket.pause();
    const startedAt = performance.now();
    await runtime.stop();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    socket.terminate();
    await leaks.expectNoLeaks();
  });

  test('keeps time from moving anything: no tick, no time-out, no message after it', async () => {
    const setting = await openMemory();
    await setting.loginRaw('ada');
    const { host } = setting.runtime;
    await setting.until(setting.runtime.stop());
    const { ticks } = host.counters;
    const events: unknown[] = [];
    host.sessions.subscribe((event) => events.push(event));
    await setting.passMs(60_000);
    expect(host.counters.ticks).toBe(ticks);
    expect(events).toEqual([]);
    expect((await setting.knockRaw()).isOpen).toBe(false);
    expect(setting.time.pendingTimers).toBe(0);
  });
});
