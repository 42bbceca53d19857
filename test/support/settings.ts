/**
 * The two worlds in which every requirement is shown: real WebSockets on loopback with real time,
 * and the memory transport with virtual time. Both start `ServerRuntime` and use the real client.
 */
import type { Client, ConnectOptions } from '../../src/client/index.node.ts';
import { connect, webSocketTransport } from '../../src/client/index.node.ts';
import { vi } from 'vitest';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import type { ServerConfig } from '../../src/server/runtime-config.ts';
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import type {
  MemoryClientOptions,
  MemoryNetworkOptions,
} from '../../src/transport/memory-network.ts';
import type { ClientTransport } from '../../src/transport/transport.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualTime } from './virtual-time.ts';
import { RawPeer } from './raw-peer.ts';
import { SPEC_CONFIG } from './spec-config.ts';
import type { SpecMessages } from './spec-config.ts';

type SpecClient = Client<SpecMessages>;

export interface Setting {
  readonly runtime: ServerRuntime<{ name: string }, SpecMessages>;
  /** The way of its clients to it, for those who put something in between. */
  readonly transport: ClientTransport;
  /** Lets time pass. */
  passMs(durationMs: number): Promise<void>;
  /** Lets time pass until the promise settles. */
  until<Value>(promise: Promise<Value>): Promise<Value>;
  /** Lets time pass until `isTrue`; fails with `what` after 10 s. */
  waitFor(what: string, isTrue: () => boolean): Promise<void>;
  /** The real client, logged in. `silence` is a switch that swallows what it sends. */
  connectPlayer(playerId: string, options?: PlayerOptions): Promise<SpecClient>;
  /** A peer that sends whatever a test wants. Not logged in. */
  connectRaw(from?: RawPeerOptions): Promise<RawPeer>;
  /** The same for one that may be turned away: open, or closed already. */
  knockRaw(from?: RawPeerOptions): Promise<RawPeer>;
  /** The same, logged in and answering heartbeats. */
  loginRaw(playerId: string, worldId?: string, from?: RawPeerOptions): Promise<RawPeer>;
  /** Ends the clients and the runtime. */
  stop(): Promise<void>;
}

/** Where a raw peer comes from; only the memory transport can say. */
export type RawPeerOptions = Pick<MemoryClientOptions, 'address' | 'origin'>;

/** A setting whose time the test holds in its hands. */
export interface MemorySetting extends Setting {
  readonly time: VirtualTime;
}

export interface PlayerOptions {
  readonly worldId?: string;
  readonly silence?: { isOn: boolean };
  /** More of what `connect` takes. */
  readonly connectOptions?: Partial<ConnectOptions<SpecMessages>>;
}

export interface SettingKind {
  readonly name: 'memory and virtual time' | 'WebSockets and real time';
  /** In virtual time two equal runs are equal to the byte, in real time in their outcomes. */
  readonly isExact: boolean;
  start(config?: SettingConfig): Promise<Setting>;
}

/** What a test changes of the specification's server. */
export type SettingConfig = Partial<ServerConfig<{ name: string }, SpecMessages>>;

const WAIT_MS_MAX = 10_000;
// A test that waits in vain fails with what it waited for, not with the runner's time-out.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

interface Parts {
  readonly runtime: Setting['runtime'];
  readonly transport: ClientTransport;
  readonly transportFrom: (from: RawPeerOptions) => ClientTransport;
  readonly seams: object;
  readonly passMs: (durationMs: number) => Promise<void>;
}

/** Everything that does not depend on whose time it is. */
function createSetting(parts: Parts): Setting {
  const { runtime, transport, transportFrom, seams, passMs } = parts;
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
  async function knockRaw(from?: RawPeerOptions): Promise<RawPeer> {
    const peer = new RawPeer(from ? transportFrom(from) : transport, runtime.address);
    await waitFor('an answer to the raw connection', () => peer.isOpen || peer.isClosed);
    return peer;
  }
  async function connectRaw(from?: RawPeerOptions): Promise<RawPeer> {
    const peer = await knockRaw(from);
    if (!peer.isOpen) throw new Error('the raw connection was refused');
    return peer;
  }
  async function stop(): Promise<void> {
    for (const client of clients) await until(client.leave());
    await until(runtime.stop());
  }
  return {
    runtime,
    transport,
    passMs,
    until,
    waitFor,
    connectRaw,
    knockRaw,
    stop,
    async connectPlayer(playerId, { worldId, silence, connectOptions } = {}) {
      const client = await until(
        connect({
          url: runtime.address,
          credentials: { playerId, worldId },
          messages: SPEC_CONFIG.messages,
          transport: silence === undefined ? transport : muffle(transport, silence),
          ...seams,
          ...connectOptions,
        }),
      );
      clients.add(client);
      return client;
    },
    async loginRaw(playerId, worldId, from) {
      const peer = await connectRaw(from);
      peer.login({ playerId, worldId });
      await waitFor(`${playerId} is accepted`, () => peer.first('login-accepted') !== undefined);
      return peer;
    },
  };
}

/** A transport whose outgoing bytes vanish while the switch is on. */
function muffle(transport: ClientTransport, silence: { isOn: boolean }): ClientTransport {
  return {
    connect(url, handler) {
      const connection = transport.connect(url, handler);
      return {
        isSyncOrdered: connection.isSyncOrdered,
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

/** What a test changes of the memory network. */
export type NetworkConfig = Pick<MemoryNetworkOptions, 'reliableLane' | 'syncLane' | 'windowBytes'>;

export const MEMORY = {
  name: 'memory and virtual time',
  isExact: true,
  async start(config: SettingConfig = {}, network: NetworkConfig = {}): Promise<MemorySetting> {
    const time = new VirtualTime();
    const { server, client, createClient } = createMemoryNetwork({
      ...network,
      scheduler: time,
      random: new SeededRandom(1),
    });
    const runtime = await ServerRuntime.start({
      ...SPEC_CONFIG,
      transports: [server],
      clock: time,
      scheduler: time,
      randomStreams: (purpose) => new SeededRandom(seedOf(purpose)),
      ...config,
    });
    const setting = createSetting({
      runtime,
      transport: client,
      transportFrom: createClient,
      seams: { clock: time, scheduler: time, random: new SeededRandom(2) },
      passMs: (durationMs) => time.advanceMs(durationMs),
    });
    return { ...setting, time };
  },
} as const satisfies SettingKind;

export const WEB_SOCKETS: SettingKind = {
  name: 'WebSockets and real time',
  isExact: false,
  async start(config = {}) {
    const runtime = await ServerRuntime.start({ ...SPEC_CONFIG, port: 0, ...config });
    return createSetting({
      runtime,
      transport: webSocketTransport(),
      transportFrom: () => {
        throw new Error('a WebSocket comes from where it comes from');
      },
      seams: {},
      passMs: (durationMs) => new Promise((settle) => setTimeout(settle, durationMs)),
    });
  },
};

export const SETTINGS: readonly SettingKind[] = [MEMORY, WEB_SOCKETS];
