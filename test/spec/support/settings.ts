/**
 * The two worlds in which every requirement is shown: real WebSockets on loopback with real time,
 * and the memory transport with virtual time. Both start `ServerRuntime` and use the real client.
 */
import type { Client } from '../../../src/client/index.node.ts';
import { connect, webSocketTransport } from '../../../src/client/index.node.ts';
import { ServerRuntime } from '../../../src/server/server-runtime.ts';
import type { ServerConfig } from '../../../src/server/runtime-config.ts';
import { createMemoryNetwork } from '../../../src/transport/memory-network.ts';
import type { ClientTransport } from '../../../src/transport/transport.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { VirtualTime } from '../../support/virtual-time.ts';
import { RawPeer } from './raw-peer.ts';
import { SPEC_CONFIG } from './spec-config.ts';
import type { SpecMessages } from './spec-config.ts';

type SpecClient = Client<SpecMessages>;

export interface Setting {
  readonly runtime: ServerRuntime<{ name: string }, SpecMessages>;
  /** Lets time pass. */
  passMs(durationMs: number): Promise<void>;
  /** Lets time pass until the promise settles. */
  until<Value>(promise: Promise<Value>): Promise<Value>;
  /** Lets time pass until `isTrue`; fails with `what` after 10 s. */
  waitFor(what: string, isTrue: () => boolean): Promise<void>;
  /** The real client, logged in. `silence` is a switch that swallows what it sends. */
  connectPlayer(playerId: string, options?: PlayerOptions): Promise<SpecClient>;
  /** A peer that sends whatever a test wants. Not logged in. */
  connectRaw(): Promise<RawPeer>;
  /** The same, logged in and answering heartbeats. */
  loginRaw(playerId: string, worldId?: string): Promise<RawPeer>;
  stop(): Promise<void>;
}

export interface PlayerOptions {
  readonly worldId?: string;
  readonly silence?: { isOn: boolean };
}

export interface SettingKind {
  readonly name: 'memory and virtual time' | 'WebSockets and real time';
  /** In virtual time two equal runs are equal to the byte, in real time in their outcomes. */
  readonly isExact: boolean;
  start(config?: Partial<ServerConfig<{ name: string }, SpecMessages>>): Promise<Setting>;
}

const WAIT_MS_MAX = 10_000;

interface Parts {
  readonly runtime: Setting['runtime'];
  readonly transport: ClientTransport;
  readonly seams: object;
  readonly passMs: (durationMs: number) => Promise<void>;
}

/** Everything that does not depend on whose time it is. */
function createSetting({ runtime, transport, seams, passMs }: Parts): Setting {
  const clients = new Set<SpecClient>();
  async function until<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settled = promise.finally(() => (isSettled = true));
    settled.catch(() => undefined);
    for (let waitedMs = 0; !isSettled && waitedMs < WAIT_MS_MAX; waitedMs += 5) await passMs(5);
    if (!isSettled) throw new Error(`nothing settled within ${WAIT_MS_MAX} ms`);
    return settled;
  }
  async function waitFor(what: string, isTrue: () => boolean): Promise<void> {
    for (let waitedMs = 0; !isTrue(); waitedMs += 5) {
      if (waitedMs > WAIT_MS_MAX) throw new Error(`waited ${WAIT_MS_MAX} ms for: ${what}`);
      await passMs(5);
    }
  }
  async function connectRaw(): Promise<RawPeer> {
    const peer = new RawPeer(transport, runtime.address);
    await waitFor('the raw connection is open', () => peer.isOpen);
    return peer;
  }
  return {
    runtime,
    passMs,
    until,
    waitFor,
    connectRaw,
    async connectPlayer(playerId, { worldId, silence } = {}) {
      const client = await until(
        connect({
          url: runtime.address,
          credentials: { playerId, worldId },
          messages: SPEC_CONFIG.messages,
          transport: silence === undefined ? transport : muffle(transport, silence),
          ...seams,
        }),
      );
      clients.add(client);
      return client;
    },
    async loginRaw(playerId, worldId) {
      const peer = await connectRaw();
      peer.login({ playerId, worldId });
      await waitFor(`${playerId} is accepted`, () => peer.first('login-accepted') !== undefined);
      return peer;
    },
    async stop() {
      for (const client of clients) await until(client.leave());
      await until(runtime.stop());
    },
  };
}

/** A transport whose outgoing bytes vanish while the switch is on. */
function muffle(transport: ClientTransport, silence: { isOn: boolean }): ClientTransport {
  return {
    connect(url, handler) {
      const connection = transport.connect(url, handler);
      return {
        get bufferedBytes() {
          return connection.bufferedBytes;
        },
        write: (lane, bytes) => {
          if (!silence.isOn) connection.write(lane, bytes);
        },
        close: () => connection.close(),
        drop: () => connection.drop(),
      };
    },
  };
}

function seedOf(purpose: string): number {
  let seed = 0;
  for (const character of purpose) seed = (seed * 31 + character.charCodeAt(0)) >>> 0;
  return seed;
}

const memory: SettingKind = {
  name: 'memory and virtual time',
  isExact: true,
  async start(config = {}) {
    const time = new VirtualTime();
    const network = createMemoryNetwork({ scheduler: time, random: new SeededRandom(1) });
    const runtime = await ServerRuntime.start({
      ...SPEC_CONFIG,
      ...config,
      transports: [network.server],
      clock: time,
      scheduler: time,
      randomStreams: (purpose) => new SeededRandom(seedOf(purpose)),
    });
    return createSetting({
      runtime,
      transport: network.client,
      seams: { clock: time, scheduler: time, random: new SeededRandom(2) },
      passMs: (durationMs) => time.advanceMs(durationMs),
    });
  },
};

const webSocket: SettingKind = {
  name: 'WebSockets and real time',
  isExact: false,
  async start(config = {}) {
    const runtime = await ServerRuntime.start({ ...SPEC_CONFIG, port: 0, ...config });
    return createSetting({
      runtime,
      transport: webSocketTransport(),
      seams: {},
      passMs: (durationMs) => new Promise((settle) => setTimeout(settle, durationMs)),
    });
  },
};

export const SETTINGS: readonly SettingKind[] = [memory, webSocket];
