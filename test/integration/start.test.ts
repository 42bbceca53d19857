import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import type { TransportServer } from '../../src/transport/transport.ts';
import { LeakWatch } from '../support/leak-watch.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';

const config = { authenticate: () => ({ playerId: 'ada' }), port: 0 } as const;

/** A transport whose start or stop goes wrong. */
function faultyTransport(fault: Partial<TransportServer>): TransportServer {
  return { start: async () => 'faulty://', stop: async () => undefined, ...fault };
}

function canConnect(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}

async function startTracked(options: object = {}): Promise<ServerRuntime> {
  const runtime = await ServerRuntime.start({ ...config, ...options });
  onTestFinished(() => runtime.stop());
  return runtime;
}

function portOf(runtime: ServerRuntime): number {
  return Number(new URL(runtime.address).port);
}

describe('start', () => {
  test('on a port in use is port-in-use, names the port, and leaves nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const leaks = new LeakWatch();
    const failed = new ServerRuntime({ ...config, port });
    const error = await failed.start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'HoldfastError', code: 'port-in-use', retryable: true });
    expect((error as Error).message).toContain(String(port));
    expect(failed.address).toBe('');
    expect(failed.host.counters.ticks).toBe(0);
    await leaks.expectNoLeaks();
    await failed.stop();
  });

  test('of a second runtime on the same port fails, and the first plays on', async () => {
    const first = await startTracked();
    const second = ServerRuntime.start({ ...config, port: portOf(first) });
    await expect(second).rejects.toMatchObject({ code: 'port-in-use' });
    expect(await canConnect(portOf(first))).toBe(true);
    await first.stop();
    const third = await startTracked({ port: portOf(first) });
    expect(portOf(third)).toBe(portOf(first));
  });

  test('where nobody may listen is listen-failed', async () => {
    const leaks = new LeakWatch();
    const start = ServerRuntime.start({ ...config, hostname: '203.0.113.7' });
    await expect(start).rejects.toMatchObject({ code: 'listen-failed' });
    await leaks.expectNoLeaks();
  });

  test('twice is already-started, and the first start is unharmed', async () => {
    const runtime = new ServerRuntime(config);
    onTestFinished(() => runtime.stop());
    const first = runtime.start();
    await expect(runtime.start()).rejects.toMatchObject({ code: 'already-started' });
    await first;
    await expect(runtime.start()).rejects.toMatchObject({ code: 'already-started' });
    expect(await canConnect(portOf(runtime))).toBe(true);
  });

  test('after stop is already-stopped, and starts no transport', async () => {
    const started: string[] = [];
    const transport = faultyTransport({
      start: async () => {
        started.push('transport');
        return 'late://';
      },
    });
    const runtime = new ServerRuntime({ ...config, transports: [transport] });
    await runtime.stop();
    await expect(runtime.start()).rejects.toMatchObject({ code: 'already-stopped' });
    expect(started).toEqual([]);
  });

  test('that is stopped meanwhile rejects with already-stopped and leaves nothing', async () => {
    const leaks = new LeakWatch();
    const runtime = new ServerRuntime(config);
    const starting = runtime.start();
    const stopping = runtime.stop();
    await expect(starting).rejects.toMatchObject({ code: 'already-stopped' });
    await stopping;
    expect(runtime.address).toBe('');
    await leaks.expectNoLeaks();
  });

  test('answers with the address that clients connect to, on every transport', async () => {
    const runtime = await startTracked({
      transports: [new ScriptedTransport(), new ScriptedTransport()],
    });
    expect(runtime.address).toBe('scripted://holdfast');
    expect(runtime.addresses).toHaveLength(2);
    const webSocket = await startTracked();
    expect(webSocket.address).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe('a transport that cannot start', () => {
  test.each<[string, () => Promise<string>]>([
    ['rejects', () => Promise.reject(new Error('no network'))],
    [
      'throws',
      () => {
        throw new Error('no network');
      },
    ],
  ])(
    'and %s fails the start; those before it are stopped, those after it never start',
    async (_, start) => {
      const before = new ScriptedTransport();
      const after = new ScriptedTransport();
      const transports = [before, faultyTransport({ start }), after];
      const runtime = new ServerRuntime({ ...config, transports });
      await expect(runtime.start()).rejects.toThrow('no network');
      expect(before.stops).toBeGreaterThan(0);
      expect(() => after.open('nobody')).toThrow('not been started');
      expect(runtime.host.sessions.observeTransportActivity('late' as never)).toBeUndefined();
      expect(runtime.address).toBe('');
    },
  );

  test('and cannot stop either keeps its own error, and no other from stopping', async () => {
    const before = new ScriptedTransport();
    const faulty = faultyTransport({
      start: () => Promise.reject(new Error('no network')),
      stop: () => Promise.reject(new Error('no way back')),
    });
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const runtime = new ServerRuntime({ ...config, transports: [before, faulty], onError });
    await expect(runtime.start()).rejects.toThrow('no network');
    expect(before.stops).toBe(1);
    expect(errors).toEqual([new Error('no way back')]);
  });

  test.each<[string, () => Promise<void>]>([
    ['rejects', () => Promise.reject(new Error('no way back'))],
    [
      'throws',
      () => {
        throw new Error('no way back');
      },
    ],
  ])('that %s on stop keeps no other from stopping, and the operator is told', async (_, stop) => {
    const errors: string[] = [];
    const last = new ScriptedTransport();
    const runtime = new ServerRuntime({
      ...config,
      transports: [faultyTransport({ stop }), last],
      onError: (error, where) => errors.push(`${where}: ${(error as Error).message}`),
    });
    await runtime.start();
    const peer = last.open('peer');
    await Promise.all([runtime.stop(), runtime.stop()]);
    await runtime.stop();
    expect(last.stops).toBe(1);
    expect(peer.closeCode).toBe('server-stopped');
    expect(errors).toEqual(['transport stop: no way back']);
  });
});
